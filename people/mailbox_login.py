"""Logging in by a secret link: whoever opens it has shown that they read the mailbox."""

# allauth has no public name for the first of these. It stands in this module alone.
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from people.models import User


def log_in_by_mailed_link(request: HttpRequest, user: User, *, email: str) -> HttpResponseBase:
    """Answer with the desk, logged in; the link stands for the code that is mailed otherwise."""
    record_authentication(request, user, method="code", email=email)
    return perform_login(
        request, user, email_verification="none", redirect_url=reverse("home:desk")
    )
