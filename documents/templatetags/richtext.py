"""The one place that marks stored rich text as safe."""

from django import template
from django.utils.safestring import mark_safe

from documents.richtext import clean_rich_text

register = template.Library()


@register.filter
def rich_text(value: str) -> str:
    """Render a stored rich text; cleaned once more, so that the tag is safe by itself."""
    return mark_safe(clean_rich_text(value or ""))  # noqa: S308 - clean by the allow-list above
