"""Rich text in a file: what the allow-list would remove is refused, not silently lost."""

import re
from collections import Counter
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from exchange.problems import ValueRefused
from texts.cleaning import clean_html
from texts.richtext import ATTRIBUTES, SCHEMES, TAGS, TextRefused, clean_rich_text

# What an HTML parser may add or drop without a loss.
IMPLIED = {"tbody", "br", "p"}


def read_rich_text(text: str) -> str:
    """Return the text as it is stored. Raises ValueRefused.

    A text without any tag is plain: its paragraphs are parted by empty lines.
    """
    text = clean_html(text)
    if not text.strip():
        return ""
    if "<" not in text:
        paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
        return _clean("\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    clean = _clean(text)
    given = _Contents(text)
    if given.refused:
        raise ValueRefused(
            _("Das würde beim Einlesen entfernt: %(what)s.")
            % {"what": ", ".join(dict.fromkeys(given.refused))}
        )
    kept = _Contents(clean)
    lost = [f"<{tag}>" for tag in given.tags - kept.tags if tag not in IMPLIED]
    if lost or given.words != kept.words:
        raise ValueRefused(
            _("Das HTML ist nicht in Ordnung (%(what)s); beim Einlesen ginge etwas verloren.")
            % {"what": ", ".join(lost) or _("Text an einer Stelle, an der keiner stehen darf")}
        )
    return clean


def _clean(text: str) -> str:
    try:
        return clean_rich_text(text)
    except TextRefused as error:
        raise ValueRefused(error.messages[0]) from error


class _Contents(HTMLParser):
    """What is in a piece of HTML: its tags, its words, and what the allow-list refuses."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.refused: list[str] = []
        self.tags: Counter[str] = Counter()
        self.text: list[str] = []
        self.feed(html)
        self.close()
        self.words = "".join("".join(self.text).split())

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        if tag not in TAGS:
            self.refused.append(f"<{tag}>")
            return
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()):
                self.refused.append(f"<{tag} {name}>")
            elif name == "href" and not _is_allowed(value or ""):
                self.refused.append(f'<a href="{(value or "")[:60]}">')

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.refused.append("<!-- -->")

    def handle_decl(self, decl):
        self.refused.append(f"<!{decl[:20]}>")

    def unknown_decl(self, data):
        self.refused.append("<![…]>")

    def handle_pi(self, data):
        self.refused.append("<?…>")


def _is_allowed(address: str) -> bool:
    scheme, colon, _rest = address.partition(":")
    return bool(colon) and scheme.lower() in SCHEMES
