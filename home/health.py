"""Whether the parts that the portal needs answer. The answers name no host and no error text."""

import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from redis import Redis, RedisError

from documents.beat import HEARTBEAT_KEY, HEARTBEAT_SECONDS
from workshops import scanner

# Beat and a worker have to miss several signs of life before they count as gone.
MISSED_BEATS = 6
TIMEOUT_SECONDS = 2


def examine() -> dict[str, str]:
    """The state of each part: `ok`, `off` for a scanner that is not set, or what is wrong."""
    return {"database": _database(), "broker": _broker(), "beat": _beat(), "scanner": _scanner()}


def _scanner() -> str:
    """`off` where no virus scanner is set; while it is `down`, new uploads stay closed."""
    if not scanner.is_on():
        return "off"
    return "ok" if scanner.answers() else "down"


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _broker() -> str:
    try:
        with Redis.from_url(
            settings.CELERY_BROKER_URL,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
        ) as broker:
            broker.ping()
    except RedisError:
        return "down"
    return "ok"


def _beat() -> str:
    """`silent` where nothing was heard for too long: beat or every worker stands still."""
    try:
        last = cache.get(HEARTBEAT_KEY)
    except RedisError:
        return "unknown"
    if last is None:
        return "silent"
    age = timezone.now() - datetime.datetime.fromisoformat(last)
    return "ok" if age.total_seconds() < MISSED_BEATS * HEARTBEAT_SECONDS else "silent"
