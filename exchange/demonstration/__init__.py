"""A run to try everything out with: invented, under way, and dated from today.

It has a programme of its own, so that nothing invented stands beside the facts of the example. What
happens in it happens through the operations that the pages call. The dates move along at every
call; when somebody has played the run to its end, the next one begins.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from exchange.demonstration.run import (
    PEOPLE,
    WORKSHOPS,
    link_of,
    make_run,
    sector_of,
)
from people.models import User
from people.operations import get_or_make_account
from programmes.models import Invitation, Participation, Person, Programme, Run
from programmes.operations import (
    add_participant,
    add_person,
    create_programme,
    invite,
    make_demo_accounts,
)
from texts.dates import ImpreciseDate
from workshops.models import Task, Workshop

SLUG = "vorfuehrung"
LEAD = "lead@example.org"
GUEST = "gast@example.org"
AHEAD = {Workshop.Status.PLANNED, Workshop.Status.CONFIRMED}
# Days from today.
EVENTS = {"schaufenster": 2, "abschluss": 75}
TASKS = {"erwartungen": -35, "laeden": -2, "einladung": 4, "rechnung": 12}
BEGIN, END = -60, 90


@dataclass(frozen=True)
class Demonstration:
    """The run, who takes part in which part, and the link of the open invitation if it is new."""

    run: Run
    people: list[Participation]
    link: str


@transaction.atomic
def prepare_demonstration(*, password: str) -> Demonstration:
    """The demo's run as of today: made, or brought to today's dates. Safe to repeat.

    All accounts have the given password; the caller has made sure that this is no portal for real.
    """
    lead = get_or_make_account(LEAD)
    programme = Programme.objects.filter(slug=SLUG).first() or _make_programme(lead)
    run = programme.runs.filter(status=Run.Status.RUNNING).order_by("-number").first()
    if run is None:
        run = make_run(programme, lead)
    # Before the accounts: they are made of the persons who take part.
    make_demo_accounts(programme, password=password)
    refresh_dates(run, timezone.localdate())
    people = run.participations.filter(person__email__in=[person[2] for person in PEOPLE])
    return Demonstration(
        run=run,
        people=list(people.for_group().prefetch_related("memberships__team")),
        link=_open_invitation(run, lead),
    )


def refresh_dates(run: Run, today: datetime.date) -> None:
    """Move the dates of the run's own rows along; what was held stays where it was held."""
    run.period = ImpreciseDate(f"{_day(today, BEGIN):%Y-%m}/{_day(today, END):%Y-%m}")
    run.save(update_fields=["period"])
    for workshop in run.workshops.filter(key__in=WORKSHOPS):
        days = WORKSHOPS[workshop.key]
        if days < 0 or workshop.status in AHEAD:
            workshop.held_on = ImpreciseDate.from_day(_day(today, days))
            workshop.save(update_fields=["held_on"])
    for event in run.events.filter(key__in=EVENTS):
        event.held_on = ImpreciseDate.from_day(_day(today, EVENTS[event.key]))
        event.save(update_fields=["held_on"])
    for task in Task.objects.filter(workshop__run=run, key__in=TASKS):
        day = today + datetime.timedelta(days=TASKS[task.key])
        task.due_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(18)))
        task.save(update_fields=["due_at"])


def _day(today: datetime.date, days: int) -> datetime.date:
    """That many days from today, or the next working day."""
    day = today + datetime.timedelta(days=days)
    return day + datetime.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _make_programme(lead: User) -> Programme:
    return create_programme(
        Programme(
            slug=SLUG,
            title="Vorführung: ein erfundenes Programm",
            short_title="Vorführung",
            city="Musterstadt",
            summary=(
                "Zum Ausprobieren: Personen, Orte und Zahlen dieses Programms sind "
                "erfunden. Die Daten richten sich nach dem heutigen Tag."
            ),
            is_public=True,
        ),
        by=lead,
    )


def _open_invitation(run: Run, lead: User) -> str:
    """See to it that somebody is invited and has not answered; return the link if it is new."""
    waiting = Invitation.objects.filter(
        participation__run=run,
        participation__status=Participation.Status.INVITED,
        status=Invitation.Status.SENT,
    )
    if any(not invitation.is_over for invitation in waiting):
        return ""
    number = Person.objects.filter(programme__slug=SLUG, family_name="Gast").count() + 1
    name, _at, host = GUEST.partition("@")
    guest = add_person(
        run.programme,
        given_name=f"Gerda {number}.",
        family_name="Gast",
        email=f"{name}-{number}@{host}",
        by=lead,
    )
    participation = add_participant(run, guest, sector=sector_of(run, "soziales"), by=lead)
    return link_of(invite(participation, by=lead))
