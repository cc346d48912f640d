"""Bring the database to what a checked file says, inside the caller's transaction."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from exchange.changes import Change, Changes, path_of_stored
from exchange.comparing import Differing
from exchange.content import Instance
from exchange.kinds import WRITING_ORDER
from exchange.kinds.kind import Kind
from exchange.matching import Stored
from exchange.problems import Problems
from exchange.rows import Row, Rows
from exchange.rules import unique_constraints
from exchange.stored_files import StoredFiles


def write(rows: Rows, stored: Stored, differing: Differing, files: StoredFiles) -> Changes:
    """Write what differs, and delete what the file does not name. Raises ImportRefused."""
    changes = Changes(rows.slug)
    problems = Problems()
    writer = _Writer(stored, differing, files)
    for kind in WRITING_ORDER:
        new = [row for row in rows.of(kind) if row.instance is None]
        changed = [row for row in rows.of(kind) if row.instance is not None and differing[row]]
        changes.unchanged += len(rows.of(kind)) - len(new) - len(changed)
        writer.write(kind, new, changed)
        changes.created += [Change.of(row) for row in new]
        changes.changed += [Change.of(row, differing[row]) for row in changed]
    writer.point_ahead()
    for kind in reversed(WRITING_ORDER):
        changes.deleted += _delete_all(kind, stored.gone[kind.name], files, problems)
    problems.refuse_if_any()
    return changes


class _Writer:
    def __init__(self, stored: Stored, differing: Differing, files: StoredFiles):
        self.gone = stored.gone
        self.differing = differing
        self.files = files
        self.pointing_ahead: list[tuple[Row, str, Any]] = []

    def write(self, kind: Kind, new: list[Row], changed: list[Row]) -> None:
        """Save the rows of one kind, all of whose targets are there. Raises ImportRefused."""
        for row in new:
            row.instance = kind.model()
        rows = [*changed, *new]
        for row in rows:
            self._fill(row)
        self._save_all(kind, rows)
        for row in rows:
            _after_saving(row)
            self.pointing_ahead += [
                (row, name, target)
                for name, target in row.targets.items()
                if _is_ahead(row, target)
            ]

    def point_ahead(self) -> None:
        """Set what rows point to that were written after them."""
        for row, name, target in self.pointing_ahead:
            setattr(row.instance, name, target.instance)
            row.instance.save(update_fields=[name])

    def _fill(self, row: Row) -> None:
        kind, instance = row.kind, row.instance
        is_new = instance.pk is None
        written_otherwise = {entry.field for entry in kind.copied if entry.written_as}
        for name, value in row.values.items():
            is_same = not is_new and name not in self.differing[row]
            # A letter that is out stays out: the file only cannot say it.
            if not (name in written_otherwise and is_same):
                setattr(instance, name, value)
        if kind.parent and row.parent:
            setattr(instance, kind.parent, row.parent.instance)
        for name, target in row.targets.items():
            if not _is_ahead(row, target):
                setattr(instance, name, target and target.instance)
        if not is_new and "version" in kind.left_out:
            instance.version += 1
        for file in kind.files:
            if row.content is not None and (is_new or file.field in self.differing[row]):
                self.files.keep(instance, file.field, row.content)

    def _save_all(self, kind: Kind, rows: list[Row]) -> None:
        """Save rows that may swap what only one of them can have: again, as long as it helps."""
        waiting, is_moved_away = rows, False
        while waiting:
            stuck = [row for row in waiting if not _save(row)]
            if len(stuck) == len(waiting):
                if is_moved_away:
                    _refuse_stuck(stuck)
                stored = [row.instance.pk for row in stuck if row.instance.pk is not None]
                stored += [instance.pk for instance in self.gone[kind.name]]
                _move_away(kind, stored)
                is_moved_away = True
            waiting = stuck


def _is_ahead(row: Row, target: Row | None) -> bool:
    """Whether the row is written before its target, or together with it."""
    if target is None:
        return False
    return WRITING_ORDER.index(row.kind) <= WRITING_ORDER.index(target.kind)


def _save(row: Row) -> bool:
    try:
        with transaction.atomic():
            row.instance.save()
    except IntegrityError:
        return False
    return True


def _refuse_stuck(rows: list[Row]) -> None:
    problems = Problems()
    for row in rows:
        problems.add(
            row.path,
            _(
                "Das lässt sich nicht in einem Schritt ändern, weil es sich mit Gespeichertem "
                "überschneidet. Bitte zuerst ohne diesen Eintrag einlesen."
            ),
        )
    problems.refuse_if_any()


def _move_away(kind: Kind, stored: list[Any]) -> None:
    """Give the stored rows that stand in the way values that nobody wants."""
    names = {name for constraint in unique_constraints(kind) for name in constraint.fields}
    for place, pk in enumerate(stored):
        unwanted: dict[str, Any] = {}
        for name in names - {kind.parent}:
            model_field = kind.model_field(name)
            if isinstance(model_field, models.IntegerField):
                unwanted[name] = 32_767 - place
            elif isinstance(model_field, models.CharField) and not model_field.choices:
                unwanted[name] = get_random_string(20)
        if unwanted:
            kind.model._default_manager.filter(pk=pk).update(**unwanted)


def _after_saving(row: Row) -> None:
    filled_in = {
        entry.field: row.values[entry.field]
        for entry in row.kind.copied
        if entry.is_filled_in and entry.field in row.values
    }
    if filled_in:
        row.kind.model._default_manager.filter(pk=row.instance.pk).update(**filled_in)
    for name, targets in row.lists.items():
        getattr(row.instance, name).set([target.instance for target in targets])


def _delete_all(
    kind: Kind, waiting: list[Instance], files: StoredFiles, problems: Problems
) -> list[Change]:
    """Delete rows of one kind, which may stand in each other's way."""
    deleted: list[Change] = []
    while waiting:
        kept: dict[str, str] = {}
        left = []
        for instance in waiting:
            change = Change(kind, str(instance), path_of_stored(kind, instance))
            if needing := _delete(instance):
                left.append(instance)
                kept.setdefault(change.path, _is_needed(change, needing))
            else:
                deleted.append(change)
                for file in kind.files:
                    files.drop(instance, file.field)
        if len(left) == len(waiting):
            for path, sentence in kept.items():
                problems.add(path, sentence)
            break
        waiting = left
    return deleted


def _delete(instance: Instance) -> list[Instance]:
    """Delete the row, or return the rows that need it."""
    try:
        with transaction.atomic():
            instance.delete()
    except ProtectedError as error:
        return list(error.protected_objects)
    except RestrictedError as error:
        return list(error.restricted_objects)
    return []


def _is_needed(change: Change, needing: list[Instance]) -> str:
    others = ", ".join(_("„%(label)s“") % {"label": instance} for instance in needing[:3])
    return _("%(kind)s „%(label)s“ lässt sich nicht löschen, weil %(others)s daran hängt.") % {
        "kind": change.kind.verbose_name,
        "label": change.label,
        "others": others,
    }
