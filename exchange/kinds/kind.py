"""What a kind of row in the file is made of."""

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from lifecycle.moves import Moves

# A JSON Schema.
Shape = dict[str, Any]
# What is wrong in an object: the place in it, like `data[2].title`, and the sentence.
Faults = Iterable[tuple[str, str]]

ROW = "the number of the row in its database"
ACCOUNT = "accounts belong to a portal and do not travel"


@dataclass(frozen=True)
class Copied:
    """A field whose value stands in the file."""

    field: str
    note: str = ""
    # The database fills it in when the file does not say; then it counts as unchanged.
    is_filled_in: bool = False
    # Written as another value, because what it says is only true in the portal it was said in.
    written_as: dict[str, str] = dataclasses.field(default_factory=dict)
    # What an object or a list holds; the shape of other values follows from the model's field.
    shape: Shape = dataclasses.field(default_factory=dict)
    # In each object of a list: the name that holds the key of a row, and the kind of that row.
    keys: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """A foreign key, written as the key of its target.

    `within` says where the key is unique: in the programme, in the same run, in any run (written
    as run/key), or in the target of another reference of the same row.
    """

    field: str
    to: str
    within: str = "programme"
    note: str = ""


@dataclass(frozen=True)
class References:
    """Targets of a many-to-many relation, written as a list of keys."""

    field: str
    to: str
    note: str = ""


@dataclass(frozen=True)
class FileContent:
    """A file: the name under which it lies in the archive, and what was measured of it."""

    field: str
    measured: tuple[str, ...]
    note: str = ""


Entry = Copied | Reference | References | FileContent


@dataclass(frozen=True)
class Kind:
    """One kind of object in the file and the model behind it.

    All that is special about a kind stands here; the modules that read and write ask for it.
    """

    name: str
    model: type[models.Model]
    # The name under which its parent lists it.
    plural: str
    # The field that points to the parent.
    parent: str
    entries: tuple[Entry, ...]
    # The field that holds the identity among the siblings: key, slug, number, or a reference.
    identity: str = "key"
    children: tuple["Kind", ...] = ()
    # The fields that do not travel, with the reason.
    left_out: dict[str, str] = dataclasses.field(default_factory=lambda: {"id": ROW})
    # The field that is the place in the list; without one, lists are sorted by `order`, or else
    # by the identity.
    place: str = ""
    order: tuple[str, ...] = ()
    # A reference that belongs to the identity: siblings may share a key if this differs.
    identity_with: str = ""
    # Nothing refers to it: without a key, its number in the list is its key.
    is_key_optional: bool = False
    # A parent has at most one: an object instead of a list.
    is_single: bool = False
    # Nothing but the identity is said: the list holds keys instead of objects.
    is_key_only: bool = False
    note: str = ""

    # What else its app does when an update has changed this field of a stored row.
    after: dict[str, Callable[[Any], None]] = dataclasses.field(default_factory=dict)
    # In these states, neither the row nor its children change; fields of `open_fields` do.
    locked: frozenset[str] = frozenset()
    open_fields: frozenset[str] = frozenset()
    # What constraints without a sentence of their own mean for somebody who writes a file.
    sentences: dict[str, str] = dataclasses.field(default_factory=dict)
    # What the schema of the object says besides its fields.
    conditions: Shape = dataclasses.field(default_factory=dict)
    # Checks what no schema can, given the values as read and the object of the file; it may
    # clean the values.
    check: Callable[[dict[str, Any], dict[str, Any]], Faults] | None = None
    # The fields whose texts may name facts.
    texts: tuple[str, ...] = ()
    # All texts in the object name the facts of its model, else those of the programme.
    has_facts: bool = False

    @property
    def verbose_name(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def verbose_plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def model_field(self, name: str) -> Any:
        return self.model._meta.get_field(name)

    def entry(self, field_name: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.field == field_name), None)

    @property
    def copied(self) -> list[Copied]:
        return [entry for entry in self.entries if isinstance(entry, Copied)]

    @property
    def files(self) -> list[FileContent]:
        return [entry for entry in self.entries if isinstance(entry, FileContent)]

    @property
    def identity_reference(self) -> Reference | None:
        entry = self.entry(self.identity)
        return entry if isinstance(entry, Reference) else None

    @property
    def has_own_key(self) -> bool:
        """Whether the object says who it is; else its place or a reference does."""
        return not self.is_single and self.identity_reference is None

    @property
    def status(self) -> str:
        """The field with the status; "" for a kind without."""
        return self.model.STATUS_FIELD if issubclass(self.model, Moves) else ""


def copied(names: str) -> tuple[Copied, ...]:
    return tuple(Copied(name) for name in names.split())
