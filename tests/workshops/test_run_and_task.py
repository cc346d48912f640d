"""The pages of a run and of a task for those who take part."""

import re

import pytest
from django.urls import reverse

from tests.factories import (
    EventFactory,
    GuestFactory,
    GuidingQuestionFactory,
    OutputFactory,
    ParticipationFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    WorkshopFactory,
)
from tests.html_check import check_html
from tests.workshops.conftest import edit_url, run_url, writer
from workshops.models import Output

pytestmark = pytest.mark.django_db


# Own run


def test_run_shows_what_belongs_to_it(client):
    run = RunFactory(running=True)
    GuidingQuestionFactory(run=run, text="Wie gelingt das?")
    workshop = WorkshopFactory(run=run, venue="Haus Steinstraße", agenda="<p>9 Uhr: Kaffee</p>")
    guest = GuestFactory(workshop=workshop)
    task = TaskFactory(workshop=workshop)
    hidden = TaskFactory(workshop=workshop, hidden=True)
    event = EventFactory(run=run)
    membership = TeamMembershipFactory(team=TeamFactory(run=run))
    mate = TeamMembershipFactory(team=membership.team)
    gone = TeamMembershipFactory(team=membership.team, has_left=True)
    foreign = TeamMembershipFactory(team=TeamFactory(run=run))
    client.force_login(membership.participation.person.user)

    response = client.get(run_url(run))

    check_html(response)
    for text in (
        "Wie gelingt das?",
        workshop.title,
        "Haus Steinstraße",
        "9 Uhr: Kaffee",
        str(guest),
        task.title,
        "noch nicht begonnen",
        event.title,
        membership.team.name,
        mate.participation.person.full_name,
    ):
        assert text in response.text
    for text in (
        hidden.title,
        gone.participation.person.full_name,
        foreign.team.name,
        foreign.participation.person.full_name,
    ):
        assert text not in response.text


@pytest.mark.parametrize(
    ("addressee", "name"), [("each", "Einzelaufgabe"), ("team", "Teamaufgabe")]
)
def test_task_says_whose_it_is(client, addressee, name):
    task = TaskFactory(workshop__run__running=True, addressee=addressee)
    membership = TeamMembershipFactory(team=TeamFactory(run=task.workshop.run))
    client.force_login(membership.participation.person.user)

    for address in (run_url(task.workshop.run), task.get_absolute_url(), reverse("home:desk")):
        assert name in client.get(address).text


def test_output_is_text_or_file_or_both(client, output):
    page = client.get(edit_url(output)).text

    assert "Text, Datei oder beides." in page
    assert "(freiwillig)" not in page


@pytest.mark.parametrize("status", ["completed", "archived", "cancelled"])
def test_ended_run_without_anything_promises_nothing(client, status):
    participation = ParticipationFactory()
    type(participation.run).objects.filter(pk=participation.run.pk).update(status=status)
    client.force_login(participation.person.user)

    response = client.get(run_url(participation.run))

    assert "Zu diesem Durchlauf steht kein Workshop im Portal." in response.text
    assert "Noch kein" not in response.text


def test_run_without_anything_says_what_will_stand_there(client):
    participation = ParticipationFactory()
    client.force_login(participation.person.user)

    response = client.get(run_url(participation.run))

    check_html(response)
    assert "Noch keine Workshops" in response.text
    assert "Noch kein Team" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_run_query_count(client, django_assert_num_queries, count):
    run = RunFactory()
    membership = TeamMembershipFactory(team=TeamFactory(run=run))
    for workshop in WorkshopFactory.create_batch(count, run=run):
        GuestFactory.create_batch(count, workshop=workshop)
        for task in TaskFactory.create_batch(count, workshop=workshop):
            OutputFactory(task=task, participation=membership.participation)
    TeamMembershipFactory.create_batch(count, team=membership.team)
    EventFactory.create_batch(count, run=run)
    client.force_login(membership.participation.person.user)
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(13):
        response = client.get(run_url(run))

    assert response.text.count("Entwurf") == count * count


@pytest.mark.parametrize("count", [1, 3])
def test_run_query_count_for_a_facilitator(client, django_assert_num_queries, count):
    run = RunFactory()
    for task in TaskFactory.create_batch(count, workshop__run=run):
        OutputFactory.create_batch(count, task=task, submitted=True)
    TeamMembershipFactory.create_batch(count, team=TeamFactory(run=run))
    client.force_login(ParticipationFactory(run=run, facilitator=True).person.user)
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(14):
        response = client.get(run_url(run))

    assert len(re.findall(r'href="/mein-bereich/ergebnisse/\d+/"', response.text)) == count * count


def test_run_of_others_does_not_exist_unless_it_is_public(client):
    user = ParticipationFactory().person.user
    client.force_login(user)

    assert client.get(run_url(RunFactory())).status_code == 404
    assert client.get(run_url(RunFactory(public=True))).status_code == 403


def test_run_asks_to_log_in(client):
    response = client.get(run_url(RunFactory(public=True)))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


# Task


def test_task_offers_to_begin(client):
    task = TaskFactory()
    user = ParticipationFactory(run=task.workshop.run).person.user
    client.force_login(user)

    response = client.get(task.get_absolute_url())
    check_html(response)
    assert "Ergebnis schreiben" in response.text

    response = client.post(reverse("workshops:start", args=[task.pk]))
    output = Output.objects.get()
    assert response.url == edit_url(output)
    assert writer(output) == user


def test_task_for_teams_begins_for_the_team_that_was_chosen(client):
    task = TaskFactory(for_team=True)
    participation = ParticipationFactory(run=task.workshop.run)
    teams = TeamFactory.create_batch(2, run=task.workshop.run)
    for team in teams:
        TeamMembershipFactory(team=team, participation=participation)
    client.force_login(participation.person.user)

    response = client.get(task.get_absolute_url())
    assert response.text.count('name="team"') == 2

    client.post(reverse("workshops:start", args=[task.pk]), {"team": teams[1].pk})
    assert Output.objects.get().team == teams[1]
    check_html(client.get(task.get_absolute_url()))


@pytest.mark.parametrize("team", ["x", "0", "-1", "9" * 30])
def test_start_with_a_team_that_is_none(client, team):
    task = TaskFactory(for_team=True)
    participation = ParticipationFactory(run=task.workshop.run)
    client.force_login(participation.person.user)

    response = client.post(reverse("workshops:start", args=[task.pk]), {"team": team}, follow=True)

    assert "in keinem" in response.text
    assert not Output.objects.exists()


def test_task_for_teams_says_why_it_cannot_begin(client):
    task = TaskFactory(for_team=True)
    client.force_login(ParticipationFactory(run=task.workshop.run).person.user)

    response = client.get(task.get_absolute_url())

    assert "Diese Aufgabe gibt ein Team ab." in response.text
    assert "Ergebnis schreiben" not in response.text


def test_task_of_a_run_that_is_over_says_so(client):
    task = TaskFactory(workshop__run__archived=True)
    client.force_login(ParticipationFactory(run=task.workshop.run).person.user)

    response = client.get(task.get_absolute_url())

    check_html(response)
    assert "Zu dieser Aufgabe wird nichts mehr abgegeben." in response.text


def test_task_shows_a_facilitator_what_was_handed_in(client):
    output = OutputFactory(submitted=True, task__readers="lead")
    run = output.task.workshop.run
    client.force_login(ParticipationFactory(run=run, facilitator=True).person.user)

    response = client.get(output.task.get_absolute_url())

    check_html(response)
    assert output.get_absolute_url() in response.text
    assert "nichts mehr abgegeben" not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_task_query_count(client, django_assert_num_queries, count):
    task = TaskFactory(due_at=None)
    run = task.workshop.run
    OutputFactory.create_batch(count, task=task, submitted=True)
    output = OutputFactory(task=task, participation=ParticipationFactory(run=run))
    client.force_login(writer(output))
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(6):
        response = client.get(task.get_absolute_url())

    assert len(re.findall(r'href="/mein-bereich/ergebnisse/\d+/"', response.text)) == count + 1


def test_start_is_forbidden_for_a_facilitator(client):
    task = TaskFactory()
    client.force_login(ParticipationFactory(run=task.workshop.run, facilitator=True).person.user)

    assert client.post(reverse("workshops:start", args=[task.pk])).status_code == 403
