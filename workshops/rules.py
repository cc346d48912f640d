"""Who may do what with workshops, tasks and outputs."""

import rules
from django.utils import timezone

from programmes.models import Participation, Run
from programmes.models.belonging import participation_of, run_of
from programmes.rules import (
    accompanies,
    add_admin_permissions,
    allows,
    everyone_of_staff,
    facilitates,
    is_superuser,
    leads,
    nobody,
    takes_part,
)
from workshops.models import Attachment, Event, Guest, Output, Task, Workshop


@rules.predicate
def hands_in(user, obj=None):
    """Works in the run of this row now, as one of those who hand in."""
    participation = participation_of(user, obj) if obj is not None else None
    return (
        participation is not None
        and participation.status == Participation.Status.ACTIVE
        and participation.role == Participation.Role.PARTICIPANT
    )


@rules.predicate
def run_is_open(user, obj=None):
    """The run of this row is neither cancelled nor put away."""
    run = run_of(obj) if obj is not None else None
    return run is None or run.status not in Run.CLOSED


@rules.predicate
def task_is_open(user, task=None):
    return task is None or (task.is_released and task.workshop.status != Workshop.Status.CANCELLED)


@rules.predicate
def is_writer(user, output=None):
    """Wrote the output, alone or as a member of its team, and still does."""
    return output is not None and Output.objects.written_by(user).filter(pk=output.pk).exists()


@rules.predicate
def is_editable(user, output=None):
    return output is None or output.is_editable


@rules.predicate
def is_not_due(user, output=None):
    return output is None or output.task.due_at is None or output.task.due_at > timezone.now()


@rules.predicate
def output_task_is_open(user, output=None):
    return output is None or task_is_open.test(user, output.task)


# What asks the database stands last: mostly the row alone says no.
may_write = run_is_open & output_task_is_open & hands_in & is_writer
# Facilitators and leads who also take part do not judge their own outputs.
may_answer = run_is_open & output_task_is_open & (leads | facilitates) & ~is_writer

# The page of a run for those who work in it.
rules.add_perm("workshops.enter_run", takes_part | accompanies | is_superuser)

add_admin_permissions(Workshop)
add_admin_permissions(Guest)
add_admin_permissions(Event)
add_admin_permissions(Task)
rules.add_perm("workshops.confirm_workshop", leads & allows(Workshop.Status.CONFIRMED))
rules.add_perm("workshops.hold_workshop", leads & allows(Workshop.Status.HELD))
rules.add_perm("workshops.document_workshop", leads & allows(Workshop.Status.DOCUMENTED))
rules.add_perm("workshops.cancel_workshop", leads & allows(Workshop.Status.CANCELLED))
rules.add_perm("workshops.start_output", hands_in & run_is_open & task_is_open)

# What one may do at all; the operation looks whether it can be done now and says why not.
rules.add_perm("workshops.write_output", hands_in & is_writer)
rules.add_perm("workshops.answer_output", (leads | facilitates) & ~is_writer)

# The admin shows what was handed in; it is written, changed and answered by operations only.
add_admin_permissions(Output, add=nobody, change=nobody, delete=nobody)
add_admin_permissions(Attachment, view=everyone_of_staff, add=nobody, change=nobody, delete=nobody)
rules.add_perm("workshops.edit_output", is_editable & may_write)
rules.add_perm("workshops.submit_output", allows(Output.Status.SUBMITTED) & may_write)
rules.add_perm("workshops.unsubmit_output", allows(Output.Status.DRAFT) & is_not_due & may_write)
rules.add_perm("workshops.accept_output", allows(Output.Status.ACCEPTED) & may_answer)
rules.add_perm("workshops.return_output", allows(Output.Status.RETURNED) & may_answer)
