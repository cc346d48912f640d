"""Which row of the database is which row of the file: by key."""

from dataclasses import dataclass, field
from typing import Any

from exchange.content import Instance, parent_pk, rows_of
from exchange.kinds import KINDS, PARENTS, WRITING_ORDER
from exchange.kinds.kind import Kind
from exchange.rows import Row, Rows
from exchange.rules import unique_constraints, unique_values


@dataclass
class Stored:
    """What the database holds of the programme, by the names of the kinds."""

    rows: dict[str, list[Instance]]
    # What the file does not name any more.
    gone: dict[str, list[Instance]] = field(default_factory=dict)
    locked: set[tuple[str, Any]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any(self.rows.values())

    def is_locked(self, kind: Kind, instance: Instance) -> bool:
        """Whether it was published before the import, or is a part of what was."""
        return (kind.name, instance.pk) in self.locked


def match(rows: Rows) -> Stored:
    """Give each row of the file its row of the database, where there is one."""
    stored = Stored({kind.name: list(rows_of(kind, rows.slug)) for kind in KINDS.values()})
    for kind in WRITING_ORDER:
        stored.gone[kind.name] = _match(kind, rows, stored.rows[kind.name])
    for kind in KINDS.values():
        above = PARENTS.get(kind.name)
        for instance in stored.rows[kind.name]:
            owner = (above.name, parent_pk(kind, instance)) if above else None
            if owner in stored.locked or (kind.locked and instance.status in kind.locked):
                stored.locked.add((kind.name, instance.pk))
    return stored


def _match(kind: Kind, rows: Rows, instances: list[Instance]) -> list[Instance]:
    """Match the rows of one kind; return what is left of the instances."""
    known = {(parent_pk(kind, one), _identity_of(kind, one)): one for one in instances}
    for row in rows.of(kind):
        parent = row.parent.pk if row.parent else None
        row.instance = known.pop((parent, _identity(row)), None)
    left = list(known.values())
    # A new key for what may be there only once (a run's number, a person's part) is the same row
    # under another key: the database has no room for both.
    for constraint in unique_constraints(kind):
        names = list(constraint.fields)
        if constraint.condition or kind.identity in names:
            continue
        taken = {unique_values(instance, names): instance for instance in left}
        for row in rows.of(kind):
            if row.instance is None and taken:
                wanted = tuple(_wanted(row, name) for name in names)
                row.instance = taken.pop(wanted, None)
        left = list(taken.values())
    return left


def _identity_of(kind: Kind, instance: Instance) -> Any:
    if kind.is_single:
        return ""
    if kind.identity_reference:
        return getattr(instance, f"{kind.identity}_id")
    if kind.identity_with:
        return getattr(instance, kind.identity), getattr(instance, f"{kind.identity_with}_id")
    return getattr(instance, kind.identity)


def _identity(row: Row) -> Any:
    if row.kind.identity_reference:
        target = row.targets[row.kind.identity]
        return target.pk if target else object()
    if row.kind.identity_with:
        target = row.targets[row.kind.identity_with]
        return row.identity, target and target.pk
    return row.identity


def _wanted(row: Row, name: str) -> Any:
    owner = row.parent if name == row.kind.parent else row.targets.get(name)
    return owner.pk if owner else row.values.get(name)
