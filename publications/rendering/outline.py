"""Rich text under the headings of a page."""

import re
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser
from itertools import zip_longest
from typing import Any

from django.utils.html import strip_tags

from texts.richtext import clean_rich_text

EMPTY_LINK = re.compile(r"<a [^>]*>\s*</a>")
EMPTY_HEAD_CELL = re.compile(r"<th([^>]*)>((?:\s|<p>|</p>|<br>)*)</th>")
SPACE_BEFORE_STRESS = re.compile(r" (<(?:strong|em)>)")
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
VOID = frozenset({"br", "hr"})
TABLE_CHARACTERS = 80  # of 9 pt in the width of the text, with the room between columns


class _Outline(HTMLParser):
    """Splits clean rich text at its headings; headings inside lists and cells become strong."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[tuple[str, list[str]]] = []  # ("", pieces of text) or ("h3", …)
        self.depth = 0

    def _write(self, raw: str) -> None:
        if not self.parts:
            self.parts.append(("", []))
        self.parts[-1][1].append(raw)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self._write(f"<{tag}>")
            return
        is_heading = tag in {"h3", "h4"}
        if is_heading and self.depth == 0:
            self.parts.append((tag, []))
        else:
            self._write("<p><strong>" if is_heading else self.get_starttag_text() or "")
        self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        is_heading = tag in {"h3", "h4"}
        if is_heading and self.depth == 0:
            self.parts.append(("", []))
        else:
            self._write("</strong></p>" if is_heading else f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")


def outline(html: str, *, level: int) -> list[dict[str, Any]]:
    """Split a rich text into {"level", "heading"} and {"html"}; no heading skips a level.

    `level` is what the highest heading of the text becomes.
    """
    splitter = _Outline()
    splitter.feed(clean_rich_text(html))
    splitter.close()
    headings = [tag for tag, _pieces in splitter.parts if tag]
    has_two_levels = "h3" in headings
    parts: list[dict[str, Any]] = []
    has_parent = False
    for tag, pieces in splitter.parts:
        text = "".join(pieces).strip()
        if tag:
            words = unescape(strip_tags(text)).strip()
            is_below = tag == "h4" and has_two_levels and has_parent
            has_parent = has_parent or tag == "h3"
            if words:
                parts.append({"level": min(level + is_below, 6), "heading": words})
        elif cleaned := _for_print(text):
            rows = [CELL.findall(row) for row in ROW.findall(cleaned)]
            is_tight_table = is_tight([[words_of(cell) for cell in row] for row in rows])
            parts.append({"html": cleaned, **({"is_tight": True} if is_tight_table else {})})
    return parts


def is_tight(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the longest words of the columns do not fit beside each other."""
    columns = zip_longest(*rows, fillvalue="")
    longest = (max(map(len, " ".join(cells).split()), default=0) for cells in columns)
    return sum(longest) > TABLE_CHARACTERS


def _for_print(html: str) -> str:
    """Without links that say nothing and head cells that head nothing."""
    html = EMPTY_HEAD_CELL.sub(r"<td\1></td>", EMPTY_LINK.sub("", html))
    # Where a line ends with such a space, WeasyPrint 70 breaks it inside its first long word.
    return clean_rich_text(SPACE_BEFORE_STRESS.sub(r"\1 ", html))


def words_of(html: str) -> str:
    """The words of a rich text, without its markup."""
    return unescape(strip_tags(html.replace("<", " <")))
