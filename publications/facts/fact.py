"""What a stored fact says, whose it is and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from concepts.models import Concept
from programmes.models import Person, Run
from texts.dates import ImpreciseDate


@dataclass(frozen=True)
class Count:
    """How many rows there are, and the titles of those that are not counted."""

    number: int
    left_out: tuple[str, ...] = ()

    def __add__(self, other: "Count") -> "Count":
        return Count(self.number + other.number, self.left_out + other.left_out)


@dataclass(frozen=True)
class Fact:
    """What a token says, and where that comes from.

    run: the run it belongs to; None for what belongs to the programme.
    row: what it names and is not public: a person who did not agree to it, an undecided concept.
    is_alias: another name says the same, shorter.
    language: of stored words; "" for dates and numbers, which the text's language puts in words.
    is_name: names need no translation.
    """

    value: str
    run: Run | None = None
    source: str = ""
    stated_on: ImpreciseDate | None = None
    row: Person | Concept | None = None
    count: Count | None = None
    is_alias: bool = False
    language: str = ""
    is_name: bool = False


@dataclass(frozen=True)
class Facts:
    """What tokens may name, in words of one language. `used` collects the names filled in."""

    known: Mapping[str, Fact] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @property
    def values(self) -> dict[str, str]:
        return {name: fact.value for name, fact in self.known.items()}

    def has(self, name: str) -> bool:
        return name in self.known

    def in_use(self) -> dict[str, Fact]:
        """The facts that texts named, by name."""
        return {name: fact for name, fact in self.known.items() if name in self.used}

    def foreign_to(self, language: str) -> dict[str, Fact]:
        """The facts that texts of this language named in words of another one."""
        return {
            name: fact
            for name, fact in self.in_use().items()
            if fact.language and fact.language != language
        }

    def not_public(self, model: type[Person | Concept]) -> list[str]:
        """The rows of this kind that texts named although they are not public."""
        rows = [fact.row for fact in self.in_use().values()]
        return list(dict.fromkeys(str(row) for row in rows if isinstance(row, model)))
