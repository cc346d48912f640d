"""The demo is alive: whatever day it is, there is something to do for everybody."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from concepts.models import Concept
from dev.prepare import demo_run
from exchange.demonstration import SLUG, prepare_demonstration, refresh_dates
from exchange.demonstration.run import BEA, FANNY, MARA, PIT, VEIT
from people.models import Message, User
from programmes.models import Consent, Invitation, Participation, Person, Programme, Run
from programmes.operations import cancel_run
from tests.html_check import check_html
from workshops.models import Event, Output, Task, Workshop

pytestmark = pytest.mark.django_db

PASSWORD = "ein-langes-testwort-42"


@pytest.fixture
def demonstration():
    return prepare_demonstration(password=PASSWORD)


@pytest.fixture
def run(demonstration):
    return demonstration.run


def account(address):
    return User.objects.get(email=address)


def called(**options):
    out = io.StringIO()
    call_command("create_demo_run", stdout=out, **options)
    return out.getvalue()


def test_run_is_under_way_with_something_of_everything(run):
    today = timezone.localdate()
    workshops = list(run.workshops.order_by("number"))

    assert run.status == Run.Status.RUNNING
    assert run.period.first_day < today < run.period.last_day
    assert [workshop.status for workshop in workshops] == [
        "documented",
        "held",
        "confirmed",
        "planned",
        "planned",
    ]
    soon = workshops[2].held_on.first_day - today
    assert datetime.timedelta(days=5) <= soon <= datetime.timedelta(days=7)
    assert run.teams.count() == 2
    assert Concept.objects.filter(run=run, status="drafting").count() == 2
    assert Invitation.objects.filter(participation__run=run, status="sent").count() == 1
    assert Consent.objects.filter(person__programme__slug=SLUG).count() == 2


def test_everybody_finds_something_to_do(client, run):
    desks = {}
    for address in (MARA, VEIT, BEA, PIT, FANNY):
        client.force_login(account(address))
        response = client.get("/mein-bereich/")
        check_html(response)
        desks[address] = response.context["desk"]

    assert [item.task.key for item in desks[MARA].tasks] == ["laeden", "einladung", "rechnung"]
    assert desks[MARA].tasks[0].is_overdue
    assert not desks[MARA].tasks[1].is_overdue
    assert [item.title for item in desks[MARA].appointments][:2] == [
        "Treffen: Wir rechnen",
        "Werkstatt: Ideen, die tragen",
    ]
    assert desks[BEA].appointments[0].title == "Werkstatt: Ideen, die tragen"
    assert len(desks[FANNY].waiting) == 3
    assert desks[MARA].teams[0].shown[0].title == "Schaufenster auf Zeit"


def test_it_is_recognisably_invented(client, run):
    text = client.get(run.get_absolute_url()).text

    assert "Vorführung" in run.topic
    assert "sind erfunden" in run.programme.summary
    assert "erfundener Durchlauf" in text
    addresses = set(Person.objects.filter(programme__slug=SLUG).values_list("email", flat=True))
    assert all(address.endswith("@example.org") for address in addresses)


def test_open_invitation_is_told_and_lies_in_a_mail(client, demonstration):
    mail = Message.objects.exclude(link="").get()

    assert demonstration.link == mail.link
    path = demonstration.link.partition("/einladung/")[2]
    assert client.get(f"/einladung/{path}").status_code == 200


def test_nothing_of_the_story_is_late_or_mailed_twice(run):
    assert not Output.objects.filter(is_late=True).exists()
    # Two who answer for the programme, an accepted output needs none, and the open invitation.
    assert Message.objects.filter(subject__contains="Einladung").count() == 1


def test_second_call_changes_nothing_but_dates(demonstration):
    before = counts()

    again = prepare_demonstration(password=PASSWORD)

    assert again.run == demonstration.run
    assert again.link == ""
    assert counts() == before


def counts():
    models = (Programme, Run, Person, Participation, Workshop, Task, Output, Event, Message, User)
    return [model.objects.count() for model in models]


@pytest.mark.parametrize("days", [1, 40, 400])
def test_it_never_ages(run, days):
    later = timezone.localdate() + datetime.timedelta(days=days)

    refresh_dates(run, later)

    ahead = [workshop.held_on.first_day >= later for workshop in run.workshops.order_by("number")]
    assert ahead == [False, False, True, True, True]
    due = Task.objects.get(workshop__run=run, key="einladung").due_at
    assert timezone.localtime(due).date() == later + datetime.timedelta(days=4)
    assert all(day.held_on.first_day.weekday() < 5 for day in run.workshops.all())


def test_held_workshop_stays_where_it_was(run):
    workshop = run.workshops.get(key="werkstatt")
    Workshop.objects.filter(pk=workshop.pk).update(status="held")

    refresh_dates(run, timezone.localdate() + datetime.timedelta(days=30))

    assert run.workshops.get(key="werkstatt").held_on == workshop.held_on


def test_next_run_begins_when_one_was_played_to_its_end(run):
    cancel_run(run, by=account("lead@example.org"))

    following = prepare_demonstration(password=PASSWORD)

    assert following.run.number == run.number + 1
    assert following.run.status == Run.Status.RUNNING
    assert following.link
    assert Person.objects.filter(programme__slug=SLUG, email=MARA).count() == 1


def test_answered_invitation_is_followed_by_another(run):
    Invitation.objects.filter(status="sent").update(expires_at=timezone.now())

    assert prepare_demonstration(password=PASSWORD).link


def test_command_says_who_logs_in_as_whom(settings):
    settings.DEVELOPMENT = True

    said = called(password=PASSWORD)

    assert "Läuft gerade: Leere Läden beleben (Vorführung)" in said
    assert "mara@example.org   Mara Musterfrau: teilnehmend, Team Schaufenster" in said
    assert "fanny@example.org  Fanny Formular: begleitend" in said
    assert "Eine offene Einladung: http" in said
    assert "Einladung" not in called(password=PASSWORD)
    assert account(MARA).check_password(PASSWORD)


def test_command_is_for_development_only(settings):
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="nur in der Entwicklung"):
        called()
    assert not Programme.objects.exists()


def test_start_tells_the_link_until_there_is_another(settings, tmp_path):
    settings.DEVELOPMENT, settings.VAR_DIR = True, tmp_path

    first, second = demo_run(), demo_run()

    assert "Eine offene Einladung: http" in first
    assert second == first
    Invitation.objects.filter(status="sent").update(expires_at=timezone.now())
    third = demo_run()
    assert third.count("Eine offene Einladung") == 1
    assert third != first
