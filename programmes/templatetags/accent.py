"""The address of a programme's colour, for templates/programmes/_accent.html."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse

from programmes.models import Programme

register = template.Library()

# static/css/portal/tokens.css brings it along.
USUAL = Programme._meta.get_field("accent_colour").default


@register.filter
def accent_url(programme: Programme | None) -> str:
    """The programme's style sheet; nothing where its colour is the portal's."""
    if not programme or programme.accent_colour == USUAL:
        return ""
    return reverse("programmes:accent", args=[programme.accent_colour.removeprefix("#")])


@register.filter
def shared_programme(rows: Iterable[Any]) -> Programme | None:
    """The programme that all rows belong to: a list of one programme's things has its colour."""
    programmes = {_programme_of(row) for row in rows}
    return programmes.pop() if len(programmes) == 1 else None


def _programme_of(row: Any) -> Programme:
    if isinstance(row, Programme):
        return row
    return row.programme if hasattr(row, "programme") else row.run.programme
