"""Staff without their second factor: no page shows them what others wrote."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from people.models import User
from tests.factories import (
    PASSWORD,
    ConceptFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.html_check import check_html
from tests.signing_in import code_for, log_in_with_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def output():
    return OutputFactory(submitted=True, body="<p>CANARY</p>")


@pytest.fixture
def lead(output):
    return LeadFactory(programme=output.task.workshop.run.programme)


def gate(url):
    return f"{reverse('people:second_factor')}?next={url}"


def test_a_lead_without_the_factor_reads_no_output(client, lead, output):
    client.force_login(lead)

    response = client.get(output.get_absolute_url())

    assert response.url == gate(output.get_absolute_url())
    page = client.get(response.url)
    assert page.status_code == 403
    check_html(page)
    assert "Dafür brauchen Sie einen zweiten Faktor" in page.text
    assert f"{reverse('mfa_activate_totp')}?next=" in page.text


def test_a_lead_who_has_one_confirms_it_and_is_back(client, lead, output):
    secret = generate_totp_secret()
    client.post(reverse("account_login"), {"login": lead.email, "password": PASSWORD})
    TOTP.activate(lead, secret)
    url = output.get_absolute_url()

    response = client.get(client.get(url).url)
    assert response.url == f"{reverse('mfa_reauthenticate')}?next={url.replace('/', '%2F')}"
    response = client.post(response.url, {"code": code_for(secret), "next": url})
    assert response.url == url

    assert "CANARY" in client.get(url).text


def test_a_public_page_shows_what_everybody_sees(client, lead, output):
    draft = ConceptFactory(run=output.task.workshop.run)
    client.force_login(lead)

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get("/").status_code == 200
    log_in_with_second_factor(client, lead)
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_a_superuser_without_the_factor_sees_nothing_either(client, output):
    draft = ConceptFactory(run=output.task.workshop.run)
    client.force_login(UserFactory(superuser=True))

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(output.get_absolute_url()).url == gate(output.get_absolute_url())


@pytest.mark.parametrize("name", ["home:account", "people:kept", "mfa_index", "usersessions_list"])
def test_pages_about_oneself_stay_open(client, lead, name):
    client.force_login(lead)

    assert client.get(reverse(name)).status_code == 200


def test_rights_are_taken_for_the_request_only(client, lead):
    client.force_login(lead)
    client.get("/")
    new = {"password1": "ein-neues-wort-77", "password2": "ein-neues-wort-77"}
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})

    lead = User.objects.get(pk=lead.pk)
    assert lead.check_password("ein-neues-wort-77")
    assert lead.is_staff
    assert lead.acts_as_staff


def test_facilitators_and_the_demo_need_no_factor(client, lead, output, settings):
    facilitator = ParticipationFactory(run=output.task.workshop.run, facilitator=True)
    client.force_login(facilitator.person.user)
    assert "CANARY" in client.get(output.get_absolute_url()).text

    settings.STAFF_MFA_REQUIRED = False
    client.force_login(lead)
    assert "CANARY" in client.get(output.get_absolute_url()).text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example"])
def test_the_gate_leads_to_no_other_host(client, lead, target):
    log_in_with_second_factor(client, lead)

    response = client.get(reverse("people:second_factor"), {"next": target})

    assert response.url == reverse("home:desk")
