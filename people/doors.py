"""What stands at the doors of the portal: the second factor of staff, limits for attempts."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

# As long as the longest limit of failed attempts (ACCOUNT_RATE_LIMITS).
RETRY_SECONDS = 300
# Behind the log-in, but about nobody else than oneself. allauth's pages are so by themselves.
OWN_PAGES = frozenset(
    {"home:account", "people:kept", "people:second_factor"}
    | {"programmes:consents", "programmes:consent_answer"}
)


def has_second_factor(user) -> bool:
    """Whether the account has one; recovery codes alone are none."""
    return is_mfa_enabled(user, ["totp", "webauthn"])


def used_second_factor(request) -> bool:
    """Whether this session was opened or confirmed with a second factor or a passkey."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def ask_second_factor(request: HttpRequest, query: str) -> HttpResponse:
    """Lead staff to confirm their second factor, or explain how to set one up."""
    if has_second_factor(request.user):
        return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{query}")
    return render(request, "people/second_factor.html", {"query": query}, status=403)


class SecondFactorMiddleware:
    """Take the rights of staff who have not shown their second factor in this session.

    Public pages show them what everybody sees; pages behind the log-in lead to the second factor.
    The admin asks by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, *_arguments: object
    ) -> HttpResponseBase | None:
        # Without a session nobody is logged in: pages for all do not vary by cookies.
        if not settings.STAFF_MFA_REQUIRED or not request.session.session_key:
            return None
        if not getattr(request.user, "is_staff", False) or used_second_factor(request):
            return None
        request.user.is_unconfirmed = True  # type: ignore[union-attr]
        match = request.resolver_match
        # Django leaves this mark on every view that asks for a log-in.
        if match is None or not hasattr(view, "login_url") or match.view_name in OWN_PAGES:
            return None
        # They have doors of their own.
        if match.app_name == "admin" or view.__module__.startswith("allauth."):
            return None
        query = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()}, safe="/")
        return HttpResponseRedirect(f"{reverse('people:second_factor')}?{query}")


class RateLimitMiddleware:
    """Answer 429 where a form of allauth was refused for too many attempts.

    allauth writes that into the form and answers 200; `AccountAdapter.validation_error` notes it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "is_rate_limited", False) and response.status_code == 200:
            response.status_code = 429
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(RETRY_SECONDS))
        return response
