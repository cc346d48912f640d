"""What a document may hold. WeasyPrint has no limits of its own: a few bytes can cost minutes."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from documents.errors import (
    ElementNotPrintable,
    HtmlTooLong,
    LinkNotPrintable,
    NestedTooDeep,
    SpanTooLarge,
    TableInTable,
    TooManyElements,
    TooManyRows,
)

MAX_HTML = 4_000_000  # characters
MAX_ELEMENTS = 60_000
MAX_DEPTH = 50  # WeasyPrint calls itself for every level
MAX_SPAN = 20
MAX_ROWS = 1_000  # 5,000 take 20 s
MAX_PAGES = 500

HTML_WORDS = (
    "html head title meta link body main section article nav header footer div p h1 h2 h3 h4 h5 h6 "
    "ul ol li blockquote hr br a strong em b i small sub sup span cite abbr q time address figure "
    "figcaption img table caption colgroup col thead tbody tfoot tr th td"
)
HTML_ELEMENTS = frozenset(HTML_WORDS.split())
SVG = "{http://www.w3.org/2000/svg}"
# No use, image, foreignObject, style, animation: they multiply, load or hide.
SVG_WORDS = (
    "svg g path rect circle ellipse line polyline polygon text tspan title desc defs clipPath"
)
SVG_ELEMENTS = frozenset(SVG + name for name in SVG_WORDS.split())
# A programme's colours are data: custom properties are all that a style attribute may set.
COLOURS = re.compile(r"--[a-z-]+: #[0-9a-f]{6}(?:; --[a-z-]+: #[0-9a-f]{6})*")
LINK_SCHEMES = frozenset({"http", "https", "mailto"})


def check_length(html: str) -> None:
    """Raises HtmlTooLong."""
    if len(html) > MAX_HTML:
        raise HtmlTooLong(size=len(html), limit=MAX_HTML)


def check_tree(root: Any) -> None:
    """Refuse a parsed document that would cost too much or cannot be made accessible.

    Raises a PrintError. Walks without recursion, because depth is one of the dangers.
    """
    count = 0
    waiting = [(root, 1, False)]
    while waiting:
        element, depth, is_in_table = waiting.pop()
        if not isinstance(element.tag, str):  # a comment
            continue
        count += 1
        if count > MAX_ELEMENTS:
            raise TooManyElements(count=count, limit=MAX_ELEMENTS)
        if depth > MAX_DEPTH:
            raise NestedTooDeep(depth=depth, limit=MAX_DEPTH)
        _check_element(element)
        if element.tag == "table":
            if is_in_table:
                raise TableInTable
            _check_rows(element)
        inside = is_in_table or element.tag == "table"
        waiting += [(child, depth + 1, inside) for child in element]


def _check_element(element: Any) -> None:
    tag = element.tag
    if tag not in HTML_ELEMENTS and tag not in SVG_ELEMENTS:
        raise ElementNotPrintable(element=tag.removeprefix(SVG))
    if "style" in element.attrib and not COLOURS.fullmatch(element.get("style")):
        raise ElementNotPrintable(element=f"{tag.removeprefix(SVG)} style")
    if tag == "link" and not element.get("href", "").startswith("static:"):
        raise ElementNotPrintable(element="link")
    if tag == "link" and element.get("rel") != "stylesheet":
        raise ElementNotPrintable(element="link")
    if tag == "meta" and "http-equiv" in element.attrib:
        raise ElementNotPrintable(element="meta http-equiv")
    if tag == "a":
        _check_link(element.get("href", "#"))
    for name in ("colspan", "rowspan", "span"):
        _check_span(element.get(name, "1"))


def _check_link(address: str) -> None:
    if address.startswith("#"):
        return
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        scheme = ""
    if scheme not in LINK_SCHEMES:
        raise LinkNotPrintable(address=address[:200])


def _check_span(text: str) -> None:
    digits = text.strip()
    # A number of more digits than this is large, and int() refuses very long ones.
    is_small = (
        len(digits) <= 4 and digits.isascii() and digits.isdigit() and int(digits) <= MAX_SPAN
    )
    if not is_small:
        raise SpanTooLarge(span=digits[:20], limit=MAX_SPAN)


def _check_rows(table: Any) -> None:
    rows = sum(1 for _row in _rows(table))
    if rows > MAX_ROWS:
        raise TooManyRows(rows=rows, limit=MAX_ROWS)


def _rows(table: Any) -> Iterable[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from (row for row in child if row.tag == "tr")
