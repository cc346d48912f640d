"""The keys in a file: each there once, and each leading to the row that it names."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from exchange.kinds import KINDS
from exchange.kinds.kind import Reference, References
from exchange.problems import Problems, joined, shown, suggestion
from exchange.rows import Row, Rows


def find_targets(rows: Rows, problems: Problems) -> None:
    """Set the targets of all rows; add a problem for each key that is doubled or leads nowhere."""
    everything = list(rows.root.walk())
    for row in everything:
        for children in row.children.values():
            _check_siblings(children, problems)
    finder = _Finder(rows, problems)
    for row in everything:
        finder.find(row)


def _check_siblings(siblings: list[Row], problems: Problems) -> None:
    seen: dict[Any, Row] = {}
    for row in siblings:
        place = row.place(row.kind.identity)
        is_readable = not isinstance(row.identity, list | dict | None)
        if not is_readable or problems.concerns(place):
            continue
        beside = row.data.get(row.kind.identity_with) if row.kind.identity_with else None
        earlier = seen.setdefault((row.identity, shown(beside)), row)
        if earlier is not row:
            problems.add(
                place,
                _("„%(key)s“ gibt es schon in %(path)s.")
                % {"key": shown(row.identity), "path": earlier.path},
            )


class _Finder:
    def __init__(self, rows: Rows, problems: Problems):
        self.rows = rows
        self.problems = problems

    def find(self, row: Row) -> None:
        for entry in row.kind.entries:
            place = row.place(entry.field)
            if isinstance(entry, Reference):
                key = row.data if row.kind.is_key_only else row.data.get(entry.field)
                has_key = isinstance(key, str) and not self.problems.concerns(place)
                row.targets[entry.field] = self._target(row, entry, key, place) if has_key else None
            elif isinstance(entry, References):
                row.lists[entry.field] = self._targets(row, entry)
        for copied in row.kind.copied:
            for name, kind_name in copied.keys.items():
                self._check_keys(row, copied.field, name, kind_name)

    def _check_keys(self, row: Row, field: str, name: str, kind_name: str) -> None:
        """Keys inside of a value: they lead to nothing here, but what they name must be there."""
        listed = row.data.get(field)
        for index, entry in enumerate(listed if isinstance(listed, list) else []):
            key = entry.get(name) if isinstance(entry, dict) else None
            if isinstance(key, str) and key:
                place = joined(joined(row.place(field), index), name)
                self._target(row, Reference(field, to=kind_name), key, place)

    def _targets(self, row: Row, entry: References) -> list[Row]:
        keys = row.data.get(entry.field)
        found: list[Row] = []
        for index, key in enumerate(keys if isinstance(keys, list) else []):
            if not isinstance(key, str):
                continue
            place = joined(row.place(entry.field), index)
            target = self._target(row, Reference(entry.field, entry.to), key, place)
            if target and target in found:
                self.problems.add(place, _("„%(key)s“ steht hier zweimal.") % {"key": shown(key)})
            elif target:
                found.append(target)
        return found

    def _target(self, row: Row, entry: Reference, key: str, place: str) -> Row | None:
        candidates = {str(name): target for name, target in self._candidates(row, entry)}
        target = candidates.get(key)
        if target is None:
            self.problems.add(
                place,
                _("„%(key)s“ gibt es nicht unter %(where)s.")
                % {"key": shown(key), "where": _where(row, entry)}
                + suggestion(key, candidates),
            )
        return target

    def _candidates(self, row: Row, entry: Reference) -> Iterator[tuple[Any, Row]]:
        rows = self.rows.of(KINDS[entry.to])
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


def _where(row: Row, entry: Reference) -> str:
    plural = KINDS[entry.to].plural
    if entry.within == "programme":
        return plural
    if entry.within == "runs":
        return f"runs[…].{plural} (durchlauf/{KINDS[entry.to].identity})"
    owner = row.above("run") if entry.within == "run" else row.targets.get(entry.within)
    return joined(owner.path, plural) if owner else plural
