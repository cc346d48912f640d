"""The public lists of programmes and runs, and the style sheet of a programme's colour."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from programmes.colour import accent_sheet
from programmes.models import Programme, Run

PAGE_SIZE = 24


@require_safe
def programme_list(request):
    programmes = Programme.objects.visible_to(request.user).for_listing()
    page = Paginator(programmes, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "programmes/programme_list.html", {"page": page})


@require_safe
def run_list(request):
    runs = Run.objects.visible_to(request.user).with_question().for_listing()
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "programmes/run_list.html", {"page": page})


@require_safe
@cache_control(public=True, max_age=86_400)
def accent(request, colour):
    """The style sheet of a colour; it says nothing of any programme, so everybody may have it."""
    return HttpResponse(accent_sheet(f"#{colour}"), content_type="text/css; charset=utf-8")
