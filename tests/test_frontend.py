"""The frame around every page: error pages, policy, account pages, static files."""

import base64
import datetime
import hashlib
import io
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template
from django.test import Client, override_settings
from django.urls import path
from django.utils import translation
from django.utils.formats import date_format

from frame.csp import StyleNotFound, import_map_hash, style_hash
from mfv_portal.urls import urlpatterns as portal_urls
from tests.factories import ConceptFactory, LeadFactory, UserFactory
from tests.html_check import check_html
from tests.signing_in import log_in_with_second_factor
from texts.dates import ImpreciseDate

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/",
    "/en/",
    "/programme/",
    "/durchlaeufe/",
    "/konzepte/",
    "/presse/",
    "/leitfaden/",
    "/impressum/",
    "/datenschutz/",
    "/barrierefreiheit/",
    "/en/barrierefreiheit/",
)
ENTRANCE = (
    "/konto/anmelden/",
    "/konto/anmelden/code/",
    "/konto/passwort/vergessen/",
    "/konto/passwort/vergessen/verschickt/",
    "/konto/passwort/neu/fertig/",
    "/konto/passwort/neu/1-falsch/",
    "/konto/registrieren/",
    "/konto/gesperrt/",
)
ACCOUNT = (
    "/konto/",
    "/konto/abmelden/",
    "/konto/passwort/aendern/",
    "/konto/passwort/vergessen/",
    "/konto/bestaetigen/",
    "/konto/zweiter-faktor/",
    "/konto/zweiter-faktor/app/einrichten/",
    "/konto/zweiter-faktor/passkeys/",
    "/konto/zweiter-faktor/passkeys/neu/",
    "/konto/sitzungen/",
    "/mein-bereich/",
)
DU = re.compile(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(e[nmrs]?)?)\b")


def policy_of(response) -> dict[str, list[str]]:
    """The directives of the answer's policy."""
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def assert_strict(response) -> None:
    policy = policy_of(response)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]


def text_of(response) -> str:
    return re.sub(r"<[^>]+>", " ", response.text)


@pytest.fixture
def member(client):
    """A client signed in with a password just now."""
    user = UserFactory()
    user.set_password("ein-langes-testwort-42")
    user.save()
    client.post("/konto/anmelden/", {"login": user.email, "password": "ein-langes-testwort-42"})
    client.post("/konto/bestaetigen/", {"password": "ein-langes-testwort-42"})
    client.user = user
    return client


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_is_well_formed_and_strict(client, path):
    response = client.get(path)

    assert response.status_code == 200
    check_html(response)
    assert_strict(response)
    assert not response.cookies
    assert f'<html lang="{"en" if path.startswith("/en/") else "de"}"' in response.text


@pytest.mark.parametrize("path", ENTRANCE)
def test_entrance_page_is_well_formed_and_says_sie(client, path):
    response = client.get(path, follow=True)

    assert response.status_code == 200
    check_html(response)
    assert_strict(response)
    assert not DU.search(text_of(response))


@pytest.mark.parametrize("path", ACCOUNT)
def test_account_page_is_well_formed_and_says_sie(member, path):
    response = member.get(path)

    assert response.status_code == 200
    check_html(response)
    assert_strict(response)
    assert not DU.search(text_of(response))


def test_password_pages_refuse_in_the_portals_words(member):
    response = member.post(
        "/konto/passwort/aendern/",
        {
            "oldpassword": "ein-langes-testwort-42",
            "password1": "ein-anderes-testwort-17",
            "password2": "ein-drittes-testwort-23",
        },
    )

    check_html(response)
    assert "Bitte geben Sie zweimal dasselbe Passwort ein." in response.text
    assert not DU.search(text_of(response))


def test_log_in_with_a_wrong_password_keeps_the_address(client):
    response = client.post("/konto/anmelden/", {"login": "x@example.org", "password": "falsch"})

    check_html(response)
    assert 'value="x@example.org"' in response.text
    assert 'role="alert"' in response.text


def test_code_page_of_the_log_in(client):
    UserFactory(email="kim@example.org")

    response = client.post("/konto/anmelden/code/", {"email": "kim@example.org"}, follow=True)

    assert response.redirect_chain == [("/konto/anmelden/code/eingeben/", 302)]
    check_html(response)
    assert "kim@example.org" in response.text


def test_second_factor_is_set_up_with_a_picture_that_the_policy_allows(member):
    response = member.get("/konto/zweiter-faktor/app/einrichten/")

    assert 'src="data:image/svg+xml;base64,' in response.text
    assert "data:" in policy_of(response)["img-src"]
    assert response.context["form"].secret in response.text


def test_pages_of_the_second_factor_once_it_is_there(member):
    TOTP.activate(member.user, "JBSWY3DPEHPK3PXP")
    key = Authenticator.objects.create(
        user=member.user, type=Authenticator.Type.WEBAUTHN, data={"name": "Mein Schlüssel"}
    )
    keys = f"/konto/zweiter-faktor/passkeys/{key.pk}"

    member.post("/konto/zweiter-faktor/notfallcodes/neu/")
    for page in (
        "/konto/zweiter-faktor/",
        "/konto/zweiter-faktor/app/entfernen/",
        "/konto/zweiter-faktor/notfallcodes/",
        "/konto/zweiter-faktor/notfallcodes/neu/",
        f"{keys}/bearbeiten/",
        f"{keys}/entfernen/",
    ):
        response = member.get(page)
        assert response.status_code == 200, page
        check_html(response)
        assert not DU.search(text_of(response))


def test_log_in_asks_for_the_second_factor(client):
    user = UserFactory()
    user.set_password("ein-langes-testwort-42")
    user.save()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")

    response = client.post(
        "/konto/anmelden/",
        {"login": user.email, "password": "ein-langes-testwort-42"},
        follow=True,
    )

    assert response.redirect_chain == [("/konto/anmelden/zweiter-faktor/", 302)]
    check_html(response)
    assert not DU.search(text_of(response))


def test_too_many_attempts_are_answered_in_the_portals_look(client):
    for number in range(21):
        response = client.post(
            "/konto/passwort/vergessen/", {"email": f"nummer-{number}@example.org"}
        )

    assert response.status_code == 429
    check_html(response)


def test_nothing_leads_to_a_change_of_the_address(client):
    assert client.get("/konto/email/").status_code == 404
    assert client.get("/konto/2fa/").status_code == 404


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("de", "2. Mai 2016", "2. Mai 2016 09:05"), ("en", "2 May 2016", "2 May 2016, 09:05")],
)
def test_dates_read_the_same_whether_precise_or_not(language, day, moment):
    at = datetime.datetime(2016, 5, 2, 9, 5, tzinfo=datetime.UTC)

    with translation.override(language):
        assert date_format(at, "DATE_FORMAT") == day
        assert date_format(at, "DATETIME_FORMAT") == moment
        assert str(ImpreciseDate("2016-05-02")) == day


@pytest.mark.parametrize("path", ["/en/", "/en/durchlaeufe/", "/en/konzepte/"])
def test_german_contents_on_english_pages_say_so(client, path):
    run = ConceptFactory(published=True).run

    html = client.get(path).text

    assert re.search(rf'<[^>]* lang="de">{run.topic}<', html)


# Errors


def break_down(request):
    raise RuntimeError("kaputt")


error_urls = [path("kaputt/", break_down), *portal_urls]


@pytest.fixture
def error_page():
    """A client of a portal with an address that breaks."""
    module = type("urls", (), {"urlpatterns": error_urls})
    with override_settings(ROOT_URLCONF=module):
        yield Client(raise_request_exception=False)


def test_unknown_page_helps_on(client):
    response = client.get("/gibt-es-nicht/")

    assert response.status_code == 404
    check_html(response)
    assert_strict(response)
    assert "Diese Seite gibt es nicht" in response.text
    assert client.get("/en/gibt-es-nicht/").status_code == 404


def test_form_without_token_is_refused_with_a_way_out():
    response = Client(enforce_csrf_checks=True).post("/konto/anmelden/", {})

    assert response.status_code == 403
    check_html(response)
    assert_strict(response)
    assert "Es wurde nichts gespeichert." in response.text


@pytest.mark.expects_error_log
def test_broken_page_needs_nothing(error_page, monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = error_page.get("/kaputt/")

    assert response.status_code == 500
    check_html(response)
    assert_strict(response)
    assert 'href="/static/css/error.css"' in response.text
    assert "kaputt" not in response.text


@pytest.mark.expects_error_log
def test_bad_request_is_answered_in_words(client):
    response = client.get("/", headers={"host": "boese.example.org"})

    assert response.status_code == 400
    check_html(response)
    assert_strict(response)


@pytest.mark.parametrize("name", ["403.html", "404.html", "429.html", "403_csrf.html"])
def test_error_page_needs_no_request(name):
    with translation.override("de"):
        html = get_template(name).render({})

    assert "<h1>" in html


# Policy of the editor


@pytest.fixture
def lead(client):
    user = LeadFactory(may_keep_legal_pages=True)
    log_in_with_second_factor(client, user)
    return client


def test_editor_page_allows_its_import_map_and_style_only(lead):
    from_legal_pages = lead.get("/admin/home/legalpage/").text
    number = re.search(r"/admin/home/legalpage/(\d+)/change/", from_legal_pages)[1]

    response = lead.get(f"/admin/home/legalpage/{number}/change/")

    content = re.search(r'<script type="importmap">(.*?)</script>', response.text)[1]
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    policy = policy_of(response)
    assert policy["script-src"] == ["'self'", f"'sha256-{digest}'"]
    assert policy["style-src"] == ["'self'", f"'{style_hash()}'"]
    assert import_map_hash() == f"sha256-{digest}"


def test_admin_without_the_editor_is_strict(lead):
    for page in ("/admin/", "/admin/home/legalpage/"):
        assert_strict(lead.get(page))


def test_style_of_a_rebuilt_editor_is_not_guessed(monkeypatch, tmp_path):
    rebuilt = tmp_path / "editor.js"
    rebuilt.write_text("export {}", encoding="utf-8")
    monkeypatch.setattr("frame.csp.finders.find", lambda name: str(rebuilt))
    style_hash.cache_clear()

    with pytest.raises(StyleNotFound):
        style_hash()

    style_hash.cache_clear()


# Static files


def test_collected_files_are_hashed_and_only_those_in_use(tmp_path):
    with override_settings(
        STATIC_ROOT=tmp_path,
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {
                "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
            },
        },
    ):
        call_command("collectstatic", interactive=False, verbosity=0, stdout=io.StringIO())

    sheet = next(tmp_path.glob("css/portal/tokens.*.css")).read_text(encoding="utf-8")
    assert re.search(
        r'@import url\("../../kern/kern\.min\.[0-9a-f]{12}\.css"\) layer\(kern\)', sheet
    )
    fonts = next(tmp_path.glob("kern/fonts/fira-sans.*.css")).read_text(encoding="utf-8")
    named = set(re.findall(r"FiraSans-\w+\.[0-9a-f]{12}\.woff2", fonts))
    kept = {file.name for file in tmp_path.glob("kern/fonts/fira-sans/*.*.woff2")}
    assert named == kept
    assert not list(tmp_path.rglob("NotoSans*"))
    assert not (tmp_path / "kern" / "kern.css").exists()


def test_no_page_asks_for_anything_elsewhere(client):
    for page in PUBLIC:
        addresses = re.findall(r'(?:src|href)="(https?://[^"]+)"', client.get(page).text)
        links = [address for address in addresses if not address.startswith(settings.PORTAL_URL)]
        assert links in ([], ["https://www.schlichtungsstelle-bgg.de"])
