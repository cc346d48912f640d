"""Outbox and change log in the admin: who reads them."""

import pytest
from django.urls import reverse

from people.models import AuditEntry, Message
from tests.factories import (
    AuditEntryFactory,
    LeadFactory,
    MessageFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    UserFactory,
)
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def lead(client, programme):
    user = LeadFactory(programme=programme)
    log_in_with_second_factor(client, user)
    return user


def change(row):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def changelist(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


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
