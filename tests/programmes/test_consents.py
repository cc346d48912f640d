"""A person sees every consent, gives it and takes it back as easily, with effect at once."""

import pytest
from django.urls import reverse

from people.models import AuditEntry, Message
from programmes.models import Consent
from programmes.operations import StaleWording, give_consent, reword_purpose, withdraw_consent
from tests.factories import (
    ConsentFactory,
    ConsentPurposeFactory,
    ParticipationFactory,
    PersonFactory,
    RunFactory,
    UserFactory,
)
from tests.html_check import check_html

pytestmark = pytest.mark.django_db

PAGE = "/konto/einwilligungen/"


@pytest.fixture
def person(client):
    participation = ParticipationFactory(run=RunFactory(running=True, public=True))
    client.force_login(participation.person.user)
    return participation.person


@pytest.fixture
def purpose(person):
    wording = "Mein Name darf genannt werden."
    return ConsentPurposeFactory(programme=person.programme, wording=wording)


def answer(client, purpose, **data):
    address = reverse("programmes:consent_answer", args=[purpose.pk])
    return client.post(address, data, follow=True)


def test_page_shows_wording_time_way_and_history(client, person, purpose):
    give_consent(person, purpose, channel=Consent.Channel.PAPER, by=None)
    reword_purpose(purpose, "Ganz andere Worte.", by=None)
    ConsentFactory(person=person, purpose__key="fotos", purpose__name="Fotos", withdrawn=True)
    ConsentPurposeFactory(key="film", name="Film", wording="Film ja.")

    response = client.get(PAGE)

    check_html(response)
    [photos, name] = sorted(response.context["asked"], key=lambda item: item.purpose.name)
    assert (photos.purpose.name, photos.in_force) == ("Fotos", None)
    assert name.in_force.wording == "Mein Name darf genannt werden."
    assert name.is_reworded
    for shown in ("auf Papier", "Ganz andere Worte.", "Fassung 1", "beendet am"):
        assert shown in response.text
    assert "Film ja." not in response.text


def test_withdrawing_is_one_press_like_giving_and_holds_at_once(client, person, purpose):
    run = person.participations.get().run
    answer(client, purpose, answer="give", version=purpose.version)
    assert str(person) in client.get(run.get_absolute_url()).text

    response = answer(client, purpose, answer="withdraw")

    assert "Widerrufen: „" in response.text
    assert str(person) not in client.get(run.get_absolute_url()).text
    client.logout()
    assert str(person) not in client.get(run.get_absolute_url()).text
    assert not Consent.objects.in_force().exists()
    entry = AuditEntry.objects.get(action="withdraw_consent")
    assert (entry.actor, entry.scope) == (person.user, person.programme.slug)


def test_withdrawal_is_confirmed_by_mail(client, person, purpose):
    answer(client, purpose, answer="give", version=1)
    assert not Message.objects.exists()

    answer(client, purpose, answer="withdraw")

    mail = Message.objects.get()
    assert mail.recipient == person.user.email
    assert mail.scope == person.programme.slug
    assert purpose.name in mail.subject
    assert "nicht mehr auf den öffentlichen Seiten" in mail.body
    assert "/konto/einwilligungen/" in mail.body


def test_person_without_account_is_told_too(purpose):
    person = PersonFactory(programme=purpose.programme, email="nur@example.org")
    give_consent(person, purpose, channel=Consent.Channel.VERBAL, by=None)

    withdraw_consent(person, purpose, by=None)

    mail = Message.objects.get()
    assert mail.recipient == "nur@example.org"
    assert "/konto/" not in mail.body


def test_person_without_address_withdraws_without_a_mail(purpose):
    person = PersonFactory(programme=purpose.programme, email="")
    give_consent(person, purpose, channel=Consent.Channel.PAPER, by=None)

    withdraw_consent(person, purpose, by=None)

    assert not Message.objects.exists()


def test_yes_to_words_that_were_not_read_does_not_count(client, person, purpose):
    reword_purpose(purpose, "Auch in Filmen.", by=None)

    response = answer(client, purpose, answer="give", version=1)

    assert "Der Wortlaut hat sich inzwischen geändert." in response.text
    assert not Consent.objects.exists()
    with pytest.raises(StaleWording):
        give_consent(person, purpose, version=1, by=None)


@pytest.mark.parametrize("data", [{}, {"answer": "vielleicht"}, {"answer": "give"}])
def test_unclear_answer_changes_nothing(client, person, purpose, data):
    response = answer(client, purpose, **data)

    assert response.status_code == 200
    assert not Consent.objects.exists()


def test_second_withdrawal_says_so(client, person, purpose):
    assert "war schon widerrufen" in answer(client, purpose, answer="withdraw").text


def test_nobody_answers_for_others(client, person):
    other = PersonFactory(with_account=True)
    purpose = ConsentPurposeFactory(programme=other.programme)
    give_consent(other, purpose, by=None)

    assert answer(client, purpose, answer="withdraw").status_code == 404
    assert Consent.objects.in_force().filter(person=other).exists()


def test_page_of_an_account_without_a_person_explains_itself(client):
    client.force_login(UserFactory())

    response = client.get(PAGE)

    check_html(response)
    assert "Sie wurden um keine Einwilligung gebeten" in response.text


def test_account_page_leads_there(client, person):
    assert f'href="{PAGE}"' in client.get("/konto/").text


@pytest.mark.parametrize("count", [1, 3])
def test_consents_query_count(client, django_assert_num_queries, person, count):
    for number in range(count):
        purpose = ConsentPurposeFactory(programme=person.programme, key=f"zweck-{number}")
        ConsentFactory(person=person, purpose=purpose)
    client.get("/konto/")  # the first request of a session also notes the session

    with django_assert_num_queries(5):
        assert len(client.get(PAGE).context["asked"]) == count
