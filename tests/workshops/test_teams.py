"""What is bound to a team is there for this team and for those who accompany the run."""

import datetime

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from concepts.models import Concept
from programmes.models import Team, TeamMembership
from tests.factories import (
    ConceptFactory,
    EditorFactory,
    EventFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)
from workshops.models import Event, Output, Task

pytestmark = pytest.mark.django_db

# Who is in a team is said on the team's own card, and by names that may be shown in public.
NO_PAGE_OF_ITS_OWN = {TeamMembership}


@pytest.fixture
def run():
    return RunFactory(running=True, public=True)


@pytest.fixture
def team(run):
    return TeamFactory(run=run, name="Team A")


@pytest.fixture
def people(run, team):
    """Accounts by what they have to do with the team."""
    former = TeamMembershipFactory(team=team, has_left=True)
    gone = ParticipationFactory(run=run, left=True)
    TeamMembershipFactory(team=team, participation=gone)
    return {
        "member": account(TeamMembershipFactory(team=team).participation),
        "former member": account(former.participation),
        "left the run": account(gone),
        "other team": account(TeamMembershipFactory(team__run=run).participation),
        "no team": account(ParticipationFactory(run=run)),
        "other run": account(ParticipationFactory(run__programme=run.programme)),
        "facilitator": account(ParticipationFactory(run=run, facilitator=True)),
        "lead": LeadFactory(programme=run.programme),
        "editor": EditorFactory(programme=run.programme),
        "superuser": UserFactory(superuser=True),
        "public": AnonymousUser(),
    }


def account(participation):
    return participation.person.user


def rows_of(team):
    """A row of everything that may be bound to a team."""
    starter = team.memberships.filter(has_left=False).first()
    # The one who began it works in another team as well.
    TeamMembershipFactory(team__run=team.run, participation=starter.participation)
    return {
        Event: EventFactory(run=team.run, team=team),
        Concept: ConceptFactory(run=team.run, team=team),
        Output: OutputFactory(
            submitted=True,
            team=team,
            participation=starter.participation,
            task=TaskFactory(workshop__run=team.run, for_team=True, readers=Task.Readers.TEAM),
        ),
    }


def test_all_that_may_be_bound_to_a_team_is_in_this_test(team, people):
    bound = {
        model
        for model in apps.get_models()
        for field in model._meta.fields
        if field.is_relation and field.related_model is Team
    }

    assert bound - NO_PAGE_OF_ITS_OWN == set(rows_of(team))


def test_bound_to_a_team_is_seen_by_the_team_and_those_who_accompany(team, people):
    for model, row in rows_of(team).items():
        seen = {
            name
            for name, user in people.items()
            if model.objects.visible_to(user).filter(pk=row.pk).exists()
        }

        assert seen == {"member", "facilitator", "lead", "editor", "superuser"}, model


def test_second_team_of_the_starter_does_not_read_the_output(team, people):
    output = rows_of(team)[Output]
    second = output.participation.memberships.exclude(team=team).get().team
    reader = account(TeamMembershipFactory(team=second).participation)

    assert not Output.objects.visible_to(reader).filter(pk=output.pk).exists()


def test_date_of_the_whole_run_is_seen_by_all_of_it(run, people):
    event = EventFactory(run=run)

    seen = {
        name
        for name, user in people.items()
        if Event.objects.visible_to(user).filter(pk=event.pk).exists()
    }

    assert seen == set(people) - {"left the run", "other run", "public"}


@pytest.mark.parametrize("is_public", [False, True])
def test_meeting_of_a_team_is_the_next_date_of_the_team_only(client, team, people, is_public):
    soon = timezone.localdate() + datetime.timedelta(days=2)
    EventFactory(
        run=team.run,
        team=team,
        title="Wir rechnen",
        held_on=soon.isoformat(),
        is_public=is_public,
    )
    found = {}
    for name in ("member", "other team", "no team", "facilitator"):
        client.force_login(people[name])
        desk = client.get("/mein-bereich/").context["desk"]
        found[name] = [(item.title, item.team) for item in desk.appointments]

    assert found == {
        "member": [("Wir rechnen", team)],
        "other team": [],
        "no team": [],
        "facilitator": [("Wir rechnen", team)],
    }


def test_page_of_the_run_lists_the_meetings_of_ones_team_only(client, team, people):
    EventFactory(run=team.run, team=team, title="Wir rechnen")
    address = f"/mein-bereich/durchlauf/{team.run.programme.slug}/{team.run.slug}/"
    shown = {}
    for name in ("member", "other team", "facilitator"):
        client.force_login(people[name])
        shown[name] = "Wir rechnen" in client.get(address).text

    assert shown == {"member": True, "other team": False, "facilitator": True}


@pytest.mark.parametrize("readers", [Task.Readers.RUN, Task.Readers.TEAM])
@pytest.mark.parametrize("trait", ["submitted", "accepted"])
def test_outputs_of_a_task_that_is_not_released_are_not_shown_to_the_group(
    run, team, people, readers, trait
):
    task = TaskFactory(workshop__run=run, readers=readers)
    writer = TeamMembershipFactory(team=team).participation
    output = OutputFactory(task=task, participation=writer, **{trait: True})
    reader = people["member"]
    assert Output.objects.visible_to(reader).filter(pk=output.pk).exists()

    Task.objects.filter(pk=task.pk).update(is_released=False)

    seen = {
        name
        for name, user in {**people, "writer": account(writer)}.items()
        if Output.objects.visible_to(user).filter(pk=output.pk).exists()
    }
    assert seen == {"writer", "facilitator", "lead", "editor", "superuser"}
