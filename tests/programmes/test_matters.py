"""A run starts and ends with open eyes: the open is listed, and closed where it must be."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from people.models import AuditEntry
from programmes.matters import collect_matters
from programmes.models import Invitation, Participation, Run
from programmes.operations import (
    RunEnded,
    accept_invitation,
    archive_run,
    cancel_run,
    complete_run,
    decline_invitation,
    start_run,
)
from tests.factories import (
    ConceptFactory,
    GuidingQuestionFactory,
    InvitationFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    PressReleaseFactory,
    RunFactory,
    TaskFactory,
    TeamMembershipFactory,
    WorkshopFactory,
)
from tests.pages import press, read_button
from tests.signing_in import log_in_with_second_factor
from workshops.matters import open_tasks
from workshops.models import Output, Workshop

pytestmark = pytest.mark.django_db

STEPS = {
    "start": (start_run, Run.Status.PLANNED, Run.Status.RUNNING),
    "complete": (complete_run, Run.Status.RUNNING, Run.Status.COMPLETED),
    "archive": (archive_run, Run.Status.COMPLETED, Run.Status.ARCHIVED),
    "cancel": (cancel_run, Run.Status.RUNNING, Run.Status.CANCELLED),
}
ENDINGS = ["complete", "archive", "cancel"]
OPEN = {
    "Einladungen ohne Antwort",
    "Noch nicht eingeladen oder ohne gültige Einladung",
    "Workshops, die noch nicht stattgefunden haben",
    "Aufgaben, zu denen noch etwas fehlt",
    "Ergebnisse ohne Antwort",
    "Konzepte, die noch nicht veröffentlicht sind",
    "Pressemitteilungen, die noch nicht erschienen sind",
}


@pytest.fixture
def run():
    """A run with one of everything that may be open, and the same things done."""
    run = RunFactory()
    InvitationFactory(participation__run=run, sent=True, number=1)
    InvitationFactory(participation__run=run)
    for trait in ("expired", "withdrawn", "accepted", "declined"):
        state = {"accepted": {}, "declined": {"declined": True, "invited": False}}.get(trait)
        more = {f"participation__{name}": value for name, value in (state or {}).items()}
        InvitationFactory(participation__run=run, **{trait: True}, **more)
    WorkshopFactory(run=run, held_on=None)
    WorkshopFactory(run=run, confirmed=True)
    workshop = WorkshopFactory(run=run, held=True)
    WorkshopFactory(run=run, cancelled=True)
    task = TaskFactory(workshop=workshop, title="Fehlt noch")
    OutputFactory(task=task, submitted=True)
    OutputFactory(task=task)
    member = TeamMembershipFactory(team__run=run)
    ConceptFactory(run=run, team=member.team)
    ConceptFactory(run=run, team=member.team, published=True, run__public=False)
    PressReleaseFactory(programme=run.programme, run=run)
    PressReleaseFactory(programme=run.programme, run=run, published=True)
    return run


def put(run, status):
    Run.objects.filter(pk=run.pk).update(status=status)
    run.refresh_from_db()
    return run


@pytest.fixture
def lead(client, run):
    user = LeadFactory(programme=run.programme)
    log_in_with_second_factor(client, user)
    return user


@pytest.mark.parametrize("name", ENDINGS)
def test_ending_lists_what_is_open_in_every_room(client, lead, run, name):
    _step, before, _after = STEPS[name]
    put(run, before)

    page = client.get(read_button(client, run, name))
    titles = {matter.title for matter in page.context["matters"]}

    more = {"Teilnahmen, die noch laufen"} if name == "archive" else set()
    assert titles == OPEN | more
    assert all(str(matter.effect) in page.text for matter in page.context["matters"])
    run.refresh_from_db()
    assert run.status == before


def test_start_lists_what_is_missing(client, lead):
    run = RunFactory(programme=lead.responsibilities.get().programme)

    page = client.get(read_button(client, run, "start"))

    assert [matter.title for matter in page.context["matters"]] == [
        "Es gibt noch keine Leitfrage",
        "Es ist noch niemand aufgenommen",
        "Es gibt noch keinen Workshop",
    ]
    press(client, run, "start")
    run.refresh_from_db()
    assert run.status == Run.Status.RUNNING


def test_start_of_a_run_that_has_all_says_so(client, lead):
    run = RunFactory(programme=lead.responsibilities.get().programme)
    GuidingQuestionFactory(run=run)
    ParticipationFactory(run=run)
    WorkshopFactory(run=run)

    page = client.get(read_button(client, run, "start"))

    assert page.context["matters"] == []
    assert "Es ist nichts offen." in page.text


def test_long_lists_name_the_first_and_count_the_rest(client, lead, run):
    put(run, Run.Status.RUNNING)
    for _number in range(9):
        InvitationFactory(participation__run=run, sent=True)

    page = client.get(read_button(client, run, "complete"))

    assert "und 2 weitere" in page.text


@pytest.mark.parametrize("name", ENDINGS)
def test_ending_withdraws_open_invitations_and_says_so(client, lead, run, name):
    put(run, STEPS[name][1])

    response = press(client, run, name)

    assert not Invitation.objects.filter(status=Invitation.Status.SENT).exists()
    [message] = [str(message) for message in get_messages(response.wsgi_request)]
    assert "Einladungen ohne Antwort (1)" in message
    assert AuditEntry.objects.filter(action="withdraw_invitation").count() == 1


def test_cancelling_calls_the_workshops_ahead_off(lead, run):
    put(run, Run.Status.RUNNING)

    cancel_run(run, by=lead)

    statuses = Workshop.objects.filter(run=run).values_list("status", flat=True)
    assert sorted(statuses) == ["cancelled", "cancelled", "cancelled", "held"]


@pytest.mark.parametrize("name", ["complete", "archive"])
def test_other_endings_leave_the_workshops(lead, run, name):
    step, before, _after = STEPS[name]
    step(put(run, before), by=lead)

    statuses = Workshop.objects.filter(run=run).values_list("status", flat=True)
    assert sorted(statuses) == ["cancelled", "confirmed", "held", "planned"]


def test_archiving_ends_the_participations(lead, run):
    put(run, Run.Status.COMPLETED)

    archive_run(run, by=lead)

    assert not run.participations.filter(status=Participation.Status.ACTIVE).exists()
    assert run.participations.filter(status=Participation.Status.INVITED).exists()


def test_completing_leaves_the_group_at_work(lead, run):
    put(run, Run.Status.RUNNING)
    active = run.participations.filter(status=Participation.Status.ACTIVE).count()

    complete_run(run, by=lead)

    assert run.participations.filter(status=Participation.Status.ACTIVE).count() == active > 0


@pytest.mark.parametrize("status", ["completed", "archived", "cancelled"])
@pytest.mark.parametrize(
    "answer", [lambda token: accept_invitation(token, by=None), decline_invitation]
)
def test_invitation_into_an_ended_run_is_not_answered(run, status, answer):
    put(run, status)

    with pytest.raises(RunEnded):
        answer("token-1")

    assert Invitation.objects.filter(status=Invitation.Status.SENT).count() == 1
    assert not Participation.objects.filter(invitation__status="sent", status="active").exists()


@pytest.mark.parametrize("status", ["completed", "archived", "cancelled"])
def test_link_into_an_ended_run_leads_to_a_sentence(client, run, status):
    put(run, status)
    address = reverse("programmes:invitation", args=["token-1"])

    for response in (client.get(address), client.post(address, {"answer": "decline"})):
        assert response.status_code == 410
        assert "ist zu Ende. Es wird niemand mehr aufgenommen." in response.text
        assert "neue Einladung" not in response.text


def test_link_of_an_older_mail_leads_to_a_sentence(client):
    response = client.get(reverse("programmes:invitation", args=["aus-einer-alten-mail"]))

    assert response.status_code == 404
    assert "Es gilt nur der Link aus der neuesten E-Mail." in response.text


def test_open_task_is_one_for_which_somebody_has_handed_in_nothing():
    run = RunFactory(running=True)
    workshop = WorkshopFactory(run=run)
    one, other = ParticipationFactory.create_batch(2, run=run)
    ParticipationFactory(run=run, facilitator=True)
    ParticipationFactory(run=run, left=True)
    team = TeamMembershipFactory(team__run=run, participation=one).team
    half, done, teams, teams_done = (
        TaskFactory(workshop=workshop, title=title, for_team=title.startswith("Team"))
        for title in ("Halb", "Fertig", "Team offen", "Team fertig")
    )
    TaskFactory(workshop=workshop, hidden=True)
    TaskFactory(workshop=WorkshopFactory(run=run, cancelled=True))
    OutputFactory(task=half, participation=one, submitted=True)
    OutputFactory(task=half, participation=other)
    OutputFactory(task=done, participation=one, submitted=True)
    OutputFactory(task=done, participation=other, accepted=True)
    OutputFactory(task=teams, participation=one, team=team, returned=True)
    OutputFactory(task=teams_done, participation=one, team=team, submitted=True)

    assert {task.title for task in open_tasks(run)} == {"Halb", "Team offen"}


def test_nothing_of_another_run_is_listed(run):
    other = put(RunFactory(programme=run.programme), "running")

    assert collect_matters(other, Run.Status.COMPLETED) == []


def test_closing_stays_undone_where_a_room_refuses(lead, run, monkeypatch):
    put(run, Run.Status.RUNNING)

    def refuse(run, status, by):
        raise Output.WrongStatus

    monkeypatch.setattr("programmes.matters._closers", [refuse])
    with pytest.raises(Output.WrongStatus):
        cancel_run(run, by=lead)

    run.refresh_from_db()
    assert run.status == Run.Status.RUNNING
    assert Invitation.objects.filter(status=Invitation.Status.SENT).count() == 1
