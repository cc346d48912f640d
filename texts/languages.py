"""Parts of a text that are not in its language: what is stored in German, in an English text.

Documents carry such phrases as plain data (`foreign`) beside the language they are in; pages and
prints mark them, so that they are read aloud, hyphenated and quoted in their own language.
"""

import re
from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

TAG = re.compile(r"(<[^>]*>)")


def mark_foreign(text: str, phrases: Sequence[str], language: str) -> SafeString:
    """Return the plain text as HTML, each phrase in a `<span lang>`."""
    return mark_safe(_mark(escape(text, quote=False), phrases, language))  # noqa: S308 - escaped


def mark_foreign_html(html: str, phrases: Sequence[str], language: str) -> str:
    """Return the rich text with each phrase marked; it is as safe as it was."""
    return "".join(
        part if part.startswith("<") else _mark(part, phrases, language) for part in TAG.split(html)
    )


def _mark(text: str, phrases: Sequence[str], language: str) -> str:
    """Mark whole words in escaped text, the longest phrase first."""
    wanted = sorted({escape(phrase, quote=False) for phrase in phrases if phrase}, key=len)
    if not wanted or not text:
        return text
    either = "|".join(re.escape(phrase) for phrase in reversed(wanted))
    return re.sub(
        rf"(?<!\w)(?:{either})(?!\w)",
        lambda match: f'<span lang="{escape(language)}">{match[0]}</span>',
        text,
    )
