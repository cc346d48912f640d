"""No secret of an address in any line of the log."""

import io
import json
import logging

import pytest
import structlog
from django.test import Client, RequestFactory
from django.utils.log import log_response

TOKEN = "geheim-Zx81_token"
ADDRESSES = [
    f"/einladung/{TOKEN}/",
    f"/en/einladung/{TOKEN}/",
    f"/konto/passwort/neu/1a-{TOKEN}/",
    f"/en/konto/passwort/neu/1a-{TOKEN}/",
]


@pytest.fixture
def lines():
    """What the configured handler writes, as it writes it."""
    [handler] = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    written = io.StringIO()
    stream = handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    handler.setStream(stream)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_refused_form_leaves_no_token(lines, address):
    client = Client(enforce_csrf_checks=True)

    response = client.post(address, {"answer": "decline"})

    assert response.status_code == 403
    [line] = lines()
    assert line["logger"] == "django.security.csrf"
    assert line["event"].startswith("Forbidden (CSRF cookie not set.): /")
    assert "…" in line["event"]
    assert TOKEN not in str(line)
    assert "request" not in line


@pytest.mark.expects_error_log
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_error_leaves_no_token(lines, address):
    request = RequestFactory().get(address, {"next": address}, headers={"referer": address})
    try:
        raise RuntimeError(f"broken at {address} and ?next={address.replace('/', '%2F')}")
    except RuntimeError as error:
        log_response(
            "%s: %s",
            "Internal Server Error",
            request.path,
            exception=error,
            request=request,
            response=type("Response", (), {"status_code": 500})(),
        )

    [line] = lines()
    assert line["logger"] == "django.request"
    assert line["exception"].count("…") >= 2
    assert TOKEN not in str(line)


@pytest.mark.expects_error_log
@pytest.mark.parametrize(
    "logger", ["gunicorn.error", "celery.worker", "django.security.Disallowed"]
)
def test_whoever_logs_leaves_no_token(lines, logger):
    logging.getLogger(logger).error("Error at %s", ADDRESSES[0], extra={"path": [ADDRESSES[1]]})

    [line] = lines()
    assert line["event"] == "Error at /einladung/…/"
    assert TOKEN not in str(line)


@pytest.mark.parametrize(
    "line",
    ["Die Einladung / Absage", "/einladung/", "/konto/passwort/vergessen/", '{"a": "/einladung/"}'],
)
def test_what_is_no_token_stays(lines, line):
    logging.getLogger("x").warning(line)

    assert lines()[0]["event"] == line
