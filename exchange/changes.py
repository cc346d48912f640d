"""What an import did, row by row."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from exchange.content import Instance
from exchange.kinds.kind import Kind
from exchange.rows import Row


@dataclass(frozen=True)
class Change:
    """A row that the import changed, and the fields that differ."""

    kind: Kind
    label: str
    path: str
    fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: Row, fields: Iterable[str] = ()) -> "Change":
        return cls(row.kind, str(row.instance), row.path, tuple(dict.fromkeys(fields)))


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


def path_of_stored(kind: Kind, instance: Instance) -> str:
    """A place for what stands in the database only: by its key."""
    if not kind.plural:
        return ""
    shown = getattr(instance, kind.identity) if kind.has_own_key else instance
    return f"{kind.plural}[{shown}]"
