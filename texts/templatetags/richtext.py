"""The one place that marks stored rich text as safe."""

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from texts.richtext import TextRefused, clean_rich_text

register = template.Library()


@register.filter
def rich_text(value: str, top: int = 3) -> str:
    """Render a stored rich text; cleaned once more, so that the tag is safe by itself.

    Texts have headings of level 3 and 4; where a text stands right below the page's h1, `top` is 2.
    """
    try:
        html = clean_rich_text(value or "")
    except TextRefused:
        # Nothing that was saved is refused; a page that shows what was typed stays a page.
        return escape(value)
    if top == 2:
        # The allow-list leaves no attribute on a heading.
        for old, new in (("h3", "h2"), ("h4", "h3")):
            html = html.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>")
    return mark_safe(html)  # noqa: S308 - clean by the allow-list above
