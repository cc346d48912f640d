"""Freezing what a publication says, and getting it on paper."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from documents.models import RenderJob
from documents.operations import request_print
from people.models import User
from people.operations import record
from publications.content import content_of, stamped
from publications.models import Publication
from publications.models.publication import Row


def locked(publication: Row) -> Row:
    """The row as it is stored now, locked until the end of the transaction."""
    rows = type(publication)._default_manager.filter(pk=publication.pk)
    return all_locked(rows).get()


def all_locked(rows: QuerySet[Row]) -> QuerySet[Row]:
    rows = rows.select_for_update(of=("self",))
    return rows.select_related(rows.model.PROGRAMME, "render_job")


def record_step(action: str, publication: Publication, by: User | None, **details: Any) -> None:
    record(action, publication, by=by, scope=publication.programme.slug, **details)


def print_content(publication: Publication, content: Mapping[str, Any]) -> RenderJob:
    """Freeze the content and ask for its print, with what happened to the publication since."""
    job = request_print(
        kind=publication.DOCUMENT,
        title=publication.print_title(content),
        filename=publication.filename,
        language=publication.language,
        content=stamped(publication, content),
    )
    publication.render_job = job
    publication.save(update_fields=["render_job"])
    return job


def print_stamp(publication: Publication) -> None:
    """Print a taken back, corrected or replaced document anew: from now on its copies say so."""
    if publication.render_job is not None:
        print_content(publication, publication.render_job.content)


@transaction.atomic
def print_publication(publication: Publication, *, by: User | None) -> RenderJob:
    """Ask for the PDF: of what was approved, or of the draft as it is now (ENTWURF).

    Raises publications.tokens.UnknownToken when a text names a fact that is not stored.
    """
    publication = locked(publication)
    content = publication.frozen_content or asdict(content_of(publication))
    job = print_content(publication, content)
    record_step("print", publication, by, job=job.pk)
    return job


@transaction.atomic
def take_over_publication(publication: Publication) -> None:
    """Bring the print of what was imported to the state that it has now.

    What was frozen before keeps its content, and its file unless a stamp is due; the print of a
    draft is none of what is approved, nor the other way round. Raises
    publications.tokens.UnknownToken.
    """
    publication = locked(publication)
    if content := publication.frozen_content:
        # The same content again could be another address: of a template that came later.
        if stamped(publication, content) != content:
            print_stamp(publication)
    elif publication.is_frozen:
        print_content(publication, asdict(content_of(publication)))
    elif publication.render_job and not publication.render_job.content.get("is_draft"):
        publication.render_job = None
        publication.save(update_fields=["render_job"])
