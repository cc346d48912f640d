"""Bring the database to what a checked file says, inside one transaction."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from exchange import values
from exchange.content import in_order, parent_pk, rows_of, written
from exchange.description import (
    KINDS,
    PARENTS,
    WRITING_ORDER,
    Copied,
    FileContent,
    Kind,
    Reference,
    References,
)
from exchange.problems import ImportRefused, Problems
from exchange.reading import Reading, Row, unique_values

Instance = Any


@dataclass(frozen=True)
class Change:
    """A row that the import changed, and the fields that differ."""

    kind: Kind
    label: str
    path: str
    fields: tuple[str, ...] = ()


@dataclass
class Changes:
    """What an import did; `slug` is the programme's."""

    slug: str
    created: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    deleted: list[Change] = field(default_factory=list)
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.deleted)


class Applier:
    """Matches the rows of the file with those of the database by key, and writes the difference.

    With `keeps_files`, the contents of files go to the storage; a trial run does without.
    """

    def __init__(self, reading: Reading, *, keeps_files: bool = True):
        self.reading = reading
        self.slug: str = reading.root.identity
        self.keeps_files = keeps_files
        self.problems = Problems()
        self.changes = Changes(self.slug)
        self.existing: dict[str, list[Instance]] = {}
        self.gone: dict[str, list[Instance]] = {}
        self.differing: dict[Row, list[str]] = {}
        self.stored: list[tuple[Any, str]] = []
        self.replaced: list[tuple[Any, str]] = []
        self.locked: set[tuple[str, Any]] = set()

    @property
    def is_known(self) -> bool:
        """Whether the database holds anything of this programme."""
        return any(self.existing.values())

    def match(self) -> None:
        for kind in KINDS.values():
            self.existing[kind.name] = list(rows_of(kind, self.slug))
        for kind in WRITING_ORDER:
            self._match(kind)
        self._find_locked()

    def write(self) -> Changes:
        """Raises ImportRefused; the caller's transaction then undoes everything."""
        self._compare()
        self._check_states_and_locks()
        self.problems.refuse_if_any()
        for kind in WRITING_ORDER:
            self._write_rows(kind)
        for row in self._rows("press_release"):
            self._point_to_own_kind(row)
        for kind in reversed(WRITING_ORDER):
            self._delete_rows(kind)
        self.problems.refuse_if_any()
        return self.changes

    def forget_files(self, *, is_done: bool) -> None:
        """Delete the files that nothing names any more."""
        for storage, name in self.replaced if is_done else self.stored:
            storage.delete(name)

    def _rows(self, kind_name: str) -> list[Row]:
        return self.reading.rows[kind_name]

    # Matching

    def _match(self, kind: Kind) -> None:
        programmes = self.existing["programme"]
        programme = programmes[0] if programmes else None
        known: dict[tuple[Any, Any], Instance] = {}
        for instance in self.existing[kind.name]:
            parent = parent_pk(kind, instance, programme) if not kind.is_scoped else self.slug
            known[parent, self._identity_of(kind, instance)] = instance
        for row in self._rows(kind.name):
            if kind.is_scoped:
                parent = self.slug
            elif kind.parent:
                parent = row.parent.instance.pk if row.parent and row.parent.instance else None
            else:
                parent = programme.pk if programme else None
            row.instance = known.pop((parent, self._identity(row)), None)
        left = self._match_renamed(kind, list(known.values()))
        self.gone[kind.name] = left

    def _identity_of(self, kind: Kind, instance: Instance) -> Any:
        if kind.is_single:
            return ""
        if kind.identity_reference:
            return getattr(instance, f"{kind.identity}_id")
        if kind.identity_with:
            return getattr(instance, kind.identity), getattr(instance, f"{kind.identity_with}_id")
        return getattr(instance, kind.identity)

    def _identity(self, row: Row) -> Any:
        if row.kind.identity_reference:
            target = row.targets[row.kind.identity]
            return target.instance.pk if target and target.instance else object()
        if row.kind.identity_with:
            target = row.targets[row.kind.identity_with]
            if target is None:
                return row.identity, None
            return row.identity, target.instance.pk if target.instance else object()
        return row.identity

    def _match_renamed(self, kind: Kind, left: list[Instance]) -> list[Instance]:
        """A new key for what may be there only once (a run's number, a person's part) is the same
        row under another key: the database has no room for both."""
        for constraint in kind.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint) or constraint.condition:
                continue
            names = list(constraint.fields)
            if kind.identity in names:
                continue
            taken = {unique_values(instance, names): instance for instance in left}
            for row in self._rows(kind.name):
                if row.instance is None and taken:
                    wanted = tuple(self._wanted(row, name) for name in names)
                    row.instance = taken.pop(wanted, None)
            left = list(taken.values())
        return left

    def _wanted(self, row: Row, name: str) -> Any:
        if name == "scope":
            return self.slug
        owner = row.parent if name == row.kind.parent else row.targets.get(name)
        if owner:
            return owner.instance.pk if owner.instance else object()
        return row.values.get(name)

    # What differs

    def _compare(self) -> None:
        for kind in WRITING_ORDER:
            places = self._places(kind)
            for row in self._rows(kind.name):
                self.differing[row] = self._differing(row)
                wanted = places.get(row)
                if kind.place and wanted is not None:
                    row.values[kind.place] = wanted
                    if row.instance is not None and getattr(row.instance, kind.place) != wanted:
                        self.differing[row].append(kind.place)

    def _places(self, kind: Kind) -> dict[Row, int]:
        """New places for the lists whose order is not the stored one; others keep their numbers."""
        if not kind.place:
            return {}
        lists: dict[Row | None, list[Row]] = defaultdict(list)
        for row in self._rows(kind.name):
            lists[row.parent].append(row)
        places: dict[Row, int] = {}
        for rows in lists.values():
            stored = in_order(kind, [row.instance for row in rows if row.instance is not None])
            if [row.instance for row in rows] != stored:
                places |= {row: index + 1 for index, row in enumerate(rows)}
        return places

    def _differing(self, row: Row) -> list[str]:
        kind, instance = row.kind, row.instance
        if instance is None:
            return []
        names = []
        has_own_key = not kind.is_single and kind.identity_reference is None
        if has_own_key and getattr(instance, kind.identity) != row.identity:
            names.append(kind.identity)
        for entry in kind.entries:
            match entry:
                case Copied() if entry.field in row.values:
                    if written(kind, entry, instance) != self._written(row, entry):
                        names.append(entry.field)
                case Reference():
                    target = row.targets[entry.field]
                    pk = target.instance.pk if target and target.instance else None
                    if getattr(instance, f"{entry.field}_id") != pk or (target and pk is None):
                        names.append(entry.field)
                case References():
                    stored = {target.pk for target in getattr(instance, entry.field).all()}
                    wanted = {
                        target.instance and target.instance.pk for target in row.lists[entry.field]
                    }
                    if stored != wanted:
                        names.append(entry.field)
                case FileContent():
                    if instance.sha256 != row.values["sha256"]:
                        names.append(entry.field)
        return names

    def _written(self, row: Row, entry: Copied) -> Any:
        model_field = row.kind.model_field(entry.field)
        value = row.values[entry.field]
        if not entry.is_filled_in and values.is_default(model_field, value):
            return None
        return values.write(model_field, value)

    # What may not be

    def _find_locked(self) -> None:
        """What is published stays as it is, with everything in it."""
        for kind in KINDS.values():
            above = PARENTS.get(kind.name)
            for instance in self.existing[kind.name]:
                is_locked = bool(kind.locked) and instance.status in kind.locked
                if above and kind.parent and not kind.is_scoped:
                    owner = getattr(instance, f"{kind.parent}_id")
                    is_locked = is_locked or (above.name, owner) in self.locked
                if is_locked:
                    self.locked.add((kind.name, instance.pk))

    def _check_states_and_locks(self) -> None:
        for kind in KINDS.values():
            for row in self._rows(kind.name):
                self._check_state(row)
                self._check_lock(row)
            for instance in self.gone[kind.name]:
                if (kind.name, instance.pk) in self.locked:
                    self.problems.add(
                        self._path_of(kind, instance),
                        _("%(kind)s „%(label)s“ ist veröffentlicht und lässt sich nicht löschen.")
                        % {"kind": kind.verbose_name, "label": instance},
                    )

    def _check_lock(self, row: Row) -> None:
        kind, instance = row.kind, row.instance
        if instance is None:
            parent = row.parent
            is_in_locked = (
                parent
                and parent.instance is not None
                and (parent.kind.name, parent.instance.pk) in self.locked
                and not kind.is_scoped
            )
            if is_in_locked:
                self.problems.add(
                    row.path, _("Das gehört zu Veröffentlichtem; es bleibt, wie es ist.")
                )
            return
        if (kind.name, instance.pk) not in self.locked:
            return
        for name in self.differing[row]:
            if name not in kind.open_fields:
                self.problems.add(
                    row.place(name),
                    _(
                        "„%(label)s“ ist freigegeben oder veröffentlicht und bleibt, wie es ist. "
                        "Eine Berichtigung ist ein neuer Text."
                    )
                    % {"label": instance},
                )

    def _check_state(self, row: Row) -> None:
        kind, instance = row.kind, row.instance
        steps = getattr(kind.model, "NEXT", None)
        name = "release" if kind.name == "quote" else "status"
        if instance is None or steps is None or name not in self.differing[row]:
            return
        if row.values[name] not in _reachable(steps, getattr(instance, name)):
            labels = dict(kind.model_field(name).flatchoices)
            self.problems.add(
                row.place(name),
                _("Von „%(now)s“ führt kein Weg zu „%(wanted)s“.")
                % {"now": labels[getattr(instance, name)], "wanted": labels[row.values[name]]},
            )

    # Writing

    def _write_rows(self, kind: Kind) -> None:
        rows = []
        for row in self._rows(kind.name):
            if row.instance is None:
                row.instance = kind.model()
                self._fill(row)
                rows.append(row)
                self.changes.created.append(self._change(row))
            elif self.differing[row]:
                self._fill(row)
                rows.append(row)
                self.changes.changed.append(self._change(row, self.differing[row]))
            else:
                self.changes.unchanged += 1
        self._save_all(kind, rows)
        for row in rows:
            self._after_saving(row)

    def _fill(self, row: Row) -> None:
        kind, instance = row.kind, row.instance
        for name, value in row.values.items():
            if isinstance(kind.entry(name), FileContent):
                continue
            entry = kind.entry(name)
            is_same = instance.pk is not None and name not in self.differing[row]
            # A letter that is out stays out: the file only cannot say it.
            if isinstance(entry, Copied) and entry.written_as and is_same:
                continue
            setattr(instance, name, value)
        if kind.is_scoped:
            instance.scope = self.slug
        elif kind.parent and row.parent:
            setattr(instance, kind.parent, row.parent.instance)
        for name, target in row.targets.items():
            if target is None or target.kind is not kind:
                setattr(instance, name, target.instance if target else None)
        if instance.pk is not None and "version" in kind.left_out:
            instance.version += 1
        self._keep_file(row)

    def _keep_file(self, row: Row) -> None:
        if row.content is None or (row.instance.pk and "file" not in self.differing[row]):
            return
        stored = row.instance.file
        if stored.name:
            self.replaced.append((stored.storage, stored.name))
        if self.keeps_files:
            stored.save(row.instance.name, ContentFile(row.content), save=False)
            self.stored.append((stored.storage, stored.name))
        else:
            row.instance.file = "attachments/trial"

    def _save_all(self, kind: Kind, rows: list[Row]) -> None:
        """Save rows that may swap what only one of them can have: again, as long as it helps."""
        waiting, is_parked = rows, False
        while waiting:
            stuck = [row for row in waiting if not self._save(row)]
            if len(stuck) == len(waiting):
                if is_parked:
                    self._refuse_stuck(stuck)
                self._park(kind, stuck)
                is_parked = True
            waiting = stuck

    def _save(self, row: Row) -> bool:
        try:
            with transaction.atomic():
                row.instance.save()
        except IntegrityError:
            return False
        return True

    def _refuse_stuck(self, rows: list[Row]) -> None:
        for row in rows:
            self.problems.add(
                row.path,
                _(
                    "Das lässt sich nicht in einem Schritt ändern, weil es sich mit Gespeichertem "
                    "überschneidet. Bitte zuerst ohne diesen Eintrag einlesen."
                ),
            )
        self.problems.refuse_if_any()

    def _park(self, kind: Kind, stuck: list[Row]) -> None:
        """Give the stored rows that stand in the way values that nobody wants."""
        names = {
            name
            for constraint in kind.model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint)
            for name in constraint.fields
        }
        in_the_way = [row.instance.pk for row in stuck if row.instance.pk is not None]
        in_the_way += [instance.pk for instance in self.gone[kind.name]]
        for place, pk in enumerate(in_the_way):
            parked: dict[str, Any] = {}
            for name in names - {kind.parent, "scope"}:
                model_field = kind.model_field(name)
                if isinstance(model_field, models.IntegerField):
                    parked[name] = 32_767 - place
                elif isinstance(model_field, models.CharField) and not model_field.choices:
                    parked[name] = get_random_string(20)
            if parked:
                kind.model._default_manager.filter(pk=pk).update(**parked)

    def _after_saving(self, row: Row) -> None:
        filled_in = {
            entry.field: row.values[entry.field]
            for entry in row.kind.entries
            if isinstance(entry, Copied) and entry.is_filled_in and entry.field in row.values
        }
        if filled_in:
            row.kind.model._default_manager.filter(pk=row.instance.pk).update(**filled_in)
        for name, targets in row.lists.items():
            getattr(row.instance, name).set([target.instance for target in targets])

    def _point_to_own_kind(self, row: Row) -> None:
        """References among rows of one kind, when all of them are there."""
        for name, target in row.targets.items():
            if target and target.kind is row.kind:
                attribute = f"{name}_id"
                if getattr(row.instance, attribute) != target.instance.pk:
                    setattr(row.instance, attribute, target.instance.pk)
                    row.instance.save(update_fields=[name])

    def _delete_rows(self, kind: Kind) -> None:
        """Delete what the file does not name; rows of one kind may stand in each other's way."""
        waiting = self.gone[kind.name]
        while waiting:
            kept = [instance for instance in waiting if not self._delete(kind, instance)]
            if len(kept) == len(waiting):
                return
            waiting = kept
            for instance in kept:
                self.problems.by_path.pop(self._path_of(kind, instance), None)

    def _delete(self, kind: Kind, instance: Instance) -> bool:
        path, label = self._path_of(kind, instance), str(instance)
        try:
            with transaction.atomic():
                instance.delete()
        except (ProtectedError, RestrictedError) as error:
            is_protected = isinstance(error, ProtectedError)
            blocking = error.protected_objects if is_protected else error.restricted_objects  # type: ignore[union-attr]
            self.problems.add(
                path,
                _("%(kind)s „%(label)s“ lässt sich nicht löschen, weil %(others)s daran hängt.")
                % {"kind": kind.verbose_name, "label": label, "others": _listed(blocking)},
            )
            return False
        for entry in kind.entries:
            if isinstance(entry, FileContent):
                stored = getattr(instance, entry.field)
                self.replaced.append((stored.storage, stored.name))
        self.changes.deleted.append(Change(kind, label, path))
        return True

    def _path_of(self, kind: Kind, instance: Instance) -> str:
        """A place for what stands in the database only: by its key."""
        if not kind.plural:
            return ""
        return f"{kind.plural}[{self._shown_identity(kind, instance)}]"

    def _shown_identity(self, kind: Kind, instance: Instance) -> str:
        if kind.is_single or kind.identity_reference:
            return str(instance)
        return str(getattr(instance, kind.identity))

    def _change(self, row: Row, fields: Iterable[str] = ()) -> Change:
        return Change(row.kind, str(row.instance), row.path, tuple(dict.fromkeys(fields)))


def _reachable(steps: dict[Any, Iterable[Any]], start: Any) -> set[Any]:
    found: set[Any] = {start}
    waiting = [start]
    while waiting:
        for following in steps[waiting.pop()]:
            if following not in found:
                found.add(following)
                waiting.append(following)
    return found


def _listed(rows: Iterable[Any]) -> str:
    return ", ".join(_("„%(label)s“") % {"label": row} for row in list(rows)[:3])


__all__ = ["Applier", "Change", "Changes", "ImportRefused"]
