"""The portal's pages about an account, besides allauth's."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people.doors import ask_second_factor, used_second_factor
from people.kept import Kept, discard


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request):
    """What could not be sent and found no form again, to be read and copied."""
    if request.method == "POST":
        discard(request)
        messages.success(request, _("Die Eingaben sind verworfen."))
        return redirect("home:desk")
    return render(request, "people/kept.html", {"forms": Kept.all_in(request)[::-1]})


@never_cache
@require_safe
@login_required
def second_factor(request):
    """Where staff are led before they see others' data: to confirm the factor or set it up."""
    target = request.GET.get(REDIRECT_FIELD_NAME, "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("home:desk")
    if not request.user.is_staff or used_second_factor(request):
        return redirect(target)
    return ask_second_factor(request, urlencode({REDIRECT_FIELD_NAME: target}))
