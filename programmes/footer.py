"""What stands below every page: who is responsible for a programme and who pays for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Model
from django.utils import timezone
from redis import RedisError

from frame.footer import register_footer
from programmes.models import Programme
from programmes.models.belonging import belongs_to_programmes, programme_reference
from texts.order import alphabetical

KEY = "footer"
# An ended funding or a new carrier shows after this time; without it each page would ask.
SECONDS = 60
# The names under which views give what a page is about.
ABOUT = ("programme", "run", "concept", "task", "output", "release", "guideline", "owner")


@dataclass(frozen=True)
class Line:
    """The carrier of a programme and the sentences of its funders in force today."""

    programme: int
    title: str
    language: str
    is_public: bool
    carrier: str
    notices: tuple[str, ...]


@register_footer
def lines_below(context: Mapping[str, Any]) -> list[Line]:
    """Of the programme that the page is about, else of all public ones."""
    lines = _remembered_lines()
    about = _programme_of(context)
    if about is None:
        return [line for line in lines if line.is_public]
    return [line for line in lines if line.programme == about]


def _remembered_lines() -> list[Line]:
    try:
        lines = cache.get(KEY)
        if lines is None:
            lines = collect_lines()
            cache.set(KEY, lines, SECONDS)
    except RedisError:
        return collect_lines()
    return lines


def collect_lines() -> list[Line]:
    today = timezone.localdate()
    programmes = Programme.objects.select_related("carrier").order_by(alphabetical("title"), "pk")
    lines = []
    for programme in programmes.prefetch_related("funding_notices"):
        notices = sorted(programme.funding_notices.all(), key=lambda row: (row.position, row.pk))
        carrier = programme.carrier
        lines.append(
            Line(
                programme=programme.pk,
                title=programme.title,
                language=programme.language,
                is_public=programme.is_public,
                carrier=(carrier.legal_name or carrier.name) if carrier else "",
                notices=tuple(notice.text for notice in notices if notice.holds_on(today)),
            )
        )
    return [line for line in lines if line.carrier or line.notices]


def _programme_of(context: Mapping[str, Any]) -> int | str | None:
    """The programme of the row that the view shows under the name of its model."""
    for name in ABOUT:
        row = context.get(name)
        if isinstance(row, Model) and belongs_to_programmes(type(row)):
            return programme_reference(row)
    return None
