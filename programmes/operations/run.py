"""Runs: how they start and end, and their guiding question."""

from django.db import transaction

from people.models import User
from people.operations import record
from programmes.matters import close_matters
from programmes.models import GuidingQuestion, Invitation, Participation, Run
from programmes.operations.invitation import withdraw_invitation
from programmes.operations.participation import complete_participation, lock_participations
from texts.dates import ImpreciseDate


@transaction.atomic
def start_run(run: Run, *, by: User) -> Run:
    return _move_run(run, Run.Status.RUNNING, "start_run", by=by)


@transaction.atomic
def complete_run(run: Run, *, by: User) -> Run:
    """The run is over; what was begun may be finished. Open invitations are withdrawn."""
    return _end_run(run, Run.Status.COMPLETED, "complete_run", by=by)


@transaction.atomic
def archive_run(run: Run, *, by: User) -> Run:
    """Nobody works in the run any more: what still ran of it ends."""
    run = _end_run(run, Run.Status.ARCHIVED, "archive_run", by=by)
    for participation in run.participations.filter(status=Participation.Status.ACTIVE):
        complete_participation(participation, by=by)
    return run


@transaction.atomic
def cancel_run(run: Run, *, by: User) -> Run:
    """Call a run off, with what was planned for it."""
    return _end_run(run, Run.Status.CANCELLED, "cancel_run", by=by)


def _end_run(run: Run, status: Run.Status, action: str, *, by: User) -> Run:
    """Move the run and close what must not stay open, in this room and the others."""
    run = _move_run(run, status, action, by=by)
    # Locked, so that whoever answers at this moment is either in or reads that it is over.
    lock_participations(run=run, invitation__status=Invitation.Status.SENT)
    waiting = Invitation.objects.select_for_update().filter(
        participation__run=run, status=Invitation.Status.SENT
    )
    for invitation in waiting.order_by("pk"):
        withdraw_invitation(invitation, by=by)
    close_matters(run, status, by=by)
    return run


def _move_run(run: Run, status: Run.Status, action: str, *, by: User) -> Run:
    run = Run.objects.select_for_update(of=("self",)).select_related("programme").get(pk=run.pk)
    run.move_to(status)
    run.save(update_fields=["status"])
    record(action, run, by=by, scope=run.programme.slug)
    return run


@transaction.atomic
def set_guiding_question(
    run: Run,
    text: str,
    *,
    stated_on: ImpreciseDate | None = None,
    source: str = "",
    by: User,
) -> GuidingQuestion:
    """Give the run's question a new wording; the old one stays in its history."""
    run = Run.objects.select_for_update(of=("self",)).select_related("programme").get(pk=run.pk)
    current = run.questions.filter(is_current=True).first()
    if current and current.text == text:
        return current
    if current:
        current.is_current = False
        current.save(update_fields=["is_current"])
    question = run.questions.create(text=text, stated_on=stated_on, source=source)
    record("set_guiding_question", run, by=by, scope=run.programme.slug, question=question.key)
    return question
