"""What of the workshops is open when a run starts or ends."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from people.models import User
from programmes.matters import Matter, matter, register_closer, register_matters
from programmes.models import Participation, Run, Team
from workshops.models import Output, Task, Workshop
from workshops.models.workshop import HANDED_IN
from workshops.operations import cancel_workshop

AHEAD = [Workshop.Status.PLANNED, Workshop.Status.CONFIRMED]


@register_matters
def workshops_of_the_run(run: Run, status: Run.Status) -> Iterable[Matter]:
    workshops = run.workshops.for_run()
    if status == Run.Status.RUNNING:
        if not workshops.exists():
            yield Matter(
                _("Es gibt noch keinen Workshop"), _("Sie können Workshops auch später anlegen.")
            )
        yield matter(
            _("Workshops ohne Datum"),
            workshops.filter(held_on=None, status__in=AHEAD),
            _("Teilnehmende sehen dann noch keinen Termin."),
        )
        return
    is_cancelled = status == Run.Status.CANCELLED
    yield matter(
        _("Workshops, die noch nicht stattgefunden haben"),
        workshops.filter(status__in=AHEAD),
        _("Sie werden abgesagt.")
        if is_cancelled
        else _("Sie bleiben so stehen. Bitte vermerken Sie, ob sie stattgefunden haben."),
        is_closed=is_cancelled,
    )
    yield from _work_of_the_group(run, may_go_on=status == Run.Status.COMPLETED)


def _work_of_the_group(run: Run, *, may_go_on: bool) -> Iterable[Matter]:
    yield matter(
        _("Aufgaben, zu denen noch etwas fehlt"),
        open_tasks(run),
        _("Abgeben lässt sich noch, bis der Durchlauf archiviert wird.")
        if may_go_on
        else _("Danach wird nichts mehr abgegeben."),
    )
    yield matter(
        _("Ergebnisse ohne Antwort"),
        Output.objects.filter(
            task__workshop__run=run, status=Output.Status.SUBMITTED
        ).for_listing(),
        _("Antworten lässt sich noch, bis der Durchlauf archiviert wird.")
        if may_go_on
        else _("Sie bleiben ohne Antwort stehen."),
    )


def open_tasks(run: Run) -> QuerySet[Task]:
    """The released tasks for which somebody of the run, or a team, has handed in nothing yet."""
    handed_in = Output.objects.filter(task=OuterRef(OuterRef("pk")), status__in=HANDED_IN)
    writers = Participation.objects.filter(
        run=run, status=Participation.Status.ACTIVE, role=Participation.Role.PARTICIPANT
    )
    people = writers.exclude(pk__in=handed_in.filter(team=None).values("participation"))
    teams = Team.objects.filter(
        run=run, memberships__has_left=False, memberships__participation__in=writers
    ).exclude(pk__in=handed_in.exclude(team=None).values("team"))
    return (
        Task.objects.filter(workshop__run=run, is_released=True)
        .exclude(workshop__status=Workshop.Status.CANCELLED)
        .filter(
            Q(addressee=Task.Addressee.EACH) & Exists(people)
            | Q(addressee=Task.Addressee.TEAM) & Exists(teams)
        )
        .for_run()
    )


@register_closer
def cancel_what_is_ahead(run: Run, status: Run.Status, by: User) -> None:
    if status != Run.Status.CANCELLED:
        return
    ahead = Workshop.objects.select_for_update().filter(run=run, status__in=AHEAD)
    for workshop in ahead.order_by("pk"):
        cancel_workshop(workshop, by=by)
