"""Who may what in a programme: the table of the architecture, role by role."""

import pytest
from django.contrib.auth.models import AnonymousUser

from people.models import User
from programmes.checks import check_belonging
from programmes.models import Participation, Programme, Run
from programmes.models.belonging import (
    NoProgramme,
    belongs_to_programmes,
    in_programmes,
    path_to_programme,
    programme_of,
    run_of,
)
from programmes.rules import accompanies, administers, facilitates, takes_part, works_in
from tests.factories import (
    ConceptFactory,
    ConsentFactory,
    EditorFactory,
    InvitationFactory,
    LeadFactory,
    MessageFactory,
    OutputFactory,
    ParticipationFactory,
    PositionFactory,
    PressBlockFactory,
    ProgrammeFactory,
    QuoteFactory,
    ResponsibilityFactory,
    RunFactory,
    SignOffFactory,
    TeamMembershipFactory,
    UserFactory,
)
from workshops.models import Guest, Output

pytestmark = pytest.mark.django_db

LEAD = {"lead"}
STAFF = {"lead", "editor", "superuser"}
CARE = {"lead", "superuser"}
# With a row of the programme.
ROW = {
    "programmes.view_person": STAFF,
    "programmes.add_person": STAFF,
    "programmes.change_person": STAFF,
    "programmes.delete_person": CARE,
    "programmes.change_organisation": STAFF,
    "programmes.change_sector": CARE,
    "programmes.change_consentpurpose": CARE,
    "programmes.reword_consentpurpose": LEAD,
    "programmes.record_consent": LEAD,
    "people.view_message": CARE,
    "people.change_message": set(),
    "people.delete_message": set(),
    "people.resend_message": CARE,
    "people.view_auditentry": CARE,
    "people.change_auditentry": set(),
    "people.delete_auditentry": set(),
    "programmes.view_programme": STAFF,
    "programmes.change_programme": CARE,
    "programmes.delete_programme": set(),
    "programmes.entrust_programme": LEAD,
    "programmes.view_responsibility": STAFF,
    "programmes.change_responsibility": set(),
    "programmes.view_run": STAFF,
    "programmes.add_run": CARE,
    "programmes.change_run": CARE,
    "programmes.start_run": LEAD,
    "programmes.cancel_run": LEAD,
    "programmes.set_guiding_question": LEAD,
    "programmes.view_participation": STAFF,
    "programmes.change_participation": CARE,
    "programmes.delete_participation": CARE,
    "programmes.add_participant": LEAD,
    "programmes.invite_participation": LEAD,
    "programmes.withdraw_invitation": LEAD,
    "programmes.view_team": STAFF,
    "programmes.change_team": CARE,
}
# Somewhere: does the admin show the model at all?
SOMEWHERE = {
    "programmes.view_person": STAFF | {"foreign lead"},
    "people.view_message": CARE | {"foreign lead"},
    "people.view_user": {"superuser"},
    "people.add_user": {"superuser"},
    "programmes.view_programme": STAFF | {"foreign lead", "founder"},
    "programmes.add_programme": {"founder", "superuser"},
    "programmes.change_run": CARE | {"foreign lead"},
}


@pytest.fixture
def run():
    return RunFactory()


@pytest.fixture
def roles(run):
    programme = run.programme
    participant = ParticipationFactory(run=run)
    facilitator = ParticipationFactory(run=run, facilitator=True)
    retired = LeadFactory(programme=programme)
    User.objects.filter(pk=retired.pk).update(is_staff=False)
    inactive = LeadFactory(programme=programme)
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    return {
        "anonymous": AnonymousUser(),
        "participant": participant.person.user,
        "facilitator": facilitator.person.user,
        "editor": EditorFactory(programme=programme),
        "lead": LeadFactory(programme=programme),
        "foreign lead": LeadFactory(),
        "former lead without staff": User.objects.get(pk=retired.pk),
        "inactive lead": User.objects.get(pk=inactive.pk),
        "founder": UserFactory(staff=True, may_found_programmes=True),
        "superuser": UserFactory(superuser=True),
    }


@pytest.mark.parametrize("permission", ROW)
def test_permission_on_a_row(roles, run, permission):
    assert {role for role, user in roles.items() if user.has_perm(permission, run)} == ROW[
        permission
    ]


@pytest.mark.parametrize("permission", SOMEWHERE)
def test_permission_somewhere(roles, permission):
    allowed = {role for role, user in roles.items() if user.has_perm(permission)}

    assert allowed == SOMEWHERE[permission]


@pytest.mark.parametrize("status", Run.Status.values)
@pytest.mark.parametrize(
    ("permission", "statuses"),
    [
        ("programmes.start_run", {"planned"}),
        ("programmes.complete_run", {"running"}),
        ("programmes.archive_run", {"completed"}),
        ("programmes.cancel_run", {"planned", "running"}),
    ],
)
def test_step_of_a_run_needs_its_status_and_the_lead(run, roles, status, permission, statuses):
    run.status = status

    allowed = {role for role, user in roles.items() if user.has_perm(permission, run)}

    assert allowed == (LEAD if status in statuses else set())


@pytest.mark.parametrize("status", Participation.Status.values)
@pytest.mark.parametrize(
    "permission", ["programmes.complete_participation", "programmes.leave_run"]
)
def test_step_of_a_participation_needs_its_status_and_the_lead(roles, run, status, permission):
    participation = ParticipationFactory(run=run, status=status)

    allowed = {role for role, user in roles.items() if user.has_perm(permission, participation)}

    assert allowed == (LEAD if status == "active" else set())


@pytest.mark.parametrize(
    ("status", "takes", "works"),
    [
        ("invited", False, False),
        ("active", True, True),
        ("completed", True, False),
        ("left", False, False),
        ("declined", False, False),
    ],
)
@pytest.mark.parametrize("role", ["participant", "facilitator"])
def test_part_in_a_run_follows_the_status(status, takes, works, role):
    participation = ParticipationFactory(status=status, role=role, person__with_account=True)
    user, run = participation.person.user, participation.run

    assert takes_part(user, run) is takes
    assert works_in(user, run) is works
    assert facilitates(user, run) is (takes and role == "facilitator")
    assert accompanies.test(user, run) is (takes and role == "facilitator")
    assert takes_part(user, RunFactory()) is False
    assert takes_part(user, RunFactory(programme=run.programme)) is False


def test_part_is_asked_with_any_row_of_the_run():
    membership = TeamMembershipFactory()
    participation = membership.participation
    output = OutputFactory(participation=participation, task__workshop__run=participation.run)

    for row in (membership, membership.team, output, output.task, output.task.workshop):
        assert takes_part(participation.person.user, row) is True
    assert takes_part(participation.person.user, participation.run.programme) is False
    assert takes_part(participation.person.user, None) is False


def test_every_row_knows_its_programme(run):
    programme = run.programme
    participation = ParticipationFactory(run=run)
    concept = ConceptFactory(run=run)
    rows = [
        programme,
        run,
        participation,
        participation.person,
        PositionFactory(person=participation.person),
        ConsentFactory(person=participation.person),
        InvitationFactory(participation=ParticipationFactory(run=run, invited=True)),
        OutputFactory(task__workshop__run=run),
        concept,
        SignOffFactory(revision__concept=concept),
        PressBlockFactory(release__programme=programme),
        QuoteFactory(programme=programme),
        MessageFactory(scope=programme.slug),
    ]

    for row in rows:
        assert programme_of(row) == programme, row
        assert run_of(row) in {run, None}, row


def test_rows_are_found_by_their_programme(run):
    output = OutputFactory(task__workshop__run=run)
    OutputFactory()

    own = Programme.objects.filter(pk=run.programme.pk)

    assert list(in_programmes(Output.objects.all(), own)) == [output]


def test_every_model_says_its_programme():
    assert check_belonging(None) == []


@pytest.mark.parametrize("answer", ["nowhere", "person", "title", "scope", "pk"])
def test_model_may_not_name_what_leads_to_no_programme(monkeypatch, answer):
    monkeypatch.setattr(Guest, "belongs_to", answer)

    assert [error.obj for error in check_belonging(None)] == [Guest]


def test_model_may_not_be_silent_on_its_programme(monkeypatch):
    monkeypatch.delattr(Guest, "belongs_to")

    assert [error.obj for error in check_belonging(None)] == [Guest]


def test_row_of_no_programme_says_so():
    assert belongs_to_programmes(User) is False
    with pytest.raises(NoProgramme):
        path_to_programme(User)
    assert administers(LeadFactory(), UserFactory()) is False


def test_new_row_without_parent_belongs_nowhere():
    assert administers(LeadFactory(), Run(topic="Neu")) is False
    assert administers(LeadFactory(), Output()) is False


def test_roles_are_read_once(django_assert_num_queries):
    programme = ProgrammeFactory()
    lead = LeadFactory(programme=programme)
    ResponsibilityFactory(user=lead)
    lead = User.objects.get(pk=lead.pk)

    with django_assert_num_queries(1):
        for _time in range(3):
            assert lead.has_perm("programmes.change_programme", programme)
            assert lead.has_perm("programmes.change_run")
