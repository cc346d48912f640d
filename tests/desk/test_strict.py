"""The admin takes what it offers: own programmes, own filters, numbers for rows; nothing else."""

import threading

import pytest
from django.db import connections
from django.db.models.signals import pre_save
from django.urls import reverse

from people.models import AuditEntry, Message
from programmes.models import Participation, Programme, Responsibility, Run
from programmes.operations import complete_run
from tests.factories import (
    LeadFactory,
    MessageFactory,
    OrganisationFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    RunFactory,
    SectorFactory,
)
from tests.pages import admin_url, read_form, save
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def led():
    return ProgrammeFactory(title="Geleitet")


@pytest.fixture
def edited():
    return ProgrammeFactory(title="Redigiert")


@pytest.fixture
def lead(client, led, edited):
    """Leads one programme and edits another."""
    user = LeadFactory(programme=led)
    ResponsibilityFactory(programme=edited, user=user, role=Responsibility.Role.EDITOR)
    return log_in_with_second_factor(client, user)


def run_fields(programme):
    return {"programme": programme.pk, "topic": "Neu", "number": 7, "slug": "neu"}


@pytest.mark.parametrize(("name", "status", "count"), [("led", 302, 1), ("edited", 200, 0)])
def test_run_is_added_only_where_one_leads(lead, request, name, status, count):
    programme = request.getfixturevalue(name)

    response = lead.post(reverse("admin:programmes_run_add"), run_fields(programme))

    assert response.status_code == status
    assert Run.objects.count() == count


def test_nobody_is_invited_where_one_edits(lead, edited):
    fields = {
        "run": RunFactory(programme=edited, running=True).pk,
        "role": Participation.Role.PARTICIPANT,
        "given_name": "Erika",
        "family_name": "Beispiel",
        "email": "erika@example.org",
        "send_invitation": "on",
    }

    response = lead.post(reverse("admin:programmes_participation_add"), fields)

    assert response.status_code == 200
    assert Participation.objects.count() == 0
    assert Message.objects.count() == 0


def test_organisation_may_go_to_both(lead, led, edited):
    text = lead.get(reverse("admin:programmes_organisation_add")).text

    assert "Geleitet" in text
    assert "Redigiert" in text


def test_sector_goes_where_one_leads(lead, led):
    lead.post(reverse("admin:programmes_sector_add"), {"name": "Kultur", "position": 1})

    assert (
        led.slug
        == OrganisationFactory._meta.model._meta.apps.get_model("programmes", "Sector")
        .objects.values_list("programme__slug", flat=True)
        .get()
    )


def test_responsibility_without_staff_reads_nothing(led):
    user = LeadFactory(programme=led)
    user.is_staff = False
    user.save(update_fields=["is_staff"])

    assert not Programme.objects.administered_by(user).exists()
    assert not Programme.objects.led_by(user).exists()
    assert not Run.objects.accompanied_by(user).exists()


@pytest.mark.expects_error_log  # Django writes down every refused lookup.
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("people_message", "link__startswith=https://portal/einladung/S"),
        ("people_message", "body__regex=((("),
        ("people_message", "created_at__year=99999999999999999999"),
        ("people_message", "created_at__year=-1"),
        ("programmes_run", "programme__website__startswith=h"),
    ],
)
def test_lookup_that_no_filter_offers_is_refused(lead, led, name, query):
    MessageFactory(scope=led.slug)

    assert lead.get(f"{reverse(f'admin:{name}_changelist')}?{query}").status_code == 400


def test_every_filter_and_search_works(lead, led):
    run = RunFactory(programme=led)

    for query in (
        f"programme__id__exact={led.pk}",
        "status__exact=planned",
        "is_public__exact=0",
        f"q={run.topic}",
        "o=1",
        "p=1",
    ):
        response = lead.get(f"{reverse('admin:programmes_run_changelist')}?{query}")
        assert response.status_code == 200
        assert run.topic in response.text


@pytest.mark.parametrize("value", ["abc", "9" * 30, "-1", "1.5"])
def test_number_that_is_none_is_no_error_of_the_portal(lead, led, value):
    add = reverse("admin:programmes_team_add")
    changelist = reverse("admin:programmes_run_changelist")
    RunFactory(programme=led)

    assert lead.get(f"{add}?run={value}").status_code == 200
    assert lead.post(add, {"run": value, "name": "Team"}).status_code == 200
    answer = lead.post(changelist, {"action": "delete_selected", "_selected_action": value})
    assert answer.status_code in (200, 302)


def test_deleting_is_written_down(lead, led):
    user = Responsibility.objects.get(programme=led).user
    sector = SectorFactory(programme=led, name="Kultur")

    url = admin_url(sector, "delete")
    lead.post(url, read_form(lead.get(url)))

    entry = AuditEntry.objects.get(action="delete")
    assert (entry.actor, entry.scope, entry.object_label) == (user, led.slug, "Kultur")


def test_deleting_many_is_written_down(lead, led):
    sectors = SectorFactory.create_batch(2, programme=led)

    url = reverse("admin:programmes_sector_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in sectors]}
    lead.post(url, read_form(lead.post(url, chosen)))

    assert AuditEntry.objects.filter(action="delete").count() == 2


@pytest.mark.django_db(transaction=True)
def test_form_does_not_take_a_step_back(client, led):
    """A run is completed while the form of its summary is being saved."""
    user = LeadFactory(programme=led)
    lead = log_in_with_second_factor(client, user)
    run = RunFactory(programme=led, running=True)
    is_read, finished = threading.Event(), []

    def complete():
        is_read.wait(10)
        complete_run(Run.objects.get(pk=run.pk), by=user)
        finished.append(True)
        connections.close_all()

    def let_the_other_in(**kwargs):
        # The form has read the row; the other one waits for it, or would overtake.
        if threading.current_thread() is not other:
            is_read.set()
            other.join(1)

    other = threading.Thread(target=complete)
    other.start()
    pre_save.connect(let_the_other_in, sender=Run)
    try:
        response = save(lead, run, summary="Neu")
    finally:
        pre_save.disconnect(let_the_other_in, sender=Run)
        other.join(10)

    run.refresh_from_db()
    assert response.status_code == 302, response.context["errors"]
    assert finished == [True]
    assert (run.summary, run.status) == ("Neu", Run.Status.COMPLETED)
