"""What holds for every request and answer: senseless ones are refused, caches keep nothing
personal, sessions know when they were seen."""

import hashlib
import logging
import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.core.exceptions import BadRequest, DisallowedHost
from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.utils import translation
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _
from django.views.defaults import bad_request
from redis import RedisError

logger = logging.getLogger(__name__)
SEEN_EVERY_SECONDS = 300
# OWASP ASVS 5.0, 7.3.1 and 7.3.2; participants keep theirs as long as SESSION_COOKIE_AGE says.
STAFF_IDLE_SECONDS = 2 * 60 * 60
STAFF_SESSION_SECONDS = 12 * 60 * 60


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


class BrokenRequestsMiddleware:
    """Answer 400 to what no browser sends: a foreign host, or the character NUL anywhere.

    PostgreSQL keeps no NUL, and a scanner that makes up hosts must not fill the log of errors.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost as error:
            logger.warning("%s", str(error).partition(".")[0][:200])
            return self.refusal(request)
        # A cookie may hold it in quotes: "\\000".
        names = [request.path_info, *request.COOKIES.values()]
        if "%00" in request.META.get("QUERY_STRING", "") or any("\0" in name for name in names):
            return self.refusal(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        try:
            form = request.POST
        except UnreadablePostError:
            return None
        has_nul = any("\0" in text for name in form for text in (name, *form.getlist(name)))
        return self.refusal(request) if has_nul else None

    def refusal(self, request: HttpRequest) -> HttpResponseBase:
        # Nothing has looked for the language yet.
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            answer = bad_request(request, BadRequest())
        return self.security.process_response(request, answer)


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
