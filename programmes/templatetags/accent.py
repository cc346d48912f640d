"""The address of a programme's colour, for templates/programmes/_accent.html."""

from django import template
from django.urls import reverse

from programmes.models import Programme

register = template.Library()

# static/css/portal.css brings it along.
USUAL = Programme._meta.get_field("accent_colour").default


@register.filter
def accent_url(programme: Programme | None) -> str:
    """The programme's style sheet; nothing where its colour is the portal's."""
    if not programme or programme.accent_colour == USUAL:
        return ""
    return reverse("programmes:accent", args=[programme.accent_colour.removeprefix("#")])
