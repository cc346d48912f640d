"""One check for every page: what HTML must have so that people and machines can read it."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button", "image", "reset"}
# Data that a script reads; a browser does not run it and the policy does not mind it.
DATA_TYPES = {"application/json", "application/ld+json", "importmap"}


class PageReader(HTMLParser):
    """Collects what `problems_of` asks about."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.problems = []
        self.lang = None
        self.title = ""
        self.headings = []
        self.ids = []
        self.labels_for = set()
        self.inputs = []
        self.references = []
        self.anchors = []
        self.mains = 0
        self.navs = []
        self.open = []
        self.names = []

    def handle_starttag(self, tag, attributes):
        attrs = {name: value or "" for name, value in attributes}
        self._read_attributes(tag, attrs)
        if tag in {"a", "button"}:
            self.names.append([tag, attrs.get("aria-label") or attrs.get("aria-labelledby"), ""])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        attrs = {name: value or "" for name, value in attributes}
        self._read_attributes(tag, attrs)

    def handle_endtag(self, tag):
        if tag in {"a", "button"} and self.names:
            kind, label, text = self.names.pop()
            if not (label or text.strip()):
                self.problems.append(f"a {kind} without a name")
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                pass
        elif tag not in VOID:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data
        for entry in self.names:
            entry[2] += data

    def _read_attributes(self, tag, attrs):
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append(int(tag[1]))
        if tag == "main":
            self.mains += 1
        if tag == "nav":
            self.navs.append(attrs.get("aria-label") or attrs.get("aria-labelledby"))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "label" and attrs.get("for"):
            self.labels_for.add(attrs["for"])
        if tag in LABELLED and attrs.get("type", "text") not in UNLABELLED_TYPES:
            self.inputs.append((attrs, "label" in self.open))
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            self.references += attrs.get(name, "").split()
        if tag == "a" and attrs.get("href", "").startswith("#"):
            self.anchors.append(attrs["href"][1:])
        if tag == "a" and "href" in attrs and not attrs["href"]:
            self.problems.append("a link that leads nowhere")
        if tag == "img" and "alt" not in attrs:
            self.problems.append(f"an image without alt: {attrs.get('src')}")
        self._read_inline(tag, attrs)

    def _read_inline(self, tag, attrs):
        if "style" in attrs:
            self.problems.append(f"style attribute on <{tag}>")
        handlers = sorted(name for name in attrs if name.startswith("on"))
        if handlers:
            self.problems.append(f"{handlers[0]} attribute on <{tag}>")
        if attrs.get("href", "").lower().startswith("javascript:"):
            self.problems.append("a javascript: link")
        if tag == "script" and "src" not in attrs and attrs.get("type") not in DATA_TYPES:
            self.problems.append("inline script")
        if tag == "style":
            self.problems.append("inline style sheet")


def problems_of(html: str, *, fragment: bool = False) -> list[str]:
    """What is wrong with the page, in words; an empty list for a good one."""
    page = PageReader()
    page.feed(html)
    page.close()
    problems = list(page.problems)
    ids = set(page.ids)
    problems += [f"id twice: {name}" for name in sorted(ids) if page.ids.count(name) > 1]
    for attrs, is_wrapped in page.inputs:
        is_named = (
            is_wrapped
            or attrs.get("id") in page.labels_for
            or attrs.get("aria-label")
            or attrs.get("aria-labelledby")
        )
        if not is_named:
            problems.append(f"no label: {attrs.get('name') or attrs.get('id')}")
    problems += [f"nothing has the id {name}" for name in page.references if name not in ids]
    if fragment:
        return problems
    problems += [f"#{name} leads nowhere" for name in page.anchors if name and name not in ids]
    if not page.title.strip():
        problems.append("no title")
    if not page.lang:
        problems.append("no lang")
    if page.headings.count(1) != 1:
        problems.append(f"{page.headings.count(1)} h1")
    if page.mains != 1:
        problems.append(f"{page.mains} main")
    for higher, lower in zip(page.headings, page.headings[1:], strict=False):
        if lower > higher + 1:
            problems.append(f"h{lower} after h{higher}")
    if len(page.navs) > 1 and (None in page.navs or len(set(page.navs)) < len(page.navs)):
        problems.append("navigations without names of their own")
    return problems


def check_html(response, *, fragment: bool = False) -> None:
    """Fail with every problem of this answer at once."""
    html = response if isinstance(response, str) else response.text
    problems = problems_of(html, fragment=fragment)
    assert not problems, "\n".join(problems)
