"""Whether the parts that the portal needs answer. The answers name no host and no error text."""

from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Case, F, Min, Value, When
from django.db.models.functions import Greatest, Now
from django.utils import timezone
from redis import Redis, RedisError

from documents import heartbeat
from documents.models import RenderJob
from people.models import Message
from texts.uploads import scanner

# Beat and a worker have to miss several signs of life before they count as gone.
SILENT_AFTER_SECONDS = 6 * heartbeat.SECONDS
# A whole guideline may be printed before the next job.
LATE_AFTER_SECONDS = 900
# The answer has to be there within three seconds, whatever stands still.
BROKER_SECONDS = 1
DATABASE_SECONDS = 0.7


@dataclass(frozen=True)
class Health:
    """The state of each part: `ok`, `off`, or what is wrong; what waits, in seconds."""

    parts: dict[str, str]
    waiting: dict[str, int | None]

    @property
    def is_well(self) -> bool:
        return all(state in {"ok", "off"} for state in self.parts.values())


def examine() -> Health:
    """Look at database, broker, beat, the worker of each queue, what waits, the scanner."""
    # Django's connection is ours, mfv_portal.postgresql.
    with connection.hurried(DATABASE_SECONDS):  # type: ignore[attr-defined]
        database, is_printing, waiting = _database()
    broker = _broker()
    workers = _workers(is_printing) if broker == "ok" else dict.fromkeys(_WORKERS, "unknown")
    late = {
        name: "unknown" if database != "ok" else "late" if (age or 0) > LATE_AFTER_SECONDS else "ok"
        for name, age in waiting.items()
    }
    parts = {"database": database, "broker": broker, **workers, **late, "scanner": _scanner()}
    return Health(parts, waiting)


_WORKERS = {
    "beat": heartbeat.BEAT,
    **{f"worker-{queue}": queue for queue in heartbeat.QUEUES},
}


def _database() -> tuple[str, bool, dict[str, int | None]]:
    """The state, whether a print is held by a living worker, and how long the oldest row waits."""
    try:
        jobs = RenderJob.objects.aggregate(
            held=Min(
                Case(When(status=RenderJob.Status.RUNNING, lease_until__gt=Now(), then=Value(1)))
            ),
            waits=Min(Case(When(status=RenderJob.Status.PENDING, then=F("requested_at")))),
        )
        mails = Message.objects.due().aggregate(
            # One that was put off waits since then.
            waits=Min(Greatest("created_at", "lease_until")),
        )
    except DatabaseError:
        return "down", False, {"prints": None, "mails": None}
    now = timezone.now()
    waiting = {
        name: int((now - since).total_seconds()) if since else None
        for name, since in (("prints", jobs["waits"]), ("mails", mails["waits"]))
    }
    return "ok", bool(jobs["held"]), waiting


def _broker() -> str:
    try:
        with Redis.from_url(
            settings.CELERY_BROKER_URL,
            socket_connect_timeout=BROKER_SECONDS,
            socket_timeout=BROKER_SECONDS,
        ) as broker:
            broker.ping()
    except RedisError:
        return "down"
    return "ok"


def _scanner() -> str:
    """`off` where no virus scanner is set; while it is `down`, new uploads stay closed."""
    if not scanner.is_on():
        return "off"
    return "ok" if scanner.answers() else "down"


def _workers(is_printing: bool) -> dict[str, str]:
    """`silent` where nothing was heard for too long; a long print is a sign of life of its own."""
    try:
        ages = heartbeat.ages_of_signs(_WORKERS.values())
    except RedisError:
        return dict.fromkeys(_WORKERS, "unknown")
    return {
        part: "ok" if _is_recent(ages[name]) or (name == "pdf" and is_printing) else "silent"
        for part, name in _WORKERS.items()
    }


def _is_recent(age: float | None) -> bool:
    return age is not None and age < SILENT_AFTER_SECONDS
