"""Pages about one's own account that the portal has besides allauth's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

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
