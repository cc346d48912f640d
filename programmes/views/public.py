"""The public pages of programmes and runs.

The story of a run shows workshops, concepts and releases too. They belong to rooms that know this
one, not the other way round: the run's own relations lead there, and each queryset keeps its gate.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from programmes.colour import accent_sheet
from programmes.course import draw_course
from programmes.figures import recorded_sentence
from programmes.models import Consent, ConsentPurpose, Participation, Programme, Run
from texts.order import name_key

PAGE_SIZE = 24


@dataclass(frozen=True)
class Bar:
    """A row of templates/_bars.html; `share` is per cent of the longest."""

    label: str
    value: int
    share: int


@require_safe
def programme_list(request):
    programmes = Programme.objects.visible_to(request.user).for_listing()
    page = Paginator(programmes, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "programmes/programme_list.html", {"page": page})


@require_safe
def programme_detail(request, programme):
    user = request.user
    programme = get_object_or_404(
        Programme.objects.visible_to(user).select_related("carrier"), slug=programme
    )
    context = {
        "programme": programme,
        "notices": programme.funding_notices.select_related("funder").order_by("position", "pk"),
        "figures": programme.figures.filter(run=None).order_by("pk"),
        "runs": programme.runs.visible_to(user).with_question().for_listing(),
        "guidelines": programme.guidelines.visible_to(user).for_listing(),
    }
    return render(request, "programmes/programme_detail.html", context)


@require_safe
def run_list(request):
    runs = Run.objects.visible_to(request.user).with_question().for_listing()
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "programmes/run_list.html", {"page": page})


@require_safe
def run_detail(request, programme, run):
    user = request.user
    run = get_object_or_404(
        Run.objects.visible_to(user).select_related("programme"),
        programme__slug=programme,
        slug=run,
    )
    named = persons_with_public_name(run.programme)
    workshops = list(run.workshops.visible_to(user).with_guests().for_run())
    events = list(run.events.visible_to(user).for_run())
    group = list(
        run.participations.filter(role=Participation.Role.PARTICIPANT).taking_part().for_group()
    )
    figures = list(run.figures.order_by("pk"))
    context = {
        "run": run,
        "programme": run.programme,
        "named": named,
        "dates": in_order(workshops, events),
        "course": draw_course(workshops),
        "bars": sector_bars(group),
        "group_size": len(group),
        "members": [member for member in group if member.person_id in named],
        "teams": teams_of(run, group, named),
        "concepts": run.concepts.visible_to(user).not_withdrawn().for_listing(),
        "releases": run.press_releases.visible_to(user).not_withdrawn().for_listing(),
        "figures": figures,
        "recorded": recorded_sentence(figures, len(group)),
        **questions_of(run),
    }
    return render(request, "programmes/run_detail.html", context)


@require_safe
@cache_control(public=True, max_age=86_400)
def accent(request, colour):
    """The style sheet of a colour; it says nothing of any programme, so everybody may have it."""
    return HttpResponse(accent_sheet(f"#{colour}"), content_type="text/css; charset=utf-8")


def persons_with_public_name(programme: Programme) -> set[int]:
    """The persons of the programme whose names may stand on public pages."""
    consents = Consent.objects.in_force().filter(
        person__scope=programme.slug, purpose__key=ConsentPurpose.PUBLIC_NAME
    )
    return set(consents.values_list("person_id", flat=True))


def questions_of(run: Run) -> dict[str, Any]:
    """The wording that holds and the ones before it, newest first."""
    questions = sorted(run.questions.all(), key=lambda question: question.pk, reverse=True)
    questions.sort(key=lambda question: _first_day(question.stated_on), reverse=True)
    return {
        "question": next((question for question in questions if question.is_current), None),
        "earlier_questions": [question for question in questions if not question.is_current],
    }


def sector_bars(group: list[Participation]) -> list[Bar]:
    """How many of the group come from each sector, in the order of the sectors."""
    counts: dict[tuple[int, str], int] = {}
    for member in group:
        sector = member.sector
        place = (sector.position, sector.name) if sector else (2**15, _("ohne Angabe"))
        counts[place] = counts.get(place, 0) + 1
    longest = max(counts.values(), default=1)
    return [
        Bar(label, value, round(100 * value / longest))
        for (_position, label), value in sorted(counts.items())
    ]


def teams_of(run: Run, group: list[Participation], named: set[int]) -> list[dict[str, Any]]:
    """The teams with those members whose names may be shown, and how many there are in all."""
    members = {member.pk: member for member in group}
    teams = []
    for team in run.teams.prefetch_related("memberships").order_by("position", "pk"):
        present = [
            members[membership.participation_id]
            for membership in team.memberships.all()
            if not membership.has_left and membership.participation_id in members
        ]
        shown = [member.person for member in present if member.person_id in named]
        shown.sort(key=lambda person: name_key(person.family_name, person.given_name))
        names = [str(person) for person in shown]
        teams.append({"team": team, "names": names, "size": len(present)})
    return teams


def in_order(workshops: list, events: list) -> list[dict[str, Any]]:
    """Workshops and events by time; a workshop without a date keeps the place of its number."""
    entries = []
    day = date.min
    for workshop in workshops:
        day = max(day, _first_day(workshop.held_on))
        entries.append((day, {"workshop": workshop}))
    for event in events:
        entries.append((_first_day(event.held_on, date.max), {"event": event}))
    return [entry for _day, entry in sorted(entries, key=lambda item: item[0])]


def _first_day(when, unknown: date = date.min) -> date:
    return when.first_day if when else unknown
