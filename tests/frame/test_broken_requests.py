"""What no browser sends is refused with a page of ours, at every door."""

import re

import pytest
from django.test import Client, RequestFactory

from mfv_portal.wsgi import application
from tests.access.asking import named_urls
from tests.html_check import check_html

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
FILE = '--x\r\nContent-Disposition: form-data; name="a"; filename="a.txt"\r\n\r\nx\r\n'
PIECE = '--x\r\nContent-Disposition: form-data; name="a"\r\n'

# name: content type, body, status
BROKEN = {
    "latin-1": (f"{FORM}; charset=latin-1", "a=%E4", 415),
    "an encoding that nobody knows": (f"{FORM}; charset=x", "a=b", 415),
    "ASCII": (f"{FORM}; charset=us-ascii", "a=b", 415),
    "JSON": ("application/json", '{"a": ', 415),
    "a text": ("text/plain", "a=b", 415),
    "no boundary": ("multipart/form-data", "--x", 400),
    "an empty boundary": ("multipart/form-data; boundary=", "--x", 400),
    "a boundary with signs": ("multipart/form-data; boundary=ä", "--x", 400),
    "a boundary too long": (f"multipart/form-data; boundary={'x' * 300}", "--x", 400),
    "broken base64": (
        PARTS,
        f"{FILE[:-5]}Content-Transfer-Encoding: base64\r\n\r\nA\r\n--x--\r\n",
        400,
    ),
    "NUL": (FORM, "a=%00", 400),
    "too many fields": (FORM, "a=b&" * 5_001, 413),
    "too many parts": (PARTS, f"{PIECE}\r\nb\r\n" * 5_001 + "--x--\r\n", 413),
    "too many files": (PARTS, FILE * 21 + "--x--\r\n", 413),
    "too much text": (FORM, "a=" + "b" * (5 * 1024 * 1024), 413),
    "too much text in parts": (
        PARTS,
        f"{PIECE}\r\n{'b' * (5 * 1024 * 1024)}\r\n--x--\r\n",
        413,
    ),
}
TITLES = {400: "nicht verstehen", 413: "Zu viel Text auf einmal", 415: "nicht lesen"}


def doors():
    """An address for every pattern of the URLconf."""
    for name, route in named_urls().items():
        path = re.sub(r"<int:\w+>|<kind>", "1", route)
        path = re.sub(r"<[\w:]+>", "x", re.sub(r"<path:\w+>", "1", path))
        if route.startswith("^") or "(?P<" in route:
            path = "konto/passwort/neu/1-abc-def/" if "uidb36" in route else None
        if path and name != "admin:":
            yield f"/{path}"


@pytest.fixture
def strict():
    """A client as a stranger is one: nothing is raised past the portal."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def send(client, path, name):
    kind, body, _status = BROKEN[name]
    return client.generic("POST", path, body.encode(), content_type=kind)


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_gets_a_page_that_says_so(strict, name):
    status = BROKEN[name][2]

    response = send(strict, "/konto/anmelden/", name)

    assert response.status_code == status
    check_html(response)
    assert TITLES[status] in response.text
    assert "Es wurde nichts gespeichert." in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("name", ["latin-1", "no boundary", "too many fields"])
def test_every_door_refuses_what_is_broken(strict, name):
    paths = list(doors())
    assert len(paths) > 150

    answers = {path: send(strict, path, name).status_code for path in paths}

    assert {path: code for path, code in answers.items() if code != BROKEN[name][2]} == {}


def test_a_refusal_speaks_the_language_of_its_address(strict):
    assert 'lang="en"' in send(strict, "/en/konto/anmelden/", "latin-1").text


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=UTF-8", PARTS])
@pytest.mark.django_db
def test_what_browsers_send_is_read(client, kind):
    body = f"{PIECE}\r\nb\r\n--x--\r\n" if kind == PARTS else "login=a&password=b"

    response = client.generic("POST", "/konto/anmelden/", body, content_type=kind)

    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("length", "status"), [("abc", 400), ("-1", 400), ("9" * 30, 400), ("9" * 12, 413), ("", 403)]
)
def test_a_senseless_length_is_no_error(strict, length, status):
    response = strict.generic(
        "POST", "/konto/anmelden/", b"a=b", content_type=FORM, CONTENT_LENGTH=length
    )

    assert response.status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["hex", "utf-16", "idna", "\0", "x" * 300, "latin-1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_server_gets_an_answer_to_every_encoding(charset, method):
    environ = RequestFactory().generic(method, "/konzepte/?q=%E4", b"x", content_type=FORM).environ
    environ["CONTENT_TYPE"] = f"{FORM}; charset={charset}"
    answered = []

    body = b"".join(application(environ, lambda status, headers: answered.append(status)))

    assert answered == ["415 Unsupported Media Type"]
    assert TITLES[415] in body.decode()


@pytest.mark.parametrize("path", ["/%ff/", "/konzepte/%c3%28/", "/%00", "/%2e%2e/%2e%2e/"])
@pytest.mark.django_db
def test_odd_addresses_lead_nowhere(strict, path):
    assert strict.get(path).status_code in {400, 404}
