"""What holds for every request and answer: senseless ones are refused, caches keep nothing
personal."""

import codecs
import logging
import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.utils import translation
from django.utils.translation import get_language_from_path
from django.views.defaults import bad_request

logger = logging.getLogger(__name__)


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
    """Refuse with a page of ours what no browser sends, and what is more than the portal takes.

    400: a foreign host, the character NUL anywhere, a form that cannot be read. 413: too much text,
    too many fields or files. 415: another encoding than UTF-8, something else than a form.
    PostgreSQL keeps no NUL, and a scanner that makes up hosts must not fill the log of errors.
    """

    FORMS = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})
    TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
    UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost as error:
            logger.warning("%s", str(error).partition(".")[0][:200])
            return self.refusal(request)
        if not self._is_readable(request):
            # Whatever asks for the query or the form would try to decode it.
            request.encoding = "utf-8"
            return self.refusal(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        # A cookie may hold it in quotes: "\\000".
        names = [request.path_info, *request.COOKIES.values()]
        if not re.fullmatch(r"[0-9]{0,18}", request.META.get("CONTENT_LENGTH") or ""):
            return self.refusal(request)
        if "%00" in request.META.get("QUERY_STRING", "") or any("\0" in name for name in names):
            return self.refusal(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        try:
            form = request.POST
        except UnreadablePostError:
            return None
        except self.TOO_MUCH:
            return self._without_form(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except self.UNREADABLE:
            return self._without_form(request, HTTPStatus.BAD_REQUEST)
        has_nul = any("\0" in text for name in form for text in (name, *form.getlist(name)))
        return self.refusal(request) if has_nul else None

    def _is_readable(self, request: HttpRequest) -> bool:
        charset = (request.content_params or {}).get("charset", "utf-8")
        try:
            is_known = codecs.lookup(charset).name == "utf-8"
        except (LookupError, ValueError):
            is_known = False
        return is_known and (request.method != "POST" or request.content_type in self.FORMS)

    def _without_form(self, request: HttpRequest, status: HTTPStatus) -> HttpResponseBase:
        # It would be read again, and fail again, for everything that asks for it.
        request._mark_post_parse_error()  # type: ignore[attr-defined]
        return self.refusal(request, status)

    def refusal(
        self, request: HttpRequest, status: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> HttpResponseBase:
        # Nothing has looked for the language yet.
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            answer = bad_request(request, BadRequest(), template_name=f"{status.value}.html")
        answer.status_code = status
        return self.security.process_response(request, answer)
