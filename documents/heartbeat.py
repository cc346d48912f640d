"""Signs of life: each queue and beat leave one in the cache, the health page asks for their age."""

import datetime
from collections.abc import Iterable

from django.core.cache import cache
from django.utils import timezone

BEAT = "beat"
QUEUES = ("default", "pdf")
SECONDS = 20


def leave_sign(name: str) -> None:
    """Say that this queue, or beat, is alive now."""
    cache.set(_key(name), timezone.now().isoformat(), timeout=None)


def forget_sign(name: str) -> None:
    cache.delete(_key(name))


def ages_of_signs(names: Iterable[str]) -> dict[str, float | None]:
    """Return for each how many seconds ago it gave a sign, None for never.

    Raises redis.RedisError.
    """
    now = timezone.now()
    keys = {_key(name): name for name in names}
    found = cache.get_many(keys)
    return {
        name: (now - datetime.datetime.fromisoformat(found[key])).total_seconds()
        if key in found
        else None
        for key, name in keys.items()
    }


def _key(name: str) -> str:
    return f"alive:{name}"
