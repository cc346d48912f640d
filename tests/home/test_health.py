import datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone
from redis import RedisError

from documents import heartbeat
from documents.models import RenderJob
from people.models import Message
from tests.factories import MessageFactory, RenderJobFactory

pytestmark = pytest.mark.django_db

WELL = {
    "database": "ok",
    "broker": "ok",
    "beat": "ok",
    "worker-default": "ok",
    "worker-pdf": "ok",
    "prints": "ok",
    "mails": "ok",
    "scanner": "off",
}


@pytest.fixture
def alive():
    for name in (heartbeat.BEAT, *heartbeat.QUEUES):
        heartbeat.leave_sign(name)


def ago(**since):
    return timezone.now() - datetime.timedelta(**since)


def parts(client):
    response = client.get("/health/")
    assert (response.status_code == 200) is (response.json()["status"] == "ok")
    return response.json()["parts"]


def test_health_is_well_when_every_part_answers(client, alive):
    response = client.get("/health/")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "parts": WELL,
        "seconds_waiting": {"prints": None, "mails": None},
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.expects_error_log
@pytest.mark.parametrize(
    ("name", "part"),
    [("beat", "beat"), ("default", "worker-default"), ("pdf", "worker-pdf")],
)
@pytest.mark.parametrize("minutes", [None, 10])
def test_health_tells_who_is_silent(client, alive, monkeypatch, name, part, minutes):
    heartbeat.forget_sign(name)
    if minutes:
        then = ago(minutes=minutes)
        with monkeypatch.context() as earlier:
            earlier.setattr(heartbeat.timezone, "now", lambda: then)
            heartbeat.leave_sign(name)

    assert parts(client) == WELL | {part: "silent"}


@pytest.mark.parametrize(
    ("lease", "state"),
    [(datetime.timedelta(seconds=20), "ok"), (datetime.timedelta(seconds=-20), "silent")],
)
@pytest.mark.expects_error_log
def test_long_print_is_a_sign_of_life_while_its_lease_holds(client, alive, lease, state):
    heartbeat.forget_sign("pdf")
    RenderJobFactory(status="running", token=uuid4(), lease_until=timezone.now() + lease)

    assert parts(client) == WELL | {"worker-pdf": state}


@pytest.mark.expects_error_log
@pytest.mark.parametrize(("minutes", "state"), [(10, "ok"), (20, "late")])
def test_health_tells_a_print_that_waits_for_long(client, alive, minutes, state):
    RenderJobFactory()
    RenderJobFactory(requested_at=ago(minutes=minutes))
    RenderJobFactory(requested_at=ago(days=1), status=RenderJob.Status.FAILED)

    assert parts(client) == WELL | {"prints": state}
    waiting = client.get("/health/").json()["seconds_waiting"]
    assert minutes * 60 <= waiting["prints"] < minutes * 60 + 30


@pytest.mark.expects_error_log
@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"created_at": {"minutes": 20}}, "late"),
        ({"created_at": {"minutes": 10}}, "ok"),
        ({"created_at": {"hours": 5}, "lease_until": {"minutes": -5}}, "ok"),  # put off
        ({"created_at": {"hours": 5}, "lease_until": {"minutes": 5}}, "ok"),  # due again just now
        ({"created_at": {"hours": 5}, "lease_until": {"minutes": 20}}, "late"),
        ({"created_at": {"hours": 5}, "status": "failed"}, "ok"),
    ],
)
def test_health_tells_a_mail_that_waits_for_long(client, alive, row, state):
    values = {
        name: ago(**value) if isinstance(value, dict) else value for name, value in row.items()
    }
    message = MessageFactory()
    Message.objects.filter(pk=message.pk).update(**values)

    assert parts(client) == WELL | {"mails": state}


@pytest.mark.expects_error_log
def test_health_tells_a_lost_broker_without_naming_it(client, alive, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    response = client.get("/health/")

    assert response.status_code == 503
    assert response.json()["parts"]["broker"] == "down"
    assert "127.0.0.1" not in response.text


@pytest.mark.expects_error_log
def test_health_tells_a_lost_database(client, alive, monkeypatch):
    def refuse():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)

    assert parts(client) == WELL | {"database": "down", "prints": "unknown", "mails": "unknown"}


@pytest.mark.expects_error_log
def test_health_tells_a_lost_cache(client, alive, monkeypatch):
    def refuse(names):
        raise RedisError

    monkeypatch.setattr("documents.heartbeat.ages_of_signs", refuse)

    assert parts(client) == WELL | dict.fromkeys(
        ["beat", "worker-default", "worker-pdf"], "unknown"
    )


@pytest.mark.expects_error_log
def test_health_tells_a_lost_scanner_without_naming_it(client, alive, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"

    response = client.get("/health/")

    assert response.status_code == 503
    assert response.json()["parts"] == WELL | {"scanner": "down"}
    assert "127.0.0.1" not in response.text
