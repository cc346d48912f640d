"""Nobody decides unseen: every button carries the version of what stood on its page."""

import threading

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, connections, models, transaction
from django.utils import timezone
from lxml import html

from desk.object_actions import ObjectActionsMixin
from desk.versions import VersionedMixin
from people.models import AuditEntry, User
from programmes.models import Invitation, Participation, Run, Sector
from publications.admin.press import PressReleaseAdmin
from publications.models import Edition, PressRelease
from publications.operations import return_publication, submit_publication
from tests.access.world import undone
from tests.factories import (
    EditorFactory,
    GuidelineFactory,
    InvitationFactory,
    LeadFactory,
    RenderJobFactory,
    RunFactory,
    SectorFactory,
    WorkshopFactory,
)
from tests.pages import admin_url, press, read_button, read_form
from tests.publications.sample import make_programme, make_release
from tests.signing_in import log_in_with_second_factor
from texts.dates import ImpreciseDateField
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

# The form on the page between a list and what happens to its rows.
CONFIRMATION = "//form[.//input[@name='confirmed']]"
WITH_BUTTONS = sorted(
    (
        model
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, ObjectActionsMixin) and model_admin.object_actions
    ),
    key=lambda model: model._meta.label,
)


def states_of(row):
    """The row in every state that its table allows, whatever the way there."""
    name = "release" if hasattr(row, "release") and hasattr(row, "speaker") else "status"
    if not hasattr(row, name):
        yield row
        return
    for value, _label in row._meta.get_field(name).choices:
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**{name: value})
        except IntegrityError:
            continue
        yield type(row)._base_manager.get(pk=row.pk)


def buttons_of(client, row):
    """The addresses of the buttons on the row's page, by name."""
    response = client.get(admin_url(row))
    if response.status_code == 404:
        return {}
    page = html.fromstring(response.text)
    found = [*page.xpath("//a/@href"), *page.xpath("//form/@action")]
    return {
        address.split("/aktion/")[1].split("/")[0]: address
        for address in found
        if "/aktion/" in address
    }


def change_something(model_admin, row, value):
    """Somebody else changes the row or one that is read with it, in a text or else in a moment."""
    for read in model_admin.decided_on(row):
        fields = [
            field
            for field in read._meta.concrete_fields
            if not (field.is_relation or field.choices or field.unique)
            and not isinstance(field, ImpreciseDateField)
            and field.name not in {"programme", "scope", "slug", "key", *model_admin.not_decided_on}
        ]
        texts = [field for field in fields if isinstance(field, models.TextField)]
        texts += [field for field in fields if isinstance(field, models.CharField)]
        moments = [field for field in fields if isinstance(field, models.DateTimeField)]
        if texts or moments:
            new = f"Von Anderen {value}" if texts else timezone.now()
            changed = {(texts or moments)[0].name: new}
            type(read)._base_manager.filter(pk=read.pk).update(**changed)
            return


def everything(model):
    return [
        *model._base_manager.order_by("pk").values(),
        *AuditEntry.objects.order_by("pk").values(),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("model", WITH_BUTTONS, ids=lambda model: model._meta.label)
def test_no_button_decides_about_what_was_not_read(world, model):
    model_admin = admin.site._registry[model]
    pressed = set()
    rows = [row for row in world.rows.values() if type(row) is model]
    if model is User:
        # Who has a second factor that can be taken.
        rows.append(world.users["editor"])
    if model is Participation:
        rows.append(world.rows["invitation"].participation)
    for role in ("lead", "superuser"):
        client = world.clients[role]
        for row in rows:
            with undone():
                if model is Workshop:
                    # Only what has results is documented.
                    Workshop.objects.filter(pk=row.pk).update(results="<p>Drei Ideen.</p>")
                for number, current in enumerate(states_of(row)):
                    addresses = buttons_of(client, current)
                    change_something(model_admin, current, number)
                    before = everything(model)
                    for name, address in addresses.items():
                        response = client.post(address, {"confirmed": "1", "note": "Gelesen."})
                        assert response.status_code == 409, (name, response.status_code)
                        assert admin_url(row) in response.text
                        assert client.get(address).status_code == 409
                        pressed.add(name)
                    assert everything(model) == before

    assert pressed == set(model_admin.object_actions)


@pytest.fixture
def sample():
    return make_programme()


@pytest.fixture
def programme(sample):
    return sample.programme


@pytest.fixture
def lead(client, programme):
    return log_in_with_second_factor(client, LeadFactory(programme=programme))


def submitted(sample):
    """A release that waits for its approval, and nobody has doubts."""
    return submit_publication(make_release(sample), by=EditorFactory(programme=sample.programme))


@pytest.fixture
def waiting(sample):
    return submitted(sample)


def submit_anew(release):
    """Give back, change, and submit again, as somebody else does."""
    by = release.submitted_by
    return_publication(release, by=by)
    PressRelease.objects.filter(pk=release.pk).update(lead="Nie gelesen.")
    return submit_publication(release, by=by)


def test_old_button_does_not_approve_the_text_that_came_after(lead, waiting):
    button = read_button(lead, waiting, "approve")
    submit_anew(waiting)

    response = lead.post(button)

    assert response.status_code == 409
    assert "Seit Sie diese Seite geöffnet haben, hat jemand etwas geändert." in response.text
    waiting.refresh_from_db()
    assert waiting.status == PressRelease.Status.IN_APPROVAL
    press(lead, waiting, "approve")
    waiting.refresh_from_db()
    assert waiting.status == PressRelease.Status.APPROVED


def test_question_page_keeps_the_version_of_the_page_before(lead, waiting):
    button = read_button(lead, waiting, "approve")
    asked = lead.get(button)
    submit_anew(waiting)

    assert asked.status_code == 200
    # The form has no address of its own: a browser sends it to the one that was opened.
    assert html.fromstring(asked.text).xpath("//div[@id='content-main']//form/@action") == []
    assert lead.post(button).status_code == 409


def test_address_without_a_version_leads_to_the_page(lead, waiting):
    bare = admin_url(waiting, "action", "approve")

    assert lead.get(bare).url == admin_url(waiting)
    assert lead.post(bare).status_code == 409
    waiting.refresh_from_db()
    assert waiting.status == PressRelease.Status.IN_APPROVAL


def test_a_print_does_not_hold_up_a_decision(lead, waiting):
    button = read_button(lead, waiting, "give_back")
    PressRelease.objects.update(render_job=RenderJobFactory())

    assert lead.post(button).status_code == 302


def test_what_was_typed_is_there_when_somebody_was_faster(lead, programme):
    run = RunFactory(programme=programme, number=71)
    button = read_button(lead, run, "set_question")
    Run.objects.update(topic="Anders")

    response = lead.post(button, {"text": "Wie gelingt das?", "source": "Presse"})

    assert response.status_code == 409
    assert "Wie gelingt das?" in response.text


def test_pressed_twice_one_edition_begins(lead, programme):
    guideline = GuidelineFactory(programme=programme)
    button = read_button(lead, guideline, "begin_edition")

    assert [lead.post(button).status_code for _ in range(2)] == [302, 409]

    assert Edition.objects.filter(guideline=guideline).count() == 1


def test_many_rows_are_decided_only_as_they_were_shown(lead, programme):
    run = RunFactory(programme=programme, number=71, running=True)
    rows = [InvitationFactory(participation__run=run).participation for _ in range(2)]
    changelist = "/admin/programmes/participation/"
    chosen = {"action": "invite", "_selected_action": [row.pk for row in rows]}
    sent = Invitation.objects.filter(participation__run=run, status=Invitation.Status.SENT)
    shown = lead.post(changelist, chosen)
    person = rows[1].person
    person.email = "neu@example.org"
    person.save(update_fields=["email"])

    response = lead.post(changelist, read_form(shown, within=CONFIRMATION))

    assert response.status_code == 409
    assert [str(row) for row in response.context["changed"]] == [str(rows[1])]
    assert not sent.exists()
    again = lead.post(changelist, read_form(response, within=CONFIRMATION))
    assert again.status_code == 302
    assert sent.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control"])
def test_decision_and_change_do_not_overtake_each_other(client, monkeypatch, is_locked):
    """Somebody submits another text just when the version was compared.

    The control has no lock: there, what nobody read is approved.
    """
    sample = make_programme()
    lead = log_in_with_second_factor(client, LeadFactory(programme=sample.programme))
    release = submitted(sample)
    button = read_button(lead, release, "approve")
    is_compared, refused = threading.Event(), []
    read = PressReleaseAdmin.decided_on

    def change():
        is_compared.wait(10)
        try:
            submit_anew(PressRelease.objects.get(pk=release.pk))
        except PressRelease.WrongStatus as refusal:
            refused.append(refusal)
        connections.close_all()

    other = threading.Thread(target=change)

    def let_the_other_in(model_admin, obj):
        rows = read(model_admin, obj)
        if connection.in_atomic_block:
            is_compared.set()
            other.join(2)
        return rows

    monkeypatch.setattr(PressReleaseAdmin, "decided_on", let_the_other_in)
    if not is_locked:
        monkeypatch.delattr(VersionedMixin, "get_object")
    other.start()
    response = lead.post(button)
    other.join(10)

    release.refresh_from_db()
    assert response.status_code == 302
    assert release.status == PressRelease.Status.APPROVED
    assert len(refused) == (1 if is_locked else 0)
    assert ("Nie gelesen." in str(release.render_job.content)) is not is_locked


# Deleting


def test_nothing_is_deleted_that_changed_since_it_was_shown(lead, programme):
    sector = SectorFactory(programme=programme)
    url = admin_url(sector, "delete")
    data = read_form(lead.get(url))
    Sector.objects.filter(pk=sector.pk).update(name="Kunst")

    for typed in (data, {"post": "yes"}):
        response = lead.post(url, typed)
        assert response.status_code == 409
        assert "Es ist noch nichts gelöscht" in response.text
    assert Sector.objects.filter(pk=sector.pk).exists()

    assert lead.post(url, read_form(response)).status_code == 302
    assert not Sector.objects.filter(pk=sector.pk).exists()


def test_nothing_is_deleted_with_what_was_not_shown(lead, programme):
    run = RunFactory(programme=programme, number=71)
    url = admin_url(run, "delete")
    data = read_form(lead.get(url))
    workshop = WorkshopFactory(run=run)

    response = lead.post(url, data)

    assert response.status_code in {200, 409}
    assert Workshop.objects.filter(pk=workshop.pk).exists()


def test_many_are_deleted_only_as_they_were_shown(lead, programme):
    sectors = SectorFactory.create_batch(2, programme=programme)
    url = "/admin/programmes/sector/"
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in sectors]}
    shown = lead.post(url, chosen)
    Sector.objects.filter(pk=sectors[0].pk).update(name="Kunst")

    response = lead.post(url, read_form(shown))

    assert response.status_code == 409
    assert Sector.objects.filter(pk__in=[row.pk for row in sectors]).count() == 2
    assert lead.post(url, read_form(response)).status_code == 302
    assert not Sector.objects.filter(pk__in=[row.pk for row in sectors]).exists()


# What a question names


def test_run_is_not_closed_over_what_opened_after_the_question(lead, programme):
    run = RunFactory(programme=programme, number=71, running=True)
    button = read_button(lead, run, "complete")
    data = read_form(lead.get(button), within="//div[@id='content-main']//form")
    invitation = InvitationFactory(participation__run=run, sent=True)

    for typed in (data, {}):
        response = lead.post(button, typed)
        assert response.status_code == 409
        assert admin_url(run) in response.text

    run.refresh_from_db()
    invitation.refresh_from_db()
    assert (run.status, invitation.status) == (Run.Status.RUNNING, Invitation.Status.SENT)
    press(lead, run, "complete")
    run.refresh_from_db()
    assert run.status == Run.Status.COMPLETED
