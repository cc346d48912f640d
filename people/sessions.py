"""Sessions know when they were seen; those that staff forgot are ended."""

import hashlib
import logging
import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from redis import RedisError

logger = logging.getLogger(__name__)
SEEN_EVERY_SECONDS = 300
# OWASP ASVS 5.0, 7.3.1 and 7.3.2; participants keep theirs as long as SESSION_COOKIE_AGE says.
STAFF_IDLE_SECONDS = 2 * 60 * 60
STAFF_SESSION_SECONDS = 12 * 60 * 60


class SessionActivityMiddleware:
    """Note at most every five minutes when a session was last seen; end forgotten ones of staff.

    allauth's own middleware reads and writes the row on every request: five statements each.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.session.session_key and request.user.is_authenticated:
            if request.user.is_staff and _is_over(request.session):
                logout(request)
                messages.warning(
                    request,
                    _("Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich noch einmal an."),
                )
            elif _is_due(request.session.session_key):
                UserSession.objects.create_from_request(request)
        return self.get_response(request)


def _is_over(session: SessionBase) -> bool:
    """Whether this session is too old or was left alone for too long; note that it is in use."""
    now = int(time.time())
    began, seen = session.get("staff_times", (now, 0))
    if seen and (now - seen > STAFF_IDLE_SECONDS or now - began > STAFF_SESSION_SECONDS):
        return True
    if now - seen > SEEN_EVERY_SECONDS:
        session["staff_times"] = (began, now)
    return False


def _is_due(session_key: str) -> bool:
    # A hash, because whoever reads the cache must not find keys that open sessions.
    digest = hashlib.sha256(session_key.encode()).hexdigest()
    try:
        return cache.add(f"session-seen:{digest}", 1, timeout=SEEN_EVERY_SECONDS)
    except RedisError:
        return False
