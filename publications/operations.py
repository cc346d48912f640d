"""What happens to press releases and editions, and how they get on paper."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concepts.models import Concept
from documents.dates import ImpreciseDate
from documents.models import RenderJob
from documents.operations import request_print
from documents.order import alphabetical
from documents.trial import check_printable
from people.models import Person, User
from people.operations import queue_message, record
from programmes.models import Programme
from publications.content import (
    GuidelineContent,
    PressReleaseContent,
    guideline_content,
    press_release_content,
    stamped_edition,
    stamped_release,
)
from publications.doubts import Doubt, doubts_about_content
from publications.models import (
    Block,
    Edition,
    Guideline,
    PressBlock,
    PressRelease,
    Quote,
    ReleaseBoilerplate,
)
from publications.models.guideline import already_open
from publications.notifications import address_of_speaker, quote_request_mail
from publications.tokens import (
    DECIDED_CONCEPTS,
    Facts,
    facts_of_edition,
    facts_of_release,
    left_tokens,
)
from workshops.models import Workshop


class ApprovalRefusedError(Exception):
    """Something stands against the approval; `str()` is a sentence."""


class ReleaseIncompleteError(ApprovalRefusedError):
    """The release lacks what a printed one needs; `fields` names it."""

    def __init__(self, fields: list[str]):
        super().__init__(fields)
        self.fields = fields

    def __str__(self) -> str:
        return _("Vor der Freigabe fehlt noch: %(fields)s.") % {"fields": ", ".join(self.fields)}


class MayNotGoOutError(ApprovalRefusedError):
    """The text shows what only drafts may show; `names` lists it."""

    sentence: Promise

    def __init__(self, names: list[str]):
        super().__init__(names)
        self.names = names

    def __str__(self) -> str:
        return str(self.sentence) % {"names": "; ".join(self.names)}


class QuotesOpenError(MayNotGoOutError):
    """Quotes that were not released."""

    sentence = gettext_lazy("Diese Zitate sind noch nicht freigegeben: %(names)s")


class ConceptsOpenError(MayNotGoOutError):
    """Concepts that are not approved, or withdrawn."""

    sentence = gettext_lazy("Diese Konzepte sind nicht freigegeben: %(names)s")


class ConsentsMissingError(MayNotGoOutError):
    """Persons who did not agree to be named."""

    sentence = gettext_lazy("Diese Personen haben nicht eingewilligt, genannt zu werden: %(names)s")


class WorkshopsHiddenError(MayNotGoOutError):
    """Workshops that are for the group only."""

    sentence = gettext_lazy("Diese Workshops sind nicht öffentlich: %(names)s")


class TokensLeftError(MayNotGoOutError):
    """Braces where no facts are filled in, in a quote or a concept for example."""

    sentence = gettext_lazy(
        "An dieser Stelle wird kein Platzhalter ersetzt, er würde so gedruckt: %(names)s"
    )


class ChangedSinceSubmissionError(ApprovalRefusedError):
    """The text is not the one that was given for approval."""

    def __str__(self) -> str:
        return _(
            "Seit der Abgabe zur Freigabe geändert: bitte zurückgeben und neu zur Freigabe geben."
        )


class DoubtsOpenError(ApprovalRefusedError):
    """Somebody must confirm these doubts, with a reason."""

    def __init__(self, doubts: list[Doubt]):
        super().__init__(doubts)
        self.doubts = doubts

    def __str__(self) -> str:
        return _("Bitte bestätigen Sie die Bedenken und nennen Sie den Grund: %(doubts)s") % {
            "doubts": " ".join(doubt.sentence for doubt in self.doubts)
        }


class TrialFailedError(ApprovalRefusedError):
    """The print of what was submitted failed; the printer's reason says why."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return _(
            "Der Probedruck ist fehlgeschlagen: %(reason)s Geben Sie den Text zum Ändern zurück, "
            "oder drucken Sie noch einmal."
        ) % {"reason": self.reason}


class NoteMissingError(Exception):
    """This step needs a public note."""


class EditionOpenError(Exception):
    """The guideline has an edition that somebody works on; `edition` is it."""

    def __init__(self, edition: Edition):
        super().__init__(edition)
        self.edition = edition

    def __str__(self) -> str:
        return already_open(self.edition)


class EmbargoOverError(Exception):
    """The embargo is missing or lies in the past."""


class ProgrammeNotPublicError(Exception):
    """Nobody could read it: the programme has no public page."""


def _locked_release(release: PressRelease) -> PressRelease:
    return (
        PressRelease.objects.select_for_update(of=("self",))
        .select_related("programme", "run", "render_job")
        .get(pk=release.pk)
    )


def _record(action: str, item: PressRelease | Edition, by: User | None, **details: Any) -> None:
    record(action, item, by=by, scope=item.programme.slug, **details)


# Printing


def _print_release(release: PressRelease, content: dict[str, Any]) -> RenderJob:
    """Freeze what the release says and ask for its print, with what happened to it since."""
    job = request_print(
        kind="press-release",
        title=content.get("title") or release.headline,
        filename=f"pressemitteilung-{release.slug}.pdf",
        language=release.language,
        content=stamped_release(release, content),
    )
    release.render_job = job
    release.save(update_fields=["render_job"])
    return job


def _print_edition(edition: Edition, content: dict[str, Any]) -> RenderJob:
    job = request_print(
        kind="guideline",
        title=str(edition),
        filename=f"{edition.guideline.slug}-auflage-{edition.number}.pdf",
        language=edition.guideline.language,
        content=stamped_edition(edition, content),
    )
    edition.render_job = job
    edition.save(update_fields=["render_job"])
    return job


@transaction.atomic
def request_press_release_print(release: PressRelease, *, by: User | None) -> RenderJob:
    """Ask for the PDF: of what was approved, or of the draft as it is now (ENTWURF).

    Raises publications.tokens.UnknownToken when a text names a fact that is not stored.
    """
    release = _locked_release(release)
    content = release.frozen_content or asdict(press_release_content(release))
    job = _print_release(release, content)
    _record("print", release, by, job=job.pk)
    return job


@transaction.atomic
def request_edition_print(edition: Edition, *, by: User | None) -> RenderJob:
    """Ask for the PDF of the edition, as `request_press_release_print` does for a release."""
    edition = _locked_edition(edition)
    job = _print_edition(edition, edition.frozen_content or asdict(guideline_content(edition)))
    _record("print", edition, by, job=job.pk)
    return job


def _stamp(item: PressRelease | Edition) -> None:
    """Print a taken back, corrected or replaced document anew: from now on its copies say so."""
    if item.render_job is None:
        return
    if isinstance(item, PressRelease):
        _print_release(item, item.render_job.content)
    else:
        _print_edition(item, item.render_job.content)


@transaction.atomic
def freeze_press_release(release: PressRelease) -> RenderJob:
    """Freeze the content of a release that was imported as approved or later."""
    release = _locked_release(release)
    return _print_release(release, asdict(press_release_content(release)))


@transaction.atomic
def freeze_edition(edition: Edition) -> RenderJob:
    """Freeze the content of an edition that was imported as approved or later."""
    edition = _locked_edition(edition)
    return _print_edition(edition, asdict(guideline_content(edition)))


# Approval


def _sha256(content: PressReleaseContent | GuidelineContent) -> str:
    """What the document says in one number; that it is a draft does not count."""
    canonical = json.dumps(asdict(replace(content, is_draft=False)), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _refuse_what_may_not_go_out(
    blocks: QuerySet[Any], facts: Facts, content: PressReleaseContent | GuidelineContent
) -> None:
    """Raise for the quotes, concepts and persons that drafts may show and others may not."""
    if tokens := left_tokens(asdict(content)):
        raise TokensLeftError(tokens)
    quotes = Quote.objects.filter(pk__in=blocks.filter(kind="quote").values("quote"))
    still_open = [str(quote) for quote in quotes.order_by("pk") if not quote.may_be_printed]
    if still_open:
        raise QuotesOpenError(still_open)
    concepts = Concept.objects.filter(pk__in=blocks.filter(kind="concept").values("concept"))
    undecided = concepts.exclude(status__in=DECIDED_CONCEPTS).order_by(alphabetical("title"), "pk")
    if titles := [*map(str, undecided), *facts.too_early(Concept)]:
        raise ConceptsOpenError(list(dict.fromkeys(titles)))
    if names := facts.too_early(Person):
        raise ConsentsMissingError(names)


def _refuse_what_did_not_print(item: PressRelease | Edition) -> None:
    """Raises TrialFailedError. A trial that still waits or runs does not hold the approval up."""
    job = item.render_job
    if job is not None and job.status == RenderJob.Status.FAILED:
        raise TrialFailedError(job.error)


def _approve(
    item: PressRelease | Edition,
    content: PressReleaseContent | GuidelineContent,
    facts: Facts,
    *,
    by: User | None,
    confirmed: Collection[str],
    reason: str,
) -> None:
    """Note who approves, and what that person confirmed. Raises DoubtsOpenError."""
    doubts = doubts_about_content(item, content, facts, by=by)
    reason = reason.strip() if doubts else ""
    if any(doubt.key not in confirmed for doubt in doubts) or (doubts and not reason):
        raise DoubtsOpenError(doubts)
    item.approved_by = by
    item.approved_at = timezone.now()
    item.approval_doubts = [doubt.sentence for doubt in doubts]
    item.approval_reason = reason
    item.save(
        update_fields=[
            "status",
            "approved_by",
            "approved_at",
            "approval_doubts",
            "approval_reason",
        ]
    )
    details = {"doubts": item.approval_doubts, "reason": reason} if doubts else {}
    _record("approve", item, by, **details)


# Press releases


@transaction.atomic
def submit_press_release(release: PressRelease, *, by: User | None) -> PressRelease:
    """Ask for the approval of what the release says now; its text is locked until the answer.

    What cannot be printed is refused here; a trial print follows.
    Raises PressRelease.WrongStatus, PrintError and publications.tokens.UnknownToken.
    """
    release = _locked_release(release)
    release.move_to(PressRelease.Status.IN_APPROVAL)
    content = press_release_content(release)
    check_printable("press-release", asdict(content), language=release.language)
    release.submitted_by = by
    release.submitted_sha256 = _sha256(content)
    release.save(update_fields=["status", "submitted_by", "submitted_sha256"])
    _print_release(release, asdict(content))
    _record("submit", release, by)
    return release


@transaction.atomic
def return_press_release(release: PressRelease, *, by: User | None) -> PressRelease:
    """Give the release back for changes."""
    release = _locked_release(release)
    if release.is_frozen:  # approved meanwhile: that is another decision
        raise PressRelease.WrongStatus(release.status)
    release.move_to(PressRelease.Status.DRAFT)
    release.save(update_fields=["status"])
    _record("return", release, by)
    return release


@transaction.atomic
def reopen_press_release(release: PressRelease, *, by: User | None) -> PressRelease:
    """Take an approval back while nothing is published: the release is a draft again.

    The frozen content is dropped with its print, finished or not.
    """
    release = _locked_release(release)
    if not release.is_frozen:
        raise PressRelease.WrongStatus(release.status)
    release.move_to(PressRelease.Status.DRAFT)
    _drop_approval(release)
    _record("reopen", release, by)
    return release


def _drop_approval(item: PressRelease | Edition) -> None:
    item.submitted_by = item.approved_by = item.approved_at = item.render_job = None
    item.submitted_sha256 = item.approval_reason = ""
    item.approval_doubts = []
    item.save(
        update_fields=[
            "approval_doubts",
            "approval_reason",
            "status",
            "submitted_by",
            "submitted_sha256",
            "approved_by",
            "approved_at",
            "render_job",
        ]
    )


@transaction.atomic
def approve_press_release(
    release: PressRelease,
    *,
    by: User | None,
    confirmed: Collection[str] = (),
    reason: str = "",
) -> PressRelease:
    """Approve the release as it was submitted: its content is frozen and printed.

    What belongs to it, boilerplates for example, may have changed meanwhile.
    confirmed: the keys of the doubts that were read; reason: why it is approved all the same.
    Raises PressRelease.WrongStatus, ApprovalRefusedError and publications.tokens.UnknownToken.
    """
    release = _locked_release(release)
    release.move_to(PressRelease.Status.APPROVED)
    missing = [name for name in ("place", "dated_on", "lead") if not getattr(release, name)]
    if missing:
        raise ReleaseIncompleteError(
            [str(PressRelease._meta.get_field(name).verbose_name) for name in missing]  # type: ignore[union-attr]
        )
    facts = facts_of_release(release)
    content = press_release_content(release, facts)
    if _sha256(content) != release.submitted_sha256:
        raise ChangedSinceSubmissionError
    _refuse_what_did_not_print(release)
    check_printable("press-release", asdict(content), language=release.language)
    _refuse_what_may_not_go_out(release.blocks.all(), facts, content)
    _approve(release, content, facts, by=by, confirmed=confirmed, reason=reason)
    _print_release(release, asdict(content))
    return release


@transaction.atomic
def embargo_press_release(release: PressRelease, *, by: User | None) -> PressRelease:
    """Hold the approved release until its embargo ends; then it publishes itself."""
    release = _locked_release(release)
    release.move_to(PressRelease.Status.EMBARGOED)
    if release.embargo_until is None or release.embargo_until <= timezone.now():
        raise EmbargoOverError
    release.save(update_fields=["status"])
    _record("embargo", release, by, until=release.embargo_until.isoformat())
    return release


@transaction.atomic
def publish_press_release(release: PressRelease, *, by: User | None) -> PressRelease:
    """Show the approved release to the public; a running embargo still hides it.

    Raises PressRelease.WrongStatus and ProgrammeNotPublicError.
    """
    release = _locked_release(release)
    release.move_to(PressRelease.Status.PUBLISHED)
    if not release.programme.is_public:
        raise ProgrammeNotPublicError
    release.published_at = timezone.now()
    release.save(update_fields=["status", "published_at"])
    _record("publish", release, by)
    if release.corrects_id:
        corrected = _locked_release(PressRelease(pk=release.corrects_id))
        if corrected.status == PressRelease.Status.CORRECTED:
            _stamp(corrected)
    return release


def publish_due_releases() -> int:
    """Publish the embargoed releases whose embargo is over; return how many."""
    due = PressRelease.objects.filter(
        status=PressRelease.Status.EMBARGOED,
        embargo_until__lte=Now(),
        programme__in=Programme.objects.filter(is_public=True),
    )
    published = 0
    for release in due.order_by("embargo_until", "pk"):
        try:
            publish_press_release(release, by=None)
        except PressRelease.WrongStatus:
            continue
        published += 1
    return published


@transaction.atomic
def withdraw_press_release(release: PressRelease, *, note: str, by: User | None) -> PressRelease:
    """Take the release back; its page stays and says why."""
    release = _locked_release(release)
    release.move_to(PressRelease.Status.WITHDRAWN)
    if not note.strip():
        raise NoteMissingError
    release.public_note = note.strip()
    release.withdrawn_at = timezone.now()
    release.save(update_fields=["status", "public_note", "withdrawn_at"])
    _stamp(release)
    _record("withdraw", release, by)
    return release


@transaction.atomic
def correct_press_release(release: PressRelease, *, note: str, by: User | None) -> PressRelease:
    """Mark the release as corrected and return the draft that replaces it."""
    release = _locked_release(release)
    release.move_to(PressRelease.Status.CORRECTED)
    if not note.strip():
        raise NoteMissingError
    release.public_note = note.strip()
    release.corrected_at = timezone.now()
    release.save(update_fields=["status", "public_note", "corrected_at"])
    _stamp(release)
    _record("correct", release, by)
    return _copy_release(release)


def _copy_release(release: PressRelease) -> PressRelease:
    draft = PressRelease.objects.create(
        programme=release.programme,
        run=release.run,
        slug=_free_slug(release),
        kind=release.kind,
        language=release.language,
        place=release.place,
        headline=release.headline,
        subline=release.subline,
        lead=release.lead,
        more_information=release.more_information,
        corrects=release,
    )
    draft.contacts.set(release.contacts.all())
    blocks = release.blocks.order_by("position", "pk")
    PressBlock.objects.bulk_create(
        PressBlock(
            release=draft,
            key=block.key,
            position=block.position,
            kind=block.kind,
            text=block.text,
            quote_id=block.quote_id,
            concept_id=block.concept_id,
        )
        for block in blocks
    )
    ReleaseBoilerplate.objects.bulk_create(
        ReleaseBoilerplate(
            release=draft, boilerplate_id=link.boilerplate_id, position=link.position
        )
        for link in release.release_boilerplates.order_by("position", "pk")
    )
    return draft


def _free_slug(release: PressRelease) -> str:
    taken = set(
        PressRelease.objects.filter(programme=release.programme).values_list("slug", flat=True)
    )
    numbers = (f"{release.slug[:70]}-berichtigt-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in numbers if slug not in taken)


# Quotes: whether the speaker stands by these words


def _move_quote(quote: Quote, release: Quote.Release, action: str, *, by: User | None) -> Quote:
    quote = (
        Quote.objects.select_for_update(of=("self",))
        .select_related("programme", "speaker__user")
        .get(pk=quote.pk)
    )
    quote.move_to(release)
    quote.save(update_fields=["release"])
    record(action, quote, by=by, scope=quote.programme.slug)
    return quote


@transaction.atomic
def request_quote_release(quote: Quote, *, by: User | None) -> bool:
    """Ask the speaker whether the words may be printed; return whether a mail goes out.

    A role, or a person without an address, is asked by the lead. Raises Quote.WrongStatus.
    """
    quote = _move_quote(quote, Quote.Release.REQUESTED, "request_quote", by=by)
    recipient = address_of_speaker(quote)
    if not recipient:
        return False
    mail = quote_request_mail(quote)
    queue_message(
        recipient=recipient,
        subject=mail.subject,
        body=mail.body,
        language=mail.language,
        scope=quote.programme.slug,
        concerning=quote,
    )
    return True


@transaction.atomic
def release_quote(quote: Quote, *, by: User | None) -> Quote:
    """The speaker stands by the words as they are. Raises Quote.WrongStatus."""
    return _move_quote(quote, Quote.Release.RELEASED, "release", by=by)


@transaction.atomic
def release_quote_changed(
    quote: Quote, *, text: str, text_after: str = "", by: User | None
) -> Quote:
    """The speaker stands by these words instead. Raises Quote.WrongStatus.

    The quote keeps its form: in two parts or in one.
    """
    quote = _move_quote(quote, Quote.Release.RELEASED_CHANGED, "release_changed", by=by)
    quote.text, quote.text_after = text, text_after
    quote.save(update_fields=["text", "text_after"])
    return quote


@transaction.atomic
def decline_quote(quote: Quote, *, by: User | None) -> Quote:
    """The speaker does not want to be quoted. Raises Quote.WrongStatus."""
    return _move_quote(quote, Quote.Release.DECLINED, "decline_quote", by=by)


@transaction.atomic
def expire_quote(quote: Quote, *, by: User | None) -> Quote:
    """No answer came in time; the speaker may be asked again. Raises Quote.WrongStatus."""
    return _move_quote(quote, Quote.Release.EXPIRED, "expire_quote", by=by)


@transaction.atomic
def record_quote_release(quote: Quote, *, by: User | None) -> Quote:
    """Record that the speaker released the quote outside the portal, on paper or by mail."""
    return _move_quote(quote, Quote.Release.RECORDED, "release", by=by)


@transaction.atomic
def reopen_quote(quote: Quote, *, by: User | None) -> Quote:
    """Make the quote a draft again: its text or function changed."""
    return _move_quote(quote, Quote.Release.DRAFT, "reopen", by=by)


# Editions of the guideline


def _locked_edition(edition: Edition) -> Edition:
    return (
        Edition.objects.select_for_update(of=("self",))
        .select_related("guideline__programme", "render_job")
        .get(pk=edition.pk)
    )


@transaction.atomic
def create_edition(guideline: Guideline, *, by: User | None) -> Edition:
    """Begin the next edition of a guideline. Raises EditionOpenError."""
    guideline = Guideline.objects.select_for_update(of=("self",)).get(pk=guideline.pk)
    if earlier := guideline.editions.filter(status__in=Edition.OPEN).first():
        raise EditionOpenError(earlier)
    last = guideline.editions.aggregate(last=Max("number"))["last"] or 0
    edition = Edition.objects.create(guideline=guideline, number=last + 1)
    _record("create", edition, by)
    return edition


@transaction.atomic
def submit_edition(edition: Edition, *, by: User | None) -> Edition:
    """Ask for the approval of what the guideline says now; without a date, as of this month.

    What cannot be printed is refused here; a trial print follows.
    Raises Edition.WrongStatus, PrintError and publications.tokens.UnknownToken.
    """
    edition = _locked_edition(edition)
    edition.move_to(Edition.Status.IN_APPROVAL)
    edition.submitted_by = by
    if edition.dated_on is None:
        edition.dated_on = ImpreciseDate(timezone.localdate().isoformat()[:7])
    content = guideline_content(edition)
    check_printable("guideline", asdict(content), language=edition.guideline.language)
    edition.submitted_sha256 = _sha256(content)
    edition.save(update_fields=["status", "submitted_by", "dated_on", "submitted_sha256"])
    _print_edition(edition, asdict(content))
    _record("submit", edition, by)
    return edition


@transaction.atomic
def return_edition(edition: Edition, *, by: User | None) -> Edition:
    """Give the edition back for changes."""
    edition = _locked_edition(edition)
    if edition.is_frozen:  # approved meanwhile: that is another decision
        raise Edition.WrongStatus(edition.status)
    edition.move_to(Edition.Status.DRAFT)
    edition.save(update_fields=["status"])
    _record("return", edition, by)
    return edition


@transaction.atomic
def reopen_edition(edition: Edition, *, by: User | None) -> Edition:
    """Take an approval back before the publication, as `reopen_press_release` does."""
    edition = _locked_edition(edition)
    if not edition.is_frozen:
        raise Edition.WrongStatus(edition.status)
    edition.move_to(Edition.Status.DRAFT)
    _drop_approval(edition)
    _record("reopen", edition, by)
    return edition


@transaction.atomic
def approve_edition(
    edition: Edition,
    *,
    by: User | None,
    confirmed: Collection[str] = (),
    reason: str = "",
) -> Edition:
    """Approve the edition as it was submitted: its content is frozen and printed.

    The chapters may have changed meanwhile, and what they show.
    confirmed, reason: as for `approve_press_release`.
    Raises Edition.WrongStatus, ApprovalRefusedError and publications.tokens.UnknownToken.
    """
    edition = _locked_edition(edition)
    edition.move_to(Edition.Status.APPROVED)
    facts = facts_of_edition(edition)
    content = guideline_content(edition, facts)
    if _sha256(content) != edition.submitted_sha256:
        raise ChangedSinceSubmissionError
    _refuse_what_did_not_print(edition)
    check_printable("guideline", asdict(content), language=edition.guideline.language)
    blocks = Block.objects.filter(chapter__guideline=edition.guideline)
    _refuse_what_may_not_go_out(blocks, facts, content)
    hidden = Workshop.objects.filter(
        pk__in=blocks.filter(kind=Block.Kind.WORKSHOP).values("workshop"), is_public=False
    )
    if titles := [str(workshop) for workshop in hidden.order_by("run", "number")]:
        raise WorkshopsHiddenError(titles)
    _approve(edition, content, facts, by=by, confirmed=confirmed, reason=reason)
    _print_edition(edition, asdict(content))
    return edition


@transaction.atomic
def publish_edition(edition: Edition, *, by: User | None) -> Edition:
    """Show the edition to the public; the one before is superseded."""
    guideline = Guideline.objects.select_for_update(of=("self",)).get(pk=edition.guideline_id)
    edition = _locked_edition(edition)
    edition.move_to(Edition.Status.PUBLISHED)
    if not guideline.programme.is_public:
        raise ProgrammeNotPublicError
    replaced = list(guideline.editions.filter(status=Edition.Status.PUBLISHED))
    for earlier in replaced:
        earlier.move_to(Edition.Status.SUPERSEDED)
        earlier.save(update_fields=["status"])
        _record("supersede", earlier, by)
    edition.published_at = timezone.now()
    edition.save(update_fields=["status", "published_at"])
    _record("publish", edition, by)
    for earlier in replaced:
        _stamp(earlier)
    return edition


@transaction.atomic
def withdraw_edition(edition: Edition, *, note: str, by: User | None) -> Edition:
    """Take the edition back; its entry stays and says why."""
    edition = _locked_edition(edition)
    edition.move_to(Edition.Status.WITHDRAWN)
    if not note.strip():
        raise NoteMissingError
    edition.public_note = note.strip()
    edition.withdrawn_at = timezone.now()
    edition.save(update_fields=["status", "public_note", "withdrawn_at"])
    _stamp(edition)
    _record("withdraw", edition, by)
    return edition
