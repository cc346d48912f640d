"""Accounts in the admin: only technical care, every step on record."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import NoReverseMatch, reverse

from people.models import AuditEntry, Message, User
from people.operations import create_account
from tests import pages
from tests.factories import (
    PASSWORD,
    EditorFactory,
    LeadFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    UserFactory,
)
from tests.pages import press, read_button
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser():
    return UserFactory(superuser=True)


@pytest.fixture
def care(client, superuser):
    return log_in_with_second_factor(client, superuser)


@pytest.fixture
def account():
    user = create_account(User(email="alt@example.org"), by=None)
    user.set_password(PASSWORD)
    user.save()
    return user


def page(account):
    return reverse("admin:people_user_change", args=[account.pk])


def action(account, name):
    return reverse("admin:people_user_action", args=[account.pk, name])


def labels(response):
    return [str(button["action"].label) for button in response.context["object_buttons"]]


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def save(client, account, **fields):
    """Send the form of an account with its boxes as they are, but for these."""
    typed = {name: "on" if value is True else value for name, value in fields.items() if value}
    return pages.save(client, account, **{**dict.fromkeys(fields), **typed})


def story(user):
    entries = AuditEntry.objects.of("people.user", user.pk).reverse()
    return [(entry.action, entry.actor, entry.details) for entry in entries]


def test_form_of_an_account_does_not_take_an_address(care, account):
    save(care, account, email="neu@example.org", language="en")

    account.refresh_from_db()
    assert (account.email, account.language) == ("alt@example.org", "en")


def test_address_is_changed_by_its_button(care, superuser, account):
    assert "Neue E-Mail-Adresse" in care.get(read_button(care, account, "change_address")).text

    response = press(care, account, "change_address", email="Neu@Example.org")

    assert response.url == page(account)
    assert told(response) == ["Das Konto hat die neue Adresse. Beide Postfächer wissen davon."]
    assert EmailAddress.objects.get(user=account).email == "neu@example.org"
    assert story(account)[-1] == ("change_address", superuser, {"former": "alt@example.org"})


def test_taken_address_is_refused_in_a_sentence(care, account):
    UserFactory(email="besetzt@example.org")

    response = press(care, account, "change_address", email="BESETZT@example.org")

    assert told(response) == ["Mit dieser Adresse gibt es schon ein Konto."]


def test_own_new_address_leads_to_the_log_in(care, superuser):
    response = press(care, superuser, "change_address", email="neu@example.org")

    assert response.url == reverse("account_login")
    assert "Das Konto hat die neue Adresse." in care.get(response.url).text
    assert care.get(reverse("admin:index")).status_code == 302


def test_own_address_sent_again_stays_in_the_session(care, superuser):
    press(care, superuser, "change_address", email=superuser.email)

    assert care.get(reverse("admin:index")).status_code == 200


def test_lost_second_factor_is_removed_after_a_question(care, superuser):
    lead = LeadFactory()
    TOTP.activate(lead, generate_totp_secret())
    question = care.get(read_button(care, lead, "remove_second_factor"))
    assert "Vergewissern Sie sich, wer" in question.text
    assert Authenticator.objects.filter(user=lead).exists()

    response = press(care, lead, "remove_second_factor")

    assert told(response) == ["Der zweite Faktor ist entfernt."]
    assert not Authenticator.objects.filter(user=lead).exists()
    assert story(lead) == [("remove_second_factor", superuser, {})]
    assert Message.objects.get().recipient == lead.email


def test_button_is_there_only_where_there_is_a_second_factor(care, account):
    assert labels(care.get(page(account))) == ["E-Mail-Adresse ändern"]

    TOTP.activate(account, generate_totp_secret())

    assert labels(care.get(page(account))) == ["E-Mail-Adresse ändern", "Zweiten Faktor entfernen"]


def test_nobody_removes_ones_own_second_factor(care, superuser):
    assert labels(care.get(page(superuser))) == ["E-Mail-Adresse ändern"]
    assert press(care, superuser, "remove_second_factor").status_code == 403
    assert Authenticator.objects.filter(user=superuser).exists()


@pytest.mark.parametrize("name", ["change_address", "remove_second_factor"])
@pytest.mark.parametrize("factory", [LeadFactory, EditorFactory])
def test_others_of_staff_touch_no_account(client, account, factory, name):
    TOTP.activate(account, generate_totp_secret())
    log_in_with_second_factor(client, factory())

    assert client.get(read_button(client, account, name)).status_code == 403
    assert press(client, account, name, email="neu@example.org").status_code == 403
    account.refresh_from_db()
    assert account.email == "alt@example.org"
    assert Authenticator.objects.filter(user=account).exists()


def test_rights_are_on_record(care, superuser, account):
    save(care, account, is_staff=True, may_found_programmes=True)

    account.refresh_from_db()
    assert (account.is_staff, account.may_found_programmes) == (True, True)
    details = {"is_staff": True, "may_found_programmes": True}
    assert story(account)[1:] == [("change_rights", superuser, details)]
    history = care.get(reverse("admin:people_user_history", args=[account.pk]))
    assert "Rechte geändert" in history.text


def test_language_alone_is_no_change_of_rights(care, account):
    save(care, account, language="en")

    account.refresh_from_db()
    assert account.language == "en"
    assert [entry[0] for entry in story(account)] == ["create"]


def test_account_switched_off_is_logged_out(care, account):
    browser = Client()
    browser.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    assert browser.get(reverse("home:desk")).status_code == 200

    save(care, account, is_active=False)
    save(care, account, is_active=True)

    assert browser.get(reverse("home:desk")).status_code == 302


def test_whoever_answers_for_programmes_stays_staff(care):
    lead = LeadFactory(programme=ProgrammeFactory(title="Zweites"))
    ResponsibilityFactory(user=lead, programme=ProgrammeFactory(title="Erstes"))

    response = save(care, lead, is_staff=False)

    [error] = response.context["adminform"].form.errors["is_staff"]
    assert error.startswith("Dieses Konto ist noch zuständig für: Erstes, Zweites.")
    lead.refresh_from_db()
    assert lead.is_staff
    assert story(lead) == []


def test_whoever_answers_for_programmes_can_be_switched_off(care):
    lead = LeadFactory()

    save(care, lead, is_active=False)

    lead.refresh_from_db()
    assert not lead.is_active


def test_whoever_answers_for_nothing_leaves_the_staff(care):
    account = UserFactory(staff=True)

    save(care, account, is_staff=False)

    account.refresh_from_db()
    assert not account.is_staff


def test_nobody_takes_ones_own_rights(care, superuser):
    response = care.get(page(superuser))
    assert "Die eigenen Rechte ändert jemand anderes" in response.text

    save(care, superuser, language="en", is_superuser=True, is_staff=False)

    superuser.refresh_from_db()
    assert superuser.language == "en"
    assert (superuser.is_active, superuser.is_staff, superuser.is_superuser) == (True, True, True)


def test_new_account_has_a_confirmed_address(care, superuser):
    fields = {"email": "Neu@Example.org", "usable_password": "false"}

    response = care.post(reverse("admin:people_user_add"), fields)

    user = User.objects.get(email="neu@example.org")
    assert response.url == page(user)
    assert EmailAddress.objects.get(user=user, verified=True).email == "neu@example.org"
    assert story(user) == [("create", superuser, {})]


def test_nobody_sets_the_password_of_another(care, account):
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[account.pk])
    response = care.get(f"/admin/people/user/{account.pk}/password/", follow=True)

    assert "password1" not in response.text
