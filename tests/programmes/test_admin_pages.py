"""The admin as a whole: who reaches it, what it shows, and that nothing of others is in it."""

import pytest
from django.contrib import admin
from django.urls import reverse

from programmes.models import Programme
from programmes.models.belonging import belongs_to_programmes, in_programmes
from tests.factories import (
    AuditEntryFactory,
    BlockFactory,
    ConceptFactory,
    ConsentPurposeFactory,
    EditionFactory,
    EventFactory,
    InvitationFactory,
    LeadFactory,
    MessageFactory,
    OrganisationFactory,
    OutputFactory,
    PersonFactory,
    PositionFactory,
    PressBlockFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    RunFactory,
    SectorFactory,
    StatedFigureFactory,
    TeamMembershipFactory,
    UserFactory,
)
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db


def furnish(programme, canary):
    """One row of everything that belongs to a programme, each with the canary in its name."""
    run = RunFactory(programme=programme, topic=f"Lauf {canary}", running=True)
    person = PersonFactory(programme=programme, family_name=f"Person{canary}")
    PositionFactory(
        person=person,
        title=f"Funktion {canary}",
        organisation=OrganisationFactory(programme=programme, name=f"Haus {canary}"),
    )
    SectorFactory(programme=programme, name=f"Bereich {canary}")
    ConsentPurposeFactory(programme=programme, name=f"Zweck {canary}")
    MessageFactory(scope=programme.slug, subject=f"Betreff {canary}", failed=True)
    AuditEntryFactory(scope=programme.slug, object_label=f"Ding {canary}")
    StatedFigureFactory(programme=programme, label=f"Angabe {canary}")
    InvitationFactory(participation__run=run, participation__person=person, sent=True)
    membership = TeamMembershipFactory(team__run=run, team__name=f"Team {canary}")
    EventFactory(run=run, title=f"Termin {canary}")
    OutputFactory(
        submitted=True,
        participation=membership.participation,
        task__title=f"Aufgabe {canary}",
        task__workshop__run=run,
        task__workshop__title=f"Tag {canary}",
    )
    ConceptFactory(run=run, team=membership.team, title=f"Konzept {canary}")
    PressBlockFactory(release__programme=programme, release__headline=f"Nachricht {canary}")
    BlockFactory(
        chapter__guideline__programme=programme,
        chapter__guideline__title=f"Leitfaden {canary}",
        chapter__title=f"Kapitel {canary}",
    )
    EditionFactory(guideline__programme=programme, guideline__title=f"Heft {canary}")


@pytest.fixture
def own():
    programme = ProgrammeFactory(title="Programm EIGENES")
    furnish(programme, "EIGENES")
    return programme


@pytest.fixture
def foreign():
    programme = ProgrammeFactory(title="Programm FREMDES")
    furnish(programme, "FREMDES")
    return programme


@pytest.fixture
def lead(client, own):
    user = LeadFactory(programme=own)
    log_in_with_second_factor(client, user)
    return user


def scoped_models():
    return [model for model in admin.site._registry if belongs_to_programmes(model)]


def url(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def rows_of(model, programme):
    return in_programmes(model._default_manager.all(), Programme.objects.filter(pk=programme.pk))


def test_admin_knows_every_room():
    assert {model._meta.app_label for model in scoped_models()} >= {"people", "programmes"}


def test_lists_show_own_rows_and_no_others(client, lead, own, foreign):
    for model in scoped_models():
        if not rows_of(model, own).exists():
            continue

        response = client.get(url(model, "changelist"))

        assert response.status_code == 200, model
        assert "FREMDES" not in response.text, model


@pytest.mark.slow
def test_own_rows_open_and_foreign_rows_do_not(client, lead, own, foreign):
    for model in scoped_models():
        for row in rows_of(model, own):
            assert client.get(url(model, "change", row.pk)).status_code in {200, 403}, row
            assert client.get(url(model, "history", row.pk)).status_code in {200, 403}, row
        for row in rows_of(model, foreign):
            for name in ("change", "history"):
                assert client.get(url(model, name, row.pk)).status_code == 404, (row, name)
            # 403 where nobody deletes, whatever the row.
            assert client.get(url(model, "delete", row.pk)).status_code in {403, 404}, row


@pytest.mark.slow
def test_own_pages_offer_nothing_foreign(client, lead, own, foreign):
    for model in scoped_models():
        for row in rows_of(model, own):
            assert "FREMDES" not in client.get(url(model, "change", row.pk)).text, row
        assert "FREMDES" not in client.get(url(model, "add")).text, model


def test_autocomplete_knows_own_rows_only(client, lead, own, foreign):
    asked = 0
    for model, model_admin in admin.site._registry.items():
        for name in model_admin.autocomplete_fields:
            query = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": name,
                "term": "",
            }
            response = client.get(reverse("admin:autocomplete"), query)

            assert response.status_code == 200, (model, name)
            assert "FREMDES" not in response.text, (model, name)
            asked += 1
    assert asked > 5


def test_search_finds_nothing_foreign(client, lead, own, foreign):
    for model, model_admin in admin.site._registry.items():
        if model_admin.search_fields and belongs_to_programmes(model):
            response = client.get(url(model, "changelist"), {"q": "FREMDES"})

            assert response.status_code == 200, model
            body = response.text.replace('value="FREMDES"', "")
            assert "Lauf FREMDES" not in body, model


def test_foreign_choice_in_a_form_is_refused(client, lead, own, foreign):
    run = rows_of(RunFactory._meta.model, foreign).get()

    response = client.post(
        reverse("admin:programmes_participation_add"),
        {"run": run.pk, "role": "participant", "family_name": "Neu"},
    )

    assert response.status_code == 200
    assert response.context["adminform"].form.errors["run"]


def test_rows_of_two_own_programmes_do_not_mix(client, lead, own, foreign):
    ResponsibilityFactory(programme=foreign, user=lead)
    run = rows_of(RunFactory._meta.model, own).get()
    person = PersonFactory(programme=foreign)

    response = client.post(
        reverse("admin:programmes_participation_add"),
        {"run": run.pk, "role": "participant", "person": person.pk},
    )

    assert response.context["adminform"].form.errors["person"] == [
        f"„{person}“ gehört zu einem anderen Programm."
    ]


def test_start_page_says_what_waits(client, lead, own, foreign):
    response = client.get(reverse("admin:index"))

    assert "Einladungen ohne Antwort" in response.text
    assert "PersonEIGENES" in response.text
    assert "FREMDES" not in response.text


def test_start_page_of_somebody_without_programme_says_so(client):
    log_in_with_second_factor(client, UserFactory(staff=True))

    response = client.get(reverse("admin:index"))

    assert "Sie sind für kein Programm zuständig." in response.text


def test_secrets_have_no_admin():
    apps = {model._meta.app_label for model in admin.site._registry}

    assert apps.isdisjoint({"auth", "account", "mfa", "usersessions", "sessions"})
