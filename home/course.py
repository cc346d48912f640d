"""The course of a run as a drawing: where on a line of months its workshops lie.

Plain numbers for the SVG of templates/home/_course.html; the words stand below it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from texts.dates import ImpreciseDate, first_days_of_months
from workshops.models import Workshop

WIDTH = 360
MARGIN = 16
# Circles nearer than this would cover each other's numbers.
APART = 28
LABELS = 8

Place = Callable[[date], float]
Dated = list[tuple[ImpreciseDate, Workshop]]


@dataclass(frozen=True)
class Stop:
    """The circle of a workshop; not exact when only a month or a span is known."""

    number: int
    x: float
    is_exact: bool
    is_done: bool


@dataclass(frozen=True)
class Span:
    """The time in which workshops lay whose days are not known."""

    x: float
    width: float


@dataclass(frozen=True)
class Tick:
    """The first day of a month; every n-th has words."""

    x: float
    day: date
    has_label: bool


@dataclass(frozen=True)
class Course:
    """All coordinates are in units of a drawing that is WIDTH wide."""

    stops: list[Stop]
    spans: list[Span]
    ticks: list[Tick]
    first: date
    last: date


def draw_course(workshops: list[Workshop]) -> Course | None:
    """The drawing of the dated workshops; None when there are too few or too many for one line."""
    dated = [(workshop.held_on, workshop) for workshop in workshops if workshop.held_on]
    if not 2 <= len(dated) <= (WIDTH - 2 * MARGIN) // APART:
        return None
    *months, after = first_days_of_months(
        min(when.first_day for when, _workshop in dated),
        max(when.last_day for when, _workshop in dated),
    )
    first, last = months[0], after - timedelta(days=1)

    def place(day: date) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * (day - first).days / (last - first).days

    return Course(
        stops=_stops(dated, place),
        spans=_spans(dated, place),
        ticks=_ticks(months, place),
        first=first,
        last=last,
    )


def _spans(dated: Dated, place: Place) -> list[Span]:
    whens = {when for when, _workshop in dated if not when.is_day}
    return [
        Span(
            round(place(when.first_day), 1), round(place(when.last_day) - place(when.first_day), 1)
        )
        for when in sorted(whens)
    ]


def _stops(dated: Dated, place: Place) -> list[Stop]:
    """Workshops of the same span stand evenly in it; near ones are moved apart."""
    together = defaultdict(list)
    for when, workshop in dated:
        together[when].append(workshop)
    found = {}
    for when, workshops in together.items():
        left, right = place(when.first_day), place(when.last_day)
        for index, workshop in enumerate(workshops, start=1):
            found[workshop.number] = left + (right - left) * index / (len(workshops) + 1)
    order = sorted(dated, key=lambda entry: (found[entry[1].number], entry[1].number))
    places = _apart([found[workshop.number] for _when, workshop in order])
    return [
        Stop(
            number=workshop.number,
            x=round(x, 1),
            is_exact=when.is_day,
            is_done=workshop.has_taken_place,
        )
        for (when, workshop), x in zip(order, places, strict=True)
    ]


def _apart(places: list[float]) -> list[float]:
    """The places in order, each at least APART from the one before, none beyond the line."""
    moved: list[float] = []
    for index, x in enumerate(places):
        room_after = APART * (len(places) - 1 - index)
        least = moved[-1] + APART if moved else MARGIN
        moved.append(max(least, min(x, WIDTH - MARGIN - room_after)))
    return moved


def _ticks(days: list[date], place: Place) -> list[Tick]:
    every = -(-len(days) // LABELS)
    return [
        Tick(round(place(day), 1), day, has_label=index % every == 0)
        for index, day in enumerate(days)
    ]
