"""The release of a quote, by the buttons of its page."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from people.models import AuditEntry, Message
from publications.models import Quote
from tests.factories import EditorFactory, LeadFactory, PersonFactory, QuoteFactory, UserFactory
from tests.pages import press, read_button, save
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db

Release = Quote.Release
BUTTONS = {
    "ask_for_release": Release.REQUESTED,
    "note_release": Release.RELEASED,
    "note_changed_release": Release.RELEASED_CHANGED,
    "record_release": Release.RECORDED,
    "note_refusal": Release.DECLINED,
    "note_silence": Release.EXPIRED,
}
# Reached by changing the words, and by reading a file of what was printed elsewhere.
WITHOUT_BUTTON = {Release.DRAFT, Release.HISTORIC}


@pytest.fixture(params=[LeadFactory, EditorFactory])
def quote(request, client):
    quote = QuoteFactory(text="So geht es.")
    log_in_with_second_factor(client, request.param(programme=quote.programme))
    return quote


def page(quote):
    return reverse("admin:publications_quote_change", args=[quote.pk])


def button(quote, name):
    return reverse("admin:publications_quote_action", args=[quote.pk, name])


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_every_state_of_the_release_has_its_button():
    assert set(BUTTONS.values()) | WITHOUT_BUTTON == set(Release)


@pytest.mark.parametrize("state", list(Release))
def test_page_shows_the_buttons_that_lead_on(client, quote, state):
    Quote.objects.filter(pk=quote.pk).update(release=state)

    shown = {item["action"].name for item in client.get(page(quote)).context["object_buttons"]}

    assert shown == {name for name, after in BUTTONS.items() if after in Quote.NEXT[state]}


@pytest.mark.parametrize("name", BUTTONS)
def test_button_moves_the_release(client, quote, name):
    before = next(state for state in Release if BUTTONS[name] in Quote.NEXT[state])
    before = Release.REQUESTED if BUTTONS[name] in Quote.NEXT[Release.REQUESTED] else before
    Quote.objects.filter(pk=quote.pk).update(release=before)

    response = press(client, quote, name, text="Anders geht es.")

    assert response.status_code == 302
    quote.refresh_from_db()
    assert quote.release == BUTTONS[name]
    assert AuditEntry.objects.of("publications.quote", quote.pk).count() == 1


def test_changed_words_are_the_released_ones(client, quote):
    Quote.objects.filter(pk=quote.pk).update(release=Release.REQUESTED)

    assert "So geht es." in client.get(read_button(client, quote, "note_changed_release")).text
    press(client, quote, "note_changed_release", text="Anders geht es.")

    quote.refresh_from_db()
    assert (quote.text, quote.release) == ("Anders geht es.", Release.RELEASED_CHANGED)
    assert quote.may_be_printed


def test_quote_in_two_parts_stays_in_two_parts(client, quote):
    Quote.objects.filter(pk=quote.pk).update(
        release=Release.REQUESTED, text_after="Sehr gut.", phrase_place="between"
    )

    refused = press(client, quote, "note_changed_release", text="Anders.", text_after="")
    assert refused.status_code == 200
    press(client, quote, "note_changed_release", text="Anders.", text_after="Gut.")

    quote.refresh_from_db()
    assert (quote.text, quote.text_after) == ("Anders.", "Gut.")


def test_speaker_is_asked_by_mail(client, quote):
    quote.speaker = PersonFactory(programme=quote.programme, email="wer@example.org")
    quote.function_on_day = "Leitung"
    quote.save()

    preview = client.get(read_button(client, quote, "ask_for_release")).text
    response = press(client, quote, "ask_for_release")

    assert "Dürfen wir Sie zitieren?" in preview
    assert told(response) == ["Die Anfrage geht an wer@example.org."]
    mail = Message.objects.get()
    assert (mail.recipient, mail.scope) == ("wer@example.org", quote.programme.slug)
    for word in ("„So geht es.“", "Leitung", "erscheint das Zitat nicht"):
        assert word in mail.body


def test_lead_stands_in_the_mail(client):
    quote = QuoteFactory()
    lead = LeadFactory(programme=quote.programme)
    log_in_with_second_factor(client, lead)
    quote.speaker = PersonFactory(programme=quote.programme)
    quote.save()

    press(client, quote, "ask_for_release")

    assert lead.email in Message.objects.get().body


def test_role_is_asked_by_the_lead(client, quote):
    assert (
        "Es geht keine E-Mail hinaus"
        in client.get(read_button(client, quote, "ask_for_release")).text
    )

    response = press(client, quote, "ask_for_release")

    assert told(response) == ["Als angefragt vermerkt. Bitte fragen Sie selbst."]
    assert not Message.objects.exists()


@pytest.mark.parametrize("state", ["requested", "declined", "released", "expired", "recorded"])
def test_other_words_begin_anew(client, quote, state):
    Quote.objects.filter(pk=quote.pk).update(release=state)

    response = save(client, quote, text="Neue Worte.")

    assert response.status_code == 302
    quote.refresh_from_db()
    assert (quote.text, quote.release) == ("Neue Worte.", "draft")


@pytest.mark.parametrize("name", BUTTONS)
def test_others_press_nothing(client, name):
    quote = QuoteFactory(requested=True)
    log_in_with_second_factor(client, LeadFactory())
    assert client.post(button(quote, name)).status_code == 404

    log_in_with_second_factor(client, UserFactory(superuser=True))
    client.post(button(quote, name), {"text": "Anders."})

    quote.refresh_from_db()
    assert quote.release == Release.REQUESTED
