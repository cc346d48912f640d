"""The gate of the admin: staff, and a second factor that this session has seen."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import get_resolver, reverse

from tests.factories import PASSWORD, LeadFactory, RunFactory, UserFactory
from tests.html_check import check_html
from tests.signing_in import code_for, log_in_with_second_factor

pytestmark = pytest.mark.django_db
OPEN = {"login", "logout"}  # they lead to the portal's own pages


def admin_addresses():
    """Every address of the admin that can be built, with 1 for each argument."""
    patterns, _base, _converters = get_resolver().namespace_dict["admin"][1].reverse_dict, "", ""
    addresses = {}
    for name in patterns:
        if not isinstance(name, str):
            continue
        possibilities = patterns.getlist(name)
        _path, arguments = possibilities[0][0][0]
        values = dict.fromkeys(arguments, "1")
        if "app_label" in values:
            values["app_label"] = "programmes"
        if "url" in values:
            values["url"] = "unbekannt/"
        addresses[name] = reverse(f"admin:{name}", kwargs=values)
    return addresses


def everybody():
    lead = LeadFactory()
    superuser = UserFactory(superuser=True)
    only_codes = LeadFactory()
    Authenticator.objects.create(
        user=only_codes, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"}
    )
    other_session = LeadFactory()
    TOTP.activate(other_session, generate_totp_secret())
    return {
        "participant": UserFactory(),
        "lead without second factor": lead,
        "superuser without second factor": superuser,
        "lead with recovery codes only": only_codes,
        "lead who logged in without the second factor": other_session,
    }


@pytest.mark.slow
def test_nobody_without_second_factor_reaches_an_admin_address(client):
    addresses = admin_addresses()
    assert len(addresses) > 50

    for who, user in everybody().items():
        client.force_login(user)
        for name, url in addresses.items():
            if name in OPEN:
                continue
            response = client.get(url)

            assert response.status_code == 302, (who, name)
            assert response.url.startswith(reverse("admin:login")), (who, name)


def test_anonymous_reaches_no_admin_address(client):
    for name, url in admin_addresses().items():
        if name not in OPEN:
            assert client.get(url).url.startswith(reverse("admin:login")), name


def test_staff_with_second_factor_are_let_in(client):
    log_in_with_second_factor(client, LeadFactory())

    assert client.get(reverse("admin:index")).status_code == 200


def test_second_factor_alone_makes_no_staff(client):
    log_in_with_second_factor(client, UserFactory())

    assert client.get(reverse("admin:index")).status_code == 302


def test_switched_off_account_is_out_at_once(client):
    lead = LeadFactory()
    log_in_with_second_factor(client, lead)
    lead.is_active = False
    lead.save()

    assert client.get(reverse("admin:index")).status_code == 302


def test_removed_second_factor_closes_the_admin(client):
    lead = LeadFactory()
    log_in_with_second_factor(client, lead)
    Authenticator.objects.filter(user=lead).delete()

    assert client.get(reverse("admin:index")).status_code == 302


def test_demo_may_switch_the_second_factor_off(client, settings):
    settings.STAFF_MFA_REQUIRED = False
    client.force_login(LeadFactory())

    assert client.get(reverse("admin:index")).status_code == 200


def test_anonymous_is_led_to_the_portals_log_in(client):
    target = reverse("admin:programmes_run_changelist")

    response = client.get(reverse("admin:login"), {"next": target})

    assert response.url == f"{reverse('account_login')}?next=%2Fadmin%2Fprogrammes%2Frun%2F"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_log_in_leads_to_no_other_host(client, target):
    log_in_with_second_factor(client, LeadFactory())

    assert client.get(reverse("admin:login"), {"next": target}).url == reverse("admin:index")


def test_participant_is_told_why_not(client):
    client.force_login(UserFactory())

    response = client.get(reverse("admin:login"))

    assert response.status_code == 403
    check_html(response)
    assert "Kein Zugang zur Verwaltung" in response.text


def test_staff_without_second_factor_are_led_to_set_one_up(client):
    client.force_login(LeadFactory())

    response = client.get(reverse("admin:login"))

    assert response.status_code == 403
    check_html(response)
    assert reverse("mfa_activate_totp") in response.text


def test_staff_log_in_with_password_and_app_reaches_the_admin(client):
    lead = LeadFactory()
    secret = generate_totp_secret()
    TOTP.activate(lead, secret)
    target = reverse("admin:programmes_run_changelist")

    response = client.post(
        f"{reverse('account_login')}?next={target}", {"login": lead.email, "password": PASSWORD}
    )
    assert response.url.startswith(reverse("mfa_authenticate"))
    assert client.get(target).status_code == 302
    response = client.post(response.url, {"code": code_for(secret)})
    assert response.status_code == 302

    assert client.get(target).status_code == 200


def test_staff_who_set_the_factor_up_confirm_it_once(client):
    lead = LeadFactory()
    client.post(reverse("account_login"), {"login": lead.email, "password": PASSWORD})
    secret = generate_totp_secret()
    TOTP.activate(lead, secret)

    response = client.get(reverse("admin:login"), {"next": reverse("admin:index")})
    assert response.url == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"
    response = client.post(response.url, {"code": code_for(secret), "next": "/admin/"})
    assert response.url == reverse("admin:index")

    assert client.get(reverse("admin:index")).status_code == 200


def test_recovery_code_counts_as_second_factor(client):
    lead = LeadFactory()
    TOTP.activate(lead, generate_totp_secret())
    codes = RecoveryCodes.activate(lead).get_unused_codes()

    response = client.post(reverse("account_login"), {"login": lead.email, "password": PASSWORD})
    client.post(response.url, {"code": codes[0]})

    assert client.get(reverse("admin:index")).status_code == 200


def test_view_on_site_answers_for_own_rows_only(client):
    run, foreign = RunFactory.create_batch(2)
    log_in_with_second_factor(client, LeadFactory(programme=run.programme))
    kind = ContentType.objects.get_for_model(run)
    url = [reverse("admin:view_on_site", args=[kind.pk, row.pk]) for row in (run, foreign)]

    assert client.get(url[0]).url == run.get_absolute_url()
    assert client.get(url[1]).status_code == 404


def test_view_on_site_of_what_has_no_admin_is_not_found(client):
    log_in_with_second_factor(client, UserFactory(superuser=True))
    kind = ContentType.objects.get_for_model(Authenticator)

    assert client.get(reverse("admin:view_on_site", args=[kind.pk, 1])).status_code == 404
    assert client.get(reverse("admin:view_on_site", args=[10**6, 1])).status_code == 404


def test_admin_has_the_look_of_the_portal(client):
    log_in_with_second_factor(client, LeadFactory())

    assert "css/admin/colours.css" in client.get(reverse("admin:index")).text
    assert admin.site.site_header == "MfV-Portal – Verwaltung"
