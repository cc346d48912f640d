"""The `lang` attribute of stored texts whose language is not the page's."""

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def content_language(language: str) -> str:
    """` lang="de"` for an element with a German text on an English page, else nothing."""
    return "" if language == get_language() else format_html(' lang="{}"', language)
