"""The pages where the rooms meet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from home.content import collect_desk, collect_start
from home.health import examine
from home.models import LegalPage
from home.story import tell_story
from programmes.models import Programme, Run
from publications.models import Guideline


@require_safe
def start(request):
    return render(request, "home/start.html", {"start": collect_start()})


@require_safe
def programme(request, programme):
    user = request.user
    programme = get_object_or_404(
        Programme.objects.visible_to(user).select_related("carrier"), slug=programme
    )
    context = {
        "programme": programme,
        "notices": programme.funding_notices.select_related("funder").order_by("position", "pk"),
        "figures": programme.figures.filter(run=None).order_by("pk"),
        "runs": programme.runs.visible_to(user).with_question().for_listing(),
        "guidelines": Guideline.objects.visible_to(user).filter(programme=programme).for_listing(),
    }
    return render(request, "home/programme.html", context)


@require_safe
def run(request, programme, run):
    run = get_object_or_404(
        Run.objects.visible_to(request.user).select_related("programme"),
        programme__slug=programme,
        slug=run,
    )
    context = {"run": run, "programme": run.programme, "story": tell_story(run, request.user)}
    return render(request, "home/run.html", context)


@require_safe
@login_required
@never_cache
def desk(request):
    return render(request, "home/desk.html", {"desk": collect_desk(request.user)})


@require_safe
@login_required
@never_cache
def account(request):
    return render(request, "home/account.html")


@require_safe
@never_cache
def cut_off_password_link(request, rest):
    """A link for a new password that a mail program broke: the way to a whole one."""
    messages.warning(
        request, _("Dieser Link ist unvollständig. Hier können Sie einen neuen anfordern.")
    )
    return redirect("account_reset_password")


@require_safe
def legal_page(request, kind):
    """The text once it was checked; before, only staff read what is there."""
    page = LegalPage.objects.public().shown(kind).first()
    if page is None and request.user.is_staff:
        page = LegalPage.objects.shown(kind).first()
    context = {"page": page, "title": page.title if page else LegalPage.Kind(kind).label}
    return render(request, "home/legal_page.html", context)


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /konto/",
        "Disallow: /mein-bereich/",
        "Disallow: /einladung/",
        "Disallow: /en/konto/",
        "Disallow: /en/mein-bereich/",
        "Disallow: /en/einladung/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap_index'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def health(request):
    """Say which parts answer; 503 as soon as one does not."""
    found = examine()
    return JsonResponse(
        {
            "status": "ok" if found.is_well else "down",
            "parts": found.parts,
            "seconds_waiting": found.waiting,
        },
        status=200 if found.is_well else 503,
    )
