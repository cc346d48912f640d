"""The press room and the guideline, and the doors to their printed files."""

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concepts.models import Concept
from documents.delivery import artefact_response
from documents.models import Artefact, RenderJob
from documents.progress import job_progress
from programmes.models import Programme
from publications.content import press_release_content
from publications.models import Edition, Guideline, PressContact, PressRelease, Publication
from publications.tokens import UnknownToken
from texts.order import alphabetical

PAGE_SIZE = 40

# Press


@require_safe
def press_room(request):
    user = request.user
    releases = PressRelease.objects.visible_to(user).not_withdrawn()
    page = Paginator(releases.for_listing(), PAGE_SIZE).get_page(request.GET.get("page"))
    contacts = PressContact.objects.filter(programme__in=Programme.objects.visible_to(user))
    context = {
        "page": page,
        "years": by_year(page.object_list),
        "contacts": contacts.select_related("organisation", "programme").order_by(
            alphabetical("name"), "pk"
        ),
    }
    return render(request, "publications/press_room.html", context)


@require_safe
def press_release(request, programme, slug):
    release = one_release(request.user, programme, slug)
    context = {"release": release, **corrections_of(release, request.user)}
    if release.is_withdrawn:
        return render(request, "publications/press_release_withdrawn.html", context)
    try:
        context["content"] = release.frozen_content or press_release_content(release)
    except UnknownToken as error:
        context["unknown_token"] = str(error)
    context |= {
        "artefact": artefact_of(release.render_job),
        "concepts": concepts_in(release, request.user),
        "may_print": may_print(request.user, release),
    }
    return render(request, "publications/press_release.html", context)


@require_safe
def press_release_pdf(request, programme, slug):
    return file_answer(request, one_release(request.user, programme, slug))


@require_safe
@never_cache
@login_required
def press_release_print(request, programme, slug):
    return progress_answer(request, one_release(request.user, programme, slug))


# Guideline


@require_safe
def guideline_list(request):
    guidelines = Guideline.objects.visible_to(request.user).with_editions(request.user)
    page = Paginator(guidelines.for_listing(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "publications/guideline_list.html", {"page": page})


@require_safe
def guideline(request, programme, slug):
    guideline = get_object_or_404(
        Guideline.objects.visible_to(request.user).with_editions(request.user).for_listing(),
        programme__slug=programme,
        slug=slug,
    )
    current = current_edition(guideline)
    context = {
        "guideline": guideline,
        "current": current,
        "outline": outline_of(guideline, current),
        "artefact": artefact_of(current.render_job) if current else None,
        "others": [edition for edition in guideline.visible_editions if edition != current],
        "may_print": request.user.has_perm("publications.change_guideline", guideline),
    }
    return render(request, "publications/guideline.html", context)


@require_safe
def edition_pdf(request, programme, slug, number):
    return file_answer(request, one_edition(request.user, programme, slug, number))


@require_safe
@never_cache
@login_required
def edition_print(request, programme, slug, number):
    return progress_answer(request, one_edition(request.user, programme, slug, number))


# The printed file of a publication, of every kind


def file_answer(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    """The file, or that the reader has it already.

    What a visitor without an account may have is public; a file given to staff may be a draft.
    """
    if publication.is_withdrawn and not may_print(request.user, publication):
        raise Http404
    artefact = artefact_of(publication.render_job)
    if artefact is None:
        context = print_context(publication)
        return render(request, "publications/not_printed.html", context, status=404)
    tag = quote_etag(artefact.sha256)
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged:
        unchanged["ETag"] = tag
        return unchanged
    is_public = not request.user.is_authenticated
    return artefact_response(artefact, as_attachment=False, is_public=is_public)


def progress_answer(request, publication: Publication) -> HttpResponse:
    """How far the print is; the file lies beside this page, at „pdf“ instead of „druck“."""
    if not may_print(request.user, publication):
        raise PermissionDenied
    context, job = print_context(publication), publication.render_job
    if job:
        file_url = request.path.removesuffix("druck/") + "pdf/"
        context |= job_progress(job, poll_url=request.path, file_url=file_url)
    is_part = job and request.htmx
    template = "documents/_job.html" if is_part else "publications/print_progress.html"
    return render(request, template, context)


def may_print(user: Any, publication: Publication) -> bool:
    return user.has_perm(f"publications.print_{publication._meta.model_name}", publication)


def print_context(publication: Publication) -> dict[str, Any]:
    return {
        "owner": publication.page_owner,
        "title": str(publication),
        "language": publication.language,
    }


# What the pages are put together from


def one_release(user: Any, programme: str, slug: str) -> PressRelease:
    releases = PressRelease.objects.visible_to(user).for_listing()
    return get_object_or_404(releases, programme__slug=programme, slug=slug)


def one_edition(user: Any, programme: str, slug: str, number: int) -> Edition:
    editions = Edition.objects.visible_to(user).for_listing().without_content()
    return get_object_or_404(
        editions, guideline__programme__slug=programme, guideline__slug=slug, number=number
    )


def by_year(releases) -> list[tuple[int | None, list[PressRelease]]]:
    """The releases, which are in the order of their dates, under their years."""
    years = groupby(releases, key=lambda release: release.dated_on and release.dated_on.year)
    return [(year, list(found)) for year, found in years]


def corrections_of(release: PressRelease, user) -> dict[str, Any]:
    """The release that this one corrects, and those that correct it."""
    either = Q(corrects=release) | Q(corrections=release)
    related = list(PressRelease.objects.visible_to(user).filter(either).for_listing())
    return {
        "corrections": [other for other in related if other.corrects_id == release.pk],
        "corrected": next((other for other in related if other.pk == release.corrects_id), None),
    }


def concepts_in(release: PressRelease, user):
    """The concepts that the release tells of, as far as the reader may open them."""
    concepts = Concept.objects.visible_to(user).filter(pk__in=release.blocks.values("concept"))
    return concepts.not_withdrawn().for_listing()


def current_edition(guideline: Guideline) -> Edition | None:
    """The published edition; before the first one, for the staff, the newest."""
    editions = guideline.visible_editions
    published = (item for item in editions if item.is_published)
    unpublished = (item for item in editions if item.status not in Edition.PUBLIC)
    return next(published, next(unpublished, None))


def outline_of(guideline: Guideline, edition: Edition | None) -> list[dict[str, Any]]:
    """The chapters as the edition froze them; of a draft, as they are now."""
    content = edition.frozen_content if edition else None
    if content:
        return content.get("chapters", [])
    if edition and edition.status in Edition.PUBLIC:
        return []
    rows = guideline.chapters.order_by("position", "pk").values("title", "part")
    return [{**row, "title": guideline.shown(row["title"])} for row in rows]


def artefact_of(job: RenderJob | None) -> Artefact | None:
    return getattr(job, "artefact", None)
