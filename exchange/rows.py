"""The objects of a file as rows: in the tree of the file, and by kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from exchange.kinds import KINDS
from exchange.kinds.kind import Kind
from exchange.problems import joined


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

    @property
    def pk(self) -> Any:
        """The number of the row of the database; without one, something equal to nothing else."""
        return self.instance.pk if self.instance else object()

    def place(self, name: str) -> str:
        return self.path if self.kind.is_key_only else joined(self.path, name)

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


class Rows:
    """The rows of a file by kind, each list in the order of the file."""

    root: Row

    def __init__(self) -> None:
        self.by_kind: dict[str, list[Row]] = {name: [] for name in KINDS}

    def of(self, kind: Kind) -> list[Row]:
        return self.by_kind[kind.name]

    @property
    def slug(self) -> str:
        """The programme's; "" where it is none."""
        return self.root.identity if isinstance(self.root.identity, str) else ""
