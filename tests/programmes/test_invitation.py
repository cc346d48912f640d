"""The journey behind the link of an invitation, and everything that can go wrong on it."""

import re
import threading
from datetime import timedelta

import pytest
from django.conf import settings as project_settings
from django.core import mail
from django.db import connections, transaction
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import Message, User
from people.production import send_message
from programmes.models import Consent, Invitation, Participation
from programmes.operations import (
    accept_invitation,
    expire_invitations,
    invite,
    reword_purpose,
    withdraw_invitation,
)
from tests.factories import (
    PASSWORD,
    ConsentPurposeFactory,
    GuidingQuestionFactory,
    InvitationFactory,
    LeadFactory,
    ParticipationFactory,
    PersonFactory,
    RunFactory,
    UserFactory,
)
from tests.html_check import check_html

pytestmark = pytest.mark.django_db
GOOD = {"answer": "accept", "way": "password", "password": "vier zufällige Wörter hier"}


@pytest.fixture
def invitation():
    return InvitationFactory(sent=True, token=TOKEN)


TOKEN = "der-richtige"


def address(token=TOKEN):
    return reverse("programmes:invitation", args=[token])


def test_whole_journey_from_the_mail_to_the_desk(client):
    run = RunFactory(running=True, topic="Zuwanderung als Potenzial")
    GuidingQuestionFactory(run=run, text="Mit welchen Ansätzen?")
    participation = ParticipationFactory(run=run, invited=True)

    invite(participation, by=LeadFactory(programme=run.programme))
    send_message(Message.objects.get().pk)
    letter = mail.outbox[0]
    link = re.search(r"http\S+/einladung/\S+", letter.body)[0]
    path = link.removeprefix(project_settings.PORTAL_URL)

    page = client.get(path)
    assert page.status_code == 200
    assert "Mit welchen Ansätzen?" in page.text
    assert User.objects.filter(email=participation.person.email).exists() is False

    response = client.post(path, GOOD)
    assert response.url == reverse("home:desk")
    account = User.objects.get(email=participation.person.email)
    participation.refresh_from_db()
    participation.person.refresh_from_db()
    assert participation.status == Participation.Status.ACTIVE
    assert participation.person.user == account
    assert account.check_password(GOOD["password"])
    assert client.get(reverse("home:desk")).status_code == 200
    assert client.get(reverse("home:desk")).wsgi_request.user == account


def test_mail_names_who_invites_to_what(client):
    participation = ParticipationFactory(run__topic="Thema", run__running=True, invited=True)

    invite(participation, by=LeadFactory(programme=participation.run.programme))

    message = Message.objects.get()
    assert message.recipient == participation.person.email
    assert message.subject == "Einladung: Thema"
    assert message.scope == participation.run.programme.slug
    assert Message.LINK_MARK in message.body
    assert "/einladung/" not in message.body
    assert "einen Tag" not in message.body
    assert "30 Tage" in message.body


def test_mail_speaks_the_language_of_the_account():
    person = PersonFactory(with_account=True)
    User.objects.filter(pk=person.user.pk).update(language="en")
    run = RunFactory(programme__slug=person.programme.slug + "x", running=True)
    person = PersonFactory(programme=run.programme, user=person.user, email=person.email)
    participation = ParticipationFactory(run=run, person=person, invited=True)
    participation.person.user.refresh_from_db()

    invite(participation, by=LeadFactory(programme=run.programme))

    message = Message.objects.get()
    assert message.language == "en"
    assert "/en/einladung/" in message.link


def test_token_is_stored_as_a_hash_only(invitation):
    participation = invitation.participation

    invite(participation, by=LeadFactory(programme=participation.run.programme))

    invitation.refresh_from_db()
    token = Message.objects.get().link.rstrip("/").rpartition("/")[2]
    assert len(token) >= 40
    assert token not in str(vars(invitation))
    assert len(invitation.token_hash) == 64


def test_page_is_sound_html(client, invitation):
    ConsentPurposeFactory(programme=invitation.participation.person.programme)

    check_html(client.get(address()))
    check_html(client.get(address(), {"absagen": "1"}))


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_the_link_changes_nothing(client, invitation, method):
    for _time in range(3):
        response = getattr(client, method)(address())

    assert response.status_code == 200
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.SENT
    assert User.objects.filter(email=invitation.email).exists() is False


def test_page_is_kept_by_no_cache(client, invitation):
    response = client.get(address())

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_other_methods_are_refused(client, invitation):
    assert client.put(address()).status_code == 405
    assert client.delete(address()).status_code == 405


def test_unknown_token_is_not_found(client, invitation):
    assert client.get(address("der-falsche")).status_code == 404
    assert client.post(address("der-falsche"), GOOD).status_code == 404
    assert client.get(address("x" * 3000)).status_code == 404
    assert client.get(address(invitation.token_hash)).status_code == 404


@pytest.mark.parametrize("state", ["accepted", "declined", "expired", "withdrawn"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_dead_link_says_so_and_tells_nothing(client, state, method):
    invitation = InvitationFactory(token="der-tote", **{state: True})
    person = invitation.participation.person

    response = getattr(client, method)(address("der-tote"), GOOD if method == "post" else {})

    assert response.status_code == 410
    assert "Dieser Link gilt nicht mehr" in response.text
    for secret in (person.family_name, person.email, invitation.participation.run.topic):
        assert secret not in response.text


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("accepted", "schon angenommen"),
        ("declined", "schon abgesagt"),
        ("expired", "abgelaufen"),
        ("withdrawn", "zurückgezogen"),
    ],
)
def test_dead_link_says_why(client, state, reason):
    InvitationFactory(token="der-tote", **{state: True})

    page = client.get(address("der-tote"))

    check_html(page)
    assert reason in page.text
    assert reverse("account_login") in page.text


def test_link_that_time_ended_says_so(client, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert "abgelaufen" in client.get(address()).text


@pytest.mark.parametrize("path", ["/einladung/", "/en/einladung/", "/einladung/unbekannt/"])
def test_link_that_nobody_knows_says_what_it_may_be(client, path):
    page = client.get(path)

    assert page.status_code == 404
    check_html(page)
    if not path.startswith("/en/"):
        assert "Eine neuere Einladung hat ihn ersetzt, oder er ist unvollständig" in page.text
    assert reverse("account_login") in page.text


@pytest.mark.parametrize("more", [".", ">", "%20", "%0A", ")", "%3E", "%E2%80%9C"])
def test_link_with_what_a_mail_program_added_still_works(client, invitation, more):
    path = address().removesuffix("/") + more + "/"

    assert client.get(path).status_code == 200


def test_link_ends_with_its_time_before_the_sweeper_comes(client, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert client.get(address()).status_code == 410
    assert client.post(address(), GOOD).status_code == 410


def test_link_works_once(client, invitation):
    client.post(address(), GOOD)
    client.logout()

    assert client.get(address()).status_code == 410
    assert client.post(address(), GOOD).status_code == 410


def test_own_used_link_leads_to_the_desk(client, invitation):
    client.post(address(), GOOD)

    assert client.get(address()).url == reverse("home:desk")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"password": GOOD["password"]}, "way"),
        ({"way": "password"}, "password"),
        ({"way": "password", "password": "kurz"}, "password"),
        ({"way": "password", "password": "123456789012"}, "password"),
        ({"way": "password", "password": "password1234"}, "password"),
        ({"way": "brieftaube", "password": GOOD["password"]}, "way"),
    ],
)
def test_bad_answers_are_explained_and_change_nothing(client, invitation, data, field):
    response = client.post(address(), {"answer": "accept", **data})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    check_html(response)
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.SENT
    assert User.objects.filter(email=invitation.email).exists() is False


def test_password_like_the_address_is_refused(client):
    InvitationFactory(sent=True, token=TOKEN, email="katharina.muster@example.org")

    response = client.post(address(), {**GOOD, "password": "katharina.muster"})

    assert response.status_code == 422


def test_account_without_password_is_logged_in_and_takes_codes_later(client, invitation):
    response = client.post(address(), {"answer": "accept", "way": "code"})

    account = User.objects.get(email=invitation.email)
    assert response.url == reverse("home:desk")
    assert account.has_usable_password() is False
    assert response.wsgi_request.user == account

    client.logout()
    client.post(reverse("account_request_login_code"), {"email": account.email})
    message = Message.objects.get(subject="Ihr Code zum Anmelden")
    assert message.link
    response = client.post(reverse("account_confirm_login_code"), {"code": message.link})
    assert response.url == reverse("home:desk")


def test_session_is_a_new_one_after_accepting(client, invitation):
    client.get(address())
    session = client.session
    session["before"] = "1"
    session.save()
    before = session.session_key

    client.post(address(), GOOD)

    assert client.session.session_key != before


def test_consent_to_the_name_is_asked_and_kept(client, invitation):
    person = invitation.participation.person
    purpose = ConsentPurposeFactory(programme=person.programme, wording="Mein Name darf da stehen.")

    assert "Mein Name darf da stehen." in client.get(address()).text
    client.post(address(), {**GOOD, "may_be_named": "on", "wording": "1"})

    assert Consent.objects.in_force().get(person=person).purpose == purpose


@pytest.mark.parametrize("wording", ["1", "", "x"])
def test_nobody_agrees_to_words_that_came_after(client, invitation, wording):
    purpose = ConsentPurposeFactory(programme=invitation.participation.person.programme)
    assert 'name="wording" value="1"' in client.get(address()).text
    reword_purpose(purpose, "Mein Name darf überall stehen.", by=None)

    response = client.post(address(), {**GOOD, "may_be_named": "on", "wording": wording})

    assert response.status_code == 422
    assert "Der Wortlaut hat sich inzwischen geändert." in response.text
    assert "Mein Name darf überall stehen." in response.text
    assert 'name="wording" value="2"' in response.text
    assert "checked" not in response.text.partition('name="may_be_named"')[2].partition(">")[0]
    assert Consent.objects.count() == 0
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.SENT


def test_whoever_does_not_agree_does_not_read_again(client, invitation):
    purpose = ConsentPurposeFactory(programme=invitation.participation.person.programme)
    reword_purpose(purpose, "Mein Name darf überall stehen.", by=None)

    client.post(address(), {**GOOD, "wording": "1"})

    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.ACCEPTED


def test_wording_is_text_and_no_markup(client, invitation):
    ConsentPurposeFactory(
        programme=invitation.participation.person.programme,
        wording="<form action=x><b>Ja</b></form>",
    )

    text = client.get(address()).text

    assert "&lt;form action=x&gt;&lt;b&gt;Ja&lt;/b&gt;&lt;/form&gt;" in text
    assert "<form action=x>" not in text


def test_nobody_is_named_without_a_word(client, invitation):
    ConsentPurposeFactory(programme=invitation.participation.person.programme)

    client.post(address(), GOOD)

    assert Consent.objects.count() == 0


def test_declining_asks_first(client, invitation):
    page = client.get(address(), {"absagen": "1"})
    assert "Wirklich absagen?" in page.text
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.SENT

    response = client.post(address(), {"answer": "decline"})
    assert "Sie haben abgesagt" in response.text
    invitation.refresh_from_db()
    invitation.participation.refresh_from_db()
    assert invitation.status == Invitation.Status.DECLINED
    assert invitation.participation.status == Participation.Status.DECLINED
    assert User.objects.filter(email=invitation.email).exists() is False


def test_known_address_has_to_log_in_first(client, invitation):
    account = UserFactory(email=invitation.email)

    assert "Bitte melden Sie sich an" in client.get(address()).text
    assert client.post(address(), GOOD).status_code == 409
    account.refresh_from_db()
    assert account.check_password(PASSWORD)

    client.post(
        reverse("account_login") + f"?next={address()}",
        {"login": account.email, "password": PASSWORD},
    )
    response = client.post(address(), {"answer": "accept"})
    assert response.url == reverse("home:desk")
    invitation.participation.person.refresh_from_db()
    assert invitation.participation.person.user == account


def test_log_in_leads_back_to_the_invitation(client, invitation):
    account = UserFactory(email=invitation.email)

    response = client.post(
        reverse("account_login"),
        {"login": account.email, "password": PASSWORD, "next": address()},
    )

    assert response.url == address()


def test_somebody_else_cannot_take_the_invitation(client, invitation):
    other = UserFactory()
    client.force_login(other)

    page = client.get(address())
    assert "Diese Einladung ist für ein anderes Konto" in page.text
    assert client.post(address(), GOOD).status_code == 409
    assert client.post(address(), {"answer": "accept"}).status_code == 409
    invitation.participation.person.refresh_from_db()
    assert invitation.participation.person.user is None


def test_address_in_capitals_finds_the_account(client):
    person = PersonFactory(email="Anna.Muster@Example.org")
    run = RunFactory(programme__slug=f"{person.programme.slug}-zwei", running=True)
    person = PersonFactory(programme=run.programme, email="Anna.Muster@Example.org")
    participation = ParticipationFactory(run=run, person=person, invited=True)
    UserFactory(email="anna.muster@example.org")

    invite(participation, by=LeadFactory(programme=run.programme))
    path = Message.objects.get().link.removeprefix(project_settings.PORTAL_URL)

    assert client.post(path, GOOD).status_code == 409


def test_one_account_is_one_person_in_a_programme(client, invitation):
    account = UserFactory(email=invitation.email)
    PersonFactory(programme=invitation.participation.person.programme, user=account)
    client.force_login(account)

    assert client.post(address(), {"answer": "accept"}).status_code == 409


def test_csrf_is_checked(invitation):
    assert Client(enforce_csrf_checks=True).post(address(), GOOD).status_code == 403


def test_new_invitation_ends_the_old_link(client, invitation):
    participation = invitation.participation

    invite(participation, by=LeadFactory(programme=participation.run.programme))

    assert client.get(address()).status_code == 404
    path = Message.objects.get().link.removeprefix(project_settings.PORTAL_URL)
    assert client.get(path).status_code == 200


def test_withdrawing_keeps_the_mail_that_still_waits(client, invitation):
    participation = invitation.participation
    lead = LeadFactory(programme=participation.run.programme)
    invite(participation, by=lead)
    path = Message.objects.get().link.removeprefix(project_settings.PORTAL_URL)

    withdraw_invitation(invitation, by=lead)

    assert client.get(path).status_code == 410
    assert Message.objects.count() == 0


def test_expiring_ends_only_what_is_over():
    over = InvitationFactory(sent=True)
    Invitation.objects.filter(pk=over.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    InvitationFactory(sent=True)
    InvitationFactory(accepted=True)

    assert expire_invitations() == 1

    over.refresh_from_db()
    assert over.status == Invitation.Status.EXPIRED
    assert expire_invitations() == 0


@pytest.mark.parametrize("page", ["invitation", "absagen"])
def test_page_query_count(client, invitation, django_assert_num_queries, page):
    GuidingQuestionFactory(run=invitation.participation.run)

    with django_assert_num_queries(4):
        client.get(address(), {"absagen": "1"} if page == "absagen" else {})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [withdraw_invitation, None], ids=["withdraw", "invite"])
def test_answer_and_step_of_the_lead_do_not_wait_for_each_other(step):
    """The lead's button holds the participation when somebody accepts."""
    invitation = InvitationFactory(sent=True, token=TOKEN)
    lead = LeadFactory(programme=invitation.participation.run.programme)
    is_accepting, outcomes = threading.Event(), []

    def decide():
        is_accepting.wait(10)
        try:
            with transaction.atomic():
                row = Participation.objects.select_for_update().get(pk=invitation.participation_id)
                if step is None:
                    invite(row, by=lead)
                else:
                    step(Invitation.objects.get(pk=invitation.pk), by=lead)
        except (Invitation.WrongStatus, Participation.WrongStatus) as refusal:
            outcomes.append(type(refusal))
        connections.close_all()

    other = threading.Thread(target=decide)

    def let_the_lead_in(**kwargs):
        if threading.current_thread() is not other:
            is_accepting.set()
            other.join(1)

    other.start()
    pre_save.connect(let_the_lead_in, sender=Invitation)
    try:
        accept_invitation(TOKEN, by=None)
    finally:
        pre_save.disconnect(let_the_lead_in, sender=Invitation)
        other.join(10)

    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.ACCEPTED
    assert len(outcomes) == 1
