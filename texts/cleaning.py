"""The one door for every text: what people type, paste, import or send is kept in one form.

Composed (Unicode NFC), with plain line ends, without signs that a feed, a file or a printer cannot
carry and without those that nobody sees. Model fields, form fields, rich text, the import and
searches call these functions; docs/decisions/0023 says what stays and what goes.
"""

import re
import unicodedata
from typing import Any

from texts.mail_addresses import bare_address

SOFT_HYPHEN = "\u00ad"
# Zero-width non-joiner and joiner: a ligature, an emoji or a word of another script may need them.
JOINERS = "\u200c\u200d"
LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Word's bullet from its font of symbols; other signs of private use mean nothing elsewhere.
BULLET = re.compile("[\uf0b7\uf0a7]")
GONE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # directions: they reorder what is read
    "\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufffc"  # invisible or a placeholder
    "\U000e0000-\U000e0fff"  # tags and variants, invisible too
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff"  # surrogates, private use
    "\ufdd0-\ufdef"  # no characters, like the last two of each plane
    + "".join(chr(plane * 0x10000 + last) for plane in range(15) for last in (0xFFFE, 0xFFFF))
    + "]"
)
LOOSE_JOINER = re.compile(
    rf"(?<!\S)[{SOFT_HYPHEN}{JOINERS}]+"
    rf"|[{SOFT_HYPHEN}{JOINERS}]+(?!\S)"
    rf"|(?<=[{SOFT_HYPHEN}{JOINERS}])[{SOFT_HYPHEN}{JOINERS}]+"
)
BETWEEN_TAGS = re.compile("[^<>]+")
BREAKS = re.compile(r"[ \t]*[\n\t]\s*")


def clean_characters(text: str) -> str:
    """Return the text composed and without what cannot be carried; its ends stay as they are."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _carried(text))


def _carried(text: str) -> str:
    text = LINE_END.sub("\n", text)
    return LOOSE_JOINER.sub("", GONE.sub("", BULLET.sub("•", text)))


def clean_text(text: str) -> str:
    """Return a text of several lines as it is kept."""
    return clean_characters(text).strip()


def clean_line(text: str) -> str:
    """Return a text of one line as it is kept: line ends and tabs are spaces, no soft hyphens."""
    return BREAKS.sub(" ", clean_text(text.replace(SOFT_HYPHEN, "")))


def clean_address(text: str) -> str:
    """Return a typed mail or web address without the invisible signs that came with a copy."""
    return clean_line(re.sub(f"[{JOINERS}]", "", text))


def clean_mail_address(text: str) -> str:
    """Return a typed mail address alone, in lower case; every spelling of it is this one."""
    return bare_address(clean_address(text))


def clean_html(html: str) -> str:
    """Return HTML with clean characters; called before and after the sanitiser.

    Composing must not touch the markup: with a long stroke after it, „<p>“ would be no tag.
    """
    if html.isascii() and html.isprintable():
        return html
    return BETWEEN_TAGS.sub(_composed, _carried(html))


def _composed(part: re.Match[str]) -> str:
    text = part[0]
    # Nothing stands there for a mark to sit on, or for a joiner to join.
    while text and (unicodedata.combining(text[0]) or text[0] in SOFT_HYPHEN + JOINERS):
        text = text[1:]
    return unicodedata.normalize("NFC", text)


def clean_data(value: Any) -> Any:
    """Return JSON data whose texts, keys included, have clean characters."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list | tuple):
        return [clean_data(entry) for entry in value]
    if isinstance(value, dict):
        return {clean_data(name): clean_data(entry) for name, entry in value.items()}
    return value
