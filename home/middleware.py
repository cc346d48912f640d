"""What holds for every answer: caches keep nothing personal, sessions know when they were seen."""

import hashlib
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis import RedisError

SEEN_EVERY_SECONDS = 300


class PrivateAnswersMiddleware:
    """Forbid every cache to keep an answer for somebody signed in, and every refusal.

    A kept 404 would hide a release after its embargo, a kept page would show a draft to others.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_personal = settings.SESSION_COOKIE_NAME in request.COOKIES or bool(response.cookies)
        is_refusal = response.status_code >= 400
        if (is_personal or is_refusal) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class SessionActivityMiddleware:
    """Note at most every five minutes when a session was last seen.

    allauth's own middleware reads and writes the row on every request: five statements each.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.session.session_key
        if key and request.user.is_authenticated and _is_due(key):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


def _is_due(session_key: str) -> bool:
    # A hash, because whoever reads the cache must not find keys that open sessions.
    digest = hashlib.sha256(session_key.encode()).hexdigest()
    try:
        return cache.add(f"session-seen:{digest}", 1, timeout=SEEN_EVERY_SECONDS)
    except RedisError:
        return False
