"""Writing values into the forms of a finished page, whatever wrote it."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urljoin, urlsplit

CHOSEN = {"checkbox": "checked", "radio": "checked"}
# Their values belong to the page; a password is never written into one.
LEFT = frozenset({"submit", "button", "reset", "image", "file", "password"})
OWN_HIDDEN = frozenset({"csrfmiddlewaretoken", "_writer"})
VALUE = r"""(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?(?=[\s/>])"""


class _Forms(HTMLParser):
    """Finds the forms of a page that send to an address, by their number."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__(convert_charrefs=False)
        self.page, self.action = page, action
        self.count = -1
        self.found: set[int] = set()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.count += 1
            if (values.get("method") or "").lower() == "post":
                self._compare(values.get("action"))
        elif tag in {"button", "input"} and values.get("formaction"):
            self._compare(values["formaction"])

    def _compare(self, address: str | None) -> None:
        if urlsplit(urljoin(self.page, address or "")).path == self.action:
            self.found.add(self.count)


class _Filler(HTMLParser):
    """Collects what changes in a page: pieces of its text and what stands there instead."""

    def __init__(
        self, html: str, forms: set[int], values: Mapping[str, Sequence[str]] | None, notice: str
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.lines = [0, *accumulate(len(line) for line in html.split("\n"))]
        self.forms = forms
        self.keeps_values = values is None
        self.left = {name: list(items) for name, items in (values or {}).items()}
        self.notice = notice
        self.known: set[str] = set()
        self.changes: list[tuple[int, int, str]] = []
        self.count = -1
        self.is_inside = False
        self.select = ""
        self.textarea: tuple[int, str] | None = None

    def _here(self) -> int:
        line, column = self.getpos()
        # One for every line break before this line.
        return self.lines[line - 1] + line - 1 + column

    def handle_starttag(self, tag, attrs):
        text = self.get_starttag_text() or ""
        begin = self._here()
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.count += 1
            self.is_inside = self.count in self.forms
            if self.is_inside and self.notice:
                self.changes.append((begin + len(text), begin + len(text), self.notice))
                self.notice = ""
        elif self.is_inside and not self.keeps_values:
            filled = self._filled(tag, text, values)
            if filled != text:
                self.changes.append((begin, begin + len(text), filled))
            if tag == "textarea" and values.get("name") in self.left:
                self.textarea = (begin + len(text), self._take(values["name"]))

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea:
            begin, value = self.textarea
            # A line break right after the tag belongs to the markup.
            self.changes.append((begin, self._here(), "\n" + escape(value, quote=False)))
            self.textarea = None
        elif tag == "form":
            self.is_inside = False
        elif tag == "select":
            self.select = ""

    def _take(self, name: str) -> str:
        return self.left[name].pop(0) if self.left[name] else ""

    def _filled(self, tag: str, text: str, values: dict[str, str]) -> str:
        name = values.get("name", "")
        kind = values.get("type", "text").lower() if tag == "input" else tag
        if tag in {"input", "textarea", "select", "button"}:
            self.known.add(name)
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select in self.left:
            return _with_flag(text, "selected", values.get("value") in self.left[self.select])
        elif kind in CHOSEN:
            is_chosen = values.get("value", "on") in self.left.get(name, ())
            return _with_flag(text, CHOSEN[kind], is_chosen)
        elif tag == "input" and name in self.left and kind not in LEFT and name not in OWN_HIDDEN:
            return _added(_without(text, "value"), f'value="{escape(self._take(name))}"')
        return text


def _without(tag: str, attribute: str) -> str:
    return re.sub(rf"\s{attribute}{VALUE}", "", tag, count=1, flags=re.IGNORECASE)


def _with_flag(tag: str, flag: str, is_set: bool) -> str:
    plain = _without(tag, flag)
    return _added(plain, flag) if is_set else plain


def _added(tag: str, attribute: str) -> str:
    end = "/>" if tag.endswith("/>") else ">"
    return f"{tag.removesuffix(end).rstrip()} {attribute}{end}"


def fill_forms(
    html: str,
    page: str,
    action: str,
    values: Mapping[str, Sequence[str]] | None,
    *,
    notice: str = "",
) -> tuple[str, set[str]]:
    """Return the page with the values in its forms that send to `action`, and what has no field.

    `page` is the path of the page. Boxes that are not among the values are cleared in these forms;
    without values (None) only the notice is written, at the head of the first of them.
    """
    forms = _Forms(page, action)
    forms.feed(html)
    forms.close()
    filler = _Filler(html, forms.found, values, notice)
    filler.feed(html)
    filler.close()
    pieces, end = [], 0
    for begin, next_end, text in filler.changes:
        pieces += [html[end:begin], text]
        end = next_end
    missing = {name for name, items in (values or {}).items() if any(items)} - filler.known
    return "".join([*pieces, html[end:]]), missing
