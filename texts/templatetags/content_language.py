"""The `lang` attribute of stored texts whose language is not the page's."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from texts.languages import mark_foreign, mark_foreign_html

register = template.Library()


@register.simple_tag
def content_language(language: str) -> str:
    """` lang="de"` for an element with a German text on an English page, else nothing."""
    return "" if language == get_language() else format_html(' lang="{}"', language)


@register.filter
def in_languages(text: str, content) -> SafeString:
    """A plain text of a document; what is in another language than its own is marked."""
    return mark_foreign(text or "", _get(content, "foreign", ()), _get(content, "foreign_language"))


@register.filter
def rich_in_languages(html: SafeString, content) -> SafeString:
    """The same for a rich text that the filter `rich_text` made safe."""
    marked = mark_foreign_html(
        html, _get(content, "foreign", ()), _get(content, "foreign_language")
    )
    return mark_safe(marked)  # noqa: S308 - only spans were added


@register.simple_tag
def part_language(language: str, content) -> str:
    """` lang="de"` for a part of a document that is not in the document's language."""
    own = _get(content, "language")
    return "" if not language or language == own else format_html(' lang="{}"', language)


def _get(content, name: str, unknown=""):
    """The content is fresh, or as it was frozen; what was frozen long ago knows less."""
    found = content.get(name) if isinstance(content, dict) else getattr(content, name, None)
    return found or unknown
