"""What Word, LibreOffice, Google Docs and Outlook put on the clipboard, as rich text of ours.

What they mean is kept (headings, lists, bold, tables), what they hide is left out (deleted text of
tracked changes, comments, list marks written as text). `static/js/paste.js` does the same in the
editor, where nothing of it reaches the page first.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

import nh3

VOID = frozenset({"br", "hr"})
PLAIN_BLOCKS = frozenset({"blockquote", "hr", "table", "ul", "ol"})
# They only hold what stands in them; each child is a block of its own.
FRAMES = frozenset(
    {"address", "article", "aside", "body", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "header", "html", "li", "main"}
    | {"nav", "pre", "section", "summary", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sub": "sub", "sup": "sup"}
# Struck-out text, shown like any other, would say the opposite of what is meant.
HIDDEN = frozenset({"del", "s", "strike"})
HIDING_CLASSES = frozenset(
    {"msodel", "msocommentreference", "msocommenttext", "msocomtxt", "msocomanchor", "msocomoff"}
)
HIDING_STYLE = re.compile(
    r"mso-element:comment|mso-special-character:comment|mso-hide:all|mso-list:ignore"
    r"|display:none|text-decoration:[^;]*line-through"
)
LIST_STYLE = re.compile(r"mso-list:\s*l(\d+)\s+level(\d+)")
# A mark that was written as text: a sign or a number with a point.
MARK = re.compile(r"[\s\xa0]*(?:([·•◦▪§–o-])|\(?(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])[\s\xa0]+")
FOREIGN = re.compile(r"</?([a-zA-Z][\w:-]*)([^>]*)>")

_reader = nh3.Cleaner(
    tags=VOID | PLAIN_BLOCKS | FRAMES | HEADINGS | set(MARKS) | HIDDEN | {"p", "a", "span", "font"},
    attributes={
        "*": {"class", "style", "id"},
        "a": {"href"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    clean_content_tags={"script", "style", "title"},
)


@dataclass
class Element:
    """A tag with its attributes and what stands in it: elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def style(self) -> str:
        return re.sub(r"\s*([:;])\s*", r"\1", self.attributes.get("style", "").lower())

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").lower().split())

    @property
    def is_hidden(self) -> bool:
        is_comment = self.attributes.get("href", "").startswith("#_msocom")
        return (
            self.tag in HIDDEN
            or is_comment
            or bool(self.classes & HIDING_CLASSES)
            or bool(HIDING_STYLE.search(self.style))
        )

    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)

    def elements(self) -> list["Element"]:
        return [child for child in self.children if isinstance(child, Element)]

    def walk(self) -> Iterator["Element"]:
        """This element and all in it, as they are written."""
        yield self
        for child in self.elements():
            yield from child.walk()

    def has_blocks(self) -> bool:
        return any(child.is_block() for child in self.elements())

    def is_block(self) -> bool:
        is_own = self.tag in PLAIN_BLOCKS | FRAMES | HEADINGS | {"p"}
        return is_own or self.has_blocks()


class _TreeBuilder(HTMLParser):
    """Reads what the cleaner wrote: every element is closed there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)


def read_tree(html: str) -> Element:
    """The elements of clean HTML, in which each is closed."""
    builder = _TreeBuilder()
    builder.feed(html)
    builder.close()
    return builder.root


def without_comments(html: str) -> str:
    """HTML without its comments; Word puts two around every mark of a list."""
    pieces, position = [], 0
    while (begin := html.find("<!--", position)) >= 0:
        end = html.find("-->", begin + 4)
        if end < 0:
            break
        pieces.append(html[position:begin])
        position = end + 3
    return "".join([*pieces, html[position:]])


def is_foreign(html: str, known: frozenset[str]) -> bool:
    """Whether another program wrote this: tags that we don't know, classes or styles."""
    return any(
        tag[1].lower() not in known or "class=" in tag[2] or "style=" in tag[2]
        for tag in FOREIGN.finditer(html)
    )


def tidy_pasted(html: str) -> str:
    """Return foreign HTML written with the tags of our rich text; clean it afterwards."""
    root = _without_hidden(read_tree(_reader.clean(html)))
    top = min((int(h.tag[1]) for h in root.walk() if h.tag in HEADINGS), default=3)
    return _Writer(top).flow(root.children, wraps=root.has_blocks())


def _without_hidden(element: Element) -> Element:
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str):
            kept.append(child)
        elif not child.is_hidden or _is_list_mark(child):
            kept.append(_without_hidden(child))
    return Element(element.tag, element.attributes, kept)


def _is_list_mark(element: Element) -> bool:
    return "mso-list:ignore" in element.style


class _Writer:
    """Writes blocks; `top` is the level of the highest heading there is."""

    def __init__(self, top: int) -> None:
        self.top = top

    def flow(self, children: Iterable[Element | str], *, wraps: bool) -> str:
        """The blocks, with loose text in paragraphs if `wraps`."""
        written: list[str] = []
        loose: list[Element | str] = []
        points: list[tuple[int, str, str]] = []

        def end_text() -> None:
            text = self.inline(loose)
            loose.clear()
            if wraps and _has_words(text):
                written.append(f"<p>{text.strip()}</p>")
            elif not wraps:
                written.append(text)

        def end_list() -> None:
            if points:
                written.append(_nested(points))
                points.clear()

        for child in children:
            if isinstance(child, str) or not child.is_block():
                if _has_words(self.inline([child])):
                    end_list()
                loose.append(child)
                continue
            end_text()
            point = self.list_point(child)
            if point is not None:
                points.append(point)
            else:
                end_list()
                written.append(self.block(child))
        end_text()
        end_list()
        return "".join(written)

    def list_point(self, element: Element) -> tuple[int, str, str] | None:
        """Level, kind and text of a paragraph that is a point of a list in Word."""
        is_named = any(name.startswith("msolistparagraph") for name in element.classes)
        styled = LIST_STYLE.search(element.style)
        if element.tag not in {"p", "div"} or not (styled or is_named) or element.has_blocks():
            return None
        marks = [node for node in element.walk() if _is_list_mark(node)]
        mark = MARK.match((marks[0].text() if marks else element.text()) + " ")
        if not mark and not styled:
            return None
        kind = "ol" if mark and mark[2] else "ul"
        for node in marks:
            node.children = []
        if mark and not marks:
            _cut(element, mark.end() if mark.end() <= len(element.text()) else 0)
        return int(styled[2]) if styled else 1, kind, self.inline(element.children).strip()

    def block(self, element: Element) -> str:
        tag, children = element.tag, element.children
        if tag == "hr":
            return "<hr>"
        if tag in {"ul", "ol"}:
            return self.list(element)
        if tag == "table":
            return self.table(element)
        if tag == "blockquote":
            inner = self.flow(children, wraps=True)
            return f"<blockquote>{inner}</blockquote>" if inner else ""
        if element.has_blocks():
            return self.flow(children, wraps=True)
        text = self.inline(children).strip()
        if not _has_words(text):
            return ""
        if tag in HEADINGS or "msotitle" in element.classes:
            # Ours are h3 and h4 already; in other programs the highest there is comes first.
            is_first = tag not in HEADINGS or int(tag[1]) <= min(self.top, 3)
            name = "h3" if is_first else "h4"
            return f"<{name}>{text}</{name}>"
        return f"<p><strong>{text}</strong></p>" if tag == "dt" else f"<p>{text}</p>"

    def list(self, element: Element) -> str:
        points: list[str] = []
        for child in element.children:
            if isinstance(child, str):
                continue
            if child.tag in {"ul", "ol"} and points:
                # Old editors put the inner list beside its point.
                points[-1] += self.list(child)
            else:
                inner = self.flow(child.children, wraps=child.has_blocks()).strip()
                points.append(inner)
        items = "".join(f"<li>{point}</li>" for point in points if _has_words(point))
        return f"<{element.tag}>{items}</{element.tag}>" if items else ""

    def table(self, element: Element) -> str:
        rows = []
        caption = ""
        for part in _parts(element):
            if part.tag == "caption":
                caption = self.flow([part], wraps=True)
                continue
            cells = []
            for cell in part.children:
                if isinstance(cell, Element) and cell.tag in {"td", "th"}:
                    name = "th" if "head" in part.classes else cell.tag
                    spans = "".join(
                        f' {key}="{escape(cell.attributes[key])}"'
                        for key in ("colspan", "rowspan")
                        if key in cell.attributes
                    )
                    inner = self.flow(cell.children, wraps=cell.has_blocks())
                    cells.append(f"<{name}{spans}>{inner.strip()}</{name}>")
            rows.append(f"<tr>{''.join(cells)}</tr>")
        return f"{caption}<table><tbody>{''.join(rows)}</tbody></table>" if rows else caption

    def inline(self, children: Iterable[Element | str]) -> str:
        return "".join(
            escape(child, quote=False) if isinstance(child, str) else self.inline_element(child)
            for child in children
        )

    def inline_element(self, element: Element) -> str:
        if element.tag == "br":
            return "<br>"
        if element.tag == "hr" or _is_list_mark(element):
            return ""
        text = self.inline(element.children)
        for mark in reversed(_marks(element)):
            text = f"<{mark}>{text}</{mark}>" if text.strip() else text
        href = element.attributes.get("href", "")
        if element.tag == "a" and href and not href.startswith("#") and text.strip():
            return f'<a href="{escape(href)}">{text}</a>'
        return text


def _marks(element: Element) -> list[str]:
    """The marks that tag and style give: Google Docs writes all of them as styles."""
    style = element.style
    marks = {MARKS[element.tag]} if element.tag in MARKS else set()
    if re.search(r"font-weight:(?:bold|[6-9]00)", style):
        marks.add("strong")
    if re.search(r"font-weight:(?:normal|[1-5]00)", style):
        marks.discard("strong")
    if "font-style:italic" in style:
        marks.add("em")
    if "font-style:normal" in style:
        marks.discard("em")
    marks |= {name for name in ("sub", "super") if f"vertical-align:{name}" in style}
    return sorted("sup" if mark == "super" else mark for mark in marks)


def _parts(table: Element) -> Iterable[Element]:
    """The caption and the rows of a table, those of its head marked by a class."""
    for child in table.children:
        if isinstance(child, str):
            continue
        if child.tag in {"thead", "tbody", "tfoot"}:
            for row in child.children:
                if isinstance(row, Element) and row.tag == "tr":
                    classes = "head" if child.tag == "thead" else ""
                    yield Element("tr", {"class": classes}, row.children)
        elif child.tag in {"tr", "caption"}:
            yield Element(child.tag, {}, child.children)


def _has_words(html: str) -> bool:
    return bool(re.sub(r"<br>|&nbsp;|[\s\xa0]", "", html))


def _cut(element: Element, length: int) -> int:
    """Take so many characters off the beginning; return how many are left to take."""
    for index, child in enumerate(element.children):
        if length <= 0:
            break
        if isinstance(child, str):
            taken = min(length, len(child))
            element.children[index] = child[taken:]
            length -= taken
        else:
            length = _cut(child, length)
    return length


def _nested(points: list[tuple[int, str, str]]) -> str:
    """Lists in lists from points with levels; a level that is left out does not count."""
    written: list[str] = []
    open_lists: list[tuple[int, str]] = []
    for level, kind, text in points:
        while open_lists and level < open_lists[-1][0]:
            written.append(f"</li></{open_lists.pop()[1]}>")
        if open_lists and level == open_lists[-1][0] and kind != open_lists[-1][1]:
            written.append(f"</li></{open_lists.pop()[1]}>")
        if open_lists and level == open_lists[-1][0]:
            written.append("</li><li>")
        else:
            written.append(f"<{kind}><li>")
            open_lists.append((level, kind))
        written.append(text)
    written += [f"</li></{kind}>" for _level, kind in reversed(open_lists)]
    return "".join(written)
