"""From the data of a file to checked rows: shape, values, references, the models' own rules."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils.translation import gettext as _

from exchange import shapes, values
from exchange.description import (
    FORMAT,
    KINDS,
    PROGRAMME,
    VERSION,
    WRITING_ORDER,
    Copied,
    FileContent,
    Kind,
    Reference,
    References,
)
from exchange.files import ExchangeFile
from exchange.problems import (
    ImportRefused,
    Problem,
    Problems,
    add_shape_problem,
    joined,
    shown,
    suggestion,
)
from exchange.richtext import RichTextRefused, read_rich_text
from exchange.schema import validator
from publications.blocks import validate_block
from workshops.files import FileRefused, check_upload, clean_name

# What the constraints that have no sentence of their own mean for somebody who writes a file.
CONSTRAINTS = {
    "invitation_sent_has_token": "Eine verschickte Einladung lässt sich nicht einlesen.",
    "output_submitted_has_date": "Ein abgegebenes Ergebnis braucht submitted_at.",
    "consent_withdrawn_after_given": "Der Widerruf liegt vor der Einwilligung.",
    "concept_published_has_date": "Ein veröffentlichtes Konzept braucht published_at.",
    "concept_withdrawn_has_reason": "Ein zurückgezogenes Konzept braucht withdrawal_reason.",
    "pressrelease_published_has_date": (
        "Eine veröffentlichte Mitteilung braucht published_at und dated_on."
    ),
    "pressrelease_embargoed_has_date": "Eine gesperrte Mitteilung braucht embargo_until.",
    "pressrelease_ended_has_note": (
        "Eine berichtigte oder zurückgezogene Mitteilung braucht public_note."
    ),
    "edition_published_has_date": "Eine veröffentlichte Auflage braucht published_at.",
    "edition_withdrawn_has_note": "Eine zurückgezogene Auflage braucht public_note.",
}


@dataclass(eq=False)
class Row:
    """One object of the file: its place, its values, and the rows that it points to."""

    kind: Kind
    path: str
    parent: "Row | None"
    index: int
    data: Any
    identity: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    targets: dict[str, "Row | None"] = field(default_factory=dict)
    lists: dict[str, list["Row"]] = field(default_factory=dict)
    children: dict[str, list["Row"]] = field(default_factory=dict)
    content: bytes | None = None
    # The row of the database, once there is one.
    instance: Any = None

    def place(self, name: str) -> str:
        return self.path if self.kind.is_bare else joined(self.path, name)

    def above(self, kind_name: str) -> "Row | None":
        row: Row | None = self
        while row and row.kind.name != kind_name:
            row = row.parent
        return row

    def walk(self) -> Iterator["Row"]:
        yield self
        for rows in self.children.values():
            for row in rows:
                yield from row.walk()


@dataclass
class Reading:
    """The rows of a file by kind, each list in the order of the file."""

    root: Row
    rows: dict[str, list[Row]]


def read_file(exchange_file: ExchangeFile) -> Reading:
    """Check everything that can be known without writing. Raises ImportRefused."""
    return _Reader(exchange_file).read()


class _Reader:
    def __init__(self, exchange_file: ExchangeFile):
        self.data = exchange_file.data
        self.files = exchange_file.files
        self.named_files: set[str] = set()
        self.problems = Problems()
        self.rows: dict[str, list[Row]] = {name: [] for name in KINDS}

    def read(self) -> Reading:
        self._check_version()
        for error in validator().iter_errors(self.data):
            add_shape_problem(self.problems, error)
        root = self._build(PROGRAMME, self.data, "", None, 0)
        self._check_identities(root)
        for row in list(root.walk()):
            self._find_targets(row)
        self._check_unnamed_files()
        self._check_models()
        self.problems.refuse_if_any()
        return Reading(root, self.rows)

    def _check_version(self) -> None:
        """Nothing else can be said about another format."""
        if self.data.get("format") != FORMAT:
            raise ImportRefused(
                [Problem("format", _("Hier muss „%(format)s“ stehen.") % {"format": FORMAT})]
            )
        if type(self.data.get("version")) is not int or self.data["version"] != VERSION:
            raise ImportRefused(
                [
                    Problem(
                        "version",
                        _("Dieses Portal liest Fassung %(version)s des Formats.")
                        % {"version": VERSION},
                    )
                ]
            )

    # Rows and values

    def _build(self, kind: Kind, data: Any, path: str, parent: Row | None, index: int) -> Row:
        row = Row(kind, path, parent, index, data)
        self.rows[kind.name].append(row)
        if kind.is_bare:
            row.identity = data
            return row
        row.identity = self._identity(row)
        for entry in kind.entries:
            if isinstance(entry, Copied):
                self._read_value(row, entry)
        # Only now is the name known under which the file is kept.
        for entry in kind.entries:
            if isinstance(entry, FileContent):
                self._read_file(row, entry)
        if kind.name == "block":
            self._check_block_data(row)
        for child in kind.children:
            row.children[child.name] = self._build_children(row, child)
        return row

    def _build_children(self, row: Row, child: Kind) -> list[Row]:
        listed = row.data.get(child.plural, {} if child.is_single else [])
        place = joined(row.path, child.plural)
        if child.is_single:
            if child.plural not in row.data or not isinstance(listed, dict):
                return []
            return [self._build(child, listed, place, row, 0)]
        if not isinstance(listed, list):
            return []
        wanted = str if child.is_bare else dict
        return [
            self._build(child, entry, joined(place, index), row, index)
            for index, entry in enumerate(listed)
            if isinstance(entry, wanted)
        ]

    def _identity(self, row: Row) -> Any:
        kind = row.kind
        if kind.is_single:
            return ""
        identity = row.data.get(kind.identity)
        if identity is None and kind.is_key_optional:
            identity = str(row.index + 1)
        if kind.identity_reference is None:
            row.values[kind.identity] = identity
        return identity

    def _read_value(self, row: Row, entry: Copied) -> None:
        model_field = row.kind.model_field(entry.field)
        path = row.place(entry.field)
        if entry.field not in row.data:
            if not entry.is_filled_in:
                row.values[entry.field] = values.default_of(model_field)
            return
        if self.problems.is_under(path):
            return
        try:
            row.values[entry.field] = values.read(model_field, row.data[entry.field])
        except values.ValueRefused as error:
            self.problems.add(path, str(error))
            return
        if isinstance(model_field, models.JSONField) and row.kind.name == "revision":
            self._clean_frozen(row.values[entry.field], path)

    def _clean_frozen(self, frozen: Any, path: str) -> None:
        """The texts of a frozen revision are shown like the living ones: same allow-list."""
        if isinstance(frozen, list):
            for index, entry in enumerate(frozen):
                self._clean_frozen(entry, joined(path, index))
        elif isinstance(frozen, dict):
            for name, value in frozen.items():
                if name in shapes.FROZEN_RICH:
                    try:
                        frozen[name] = read_rich_text(value)
                    except RichTextRefused as error:
                        self.problems.add(joined(path, name), str(error))
                else:
                    self._clean_frozen(value, joined(path, name))

    def _check_block_data(self, row: Row) -> None:
        if "kind" not in row.values:
            return
        path = row.place("data")
        for place, sentence in validate_block(row.values["kind"], row.data.get("data")):
            dot = "" if not place or place.startswith("[") else "."
            self.problems.add(f"{path}{dot}{place}", sentence)

    def _read_file(self, row: Row, entry: FileContent) -> None:
        name, path = row.data.get(entry.field), row.place(entry.field)
        if not isinstance(name, str) or self.problems.concerns(path):
            return
        self.named_files.add(name)
        content = self.files.get(name)
        if content is None:
            self.problems.add(
                path, _("Die Datei „%(name)s“ liegt nicht im ZIP.") % {"name": shown(name)}
            )
            return
        title = row.values.get("name")
        if not isinstance(title, str) or self.problems.concerns(row.place("name")):
            return
        if title != clean_name(title):
            self.problems.add(
                row.place("name"),
                _("Der Dateiname müsste „%(name)s“ lauten.") % {"name": clean_name(title)},
            )
            return
        try:
            checked = check_upload(SimpleUploadedFile(title, content))
        except FileRefused as error:
            self.problems.add(path, error.messages[0])
            return
        said = {
            "media_type": checked.media_type,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        # A photo of a phone is kept as a JPEG, a letter without the name of its template.
        row.content = checked.content.read()
        row.values["name"] = checked.name
        for field_name in entry.measured:
            row.values[field_name] = getattr(checked, field_name)
            if row.data.get(field_name, said[field_name]) != said[field_name]:
                self.problems.add(
                    row.place(field_name),
                    _("Das stimmt nicht mit der Datei überein; richtig wäre %(value)s.")
                    % {"value": said[field_name]},
                )

    def _check_unnamed_files(self) -> None:
        for name in sorted(set(self.files) - self.named_files):
            self.problems.add(name, _("Diese Datei im ZIP wird nirgends genannt."))

    # Identities and references

    def _check_identities(self, root: Row) -> None:
        for row in root.walk():
            for rows in row.children.values():
                seen: dict[Any, Row] = {}
                for child in rows:
                    name = child.kind.identity
                    if child.identity is None or self.problems.concerns(child.place(name)):
                        continue
                    if isinstance(child.identity, list | dict):
                        continue
                    with_it = child.kind.identity_with
                    beside = child.data.get(with_it) if with_it else None
                    earlier = seen.setdefault((child.identity, shown(beside)), child)
                    if earlier is not child:
                        self.problems.add(
                            child.place(name),
                            _("„%(key)s“ gibt es schon in %(path)s.")
                            % {"key": shown(child.identity), "path": earlier.path},
                        )

    def _find_targets(self, row: Row) -> None:
        for entry in row.kind.entries:
            if isinstance(entry, Reference):
                key = row.data if row.kind.is_bare else row.data.get(entry.field)
                row.targets[entry.field] = None
                if isinstance(key, str) and not self.problems.concerns(row.place(entry.field)):
                    row.targets[entry.field] = self._target(row, entry, key, row.place(entry.field))
            elif isinstance(entry, References):
                row.lists[entry.field] = self._targets(row, entry)
        if row.kind.name == "concept":
            self._find_authors(row)

    def _find_authors(self, row: Row) -> None:
        """The consent of each is looked up when the concept is shown: the persons must be there."""
        authors = row.data.get("authors")
        for index, author in enumerate(authors if isinstance(authors, list) else []):
            path = f"{joined(row.place('authors'), index)}.person"
            key = author.get("person") if isinstance(author, dict) else None
            if isinstance(key, str) and key:
                self._target(row, Reference("authors", to="person"), key, path)

    def _targets(self, row: Row, entry: References) -> list[Row]:
        keys = row.data.get(entry.field, [])
        path = row.place(entry.field)
        found: list[Row] = []
        for index, key in enumerate(keys if isinstance(keys, list) else []):
            if not isinstance(key, str):
                continue
            target = self._target(row, Reference(entry.field, entry.to), key, joined(path, index))
            if target and target in found:
                self.problems.add(
                    joined(path, index), _("„%(key)s“ steht hier zweimal.") % {"key": shown(key)}
                )
            elif target:
                found.append(target)
        return found

    def _target(self, row: Row, entry: Reference, key: str, path: str) -> Row | None:
        candidates = {str(name): target for name, target in self._candidates(row, entry)}
        target = candidates.get(key)
        if target is None:
            self.problems.add(
                path,
                _("„%(key)s“ gibt es nicht unter %(where)s.")
                % {"key": shown(key), "where": self._where(row, entry)}
                + suggestion(key, candidates),
            )
        return target

    def _candidates(self, row: Row, entry: Reference) -> Iterator[tuple[Any, Row]]:
        rows = self.rows[entry.to]
        match entry.within:
            case "programme":
                yield from ((target.identity, target) for target in rows)
            case "run":
                run = row.above("run")
                yield from ((t.identity, t) for t in rows if t.above("run") is run)
            case "runs":
                for target in rows:
                    run = target.above("run")
                    yield f"{run.identity if run else ''}/{target.identity}", target
            case name:
                owner = row.targets.get(name)
                yield from ((t.identity, t) for t in rows if owner and t.parent is owner)

    def _where(self, row: Row, entry: Reference) -> str:
        plural = KINDS[entry.to].plural
        match entry.within:
            case "programme":
                return plural
            case "run":
                run = row.above("run")
                return joined(run.path, plural) if run else plural
            case "runs":
                return f"runs[…].{plural} (durchlauf/{KINDS[entry.to].identity})"
        owner = row.targets.get(entry.within)
        return joined(owner.path, plural) if owner else plural

    # The rules of the models

    def _check_models(self) -> None:
        pks = iter(range(-1, -10_000_000, -1))
        for kind in WRITING_ORDER:
            for row in self.rows[kind.name]:
                row.instance = self._unsaved(row, next(pks))
                self._check_row(row)
            self._check_unique(kind)
        for rows in self.rows.values():
            for row in rows:
                row.instance = None

    def _unsaved(self, row: Row, pk: int) -> models.Model:
        """The row as a model with a number that no database gives: rules look at numbers."""
        kind = row.kind
        instance = kind.model(pk=pk, **row.values)
        if kind.is_scoped:
            instance.scope = self._slug()  # type: ignore[attr-defined]
        elif kind.parent and row.parent:
            setattr(instance, kind.parent, row.parent.instance)
        for name, target in row.targets.items():
            # A release that corrects another of the file: the model does not ask for more.
            if target and target.instance:
                setattr(instance, name, target.instance)
        return instance

    def _slug(self) -> str:
        slug = self.data.get("slug")
        return slug if isinstance(slug, str) else ""

    def _check_row(self, row: Row) -> None:
        kind = row.kind
        if kind.is_bare:
            return
        checked = [
            entry.field
            for entry in kind.entries
            if isinstance(entry, Copied)
            and entry.field in row.values
            and not self.problems.is_under(row.place(entry.field))
        ]
        if kind.identity in row.values and not self.problems.concerns(row.place(kind.identity)):
            checked.append(kind.identity)
        exclude = {model_field.name for model_field in kind.model._meta.fields} - set(checked)
        try:
            row.instance.clean_fields(exclude=exclude)
        except ValidationError as error:
            self._add(row, error)
        own = [
            row.place(name) for name in (kind.identity, *(entry.field for entry in kind.entries))
        ]
        if self.problems.concerns(row.path) or any(map(self.problems.is_under, own)):
            return
        try:
            row.instance.clean()
        except ValidationError as error:
            self._add(row, error)
        for constraint in kind.model._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                self._check_constraint(row, constraint)

    def _add(self, row: Row, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.problems.add(row.path, " ".join(error.messages))
            return
        for name, messages in error.message_dict.items():
            path = row.path if name == "__all__" else row.place(name)
            self.problems.add(path, " ".join(messages))

    def _check_constraint(self, row: Row, constraint: models.CheckConstraint) -> None:
        try:
            constraint.validate(row.kind.model, row.instance)
        except ValidationError as error:
            sentence = CONSTRAINTS.get(constraint.name) or " ".join(error.messages)
            self.problems.add(row.path, sentence)

    def _check_unique(self, kind: Kind) -> None:
        """Two rows of the file that the database would not keep side by side."""
        for constraint in kind.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint):
                continue
            names = list(constraint.fields)
            if kind.identity in names and set(names) <= {
                kind.identity,
                kind.parent,
                kind.identity_with,
            }:
                continue
            groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
            for row in self.rows[kind.name]:
                taken = unique_values(row.instance, names)
                if None not in taken and _holds(constraint.condition, row.instance):
                    groups[taken].append(row)
            for first, *others in groups.values():
                for row in others:
                    name = next((n for n in reversed(names) if n not in {kind.parent, "scope"}), "")
                    path = row.place(name) if name and name not in {"user"} else row.path
                    self.problems.add(
                        path,
                        _("Das gibt es nur einmal, und es steht schon in %(path)s.")
                        % {"path": first.path},
                    )


def unique_values(instance: Any, names: list[str]) -> tuple[Any, ...]:
    """What the row occupies under a unique constraint of these fields."""
    return tuple(getattr(instance, instance._meta.get_field(name).attname) for name in names)


def _holds(condition: models.Q | None, instance: Any) -> bool:
    """Whether the condition of a unique constraint holds; they only compare and test for NULL."""
    if condition is None:
        return True
    results = []
    for child in condition.children:
        if isinstance(child, models.Q):
            results.append(_holds(child, instance))
            continue
        lookup, wanted = child  # type: ignore[misc]
        name, _separator, test = str(lookup).partition("__")
        value = getattr(instance, instance._meta.get_field(name).attname)
        if test == "isnull":
            results.append((value is None) == wanted)
        else:
            results.append(value in wanted if test == "in" else value == wanted)
    holds = all(results) if condition.connector == models.Q.AND else any(results)
    return holds is not condition.negated
