"""The pages on which participants work, and where those who accompany them answer."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.refusals import Refusal
from people.models import User
from programmes.models import GuidingQuestion, Participation, Run, Team, TeamMembership
from texts.order import alphabetical_names
from workshops.forms import AcceptForm, OutputForm, ReturnForm, StartForm
from workshops.models import Attachment, Event, Guest, Output, Task, Workshop
from workshops.operations import (
    NotInTeam,
    QuotaExceeded,
    TooManyFiles,
    accept_output,
    return_output,
    save_and_submit_output,
    save_output,
    start_output,
    unsubmit_output,
)
from workshops.rules import run_is_open, task_is_open


@require_safe
@login_required
def run(request, programme, slug):
    run = get_object_or_404(
        Run.objects.visible_to(request.user).select_related("programme"),
        programme__slug=programme,
        slug=slug,
    )
    if not request.user.has_perm("workshops.enter_run", run):
        raise PermissionDenied
    accompanies = Run.objects.accompanied_by(request.user).filter(pk=run.pk).exists()
    teams = Team.objects.visible_to(request.user) if accompanies else Team.objects.of(request.user)
    context = {
        "run": run,
        "question": GuidingQuestion.objects.filter(run=run, is_current=True).first(),
        "workshops": workshops_with_tasks(request.user).filter(run=run),
        "teams": teams_with_members(teams).filter(run=run),
        "events": Event.objects.visible_to(request.user).filter(run=run).for_run(),
        "accompanies": accompanies,
    }
    if accompanies:
        context["outputs"] = (
            Output.objects.visible_to(request.user).filter(task__workshop__run=run).for_answering()
        )
    return render(request, "workshops/run.html", context)


def workshops_with_tasks(user):
    """The workshops with guests, with the tasks that the user sees and the own outputs."""
    own_outputs = Output.objects.written_by(user).on_tasks()
    tasks = Task.objects.visible_to(user).for_run().prefetch_related(own_outputs)
    guests = Guest.objects.select_related("person", "organisation").order_by("position", "pk")
    return (
        Workshop.objects.visible_to(user)
        .for_run()
        .prefetch_related(
            Prefetch("tasks", queryset=tasks, to_attr="visible_tasks"),
            Prefetch("guests", queryset=guests),
        )
    )


def teams_with_members(teams):
    """The teams with those who work in them now, in the order of their names."""
    members = (
        TeamMembership.objects.filter(
            has_left=False, participation__status__in=Participation.TAKING_PART
        )
        .select_related(
            "participation__person",
            "participation__sector",
            "participation__position__organisation",
        )
        .order_by(*alphabetical_names("participation__person"), "pk")
    )
    return teams.order_by("position", "pk").prefetch_related(
        Prefetch("memberships", queryset=members, to_attr="members")
    )


@require_safe
@login_required
def task(request, pk):
    own_outputs = Output.objects.written_by(request.user).on_tasks()
    task = get_object_or_404(
        Task.objects.visible_to(request.user).for_page().prefetch_related(own_outputs), pk=pk
    )
    own = {output.pk for output in task.own_outputs}
    others = Output.objects.visible_to(request.user).filter(task=task).exclude(pk__in=own)
    context = {
        "task": task,
        "run": task.workshop.run,
        "teams": teams_to_start(task, request.user),
        "others": others.for_answering(),
        "is_read_by_others": is_read_by_others(task),
        "is_closed": not (run_is_open & task_is_open)(request.user, task),
        "may_start": request.user.has_perm("workshops.start_output", task),
    }
    return render(request, "workshops/task.html", context)


def teams_to_start(task: Task, user) -> list[Team]:
    """The user's teams that have not begun this task."""
    if task.addressee != Task.Addressee.TEAM:
        return []
    own = Team.objects.of(user).filter(run=task.workshop.run)
    return list(own.exclude(outputs__task=task).order_by("position", "pk"))


def is_read_by_others(task: Task) -> bool:
    """Whether participants read here what others hand in; a team's own output is not another's."""
    if task.addressee == Task.Addressee.TEAM:
        return task.readers == Task.Readers.RUN
    return task.readers != Task.Readers.LEAD


@require_POST
@login_required
def output_start(request, pk):
    task = get_object_or_404(Task.objects.visible_to(request.user).for_page(), pk=pk)
    if not request.user.has_perm("workshops.start_output", task):
        raise PermissionDenied
    form = StartForm(request.POST, user=request.user, run=task.workshop.run)
    if not form.is_valid():
        messages.error(request, NotInTeam.sentence)
        return redirect(task)
    try:
        output = start_output(task, by=request.user, team=form.cleaned_data["team"])
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(task)
    return redirect("workshops:edit", pk=output.pk)


@require_safe
@login_required
def output(request, pk):
    output = get_object_or_404(Output.objects.visible_to(request.user).for_page(), pk=pk)
    return render(request, "workshops/output.html", output_context(output, request.user))


def output_context(output: Output, user, form: AcceptForm | None = None) -> dict:
    """What the page of an output shows; a form that was refused comes with what was typed."""
    may_answer = user.has_perm("workshops.accept_output", output)
    # Whoever sees it may read it, unless its writers are at it again.
    mine = Output.objects.readable_by(user).filter(pk=output.pk)
    is_readable = not output.is_being_rewritten or mine.exists()
    return {
        "output": output,
        "task": output.task,
        "run": output.task.workshop.run,
        "is_readable": is_readable,
        "attachments": output.attachments.for_output() if is_readable else (),
        "may_edit": user.has_perm("workshops.edit_output", output),
        "may_unsubmit": user.has_perm("workshops.unsubmit_output", output),
        "form": form or (AcceptForm(initial={"version": output.version}) if may_answer else None),
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def output_edit(request, pk):
    output = get_object_or_404(Output.objects.visible_to(request.user).for_page(), pk=pk)
    is_editable = request.user.has_perm("workshops.edit_output", output)
    if not is_editable and not request.user.has_perm("workshops.write_output", output):
        raise PermissionDenied
    if request.method != "POST" and not is_editable:
        messages.info(request, Output.WrongStatus.sentence)
        return redirect(output)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OutputForm(*sent, instance=output)
    try:
        if request.method == "POST" and keep_form(form, request):
            is_over = "submit" in request.POST and not form.refusals
            return redirect(output if is_over else "workshops:edit", pk=pk)
    except (Output.StaleVersion, Output.WrongStatus):
        context = conflict_context(form, request.user)
        return render(request, "workshops/output_conflict.html", context, status=409)
    return render(request, "workshops/output_edit.html", {"output": output, "form": form})


def keep_form(form: OutputForm, request: HttpRequest) -> bool:
    """Save the valid form and hand it in if asked; a refusal goes into the form.

    Files that are not taken keep neither the text nor the other files from being saved, but the
    output is not handed in without them. Raises Output.StaleVersion and Output.WrongStatus: then
    there are two texts to show.
    """
    if not form.is_valid():
        return False
    refusals, changes = form.refusals, form.changes
    is_final = "submit" in request.POST and not refusals
    keep = save_and_submit_output if is_final else save_output
    by = cast(User, request.user)
    try:
        try:
            keep(form.instance, by=by, **changes)
        except (QuotaExceeded, TooManyFiles) as refusal:
            # The text has nothing to do with it.
            save_output(form.instance, by=by, **changes | {"files": ()})
            refusals.append(str(refusal))
    except (Output.StaleVersion, Output.WrongStatus):
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    tell_kept(request, refusals, is_final=is_final)
    return True


def tell_kept(request: HttpRequest, refusals: list[str], *, is_final: bool) -> None:
    """What was saved, and why not all of it."""
    if not refusals:
        done = _("Abgegeben.") if is_final else _("Der Entwurf ist gespeichert.")
        messages.success(request, done)
        return
    messages.warning(request, _("Gespeichert, aber nicht alle Dateien wurden angenommen."))
    for sentence in refusals:
        messages.error(request, sentence)
    if "submit" in request.POST:
        messages.warning(request, _("Abgegeben ist das Ergebnis noch nicht."))


def conflict_context(form: OutputForm, user) -> dict:
    """The text that is stored now beside the one that was typed; saving again keeps the latter."""
    current = get_object_or_404(Output.objects.visible_to(user).for_page(), pk=form.instance.pk)
    typed = form.cleaned_data["body"]
    initial = {"body": typed, "version": current.version}
    may_edit = user.has_perm("workshops.edit_output", current)
    return {
        "output": current,
        "typed": typed,
        "had_files": bool(form.cleaned_data["uploads"]),
        "form": OutputForm(instance=current, initial=initial) if may_edit else None,
    }


@require_POST
@login_required
def output_unsubmit(request, pk):
    output = get_object_or_404(Output.objects.visible_to(request.user).for_page(), pk=pk)
    if not request.user.has_perm("workshops.write_output", output):
        raise PermissionDenied
    try:
        unsubmit_output(output, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(output)
    messages.success(request, _("Sie können das Ergebnis wieder bearbeiten."))
    return redirect("workshops:edit", pk=pk)


@require_POST
@login_required
def output_accept(request, pk):
    output = get_object_or_404(Output.objects.visible_to(request.user).for_page(), pk=pk)
    if not request.user.has_perm("workshops.answer_output", output):
        raise PermissionDenied
    form, status = AcceptForm(request.POST), 200
    try:
        if form.is_valid():
            accept_output(output, by=request.user, **form.cleaned_data)
            messages.success(request, _("Das Ergebnis ist angenommen."))
            return redirect(output)
    except Output.StaleVersion as refusal:
        messages.error(request, str(refusal))
        output = get_object_or_404(Output.objects.visible_to(request.user).for_page(), pk=pk)
        form, status = form.for_version(output.version), 409
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    context = output_context(output, request.user, form)
    return render(request, "workshops/output.html", context, status=status)


@require_POST
@login_required
def output_return(request, pk):
    output = get_object_or_404(Output.objects.visible_to(request.user).for_page(), pk=pk)
    if not request.user.has_perm("workshops.answer_output", output):
        raise PermissionDenied
    form, status = ReturnForm(request.POST), 200
    try:
        if form.is_valid():
            return_output(output, by=request.user, **form.cleaned_data)
            messages.success(request, _("Das Ergebnis ist zur Überarbeitung zurückgegeben."))
            return redirect(output)
    except Output.StaleVersion as refusal:
        messages.error(request, str(refusal))
        output = get_object_or_404(Output.objects.visible_to(request.user).for_page(), pk=pk)
        form, status = form.for_version(output.version), 409
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    context = output_context(output, request.user, form)
    return render(request, "workshops/output.html", context, status=status)


@require_safe
@login_required
def attachment(request, pk):
    """The file itself, always as a download: what people upload never runs in the portal."""
    attachment = get_object_or_404(
        Attachment.objects.visible_to(request.user).select_related("output"), pk=pk
    )
    if attachment.is_closed:
        return render(
            request, "workshops/attachment_waiting.html", {"attachment": attachment}, status=409
        )
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=attachment.media_type)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)
    response["Content-Length"] = str(attachment.size)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
