"""Asking an address as everybody, and the letter that stands for the answer."""

from collections.abc import Iterator

from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import urlencode

from documents import heartbeat
from tests.access.world import ROLES, World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LETTERS = {200: "o", 302: "r", 400: "b", 403: "F", 404: "N", 405: "m", 409: "c", 410: "G"}
LOGIN = "/konto/anmelden/"


class Rollback(Exception):
    """Undo what a question changed."""


def named_urls() -> dict[str, str]:
    """Every address of the portal: its full name and its route."""
    return dict(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns, namespace: str, prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, route)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}", route


def ask(world: World, role: str, method: str, path: str, data: dict | None = None) -> str:
    """Ask once and undo it. `L` is the way to the log-in, `r` another redirect; else the status."""
    client = world.clients[role]
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    answer = None
    try:
        with transaction.atomic():
            body = {"data": urlencode(data or {}), "content_type": FORM} if method == "POST" else {}
            answer = client.generic(method, path, **body)
            raise Rollback
    except Rollback:
        pass
    client.cookies.clear()
    for name, value in cookies.items():
        client.cookies[name] = value
    if answer.status_code == 302 and answer["Location"].startswith(LOGIN):
        return "L"
    return LETTERS.get(answer.status_code, f"<{answer.status_code}>")


FORM = "application/x-www-form-urlencoded"


def forget_limits() -> None:
    """Let each question be the first one: limits have tests of their own."""
    cache.clear()
    for name in (heartbeat.BEAT, *heartbeat.QUEUES):
        heartbeat.leave_sign(name)


def ask_everybody(world: World, method: str, path: str, data: dict | None = None) -> str:
    """One letter for every role, in the order of ROLES."""
    forget_limits()
    return "".join(ask(world, role, method, path, data) for role in ROLES)
