"""What stands on the start page and on a person's desk: querysets in, plain answers out."""

from dataclasses import dataclass
from datetime import date, time

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, Prefetch, When
from django.utils import timezone

from concepts.models import Concept
from people.models import User
from programmes.models import GuidingQuestion, Programme, Run, Team
from publications.models import Edition, PressRelease
from texts.dates import ImpreciseDate
from texts.order import alphabetical
from workshops.models import Event, Output, Task, Workshop

NEWEST_CONCEPTS = 3
WAITING = 20


@dataclass(frozen=True)
class StartPage:
    """The public's first page; the same for everybody, logged in or not."""

    programmes: list[Programme]
    run: Run | None
    question: GuidingQuestion | None
    concepts: list[Concept]
    release: PressRelease | None
    edition: Edition | None


def collect_start() -> StartPage:
    """What is newest of everything that is public."""
    public = AnonymousUser()
    run = (
        Run.objects.visible_to(public)
        .exclude(status=Run.Status.CANCELLED)
        .select_related("programme")
        .prefetch_related(
            Prefetch("questions", GuidingQuestion.objects.filter(is_current=True), "current")
        )
        .order_by(
            Case(When(status=Run.Status.RUNNING, then=0), default=1), F("period").desc(), "-pk"
        )
        .first()
    )
    editions = Edition.objects.visible_to(public).filter(status=Edition.Status.PUBLISHED)
    releases = PressRelease.objects.visible_to(public).filter(status=PressRelease.Status.PUBLISHED)
    concepts = Concept.objects.visible_to(public).filter(status=Concept.Status.PUBLISHED)
    return StartPage(
        programmes=list(Programme.objects.visible_to(public).for_listing()),
        run=run,
        question=run.current[0] if run and run.current else None,
        concepts=list(concepts.for_listing()[:NEWEST_CONCEPTS]),
        release=releases.for_listing().first(),
        edition=editions.for_listing().order_by("-published_at", "-pk").first(),
    )


@dataclass(frozen=True)
class Appointment:
    """A workshop or another date that lies ahead."""

    title: str
    held_on: ImpreciseDate
    begins_at: time | None
    ends_at: time | None
    venue: str
    run: Run
    team: Team | None


@dataclass(frozen=True)
class OpenTask:
    """A task of the person or of the team, with what was written so far."""

    task: Task
    output: Output | None

    @property
    def is_overdue(self) -> bool:
        return bool(self.task.due_at and self.task.due_at < timezone.now())


@dataclass(frozen=True)
class Desk:
    """What waits for somebody: the next date, open tasks, answers to give, teams, concepts."""

    runs: list[Run]
    appointments: list[Appointment]
    tasks: list[OpenTask]
    waiting: list[Output]
    teams: list[Team]
    programmes: list[Programme]


def collect_desk(user: User) -> Desk:
    runs = list(Run.objects.own(user).for_listing())
    running = [run for run in runs if not run.has_ended]
    return Desk(
        runs=runs,
        appointments=_ahead(user, running, timezone.localdate()),
        tasks=_open_tasks(user),
        waiting=list(Output.objects.waiting_for(user).for_listing()[:WAITING]),
        teams=list(
            Team.objects.of(user)
            .select_related("run__programme")
            .prefetch_related(
                Prefetch("concepts", Concept.objects.visible_to(user).for_listing(), "shown")
            )
            .order_by("-run__period", "position", alphabetical("name"), "pk")
        ),
        programmes=(
            list(Programme.objects.administered_by(user).for_listing())
            if user.acts_as_staff
            else []
        ),
    )


def _ahead(user: User, runs: list[Run], today: date) -> list[Appointment]:
    """The dates of these runs that concern the user, from today on, the next one first."""
    if not runs:
        return []
    workshops = (
        Workshop.objects.visible_to(user)
        .filter(run__in=runs, status__in=[Workshop.Status.PLANNED, Workshop.Status.CONFIRMED])
        .for_run()
    )
    events = Event.objects.visible_to(user).meant_for(user).filter(run__in=runs).for_run()
    by_run = {run.pk: run for run in runs}
    found = [
        Appointment(
            title=item.title,
            held_on=item.held_on,
            begins_at=item.begins_at,
            ends_at=item.ends_at,
            venue=item.venue,
            run=by_run[item.run_id],
            team=getattr(item, "team", None),
        )
        for item in [*workshops, *events]
        if item.held_on and item.held_on.last_day >= today
    ]
    return sorted(found, key=lambda item: (item.held_on.first_day, str(item.begins_at or "")))


def _open_tasks(user: User) -> list[OpenTask]:
    """What the person or the team still has to hand in, the most urgent first."""
    tasks = Task.objects.open_for(user).prefetch_related(Output.objects.written_by(user).on_tasks())
    return [OpenTask(task=task, output=_unfinished(task.own_outputs)) for task in tasks]


def _unfinished(outputs: list[Output]) -> Output | None:
    """Of somebody in two teams, one may have handed in already."""
    return next((output for output in outputs if output.is_editable), None)
