"""Persons, outbox and change log in the admin: what stays, and who reads it."""

import pytest
from django.urls import reverse

from people.models import AuditEntry, Message
from programmes.models import Consent, Person
from tests.factories import (
    AuditEntryFactory,
    ConsentFactory,
    MessageFactory,
    ParticipationFactory,
    PersonFactory,
    PositionFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    RunFactory,
    UserFactory,
)
from tests.pages import read_form
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db


def change(row):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def changelist(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_person_on_record_is_not_deleted(client, lead, programme):
    agreed = ConsentFactory(person=PersonFactory(programme=programme)).person
    withdrawn = ConsentFactory(person=PersonFactory(programme=programme), withdrawn=True).person
    taking_part = ParticipationFactory(run__programme=programme).person

    for person in (agreed, withdrawn, taking_part):
        page = client.get(change(person))
        assert "darum lässt sie sich nicht löschen" in page.text
        url = reverse("admin:programmes_person_delete", args=[person.pk])
        assert url not in page.text
        assert client.post(url, {"post": "yes"}).status_code == 403
    log_in_with_second_factor(client, UserFactory(superuser=True))
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert Person.objects.count() == 3
    assert Consent.objects.count() == 2


@pytest.mark.parametrize(
    "typed", ["INA@example.org", "Ina Beispiel <ina@example.org>", "mailto:ina@example.org"]
)
def test_second_person_of_one_address_is_asked_about(client, lead, programme, typed):
    first = PersonFactory(programme=programme, email="ina@example.org")
    PersonFactory(programme=ProgrammeFactory(), email="ina@example.org")
    url = reverse("admin:programmes_person_add")
    form = read_form(client.get(url)) | {"family_name": "Beispiel", "email": typed}

    asked = client.post(url, form)

    assert asked.status_code == 200
    assert f"<a href='{change(first)}'>{first.full_name}</a>" in asked.text
    assert "Gemeinsames Postfach" in asked.text
    assert Person.objects.count() == 2
    client.post(url, form | {"shares_mailbox": "on"})
    assert Person.objects.filter(programme=programme, email="ina@example.org").count() == 2


@pytest.mark.parametrize("chosen", ["nothing", "foreign"])
@pytest.mark.django_db
def test_person_without_a_programme_is_asked_for_it(client, lead, programme, chosen):
    ResponsibilityFactory(programme=ProgrammeFactory(), user=lead, role="lead")
    foreign = ProgrammeFactory()
    url = reverse("admin:programmes_person_add")
    form = read_form(client.get(url)) | {"family_name": "Beispiel", "email": "ina@example.org"}

    page = client.post(url, form | {"programme": foreign.pk if chosen == "foreign" else ""})

    assert list(page.context["adminform"].form.errors) == ["programme"]
    assert "ina@example.org" in page.text
    assert not Person.objects.exists()


def test_person_keeps_the_address_that_others_have(client, lead, programme):
    PersonFactory(programme=programme, email="buero@example.org")
    second = PersonFactory(programme=programme, email="buero@example.org")
    form = read_form(client.get(change(second))) | {"given_name": "Neu"}

    client.post(change(second), form)

    second.refresh_from_db()
    assert second.given_name == "Neu"


def test_participant_with_the_address_of_somebody_is_asked_about(client, lead, programme):
    first = PersonFactory(programme=programme, email="ina@example.org")
    run = RunFactory(programme=programme)
    url = reverse("admin:programmes_participation_add")
    form = {
        "run": run.pk,
        "role": "participant",
        "family_name": "Beispiel",
        "email": "Ina@Example.org",
    }

    asked = client.post(url, form)
    assert f"<a href='{change(first)}'>{first.full_name}</a>" in asked.text
    assert Person.objects.count() == 1

    client.post(url, form | {"shares_mailbox": "on"})
    assert run.participations.get().person.email == "ina@example.org"


def test_person_without_a_trace_is_deleted(client, lead, programme):
    person = PersonFactory(programme=programme)
    PositionFactory(person=person)
    url = reverse("admin:programmes_person_delete", args=[person.pk])
    page = client.get(change(person))
    assert url in page.text
    assert "darum lässt sie sich nicht löschen" not in page.text

    client.post(url, read_form(client.get(url)))

    assert Person.objects.count() == 0


def test_many_persons_are_deleted_only_where_nothing_stands_in_the_way(client, lead, programme):
    consent = ConsentFactory(person=PersonFactory(programme=programme))
    data = {"action": "delete_selected", "_selected_action": [consent.person.pk]}

    page = client.post(changelist(Person), data)
    again = client.post(changelist(Person), {**data, "post": "yes"})

    for response in (page, again):
        assert f"Einwilligung: {consent}" in response.text
    assert Person.objects.count() == 1


@pytest.fixture
def edited(lead):
    """A programme that the lead of another one edits."""
    programme = ProgrammeFactory()
    ResponsibilityFactory(programme=programme, user=lead, role="editor")
    return programme


def test_outbox_and_change_log_show_the_led_programmes_only(client, lead, programme, edited):
    for scope in (programme.slug, edited.slug):
        MessageFactory(scope=scope, subject=f"Post {scope}", failed=True)
        AuditEntryFactory(scope=scope, object_label=f"Ding {scope}")
    foreign = [Message.objects.get(scope=edited.slug), AuditEntry.objects.get(scope=edited.slug)]

    for word, model in (("Post", Message), ("Ding", AuditEntry)):
        page = client.get(changelist(model))
        assert f"{word} {programme.slug}" in page.text
        assert f"{word} {edited.slug}" not in page.text
    for row in foreign:
        assert client.get(change(row)).status_code == 404
    start = client.get(reverse("admin:index"))
    assert f"Post {programme.slug}" in start.text
    assert f"Post {edited.slug}" not in start.text


def test_technical_care_sees_the_whole_outbox_and_change_log(client, programme):
    for scope in (programme.slug, ""):
        MessageFactory(scope=scope, subject=f"Post <{scope}>", failed=True)
        AuditEntryFactory(scope=scope, object_label=f"Ding <{scope}>")
    log_in_with_second_factor(client, UserFactory(superuser=True))

    for word, model in (("Post", Message), ("Ding", AuditEntry)):
        page = client.get(changelist(model))
        for scope in (programme.slug, ""):
            assert f"{word} &lt;{scope}&gt;" in page.text
    assert "Post &lt;&gt;" in client.get(reverse("admin:index")).text
