import logging
import time
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import LeadFactory, UserFactory
from tests.signing_in import log_in_with_second_factor

HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "X-Frame-Options",
}


def names(response):
    return set(response.headers) & HEADERS


# What answers before any view


def test_redirect_to_https_has_the_headers_of_a_page(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/impressum/")

    assert (response.status_code, response.url) == (301, "https://testserver/impressum/")
    assert names(response) == HEADERS


@pytest.mark.parametrize("is_secure", [True, False])
@pytest.mark.parametrize("redirects", [True, False])
def test_a_foreign_host_gets_a_page_and_one_line_in_the_log(
    client, settings, caplog, is_secure, redirects
):
    settings.SECURE_SSL_REDIRECT = redirects

    response = client.get("/", headers={"host": "evil.example"}, secure=is_secure)

    assert response.status_code == 400
    assert names(response) == HEADERS
    assert response["Cache-Control"] == "private, no-store"
    assert "Diese Anfrage konnte das Portal nicht verstehen" in response.text
    [record] = caplog.records
    assert (record.levelno, record.exc_info) == (logging.WARNING, None)
    assert record.getMessage() == "Invalid HTTP_HOST header: 'evil"


@pytest.mark.django_db
def test_static_files_have_the_policy_too(client):
    response = client.get("/static/css/error.css")

    assert response.status_code == 200
    assert names(response) == HEADERS
    response.close()


# NUL


@pytest.mark.parametrize(
    "path", ["/?page=%00", "/konzepte/?q=a%00b", "/konzepte/%00/", "/?%00=1", "/gibt/es/nicht%00"]
)
def test_nul_in_an_address_is_refused(client, path):
    response = client.get(path)

    assert response.status_code == 400
    assert names(response) == HEADERS
    assert "Diese Anfrage konnte das Portal nicht verstehen" in response.text


def test_the_refusal_speaks_the_language_of_the_address(client):
    assert 'lang="en"' in client.get("/en/?page=%00").text
    assert 'lang="de"' in client.get("/?page=%00").text


@pytest.mark.parametrize("data", [{"login": "a\0b"}, {"lo\0gin": "x"}, {"login": ["x", "\0"]}])
@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
@pytest.mark.django_db
def test_nul_in_a_form_is_refused(client, data, kind):
    address = reverse("account_login")
    if kind == "multipart/form-data":
        response = client.post(address, data)
    else:
        response = client.post(address, urlencode(data, doseq=True), content_type=kind)

    assert response.status_code == 400


def test_nul_in_a_cookie_is_refused(client, settings):
    # As a header: Python's own cookies refuse it in newer versions.
    cookie = f'{settings.SESSION_COOKIE_NAME}="' + r"\000" * 32 + '"'

    assert client.get("/mein-bereich/", headers={"cookie": cookie}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["status__exact=%00", "q=%00", "run__id__exact=%00"])
def test_nul_in_a_filter_of_the_admin_is_refused(client, query):
    log_in_with_second_factor(client, LeadFactory())

    response = client.get(f"{reverse('admin:workshops_output_changelist')}?{query}")

    assert response.status_code == 400


@pytest.mark.django_db
def test_a_file_may_hold_nul(client):
    response = client.post(
        reverse("account_login"), {"login": "x", "datei": SimpleUploadedFile("a.bin", b"\0")}
    )

    assert response.status_code == 200


# Sessions of staff


@pytest.fixture
def clock(monkeypatch):
    """A function that sets the clock of the sessions to so many minutes from now."""
    begin = time.time()

    def turn(minutes):
        monkeypatch.setattr("people.sessions.time.time", lambda: begin + minutes * 60)

    return turn


def is_in(client):
    return client.get(reverse("home:account")).status_code == 200


@pytest.mark.django_db
def test_staff_who_do_nothing_for_two_hours_log_in_again(client, clock):
    client.force_login(LeadFactory())
    assert is_in(client)

    clock(119)
    assert is_in(client)
    clock(119 + 119)
    assert is_in(client)
    clock(119 + 119 + 121)
    response = client.get(reverse("home:account"), follow=True)

    assert response.redirect_chain[0][0].startswith(reverse("account_login"))
    assert "Ihre Anmeldung ist abgelaufen." in response.text
    assert not is_in(client)


@pytest.mark.django_db
def test_staff_log_in_again_after_twelve_hours(client, clock):
    client.force_login(LeadFactory())

    for minutes in range(0, 12 * 60 + 1, 60):
        clock(minutes)
        assert is_in(client)
    clock(12 * 60 + 1)

    assert not is_in(client)


@pytest.mark.django_db
def test_a_new_log_in_of_staff_begins_anew(client, clock):
    lead = LeadFactory()
    client.force_login(lead)
    assert is_in(client)
    clock(121)
    assert not is_in(client)

    client.force_login(lead)

    assert is_in(client)


@pytest.mark.django_db
def test_participants_may_think_for_longer(client, clock):
    client.force_login(UserFactory())
    assert is_in(client)

    clock(11 * 60)

    assert is_in(client)


@pytest.mark.django_db
def test_a_page_for_staff_writes_the_session_rarely(client, clock, django_assert_num_queries):
    client.force_login(LeadFactory())
    assert is_in(client)
    clock(4)

    with django_assert_num_queries(2):
        assert is_in(client)
