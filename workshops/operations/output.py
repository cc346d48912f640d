"""Outputs, as their writers see them: started, saved, submitted, with their files."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lifecycle.refusals import Refusal
from people.models import User
from people.operations import record
from programmes.models import Participation, Person, Run, Team
from texts.richtext import clean_rich_text
from texts.uploads import QUOTA_BYTES, CheckedFile
from workshops.models import Attachment, Output, Task
from workshops.operations.scan import announce_scan

MAX_FILES = 30


class NotTakingPart(Refusal):
    """The user does not take part in the run now, or not as somebody who hands in."""

    sentence = _("Sie nehmen an diesem Durchlauf zurzeit nicht teil.")


class NotInTeam(Refusal):
    """The task is for teams, and the user works in none that could hand it in."""

    sentence = _("Diese Aufgabe gibt ein Team ab, und Sie arbeiten gerade in keinem, das es kann.")


class TaskClosed(Refusal):
    """The task is not released, its workshop is cancelled, or its run is over."""

    sentence = _("Zu dieser Aufgabe kann nichts mehr abgegeben werden.")


class NothingToSubmit(Refusal):
    """The output has neither text nor file."""

    sentence = _(
        "Noch ist nichts da, was Sie abgeben könnten: Bitte schreiben Sie einen Text oder fügen "
        "Sie eine Datei hinzu."
    )


class DueDatePassed(Refusal):
    """After the due date a submitted output is taken back no more."""

    sentence = _("Die Frist ist vorbei: Was abgegeben ist, bleibt abgegeben.")


class TooManyFiles(Refusal):
    """The output has as many files as it may have."""

    sentence = _("Mehr als 30 Dateien passen nicht an ein Ergebnis.")


class QuotaExceeded(Refusal):
    """The person's files would take more room than a person has."""

    sentence = _("Ihre Dateien brauchen zusammen mehr als 500 MB. Bitte entfernen Sie welche.")


@transaction.atomic
def start_output(task: Task, *, by: User, team: Team | None = None) -> Output:
    """Return the user's or the team's output for this task; the first call makes it.

    Without `team`, a task for teams goes to the only team of the user in this run.
    Raises NotTakingPart, NotInTeam, TaskClosed.
    """
    task = Task.objects.for_page().get(pk=task.pk)
    participation = _active_participation(task, by)
    check_open(task)
    if task.addressee == Task.Addressee.TEAM:
        team = _own_team(participation, team)
        output, is_new = Output.objects.get_or_create(
            task=task, team=team, defaults={"participation": participation}
        )
    else:
        output, is_new = Output.objects.get_or_create(
            task=task, participation=participation, team=None
        )
    if is_new:
        record("begin", output, by=by, scope=task.workshop.run.programme.slug)
    return output


def save_output(
    output: Output,
    *,
    body: str,
    version: int,
    by: User,
    files: Sequence[CheckedFile] = (),
    remove: Iterable[Attachment] = (),
    descriptions: Mapping[int, str] | None = None,
) -> Output:
    """Keep a text that was written on top of `version`, with its files; all of it or nothing.

    Raises Output.StaleVersion if somebody saved in between, Output.WrongStatus if it is handed in,
    and NotTakingPart, NotInTeam, TaskClosed, TooManyFiles, QuotaExceeded.
    """
    with ExitStack() as undo:
        stored = [_store(file, undo) for file in files]
        with transaction.atomic():
            output = _save_text(output, body=body, version=version, by=by)
            for attachment in remove:
                _remove(output, attachment, by=by)
            for pk, description in (descriptions or {}).items():
                output.attachments.filter(pk=pk).update(description=description)
            _attach(output, files, stored, by=by)
        undo.pop_all()
    return output


def save_and_submit_output(output: Output, *, by: User, **changes: Any) -> Output:
    """Save as `save_output` does and hand in; if handing in is refused, nothing is saved."""
    with transaction.atomic():
        output = save_output(output, by=by, **changes)
        return submit_output(output, by=by)


@transaction.atomic
def submit_output(output: Output, *, by: User) -> Output:
    """Hand the output in. After the due date it is marked as late, never refused.

    Raises Output.WrongStatus, NothingToSubmit, NotTakingPart, NotInTeam, TaskClosed.
    """
    output = _locked_for_writer(output, by)
    is_first = output.status == Output.Status.DRAFT
    output.move_to(Output.Status.SUBMITTED)
    if not output.body and not output.attachments.exists():
        raise NothingToSubmit
    output.submitted_at = timezone.now()
    if is_first:
        # Who was asked to write again is not late by that.
        output.is_late = output.task.is_overdue
    output.save(update_fields=["status", "submitted_at", "is_late"])
    record_output(output, "hand_in", by=by, version=output.version, late=output.is_late)
    return output


@transaction.atomic
def unsubmit_output(output: Output, *, by: User) -> Output:
    """Take a submitted output back, as long as the task is not due.

    Raises Output.WrongStatus, DueDatePassed, NotTakingPart, NotInTeam, TaskClosed.
    """
    output = _locked_for_writer(output, by)
    output.move_to(Output.Status.DRAFT)
    if output.task.is_overdue:
        raise DueDatePassed
    output.submitted_at = None
    output.is_late = False
    output.save(update_fields=["status", "submitted_at", "is_late"])
    record_output(output, "take_back", by=by)
    return output


def add_attachment(output: Output, *, file: CheckedFile, by: User) -> Attachment:
    """Keep a checked file with an output that is being written.

    Raises Output.WrongStatus, TooManyFiles, QuotaExceeded, NotTakingPart, NotInTeam, TaskClosed.
    """
    with ExitStack() as undo:
        stored = _store(file, undo)
        with transaction.atomic():
            output = _locked_for_writer(output, by)
            _check_editable(output)
            [attachment] = _attach(output, [file], [stored], by=by)
            output.save(update_fields=["saved_at"])
        undo.pop_all()
    return attachment


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User) -> None:
    """Take a file away from an output that is being written; the file is deleted for good.

    Raises Output.WrongStatus, NotTakingPart, NotInTeam, TaskClosed.
    """
    output = _locked_for_writer(attachment.output, by)
    _check_editable(output)
    _remove(output, attachment, by=by)
    output.save(update_fields=["saved_at"])


def lock_output(output: Output) -> Output:
    return Output.objects.select_for_update(of=("self",)).for_page().get(pk=output.pk)


def _locked_for_writer(output: Output, by: User) -> Output:
    output = lock_output(output)
    _check_writer(output, by)
    return output


def _check_writer(output: Output, by: User) -> None:
    participation = _active_participation(output.task, by)
    check_open(output.task)
    if output.team is not None:
        _own_team(participation, output.team)
    elif output.participation_id != participation.pk:
        raise NotTakingPart


def _check_editable(output: Output) -> None:
    if not output.is_editable:
        raise Output.WrongStatus


def _active_participation(task: Task, by: User) -> Participation:
    participation = (
        Participation.objects.of(by)
        .filter(
            run=task.workshop.run,
            status=Participation.Status.ACTIVE,
            role=Participation.Role.PARTICIPANT,
        )
        .first()
    )
    if participation is None:
        raise NotTakingPart
    return participation


def _own_team(participation: Participation, team: Team | None) -> Team:
    own = Team.objects.filter(
        memberships__participation=participation, memberships__has_left=False
    ).order_by("position", "pk")
    teams = list(own if team is None else own.filter(pk=team.pk))
    if len(teams) != 1:
        raise NotInTeam
    return teams[0]


def check_open(task: Task) -> None:
    is_over = task.workshop.run.status in Run.CLOSED
    if is_over or not task.is_released or task.workshop.is_cancelled:
        raise TaskClosed


def _save_text(output: Output, *, body: str, version: int, by: User) -> Output:
    _check_writer(Output.objects.for_page().get(pk=output.pk), by)
    # One statement compares and writes, so that of two texts on top of one version one is kept.
    is_saved = Output.objects.filter(
        pk=output.pk,
        version=version,
        status__in=[Output.Status.DRAFT, Output.Status.RETURNED],
    ).update(body=clean_rich_text(body), version=F("version") + 1, saved_at=timezone.now())
    current = lock_output(output)
    if not is_saved:
        _check_editable(current)
        raise Output.StaleVersion
    record_output(current, "save", by=by, version=current.version)
    return current


def _store(file: CheckedFile, undo: ExitStack) -> str:
    """Write the file under its secret name; `undo` deletes it if the transaction fails."""
    field = Attachment._meta.get_field("file")
    name = default_storage.save(field.generate_filename(Attachment(), file.name), file.content)
    undo.callback(default_storage.delete, name)
    return name


def _attach(
    output: Output, files: Sequence[CheckedFile], stored: Sequence[str], *, by: User
) -> list[Attachment]:
    if not files:
        return []
    owner = Person.objects.select_for_update().get(pk=output.participation.person_id)
    used = Attachment.objects.filter(output__participation__person=owner).aggregate(
        size=Sum("size", default=0)
    )["size"]
    if used + sum(file.size for file in files) > QUOTA_BYTES:
        raise QuotaExceeded
    if output.attachments.count() + len(files) > MAX_FILES:
        raise TooManyFiles
    attachments = []
    for file, name in zip(files, stored, strict=True):
        attachment = Attachment.objects.create(
            output=output,
            file=name,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
        )
        record_output(output, "add_file", by=by, key=attachment.key)
        if attachment.is_closed:
            transaction.on_commit(partial(announce_scan, attachment.pk), robust=True)
        attachments.append(attachment)
    return attachments


def _remove(output: Output, attachment: Attachment, *, by: User) -> None:
    attachment = output.attachments.get(pk=attachment.pk)
    attachment.delete()
    transaction.on_commit(partial(default_storage.delete, str(attachment.file.name)), robust=True)
    record_output(output, "remove_file", by=by, key=attachment.key)


def record_output(output: Output, action: str, *, by: User, **details: object) -> None:
    record(action, output, by=by, scope=output.task.workshop.run.programme.slug, **details)
