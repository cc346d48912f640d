"""Consents as their persons see them: withdrawing is as easy as giving (Art. 7(3) GDPR)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from programmes.consent_overview import collect_consents
from programmes.models import ConsentPurpose, Person
from programmes.operations import NoConsent, StaleWording, give_consent, withdraw_consent


@require_safe
@login_required
@never_cache
def consents(request):
    return render(request, "programmes/consents.html", {"asked": collect_consents(request.user)})


@require_POST
@login_required
def answer(request, pk):
    """Give or withdraw the consent to one purpose."""
    purpose = ConsentPurpose.objects.filter(pk=pk).first()
    person = Person.objects.filter(
        user=request.user, programme=purpose.programme_id if purpose else None
    ).first()
    if purpose is None or person is None:
        raise Http404
    if request.POST.get("answer") == "withdraw":
        _withdraw(request, person, purpose)
    elif request.POST.get("answer") == "give":
        _give(request, person, purpose)
    else:
        messages.error(request, _("Bitte wählen Sie „Einwilligen“ oder „Widerrufen“."))
    return redirect("programmes:consents")


def _give(request, person, purpose):
    version = request.POST.get("version", "")
    read = int(version) if version.isascii() and version.isdecimal() and len(version) < 6 else 0
    try:
        give_consent(person, purpose, version=read, by=request.user)
    except StaleWording as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sie haben eingewilligt: „%(name)s“.") % {"name": purpose.name})


def _withdraw(request, person, purpose):
    try:
        withdraw_consent(person, purpose, by=request.user)
    except NoConsent as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(
            request,
            _("Widerrufen: „%(name)s“. Das gilt ab sofort; eine Bestätigung kommt per E-Mail.")
            % {"name": purpose.name},
        )
