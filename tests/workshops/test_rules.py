"""Who may do what: role × status."""

import pytest

from programmes.models import Run
from tests.factories import (
    EditorFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkshopFactory,
)
from workshops.models import Output, Workshop

pytestmark = pytest.mark.django_db

ROLES = (
    "writer",
    "member",  # of the writing team
    "former member",
    "colleague",
    "former writer",
    "facilitator",
    "editor",
    "lead",
    "foreign lead",
    "superuser",
)

# Permission: who has it, in which states.
OUTPUT = {
    "edit": ({"writer", "member"}, {"draft", "returned"}),
    "submit": ({"writer", "member"}, {"draft", "returned"}),
    "unsubmit": ({"writer", "member"}, {"submitted"}),
    "accept": ({"facilitator", "lead"}, {"submitted"}),
    "return": ({"facilitator", "lead"}, {"submitted"}),
    "write": ({"writer", "member"}, set(Output.Status.values)),
    "answer": ({"facilitator", "lead"}, set(Output.Status.values)),
    "view": ({"editor", "lead", "superuser"}, set(Output.Status.values)),
    "add": (set(), set()),
    "change": (set(), set()),
    "delete": (set(), set()),
}
WORKSHOP = {
    "confirm": ({"lead"}, {"planned"}),
    "hold": ({"lead"}, {"confirmed"}),
    "document": ({"lead"}, {"held"}),
    "cancel": ({"lead"}, {"planned", "confirmed"}),
    "view": ({"editor", "lead", "superuser"}, set(Workshop.Status.values)),
    "change": ({"lead", "superuser"}, set(Workshop.Status.values)),
    "delete": ({"lead", "superuser"}, set(Workshop.Status.values)),
}


@pytest.fixture
def people():
    """Everybody who might ask, and the output of a team that they ask about."""
    task = TaskFactory(for_team=True)
    run = task.workshop.run
    team = TeamFactory(run=run)
    writer, member, former = TeamMembershipFactory.create_batch(3, team=team)
    former.has_left = True
    former.save()
    left = ParticipationFactory(run=run, left=True)
    TeamMembershipFactory(team=team, participation=left)
    output = OutputFactory(task=task, team=team, participation=writer.participation)
    users = {
        "writer": writer.participation.person.user,
        "member": member.participation.person.user,
        "former member": former.participation.person.user,
        "colleague": ParticipationFactory(run=run).person.user,
        "former writer": left.person.user,
        "facilitator": ParticipationFactory(run=run, facilitator=True).person.user,
        "editor": EditorFactory(programme=run.programme),
        "lead": LeadFactory(programme=run.programme),
        "foreign lead": LeadFactory(),
        "superuser": UserFactory(superuser=True),
    }
    assert tuple(users) == ROLES
    return output, users


@pytest.mark.parametrize("permission", OUTPUT)
@pytest.mark.parametrize("status", Output.Status.values)
def test_output_permission_by_role_and_status(people, permission, status):
    output, users = people
    output.status = status
    roles, statuses = OUTPUT[permission]

    allowed = {
        role
        for role, user in users.items()
        if user.has_perm(f"workshops.{permission}_output", output)
    }

    assert allowed == (roles if status in statuses else set())


@pytest.mark.parametrize("permission", WORKSHOP)
@pytest.mark.parametrize("status", Workshop.Status.values)
def test_workshop_permission_by_role_and_status(people, permission, status):
    output, users = people
    workshop = output.task.workshop
    workshop.status = status
    roles, statuses = WORKSHOP[permission]

    allowed = {
        role
        for role, user in users.items()
        if user.has_perm(f"workshops.{permission}_workshop", workshop)
    }

    assert allowed == (roles if status in statuses else set())


def test_start_output_is_for_participants_of_the_run(people):
    output, users = people

    allowed = {
        role for role, user in users.items() if user.has_perm("workshops.start_output", output.task)
    }

    assert allowed == {"writer", "member", "former member", "colleague"}


def test_enter_run_is_for_the_run_and_its_staff(people):
    output, users = people
    run = output.task.workshop.run

    allowed = {role for role, user in users.items() if user.has_perm("workshops.enter_run", run)}

    assert allowed == set(ROLES) - {"former writer", "foreign lead"}


@pytest.mark.parametrize("status", [Run.Status.ARCHIVED, Run.Status.CANCELLED])
def test_nobody_writes_or_answers_when_the_run_is_over(people, status):
    output, users = people
    output.task.workshop.run.status = status
    for state, permissions in {
        "draft": ("edit", "submit"),
        "submitted": ("unsubmit", "accept", "return"),
    }.items():
        output.status = state
        for permission in permissions:
            name = f"workshops.{permission}_output"
            assert [role for role, user in users.items() if user.has_perm(name, output)] == []


def test_lead_who_takes_part_does_not_answer_the_own_output():
    output = OutputFactory(submitted=True)
    lead = LeadFactory(programme=output.task.workshop.run.programme)
    person = output.participation.person
    person.user = lead
    person.save()

    assert not lead.has_perm("workshops.accept_output", output)


def test_inactive_account_may_nothing():
    output = OutputFactory()
    user = output.participation.person.user
    user.is_active = False

    assert not user.has_perm("workshops.edit_output", output)


def test_workshop_permissions_without_a_row_open_the_admin():
    workshop = WorkshopFactory()
    lead = LeadFactory(programme=workshop.run.programme)

    for permission in ("view", "add", "change", "delete"):
        assert lead.has_perm(f"workshops.{permission}_workshop")
    assert not UserFactory().has_perm("workshops.view_workshop")
