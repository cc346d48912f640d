"""The signs that the fonts of printed documents have, and where a text holds others."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont

from documents import assets
from documents.errors import CharacterNotInFont

FONT = "kern/fonts/fira-sans/FiraSans-Regular.woff2"
# Behind the font of the text, in this order: boxes, ticks, arrows; mathematics; numbers in circles.
SYMBOLS_SHEET = "pdf/symbols.css"
SYMBOL_FONTS = (
    "fontsource/noto-sans-symbols-2/files/noto-sans-symbols-2-symbols-400-normal.woff2",
    "fontsource/noto-sans-math/files/noto-sans-math-latin-400-normal.woff2",
    "fontsource/noto-sans-symbols/files/noto-sans-symbols-symbols-400-normal.woff2",
)
# Laid out without a glyph of their own: spaces, joiners, marks of direction, soft hyphen.
INVISIBLE = re.compile(
    r"[\s\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufe00-\ufe0f\ufeff]"
)
# Signs that Unicode shows as pictures: where a machine has such a font, it would slip in.
# Source: Unicode 17, emoji-data.txt, Emoji_Presentation, below U+1F000.
PICTURES = re.compile(
    "[\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1"
    "\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705"
    "\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50"
    "\u2b55\U0001f000-\U0001ffff]"
)
# What no file format of text carries.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SENTENCE_END = re.compile(r"(?<=[.!?:…])\s+")
MAX_PLACE = 90  # characters of the sentence that is named
MAX_NAMED = 20


def check_characters(root: Any) -> None:
    """Refuse text the fonts have no glyph for: another font would slip in.

    Takes a parsed document. Raises CharacterNotInFont, which names signs and sentence.
    """
    body = root.find("body")
    if body is not None:
        check_texts(_blocks_of_words(body))


def check_texts(texts: Iterable[str]) -> None:
    """Refuse plain texts with signs that cannot be printed. Raises CharacterNotInFont."""
    missing: dict[str, str] = {}
    for text in texts:
        for character in sorted(set(text)):
            if character not in missing and not is_printable(character):
                missing[character] = text
    if missing:
        first = min(missing)
        raise CharacterNotInFont(
            characters=", ".join(map(_named, sorted(missing)[:MAX_NAMED])),
            place=_sentence_with(first, missing[first]),
        )


def is_printable(character: str) -> bool:
    if CONTROLS.match(character):
        return False
    if ord(character) in known_to((FONT,)) or INVISIBLE.match(character):
        return True
    return not PICTURES.match(character) and ord(character) in known_to(SYMBOL_FONTS)


def needs_symbols(text: str) -> bool:
    """Whether the text has signs beyond the font of the text."""
    known = known_to((FONT,))
    return any(ord(sign) not in known and not INVISIBLE.match(sign) for sign in set(text))


@cache
def known_to(fonts: tuple[str, ...]) -> frozenset[int]:
    """The code points that these fonts have glyphs for."""
    known: set[int] = set()
    for name in fonts:
        with TTFont(BytesIO(assets.read(name)), lazy=True) as font:
            known.update(font.getBestCmap())
    return frozenset(known)


def _blocks_of_words(body: Any) -> Iterator[str]:
    """The words of each element with those of its inline parts; a text may come twice."""
    inline = {"a", "strong", "em", "b", "i", "span", "sub", "sup", "small", "abbr", "time", "q"}
    for element in body.iter():
        if not isinstance(element.tag, str) or element.tag in inline:
            continue
        words = [element.text or ""]
        for child in element:
            words.append("".join(child.itertext()) if child.tag in inline else " ")
            words.append(child.tail or "")
        yield "".join(words)


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    # A control character has no picture to show.
    return code if CONTROLS.match(character) else f"{character} ({code})"


def _sentence_with(character: str, text: str) -> str:
    """The sentence around the first such sign, shortened around it."""
    text = re.sub(r"[ \t\n\r\u00a0]+", " ", text).strip()
    sentence = next((part for part in SENTENCE_END.split(text) if character in part), text)
    at = sentence.find(character)
    if len(sentence) <= MAX_PLACE:
        shown = sentence
    else:
        begin = max(0, min(at - MAX_PLACE // 2, len(sentence) - MAX_PLACE))
        end = begin + MAX_PLACE
        shown = f"{'…' if begin else ''}{sentence[begin:end]}{'…' if end < len(sentence) else ''}"
    return CONTROLS.sub("\N{REPLACEMENT CHARACTER}", shown)
