"""Accounts in the hands of technical care: address, rights, a lost second factor."""

import io

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from people.models import AuditEntry, Message, User
from people.operations import (
    AddressTaken,
    NoSecondFactor,
    change_address,
    change_rights,
    create_account,
    remove_second_factor,
)
from tests.factories import PASSWORD, LeadFactory, UserFactory
from tests.signing_in import code_for

pytestmark = pytest.mark.django_db


def make_account(email="alt@example.org", **fields):
    return create_account(User(email=email, **fields), by=None)


@pytest.fixture
def account():
    user = make_account()
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def browser(account):
    """A browser in which the account is logged in."""
    client = Client()
    assert log_in(client, account.email).status_code == 302
    return client


def log_in(client, email):
    return client.post(reverse("account_login"), {"login": email, "password": PASSWORD})


def is_logged_in(client):
    return client.get(reverse("home:desk")).status_code == 200


def story(user):
    entries = AuditEntry.objects.of("people.user", user.pk).reverse()
    return [(entry.action, entry.actor, entry.details) for entry in entries]


def test_new_account_has_a_confirmed_address():
    by = UserFactory(superuser=True)

    user = create_account(User(email="neu@example.org"), by=by)

    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("neu@example.org", True, True)
    assert story(user) == [("create", by, {})]


def test_only_the_new_address_logs_in(account):
    change_address(account, " Neu@Example.org ", by=None)

    assert log_in(Client(), "alt@example.org").status_code == 200
    assert log_in(Client(), "neu@example.org").url == reverse("home:desk")


def test_only_the_new_mailbox_gets_the_link_for_a_new_password(account):
    change_address(account, "neu@example.org", by=None)
    Message.objects.all().delete()

    for email in ("alt@example.org", "neu@example.org"):
        Client().post(reverse("account_reset_password"), {"email": email})

    links = dict(Message.objects.values_list("recipient", "link"))
    assert links["alt@example.org"] == ""
    assert "/konto/passwort/neu/" in links["neu@example.org"]


def test_link_for_a_new_password_in_the_former_mailbox_holds_no_longer(account):
    Client().post(reverse("account_reset_password"), {"email": account.email})
    link = Message.objects.get().link
    change_address(account, "neu@example.org", by=None)

    page = Client().get(link, follow=True)

    assert "Dieser Link ist abgelaufen oder wurde schon benutzt." in page.text


def test_new_address_replaces_all_others(account):
    EmailAddress.objects.create(user=account, email="zweite@example.org")

    change_address(account, "neu@example.org", by=None)

    rows = EmailAddress.objects.filter(user=account)
    assert list(rows.values_list("email", "verified", "primary")) == [
        ("neu@example.org", True, True)
    ]


def test_new_address_ends_the_sessions_of_the_account_only(account, browser):
    other = Client()
    log_in(other, make_account_with_password("andere@example.org").email)
    assert is_logged_in(browser)

    change_address(account, "neu@example.org", by=None)

    assert not is_logged_in(browser)
    assert is_logged_in(other)


def make_account_with_password(email):
    user = make_account(email)
    user.set_password(PASSWORD)
    user.save()
    return user


def test_both_mailboxes_are_told(account):
    change_address(account, "neu@example.org", by=None)

    new, former = Message.objects.order_by("-recipient")
    assert (new.recipient, new.subject) == (
        "neu@example.org",
        "Neue E-Mail-Adresse für Ihr Konto",
    )
    assert former.recipient == "alt@example.org"
    assert former.subject == "Ihr Konto hat eine andere E-Mail-Adresse bekommen"
    assert "neu@example.org" not in former.body
    assert (new.scope, former.object_kind) == ("", "people.user")


def test_change_of_address_is_on_record(account):
    by = UserFactory(superuser=True)

    change_address(account, "neu@example.org", by=by)

    assert story(account)[-1] == ("change_address", by, {"former": "alt@example.org"})


@pytest.mark.parametrize("address", ["besetzt@example.org", "Besetzt@Example.ORG"])
def test_address_of_another_account_is_refused(account, browser, address):
    make_account("besetzt@example.org")

    with pytest.raises(AddressTaken):
        change_address(account, address, by=None)

    account.refresh_from_db()
    assert account.email == "alt@example.org"
    assert EmailAddress.objects.get(user=account).email == "alt@example.org"
    assert Message.objects.count() == 0
    assert is_logged_in(browser)


def test_confirmed_address_of_another_account_is_refused(account):
    other = UserFactory()
    EmailAddress.objects.create(user=other, email="besetzt@example.org", verified=True)

    with pytest.raises(AddressTaken):
        change_address(account, "besetzt@example.org", by=None)


def test_same_address_changes_nothing(account, browser):
    change_address(account, "Alt@example.org", by=None)

    assert Message.objects.count() == 0
    assert is_logged_in(browser)


def test_rights_are_on_record_where_they_change(account):
    by = UserFactory(superuser=True)

    change_rights(account, by=by, is_staff=True, is_active=True)
    change_rights(account, by=by, is_staff=True)

    account.refresh_from_db()
    assert account.is_staff
    assert story(account)[1:] == [("change_rights", by, {"is_staff": True})]


def test_account_switched_off_stays_out_when_it_is_switched_on_again(account, browser):
    change_rights(account, by=None, is_active=False)
    assert not is_logged_in(browser)

    change_rights(account, by=None, is_active=True)

    assert not is_logged_in(browser)


def test_other_rights_end_no_session(account, browser):
    change_rights(account, by=None, may_found_programmes=True)

    assert is_logged_in(browser)


def test_lost_second_factor_goes_with_everything_that_replaces_it():
    lead = LeadFactory()
    TOTP.activate(lead, generate_totp_secret())
    RecoveryCodes.activate(lead)
    other = LeadFactory()
    TOTP.activate(other, generate_totp_secret())
    by = UserFactory(superuser=True)

    remove_second_factor(lead, by=by)

    assert list(Authenticator.objects.values_list("user", flat=True)) == [other.pk]
    assert story(lead) == [("remove_second_factor", by, {})]
    message = Message.objects.get()
    assert message.recipient == lead.email
    assert message.subject == "Der zweite Faktor Ihres Kontos ist entfernt"


def test_without_second_factor_nothing_is_removed(account):
    with pytest.raises(NoSecondFactor):
        remove_second_factor(account, by=None)

    assert Message.objects.count() == 0


def test_after_the_removal_the_admin_asks_for_a_new_factor(client):
    lead = LeadFactory()
    old = generate_totp_secret()
    TOTP.activate(lead, old)
    response = log_in(client, lead.email)
    client.post(response.url, {"code": code_for(old)})
    assert client.get(reverse("admin:index")).status_code == 200

    remove_second_factor(lead, by=None)

    assert not is_logged_in(client)
    # The password alone opens the account, but no page with the data of others.
    log_in(client, lead.email)
    assert client.get(reverse("account_change_password")).status_code == 200
    assert not is_logged_in(client)
    assert client.get(reverse("admin:index")).status_code == 302
    gate = client.get(reverse("admin:login"))
    assert gate.status_code == 403
    assert reverse("mfa_activate_totp") in gate.text
    # With a new one it opens again.
    new = generate_totp_secret()
    TOTP.activate(lead, new)
    client.post(reverse("mfa_reauthenticate"), {"code": code_for(new)})
    assert client.get(reverse("admin:index")).status_code == 200


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_command_removes_the_second_factor():
    superuser = UserFactory(superuser=True, email="technik@example.org")
    TOTP.activate(superuser, generate_totp_secret())

    said = run("remove_second_factor", "Technik@example.org")

    assert Authenticator.objects.count() == 0
    assert said == (
        "Der zweite Faktor ist entfernt; eine E-Mail an technik@example.org ist unterwegs.\n"
    )
    assert story(superuser) == [("remove_second_factor", None, {})]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("niemand@example.org", "Es gibt kein Konto mit der Adresse niemand@example.org."),
        ("alt@example.org", "Dieses Konto hat keinen zweiten Faktor."),
    ],
)
def test_command_says_what_is_wrong(account, email, sentence):
    with pytest.raises(CommandError, match=sentence):
        run("remove_second_factor", email)
