"""What differs between the file and the database, and what of it may not."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from exchange.changes import path_of_stored
from exchange.content import as_written, in_order, written
from exchange.kinds import KINDS, WRITING_ORDER
from exchange.kinds.kind import Copied, Entry, FileContent, Kind, References
from exchange.matching import Stored
from exchange.problems import Problems
from exchange.rows import Row, Rows

# The fields of each row that differ from the stored ones.
Differing = dict[Row, list[str]]


def compare(rows: Rows) -> Differing:
    """Find what differs; rows whose lists have another order get new places."""
    differing: Differing = {}
    for kind in WRITING_ORDER:
        places = _new_places(kind, rows.of(kind)) if kind.place else {}
        for row in rows.of(kind):
            differing[row] = [] if row.instance is None else list(_differing(row))
            if row in places:
                row.values[kind.place] = places[row]
                if row.instance is not None and getattr(row.instance, kind.place) != places[row]:
                    differing[row].append(kind.place)
    return differing


def _new_places(kind: Kind, rows: list[Row]) -> dict[Row, int]:
    """New places for the lists whose order is not the stored one; others keep their numbers."""
    lists: dict[Row | None, list[Row]] = defaultdict(list)
    for row in rows:
        lists[row.parent].append(row)
    places: dict[Row, int] = {}
    for siblings in lists.values():
        stored = in_order(kind, [row.instance for row in siblings if row.instance is not None])
        if [row.instance for row in siblings] != stored:
            places |= {row: index + 1 for index, row in enumerate(siblings)}
    return places


def _differing(row: Row) -> Iterable[str]:
    kind = row.kind
    if kind.has_own_key and getattr(row.instance, kind.identity) != row.identity:
        yield kind.identity
    for entry in kind.entries:
        if _differs(row, entry):
            yield entry.field


def _differs(row: Row, entry: Entry) -> bool:
    match entry:
        case Copied():
            if entry.field not in row.values:
                return False
            wanted = as_written(row.kind, entry, row.values[entry.field])
            return bool(written(row.kind, entry, row.instance) != wanted)
        case References():
            stored = {target.pk for target in getattr(row.instance, entry.field).all()}
            return stored != {target.pk for target in row.lists[entry.field]}
        case FileContent():
            return bool(row.instance.sha256 != row.values["sha256"])
    target = row.targets[entry.field]
    pk = getattr(row.instance, f"{entry.field}_id")
    return bool(pk != target.pk) if target else pk is not None


def check_changes(rows: Rows, stored: Stored, differing: Differing, problems: Problems) -> None:
    """Add a problem for what is published and would change, and for moves that no status allows."""
    for kind in KINDS.values():
        for row in rows.of(kind):
            if row.instance is None:
                _check_new(row, stored, problems)
            else:
                _check_status(row, differing[row], problems)
                if stored.is_locked(kind, row.instance):
                    _check_locked(row, differing[row], problems)
        for instance in stored.gone[kind.name]:
            if stored.is_locked(kind, instance):
                problems.add(
                    path_of_stored(kind, instance),
                    _("%(kind)s „%(label)s“ ist veröffentlicht und lässt sich nicht löschen.")
                    % {"kind": kind.verbose_name, "label": instance},
                )


def _check_new(row: Row, stored: Stored, problems: Problems) -> None:
    parent = row.parent
    if parent and parent.instance is not None and stored.is_locked(parent.kind, parent.instance):
        problems.add(row.path, _("Das gehört zu Veröffentlichtem; es bleibt, wie es ist."))


def _check_locked(row: Row, differing: list[str], problems: Problems) -> None:
    for name in differing:
        if name not in row.kind.open_fields:
            problems.add(
                row.place(name),
                _(
                    "„%(label)s“ ist freigegeben oder veröffentlicht und bleibt, wie es ist. "
                    "Eine Berichtigung ist ein neuer Text."
                )
                % {"label": row.instance},
            )


def _check_status(row: Row, differing: list[str], problems: Problems) -> None:
    name = row.kind.status
    if name not in differing:
        return
    now, wanted = getattr(row.instance, name), row.values[name]
    if wanted not in _reachable(row.instance.NEXT, now):
        labels = dict(row.kind.model_field(name).flatchoices)
        problems.add(
            row.place(name),
            _("Von „%(now)s“ führt kein Weg zu „%(wanted)s“.")
            % {"now": labels[now], "wanted": labels[wanted]},
        )


def _reachable(steps: dict[Any, Iterable[Any]], start: Any) -> set[Any]:
    found: set[Any] = {start}
    waiting = [start]
    while waiting:
        following = set(steps[waiting.pop()]) - found
        found |= following
        waiting += following
    return found
