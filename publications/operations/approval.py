"""From the draft to the approval, and back."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, replace

from django.db import transaction
from django.utils import timezone

from concepts.models import Concept
from documents.trial import check_printable
from people.models import User
from programmes.models import Person
from publications.content import PublicationContent, content_of
from publications.doubts import doubts_about_content
from publications.facts import DECIDED_CONCEPTS, Facts
from publications.models import Publication, Quote
from publications.models.publication import Row
from publications.operations.printing import locked, print_content, record_step
from publications.operations.refusals import (
    ChangedSinceSubmission,
    ConceptsOpen,
    ConsentsMissing,
    DoubtsOpen,
    Incomplete,
    QuotesOpen,
    TokensLeft,
    TrialFailed,
    WorkshopsHidden,
)
from publications.tokens import left_tokens
from texts.order import alphabetical


@transaction.atomic
def submit_publication(publication: Row, *, by: User | None) -> Row:
    """Ask for the approval of what the text says now.

    What cannot be printed is refused here; a trial print follows.
    Raises WrongStatus, PrintError and publications.tokens.UnknownToken.
    """
    publication = locked(publication)
    publication.move_to(publication.Status.IN_APPROVAL)
    filled_in = publication.fill_in()
    content = content_of(publication)
    check_printable(publication.DOCUMENT, asdict(content), language=publication.language)
    publication.submitted_by = by
    publication.submitted_sha256 = _sha256(content)
    publication.save(update_fields=["status", "submitted_by", "submitted_sha256", *filled_in])
    print_content(publication, asdict(content))
    record_step("submit", publication, by)
    return publication


@transaction.atomic
def return_publication(publication: Row, *, by: User | None) -> Row:
    """Give the text back for changes. Raises WrongStatus."""
    publication = locked(publication)
    if publication.is_frozen:  # approved meanwhile: that is another decision
        raise publication.WrongStatus
    publication.move_to(publication.Status.DRAFT)
    publication.save(update_fields=["status"])
    record_step("return", publication, by)
    return publication


@transaction.atomic
def reopen_publication(publication: Row, *, by: User | None) -> Row:
    """Take an approval back while nothing is published: the text is a draft again.

    The frozen content is dropped with its print, finished or not. Raises WrongStatus.
    """
    publication = locked(publication)
    if not publication.is_frozen:
        raise publication.WrongStatus
    publication.move_to(publication.Status.DRAFT)
    publication.submitted_by = publication.approved_by = None
    publication.approved_at = publication.render_job = None
    publication.submitted_sha256 = publication.approval_reason = ""
    publication.approval_doubts = []
    publication.save(
        update_fields=[
            "status",
            "submitted_by",
            "submitted_sha256",
            "approved_by",
            "approved_at",
            "approval_doubts",
            "approval_reason",
            "render_job",
        ]
    )
    record_step("reopen", publication, by)
    return publication


@transaction.atomic
def approve_publication(
    publication: Row,
    *,
    by: User | None,
    confirmed: Collection[str] = (),
    reason: str = "",
) -> Row:
    """Approve the text as it was submitted: its content is frozen and printed.

    What belongs to it, boilerplates for example, may have changed meanwhile.
    confirmed: the keys of the doubts that were read; reason: why it is approved all the same.
    Raises WrongStatus, ApprovalRefused and publications.tokens.UnknownToken.
    """
    publication = locked(publication)
    publication.move_to(publication.Status.APPROVED)
    _refuse_gaps(publication)
    facts = publication.facts()
    content = content_of(publication, facts)
    if _sha256(content) != publication.submitted_sha256:
        raise ChangedSinceSubmission
    _refuse_what_did_not_print(publication)
    check_printable(publication.DOCUMENT, asdict(content), language=publication.language)
    _refuse_what_is_not_public(publication, facts, content)
    doubts = doubts_about_content(publication, content, facts, by=by)
    reason = reason.strip() if doubts else ""
    if any(doubt.key not in confirmed for doubt in doubts) or (doubts and not reason):
        raise DoubtsOpen(doubts)
    publication.approved_by = by
    publication.approved_at = timezone.now()
    publication.approval_doubts = [doubt.sentence for doubt in doubts]
    publication.approval_reason = reason
    publication.save(
        update_fields=[
            "status",
            "approved_by",
            "approved_at",
            "approval_doubts",
            "approval_reason",
        ]
    )
    details = {"doubts": publication.approval_doubts, "reason": reason} if doubts else {}
    record_step("approve", publication, by, **details)
    print_content(publication, asdict(content))
    return publication


def _sha256(content: PublicationContent) -> str:
    """What the document says in one number; that it is a draft does not count."""
    canonical = json.dumps(asdict(replace(content, is_draft=False)), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _refuse_gaps(publication: Publication) -> None:
    """Raise Incomplete for what only a draft may leave empty."""
    missing = [name for name in publication.REQUIRED if not getattr(publication, name)]
    if missing:
        raise Incomplete(
            [str(publication._meta.get_field(name).verbose_name) for name in missing]  # type: ignore[union-attr]
        )


def _refuse_what_did_not_print(publication: Publication) -> None:
    """Raises TrialFailed. A trial that still waits or runs does not hold the approval up."""
    job = publication.render_job
    if job is not None and job.has_failed:
        raise TrialFailed(reason=job.error)


def _refuse_what_is_not_public(
    publication: Publication, facts: Facts, content: PublicationContent
) -> None:
    """Raise for the quotes, concepts, persons and workshops that only drafts may show."""
    if tokens := left_tokens(asdict(content)):
        raise TokensLeft(tokens)
    blocks = publication.all_blocks()
    kinds = blocks.model.Kind
    quotes = Quote.objects.filter(pk__in=blocks.filter(kind=kinds.QUOTE).values("quote"))
    still_open = [str(quote) for quote in quotes.order_by("pk") if not quote.may_be_printed]
    if still_open:
        raise QuotesOpen(still_open)
    concepts = Concept.objects.filter(pk__in=blocks.filter(kind=kinds.CONCEPT).values("concept"))
    undecided = concepts.exclude(status__in=DECIDED_CONCEPTS).order_by(alphabetical("title"), "pk")
    if titles := [*map(str, undecided), *facts.not_public(Concept)]:
        raise ConceptsOpen(list(dict.fromkeys(titles)))
    if names := facts.not_public(Person):
        raise ConsentsMissing(names)
    hidden = publication.hidden_workshops().order_by("run", "number")
    if hidden:
        raise WorkshopsHidden([str(workshop) for workshop in hidden])
