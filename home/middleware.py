"""What one person was shown, or what was refused, stays in no cache."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


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
