"""What the content of every kind of publication has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PublicationContent:
    """The plain data of a text; from `title` to `created` also the data of its file."""

    title: str
    description: str
    author: str
    keywords: Sequence[str]
    created: str
    language: str
    is_draft: bool
    accent: str
    funding: Sequence[str]
    # Phrases in another language inside its texts: texts.languages marks them.
    foreign: Sequence[str]
    foreign_language: str

    def parts(self) -> Iterator[Any]:
        """The parts of the text that may be in another language."""
        raise NotImplementedError
