"""Logging in: limits, no hint about who has an account, sessions that end."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from people.models import Message, User
from people.production import send_message
from tests.factories import PASSWORD, LeadFactory, PersonFactory, ProgrammeFactory, UserFactory
from tests.html_check import check_html

pytestmark = pytest.mark.django_db
OTHER = "ein-anderes-testwort-43"


def log_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_participant_lands_at_the_desk_and_staff_in_the_admin(client, settings):
    settings.STAFF_MFA_REQUIRED = False

    assert log_in(client, UserFactory().email).url == reverse("home:desk")
    assert log_in(Client(), LeadFactory().email).url == reverse("admin:index")


def test_address_in_capitals_logs_in(client):
    user = UserFactory(email="anna@example.org")

    assert log_in(client, "Anna@Example.ORG").url == reverse("home:desk")
    assert client.get(reverse("home:desk")).wsgi_request.user == user


@pytest.mark.parametrize(
    "typed",
    [
        "anna@müller-straße.example",
        "Anna@Müller-Straße.example",
        "anna@xn--mller-strae-46a18a.example",
        "Anna Beispiel <anna@müller-straße.example>",
        "mailto:anna@müller-straße.example",
    ],
)
def test_address_logs_in_however_it_is_written(client, typed):
    UserFactory(email="anna@müller-straße.example")

    assert log_in(client, typed).url == reverse("home:desk")


def test_sixth_wrong_password_is_not_even_tried(client):
    user = UserFactory()

    for _attempt in range(5):
        assert "stimmen nicht" in log_in(client, user.email, "falsch-falsch-falsch").text
    answer = log_in(client, user.email)

    assert answer.status_code == 429
    assert answer["Retry-After"] == "300"
    check_html(answer)
    assert "Zu viele fehlgeschlagene Anmeldungen" in answer.text
    assert user.email in answer.text


def limited(client, address, data, tries):
    """Ask until the limit is reached; return every answer's status and the last answer."""
    # Whoever is not logged in comes as somebody new each time.
    clients = [client if "sessionid" in client.cookies else Client() for _try in range(tries)]
    answers = [one.post(address, data) for one in clients]
    return [answer.status_code for answer in answers], answers[-1]


def second_step(client):
    user = UserFactory()
    TOTP.activate(user, generate_totp_secret())
    log_in(client, user.email)
    return reverse("mfa_authenticate"), {"code": "000000"}, 5


def set_up(client):
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    log_in(client, user.email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return reverse("mfa_activate_totp"), {"code": "000000"}, 5


def confirmation(client):
    log_in(client, UserFactory().email)
    return reverse("account_reauthenticate"), {"password": "falsch-falsch-falsch"}, 5


def code_by_mail(client):
    return reverse("account_request_login_code"), {"email": UserFactory().email}, 3


def new_password(client):
    return reverse("account_reset_password"), {"email": UserFactory().email}, 5


def changed_password(client):
    log_in(client, UserFactory().email)
    wrong = {"oldpassword": "falsch-falsch", "password1": OTHER, "password2": OTHER}
    return reverse("account_change_password"), wrong, 5


@pytest.mark.parametrize(
    "door", [second_step, set_up, confirmation, code_by_mail, new_password, changed_password]
)
def test_every_door_says_429_beyond_its_limit(client, door):
    address, data, tries = door(client)

    codes, last = limited(client, address, data, tries + 1)

    assert (set(codes[:-1]) <= {200, 302}, codes[-1]) == (True, 429)
    check_html(last)
    assert "fünf Minuten" in last.text
    assert last["Retry-After"] == "300"


def test_limit_of_one_account_is_not_that_of_another(client):
    user, other = UserFactory.create_batch(2)

    for _attempt in range(6):
        log_in(client, user.email, "falsch-falsch-falsch")

    assert log_in(client, other.email).status_code == 302


def test_known_and_unknown_address_get_the_same_answer(client):
    user = UserFactory()

    answers = [
        log_in(Client(), email, "falsch-falsch-falsch").text.replace(email, "ADRESSE")
        for email in (user.email, "niemand@example.org")
    ]

    assert _without_tokens(answers[0]) == _without_tokens(answers[1])


def _without_tokens(text):
    return "\n".join(line for line in text.splitlines() if "csrf" not in line)


@pytest.mark.parametrize("name", ["account_reset_password", "account_request_login_code"])
def test_asking_for_a_mail_tells_nothing_about_accounts(name):
    user = UserFactory()

    known = Client().post(reverse(name), {"email": user.email})
    unknown = Client().post(reverse(name), {"email": "niemand@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert sorted(Message.objects.values_list("recipient", flat=True)) == sorted(
        [user.email, "niemand@example.org"]
    )


def test_sign_up_is_closed(client):
    before = User.objects.count()

    client.get(reverse("account_signup"))
    client.post(reverse("account_signup"), {"email": "neu@example.org", "password1": "x" * 20})

    assert User.objects.count() == before


def test_session_is_a_new_one_after_log_in(client):
    session = client.session
    session["before"] = "1"
    session.save()
    before = session.session_key

    log_in(client, UserFactory().email)

    assert client.session.session_key != before
    assert Client(headers={"cookie": f"sessionid={before}"}).get("/").wsgi_request.user.is_anonymous


def test_new_password_ends_the_other_sessions(client):
    user = UserFactory()
    other = Client()
    log_in(client, user.email)
    log_in(other, user.email)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER},
    )

    user.refresh_from_db()
    assert user.check_password(OTHER)
    assert client.get(reverse("home:desk")).status_code == 200
    assert other.get(reverse("home:desk")).status_code == 302


def test_password_is_set_anew_by_the_link_from_the_mail(client, settings):
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    elsewhere = Client()
    log_in(elsewhere, user.email)
    client.post(reverse("account_reset_password"), {"email": user.email})
    message = Message.objects.get()
    assert message.link.startswith(settings.PORTAL_URL)
    assert message.link not in message.body
    send_message(message.pk)
    assert message.link in mail.outbox[0].body

    page = client.get(message.link.removeprefix(settings.PORTAL_URL), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": OTHER, "password2": OTHER})

    user.refresh_from_db()
    message.refresh_from_db()
    assert user.check_password(OTHER)
    assert message.link == ""
    assert elsewhere.get(reverse("home:desk")).status_code == 302


def test_password_change_is_told_by_mail(client):
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    log_in(client, user.email)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER},
    )

    message = Message.objects.get()
    assert message.subject == "Ihr Passwort wurde geändert"
    assert message.scope == ""


def test_code_never_stands_in_the_outbox(client):
    user = UserFactory()

    client.post(reverse("account_request_login_code"), {"email": user.email})

    message = Message.objects.get()
    code = message.link
    assert len(code) >= 6
    assert code not in message.body
    assert code not in message.subject
    send_message(message.pk)
    message.refresh_from_db()
    assert code in mail.outbox[0].body
    assert code not in message.body + message.link


def test_log_in_page_works_while_the_mail_server_is_away(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    response = client.post(reverse("account_request_login_code"), {"email": UserFactory().email})

    assert response.status_code == 302
    assert Message.objects.get().status == Message.Status.PENDING


def test_mail_speaks_the_language_of_the_page(client):
    user = UserFactory()

    client.post("/en" + reverse("account_request_login_code"), {"email": user.email})

    assert Message.objects.get().language == "en"


def test_switched_off_account_cannot_log_in(client):
    user = UserFactory(inactive=True)

    log_in(client, user.email)

    assert client.get(reverse("home:desk")).status_code == 302


def test_account_of_two_programmes_is_one_log_in(client):
    user = UserFactory()
    for programme in ProgrammeFactory.create_batch(2):
        PersonFactory(programme=programme, user=user)

    assert log_in(client, user.email).status_code == 302
    assert user.persons.count() == 2


@pytest.mark.parametrize("rest", ["1", "1/", "abc/def/", "%20"])
def test_password_link_that_was_cut_off_leads_to_a_new_one(client, rest):
    response = client.get(f"/konto/passwort/neu/{rest}", follow=True)

    assert response.redirect_chain[-1][0] == reverse("account_reset_password")
    assert "Dieser Link ist unvollständig." in response.text
