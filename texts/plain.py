"""Rich text as plain text and back, for those who write without the editor."""

import re
from html import escape

from texts.pasting import VOID, Element, read_tree

BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
POINT = re.compile(r"\s*[•*-]\s+(?=\S)")
NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+(?=\S)")
QUOTED = re.compile(r"\s*>\s?")
RULE = "---"
LISTS = frozenset({"ul", "ol"})
BLOCKS = LISTS | {"p", "h3", "h4", "blockquote", "table", "hr"}


def to_plain(html: str) -> str:
    """The words of a clean rich text: a blank line between blocks, „•“ and „1.“ before points."""
    return "\n\n".join(plain for plain, _html in _blocks(html) if plain)


def from_plain(text: str, html: str) -> str:
    """Rich text from plain text that was made of `html`; blocks left as they were keep their form.

    Nothing that was typed counts as markup.
    """
    text = text.replace("\r\n", "\n").strip()
    if text == to_plain(html).strip():
        return html
    known: dict[str, list[str]] = {}
    for plain, block in _blocks(html):
        known.setdefault(_normal(plain), []).append(block)
    written = []
    for block in BLANK_LINE.split(text):
        same = known.get(_normal(block))
        written.append(same.pop(0) if same else _written(block))
    return "".join(written)


def _normal(plain: str) -> str:
    return "\n".join(line.strip() for line in plain.strip().split("\n"))


def _blocks(html: str) -> list[tuple[str, str]]:
    """Plain text and HTML of each block; loose text between blocks is one, too."""
    blocks: list[tuple[str, str]] = []
    loose: list[Element | str] = []

    def finish() -> None:
        if plain := _inline(loose):
            blocks.append((plain, f"<p>{''.join(map(_html, loose)).strip()}</p>"))
        loose.clear()

    for child in read_tree(html).children:
        if isinstance(child, Element) and child.tag in BLOCKS:
            finish()
            blocks.append((_plain(child), _html(child)))
        else:
            loose.append(child)
    finish()
    return blocks


def _html(node: Element | str) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    if node.tag in VOID:
        return f"<{node.tag}{attributes}>"
    return f"<{node.tag}{attributes}>{''.join(map(_html, node.children))}</{node.tag}>"


def _plain(block: Element, indent: str = "") -> str:
    if block.tag in LISTS:
        return "\n".join(_points(block, indent))
    if block.tag == "table":
        rows = [node for node in block.walk() if node.tag == "tr"]
        return "\n".join(" | ".join(_inline([c]) for c in row.elements()) for row in rows)
    if block.tag == "blockquote":
        return "\n".join(f"> {line}" for line in _inside(block).split("\n"))
    return RULE if block.tag == "hr" else _inline([block])


def _inside(element: Element, indent: str = "") -> str:
    """The text of an element that may hold blocks, each on lines of its own."""
    lines: list[str] = []
    loose: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element) and child.tag in BLOCKS:
            lines += [_inline(loose), _plain(child, indent)]
            loose = []
        else:
            loose.append(child)
    return "\n".join(line for line in [*lines, _inline(loose)] if line)


def _points(block: Element, indent: str) -> list[str]:
    lines = []
    for number, point in enumerate(block.elements(), start=1):
        mark = f"{number}." if block.tag == "ol" else "•"
        lines.append(f"{indent}{mark} {_inside(point, indent + '  ')}")
    return lines


def _inline(nodes: list[Element | str]) -> str:
    text = "".join(_text(node) for node in nodes)
    return "\n".join(" ".join(line.split()) for line in text.split("\0")).strip()


def _text(node: Element | str) -> str:
    """The text with NUL for a line break, which no stored text holds."""
    if isinstance(node, str):
        return node
    return "\0" if node.tag == "br" else "".join(map(_text, node.children))


def _written(block: str) -> str:
    lines = block.strip().split("\n")
    if block.strip() == RULE:
        return "<hr>"
    for mark, tag in ((POINT, "ul"), (NUMBER, "ol")):
        if all(mark.match(line) for line in lines):
            points = (escape(mark.sub("", line, count=1).strip(), quote=False) for line in lines)
            return f"<{tag}>{''.join(f'<li><p>{point}</p></li>' for point in points)}</{tag}>"
    if all(QUOTED.match(line) for line in lines):
        quoted = _paragraph([QUOTED.sub("", line, count=1) for line in lines])
        return f"<blockquote>{quoted}</blockquote>"
    return _paragraph(lines)


def _paragraph(lines: list[str]) -> str:
    text = "<br>".join(escape(line.strip(), quote=False) for line in lines)
    return f"<p>{text}</p>" if text else ""
