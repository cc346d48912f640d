"""What was typed stays: a form that met an ended session comes back filled after the log-in.

Every form carries beside its CSRF token a signed word about who opened it on which page
(people.templatetags.kept). When such a form is sent and refused because nobody is logged in any
more, because the second factor is missing or because its token has been renewed, the text waits in
the session until that person is back on that page (docs/decisions/0022).
"""

import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Self
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as csrf_failure_page

from people.filling import fill_forms

WRITER = "_writer"
SALT = "people.kept"
# Chosen: nobody works at one form for longer.
PROOF_SECONDS = 7 * 24 * 60 * 60
KEPT_SECONDS = 24 * 60 * 60
MAX_CHARACTERS = 1_000_000
MAX_FORMS = 3
SESSION_KEY = "kept"
# Where a request is led that needs a log-in, or a better one.
DOORS = frozenset(
    {
        "account_login",
        "account_reauthenticate",
        "admin:login",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "people:second_factor",
    }
)
# Never kept: what opens doors, and what a new page has anew. A leading „_“ names a button.
SECRETS = ("csrfmiddlewaretoken", "password", "code", "credential", "secret")


@dataclass
class Kept:
    """The fields of one form that could not be sent, and the names of its files."""

    user: int
    page: str
    action: str
    fields: dict[str, list[str]]
    files: list[str]
    at: float = field(default_factory=time.time)
    is_shown: bool = False

    @property
    def texts(self) -> list[str]:
        """Everything that somebody may have written, for reading and copying."""
        return [
            value for values in self.fields.values() for value in values if re.search(r"\s", value)
        ]

    @classmethod
    def all_in(cls, request: HttpRequest) -> list[Self]:
        """What waits for this user in this session; a stranger's and the old is left out."""
        owner = request.user.pk or 0
        oldest = time.time() - KEPT_SECONDS
        kept = [cls(**values) for values in request.session.get(SESSION_KEY, ())]
        return [item for item in kept if item.user == owner and item.at > oldest]


def writer_proof(request: HttpRequest) -> str:
    """What a form carries: who opened it, on which page. A refused form names the first page."""
    page = request.get_full_path()
    if request.method not in {"GET", "HEAD"} and (known := _read_proof(request)):
        page = known[1]
    user = getattr(request, "user", None)
    return signing.dumps([getattr(user, "pk", None) or 0, page], salt=SALT, compress=True)


def _read_proof(request: HttpRequest) -> tuple[int, str] | None:
    try:
        owner, page = signing.loads(request.POST.get(WRITER, ""), salt=SALT, max_age=PROOF_SECONDS)
    except signing.BadSignature:
        return None
    return owner, page


def _keep(request: HttpRequest, owner: int, page: str) -> bool:
    """Put the form into the session; False for one without fields and for one too large."""
    fields = {
        name: values
        for name, values in request.POST.lists()
        if not name.startswith("_") and not any(word in name.lower() for word in SECRETS)
    }
    files = [file.name or "" for name in request.FILES for file in request.FILES.getlist(name)]
    size = sum(len(value) for values in fields.values() for value in values)
    if size > MAX_CHARACTERS or not (files or any(map(any, fields.values()))):
        return False
    kept = Kept(user=owner, page=page, action=request.path, fields=fields, files=files)
    others = [
        item
        for item in request.session.get(SESSION_KEY, ())
        if (item["user"], item["action"]) != (owner, request.path)
    ]
    request.session[SESSION_KEY] = [*others, asdict(kept)][-MAX_FORMS:]
    request.is_kept = True  # type: ignore[attr-defined]
    return True


def _store(request: HttpRequest, kept: list[Kept]) -> None:
    request.session[SESSION_KEY] = [asdict(item) for item in kept]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Lead back to the page of the form, which is filled again; else say what happened."""
    proof = _read_proof(request)
    owner, page = proof or (0, "")
    # Without an account behind it, only the browser's word says that the form was ours.
    is_ours = bool(owner) or _is_from_own_page(request)
    may_keep = owner in {request.user.pk, 0} or not request.user.is_authenticated
    if not proof or not is_ours or not may_keep or _is_about_accounts(request):
        return csrf_failure_page(request, reason)
    if owner and not request.user.is_authenticated:
        return _lead_to_log_in(request, owner, page, reverse("account_login"))
    # Whoever has logged in meanwhile has the account now for which an anonymous text waits.
    if not _keep(request, request.user.pk or 0, page):
        messages.warning(
            request,
            _("Das Formular galt nicht mehr. Bitte wiederholen Sie den letzten Schritt."),
        )
    return HttpResponseRedirect(page)


def _is_from_own_page(request: HttpRequest) -> bool:
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _lead_to_log_in(request: HttpRequest, owner: int, page: str, door: str) -> HttpResponseBase:
    if _keep(request, owner, page):
        text = _(
            "Ihre Anmeldung galt nicht mehr. Was Sie eingegeben haben, steht nach der Anmeldung "
            "wieder da."
        )
    else:
        text = _(
            "Ihre Anmeldung galt nicht mehr. Bitte wiederholen Sie danach den letzten Schritt."
        )
    messages.warning(request, text)
    return HttpResponseRedirect(f"{door}?{urlencode({REDIRECT_FIELD_NAME: page}, safe='/')}")


def _is_about_accounts(request: HttpRequest) -> bool:
    """Whether allauth answers here: passwords and codes are typed again."""
    match = request.resolver_match
    return match is None or match.func.__module__.startswith("allauth.")


class KeptMiddleware:
    """Keep what a refused form holds, and fill the form with it on the next visit of its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        kept: Kept | None = getattr(request, "kept", None)
        if kept:
            return self._show(request, response, kept)
        return self._after_post(request, response) if request.method == "POST" else response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Note what waits for this page."""
        if request.method != "GET" or not request.session.get(SESSION_KEY):
            return
        for kept in Kept.all_in(request):
            if not kept.is_shown and urlsplit(kept.page).path == request.path:
                request.kept = kept  # type: ignore[attr-defined]

    def _after_post(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code != 302 or _is_about_accounts(request):
            return response
        if door := _door(response):
            proof = _read_proof(request)
            if proof and proof[0]:
                return _lead_to_log_in(request, *proof, door)
        elif not hasattr(request, "is_kept") and request.session.get(SESSION_KEY):
            # It was sent again, and this time it arrived.
            kept = Kept.all_in(request)
            _store(request, [item for item in kept if item.action != request.path])
        return response

    def _show(
        self, request: HttpRequest, response: HttpResponseBase, kept: Kept
    ) -> HttpResponseBase:
        if _door(response):
            return response  # the next factor is asked for first
        waiting = Kept.all_in(request)
        for item in waiting:
            item.is_shown = item.is_shown or item == kept
        _store(request, waiting)
        is_sent_again = request.method == "POST"
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and isinstance(response, HttpResponse) and response.status_code in {200, 409}:
            page, missing = fill_forms(
                response.text,
                request.path,
                kept.action,
                None if is_sent_again else kept.fields,
                notice=render_to_string("people/_kept.html", {"kept": kept}),
            )
            if not missing:
                response.content = page
                return response
        return HttpResponseRedirect(reverse("people:kept"))


def _door(response: HttpResponseBase) -> str:
    """The door to which the answer leads, without its query; "" for other answers."""
    if response.status_code != 302:
        return ""
    path = urlsplit(response.headers.get("Location", "")).path
    try:
        return path if resolve(path).view_name in DOORS else ""
    except Resolver404:
        return ""


class ShowsKeptMixin(ModelAdmin):
    """For a ModelAdmin: the form of a row comes back as it was sent, added rows included."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        kept: Kept | None = getattr(request, "kept", None)
        if kept and kept.action == request.path and self._may_send(request, object_id):
            sent = QueryDict(mutable=True)
            for name, values in kept.fields.items():
                sent.setlist(name, values)
            # The form is read as if it were sent once more, and is held back by get_form.
            request.method, request._post, request._files = "POST", sent, MultiValueDict()
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _may_send(self, request, object_id) -> bool:
        if object_id is None:
            return self.has_add_permission(request)
        obj = self.get_object(request, object_id)
        return obj is not None and self.has_change_permission(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if request.method != "POST" or not hasattr(request, "kept"):
            return form
        return type(form.__name__, (HeldBack, form), {})


class HeldBack:
    """A form that shows what was typed and its errors, and never counts as valid."""

    def is_valid(self) -> bool:
        super().is_valid()  # type: ignore[misc]
        return False


def discard(request: HttpRequest) -> None:
    """Forget what waits in this session."""
    request.session.pop(SESSION_KEY, None)
