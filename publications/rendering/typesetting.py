"""Setting type: what is typed by the rules of its language, in signs that the font has."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from texts.richtext import clean_rich_text
from texts.typography import tidy_text

RICH = frozenset(
    {"html", "imprint", "goal", "agenda", "results", "problem", "approach", "effort", "outlook"}
)
# Addresses and codes: nothing to set in type.
CODES = frozenset(
    {
        "accent", "created", "dated_iso", "email", "embargo_iso", "first_day", "foreign_language",
        "id", "kind", "language", "last_day", "part", "phone", "run_slug", "slug", "website",
    }
)  # fmt: skip
AROUND = frozenset({"heading", "html", "introduction", "sentence"})
# What word processors write and the font lacks.
IN_FONT = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u202f": "\u00a0",
        "\u2009": "\u00a0",
        # Which picture of a sign to take: the fonts have one.
        "\ufe0e": "",
        "\ufe0f": "",
    }
)
TAG = re.compile(r"(<[^>]*>)")


class Tongue(NamedTuple):
    """The language of a text, and phrases of another one inside it."""

    language: str
    foreign: Sequence[str] = ()
    foreign_language: str = ""

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Tongue":
        return cls(
            content.get("language") or "de",
            content.get("foreign") or (),
            content.get("foreign_language") or "",
        )

    def tidy(self, text: str) -> str:
        return tidy_text(
            text, self.language, foreign=self.foreign, foreign_language=self.foreign_language
        )


def typeset(value: Any, tongue: Tongue, name: str = "") -> Any:
    if isinstance(value, Mapping):
        own = _own_tongue(value, tongue)
        # Around what the portal puts in, a block says something in the document's language.
        around = AROUND if "kind" in value else frozenset()
        return {
            key: typeset(entry, tongue if key in around else own, key)
            for key, entry in value.items()
        }
    if isinstance(value, list | tuple):
        return [typeset(entry, tongue, name) for entry in value]
    if not isinstance(value, str) or name in CODES:
        return value
    if name in RICH:
        pieces = TAG.split(clean_rich_text(value))
        return "".join(_typeset_piece(piece, tongue) for piece in pieces)
    return tongue.tidy(value).translate(IN_FONT)


def _own_tongue(part: Mapping[str, Any], tongue: Tongue) -> Tongue:
    """A quote, a concept or a boilerplate may be in a language of its own."""
    language = part.get("language") or tongue.language
    return tongue if language == tongue.language else Tongue(language)


def _typeset_piece(piece: str, tongue: Tongue) -> str:
    """Set the words between two tags; a straight quote at a tag may open or close: as typed."""
    if piece.startswith("<"):
        return piece
    if '"' not in piece and "'" not in piece and "&" not in piece:
        piece = tongue.tidy(piece)
    return piece.translate(IN_FONT)
