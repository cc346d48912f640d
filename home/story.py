"""What stands on the public page of a run: querysets in, plain answers out.

The rows of workshops, concepts and publications come from their rooms, each through its own gate.
"""

from dataclasses import dataclass
from datetime import date

from concepts.models import Concept
from home.course import Course, draw_course
from programmes.figures import people_by_sector, recorded_sentence
from programmes.models import (
    GuidingQuestion,
    Participation,
    Person,
    Run,
    StatedFigure,
    Team,
)
from publications.models import PressRelease
from texts.dates import ImpreciseDate
from texts.order import name_key
from workshops.models import Event, Workshop


@dataclass(frozen=True)
class Bar:
    """A row of templates/_bars.html; `share` is per cent of the longest."""

    label: str
    value: int
    share: int


@dataclass(frozen=True)
class TeamEntry:
    """A team with the names that may be shown, and how many members it has in all."""

    team: Team
    names: list[str]
    size: int


@dataclass(frozen=True)
class Story:
    """`named`: the persons whose names may stand on public pages."""

    question: GuidingQuestion | None
    earlier_questions: list[GuidingQuestion]
    days: list[Workshop | Event]
    course: Course | None
    figures: list[StatedFigure]
    bars: list[Bar]
    group_size: int
    recorded: str
    named: set[int]
    members: list[Participation]
    teams: list[TeamEntry]
    concepts: list[Concept]
    releases: list[PressRelease]


def tell_story(run: Run, user) -> Story:
    """All that this user may read about the run."""
    workshops = list(Workshop.objects.visible_to(user).filter(run=run).with_guests().for_run())
    events = Event.objects.visible_to(user).filter(run=run).for_run()
    concepts = Concept.objects.visible_to(user).filter(run=run).not_withdrawn()
    releases = PressRelease.objects.visible_to(user).filter(run=run).not_withdrawn()
    group = list(
        run.participations.filter(role=Participation.Role.PARTICIPANT).taking_part().for_group()
    )
    figures = list(run.figures.order_by("pk"))
    questions = _newest_first(run)
    agreed = Person.objects.may_be_named().filter(programme=run.programme_id)
    named = set(agreed.values_list("pk", flat=True))
    return Story(
        question=next((question for question in questions if question.is_current), None),
        earlier_questions=[question for question in questions if not question.is_current],
        days=_in_order(workshops, list(events)),
        course=draw_course(workshops),
        figures=figures,
        bars=_bars(people_by_sector(group)),
        group_size=len(group),
        recorded=recorded_sentence(figures, len(group)),
        named=named,
        members=[member for member in group if member.person_id in named],
        teams=_teams(run, {member.pk: member.person for member in group}, named),
        concepts=list(concepts.for_listing()),
        releases=list(releases.for_listing()),
    )


def _newest_first(run: Run) -> list[GuidingQuestion]:
    return sorted(
        run.questions.all(),
        key=lambda question: (_first_day(question.stated_on), question.pk),
        reverse=True,
    )


def _in_order(workshops: list[Workshop], events: list[Event]) -> list[Workshop | Event]:
    """Workshops and events by time; a workshop without a date keeps the place of its number."""
    entries: list[tuple[date, Workshop | Event]] = []
    day = date.min
    for workshop in workshops:
        day = max(day, _first_day(workshop.held_on))
        entries.append((day, workshop))
    entries += [(_first_day(event.held_on, date.max), event) for event in events]
    return [entry for _day, entry in sorted(entries, key=lambda entry: entry[0])]


def _bars(counts: list[tuple[str, int]]) -> list[Bar]:
    longest = max((count for _label, count in counts), default=1)
    return [Bar(label, count, round(100 * count / longest)) for label, count in counts]


def _teams(run: Run, persons: dict[int, Person], named: set[int]) -> list[TeamEntry]:
    """persons: of the group, by participation."""
    entries = []
    for team in run.teams.prefetch_related("memberships").order_by("position", "pk"):
        present = [
            persons[membership.participation_id]
            for membership in team.memberships.all()
            if not membership.has_left and membership.participation_id in persons
        ]
        shown = [person for person in present if person.pk in named]
        shown.sort(key=lambda person: name_key(person.family_name, person.given_name))
        entries.append(TeamEntry(team, [str(person) for person in shown], len(present)))
    return entries


def _first_day(when: ImpreciseDate | None, unknown: date = date.min) -> date:
    return when.first_day if when else unknown
