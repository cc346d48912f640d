"""The page behind the link of an invitation.

A GET never changes anything: mail scanners open links too.
"""

import re

from allauth.account.utils import perform_login
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from people.models import User
from programmes.forms import AcceptInvitationForm, JoinForm
from programmes.models import Invitation
from programmes.operations import (
    AccountExists,
    InvitationOver,
    OtherAccount,
    RunEnded,
    StaleWording,
    UnknownInvitation,
    accept_invitation,
    account_of,
    check_open,
    decline_invitation,
    find_invitation,
    public_name_purpose,
)

# Why a link leads no further; of what was invited to, it tells nothing.
ENDED = {
    Invitation.Status.ACCEPTED: _("Diese Einladung ist schon angenommen. Melden Sie sich an."),
    Invitation.Status.DECLINED: _(
        "Zu dieser Einladung wurde schon abgesagt. Haben Sie es sich anders überlegt? Die "
        "Projektleitung schickt Ihnen gern eine neue."
    ),
    Invitation.Status.WITHDRAWN: _("Die Projektleitung hat diese Einladung zurückgezogen."),
}


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Who invites to what; accept with a password, a code or one's account, or decline."""
    # Mail programs break lines in links and take the full stop behind them along.
    token = re.sub(r"[^\w-]", "", token, flags=re.ASCII)
    try:
        invitation = find_invitation(token)
    except UnknownInvitation as refusal:
        # Also the link of an older mail: it was replaced, and nothing of it is kept.
        context = {"reason": str(refusal)}
        return render(request, "programmes/invitation_over.html", context, status=404)
    try:
        check_open(invitation)
        if request.POST.get("answer") == "decline":
            decline_invitation(token)
            return render(request, "programmes/invitation_declined.html")
        if request.method == "POST":
            return _accept(request, token, invitation)
    except (Invitation.WrongStatus, InvitationOver, RunEnded):
        return _over(request, invitation)
    return _page(request, invitation, _form(request, invitation))


def _accept(request, token, invitation):
    form = _form(request, invitation, request.POST)
    if not form.is_valid():
        return _page(request, invitation, form, status=422)
    user = request.user if request.user.is_authenticated else None
    try:
        participation = accept_invitation(
            token,
            by=user,
            password=form.cleaned_data.get("password"),
            language=get_language(),
            may_be_named=form.cleaned_data.get("may_be_named", False),
            wording=form.cleaned_data.get("wording"),
        )
    except StaleWording:
        # Reworded just now: the form says so.
        return _page(request, invitation, _form(request, invitation, request.POST), status=409)
    except (AccountExists, OtherAccount):
        return _page(request, invitation, form, status=409)
    messages.success(
        request, gettext("Sie sind dabei: „%(run)s“.") % {"run": participation.run.topic}
    )
    if user:
        return redirect("home:desk")
    account = User.objects.get(persons=participation.person)
    return perform_login(request, account, redirect_url=reverse("home:desk"))


def _form(request, invitation, data=None):
    purpose = public_name_purpose(invitation.participation.person)
    if request.user.is_authenticated:
        return JoinForm(data, purpose=purpose)
    return AcceptInvitationForm(data, email=invitation.email, purpose=purpose)


def _page(request, invitation, form, status=200):
    account = account_of(invitation)
    participation = invitation.participation
    context = {
        "invitation": invitation,
        "participation": participation,
        "run": participation.run,
        "programme": participation.run.programme,
        "question": participation.run.questions.filter(is_current=True).first(),
        "form": form,
        "needs_login": account is not None and not request.user.is_authenticated,
        "is_other_account": request.user.is_authenticated and request.user != account,
        "is_declining": "absagen" in request.GET,
    }
    return render(request, "programmes/invitation.html", context, status=status)


def _over(request, invitation):
    person = invitation.participation.person
    is_own = request.user.is_authenticated and request.user == person.user
    if is_own and invitation.status == Invitation.Status.ACCEPTED:
        return redirect("home:desk")
    context = {
        "run": invitation.participation.run,
        "reason": ENDED.get(Invitation.Status(invitation.status), InvitationOver.sentence),
    }
    return render(request, "programmes/invitation_over.html", context, status=410)
