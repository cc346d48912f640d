"""A programme as the data of an exchange file: models in, plain data out."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from exchange import values
from exchange.files import ExchangeFile
from exchange.kinds import FORMAT, KINDS, PARENTS, PROGRAMME, VERSION
from exchange.kinds.kind import Copied, FileContent, Kind, Reference, References
from lifecycle.refusals import Refusal
from programmes.models import Programme

# A row of the database, of any kind.
Instance = Any


class NotExportable(Refusal):
    """A row points out of its programme, or its file is still closed."""


def rows_of(kind: Kind, slug: str) -> "models.QuerySet[Any]":
    """All rows of this kind that belong to the programme with this slug."""
    steps = []
    above = kind
    while above is not PROGRAMME:
        steps.append(above.parent)
        above = PARENTS[above.name]
    lookup = "__".join([*steps, "slug"])
    return kind.model._default_manager.filter(**{lookup: slug})


def in_order(kind: Kind, rows: list[Instance]) -> list[Instance]:
    """The rows of one list as the file holds them; Python sorts, so no collation matters."""
    if kind.place:
        return sorted(rows, key=lambda row: (getattr(row, kind.place), row.pk))
    order = kind.order or ((kind.identity,) if kind.has_own_key else ())
    return sorted(rows, key=lambda row: [_sortable(row, path) for path in order])


def _sortable(row: Instance, path: str) -> tuple[bool, Any]:
    value = row
    for name in path.split("__"):
        value = getattr(value, name)
    return (value is None, value)


def exchange_file(programme: Programme) -> ExchangeFile:
    """Collect the programme with everything in it, and its files. Raises NotExportable."""
    return _Collector(programme).collect()


class _Collector:
    def __init__(self, programme: Programme):
        self.programme = programme
        self.rows: dict[str, dict[Any, Instance]] = {}
        self.by_parent: dict[str, dict[Any, list[Instance]]] = {}
        self.files: dict[str, bytes] = {}

    def collect(self) -> ExchangeFile:
        for kind in KINDS.values():
            self._load(kind)
        data = {"format": FORMAT, "version": VERSION, **self._object(PROGRAMME, self.programme, 0)}
        return ExchangeFile(data, self.files)

    def _load(self, kind: Kind) -> None:
        queryset = rows_of(kind, self.programme.slug)
        many = [entry.field for entry in kind.entries if isinstance(entry, References)]
        reference = kind.identity_reference
        if reference:
            queryset = queryset.select_related(reference.field)
        rows = list(queryset.prefetch_related(*many))
        self.rows[kind.name] = {row.pk: row for row in rows}
        by_parent: dict[Any, list[Instance]] = defaultdict(list)
        for row in rows:
            by_parent[parent_pk(kind, row)].append(row)
        self.by_parent[kind.name] = by_parent

    def _object(self, kind: Kind, row: Instance, index: int) -> Any:
        if kind.is_key_only:
            return self._entry(kind, row, kind.entries[0])
        data: dict[str, Any] = {}
        if kind.has_own_key:
            identity = getattr(row, kind.identity)
            if not (kind.is_key_optional and identity == str(index + 1)):
                data[kind.identity] = identity
        for entry in kind.entries:
            value = self._entry(kind, row, entry)
            if value is not None:
                data[entry.field] = value
            if isinstance(entry, FileContent):
                data |= {name: getattr(row, name) for name in entry.measured}
        for child in kind.children:
            children = in_order(child, self.by_parent[child.name].get(row.pk, []))
            listed = [self._object(child, one, place) for place, one in enumerate(children)]
            if listed:
                data[child.plural] = listed[0] if child.is_single else listed
        return data

    def _entry(self, kind: Kind, row: Instance, entry: Any) -> Any:
        match entry:
            case Copied():
                return written(kind, entry, row)
            case Reference():
                pk = getattr(row, f"{entry.field}_id")
                return None if pk is None else self._key(kind, row, entry, pk)
            case References():
                targets = [target.pk for target in getattr(row, entry.field).all()]
                return sorted(self._key(kind, row, entry, pk) for pk in targets) or None
            case FileContent():
                return self._file(row, entry)
        return None

    def _key(self, kind: Kind, row: Instance, entry: Reference | References, pk: Any) -> str:
        target_kind = KINDS[entry.to]
        target = self.rows[entry.to].get(pk)
        within = getattr(entry, "within", "programme")
        if target is None or not self._is_within(kind, row, target_kind, target, within):
            raise NotExportable(
                _("Das zeigt auf etwas, das nicht zum Programm gehört: %(row)s"),
                row=f"{kind.verbose_name} „{row}“: {entry.field}",
            )
        key = str(getattr(target, target_kind.identity))
        if within == "runs":
            return f"{self.rows['run'][target.run_id].slug}/{key}"
        return key

    def _is_within(
        self, kind: Kind, row: Instance, target_kind: Kind, target: Instance, within: str
    ) -> bool:
        if within == "run":
            return bool(target.run_id == self._run_of(kind, row))
        if within not in {"programme", "runs"}:
            owner = getattr(target, f"{target_kind.parent}_id")
            return bool(owner == getattr(row, f"{within}_id"))
        return True

    def _run_of(self, kind: Kind, row: Instance) -> Any:
        while kind.name != "run":
            above = PARENTS[kind.name]
            row = self.rows[above.name][getattr(row, f"{kind.parent}_id")]
            kind = above
        return row.pk

    def _file(self, row: Instance, entry: FileContent) -> str:
        suffix = row.name.rpartition(".")[2].lower() if "." in row.name else "bin"
        name = f"files/{row.sha256}.{suffix}"
        if getattr(row, "is_closed", False):
            raise NotExportable(_("„%(name)s“ wird noch auf Schadprogramme geprüft"), name=row)
        if name not in self.files:
            with getattr(row, entry.field).open("rb") as stored:
                self.files[name] = stored.read()
        return name


def parent_pk(kind: Kind, row: Instance) -> Any:
    """The number of the row's parent; None for the programme."""
    return getattr(row, f"{kind.parent}_id") if kind.parent else None


def written(kind: Kind, entry: Copied, row: Instance) -> Any:
    """The value of a field as it stands in the file; None when the file need not say it."""
    value = as_written(kind, entry, getattr(row, entry.field))
    return entry.written_as.get(value, value) if entry.written_as else value


def as_written(kind: Kind, entry: Copied, value: Any) -> Any:
    field = kind.model_field(entry.field)
    if not entry.is_filled_in and values.is_default(field, value):
        return None
    return values.write(field, value, entry.shape)
