"""What happens to a concept: signing, review, publication, withdrawal."""

from collections.abc import Iterator
from html import unescape
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from concepts.models import BuildingBlock, Concept, Revision, SignOff
from documents.characters import check_texts
from lifecycle.refusals import Refusal
from people.models import User
from people.operations import record
from programmes.models import Participation, Person, TeamMembership
from texts.order import alphabetical_names

TEXT_FIELDS = (
    "title",
    "is_working_title",
    "summary",
    "problem",
    "approach",
    "addressees",
    "beneficiaries",
    "effort",
    "outlook",
)
BLOCK_FIELDS = ("key", "title", "description", "duration", "group_size", "material", "trainer")


class ConceptIncomplete(Refusal):
    """The concept lacks texts that signing needs; `fields` names them."""

    sentence = gettext_lazy("Vor der Mitzeichnung fehlt noch: %(fields)s.")

    def __init__(self, fields: list[str]):
        super().__init__(fields=", ".join(fields))
        self.fields = fields


class SignOffsMissing(Refusal):
    """Members have not signed and no reason was recorded; `names` lists them."""

    def __init__(self, names: list[str], total: int):
        super().__init__()
        self.names = names
        self.total = total

    def __str__(self) -> str:
        if not self.total:
            return _(
                "Das Konzept hat keine Mitglieder, die mitzeichnen. Bitte nennen Sie den Grund."
            )
        return ngettext(
            "%(count)d von %(total)d Mitzeichnungen fehlt: %(names)s. Oder nennen Sie den Grund.",
            "%(count)d von %(total)d Mitzeichnungen fehlen: %(names)s. Oder nennen Sie den Grund.",
            len(self.names),
        ) % {"count": len(self.names), "total": self.total, "names": ", ".join(self.names)}


class ReasonMissing(Refusal):
    """This step needs a reason in words."""

    sentence = gettext_lazy("Bitte nennen Sie einen Grund.")


class RunNotPublic(Refusal):
    """Nobody could read the concept: its run or its programme has no public page."""

    sentence = gettext_lazy("Der Durchlauf oder das Programm ist noch nicht öffentlich.")


def snapshot(concept: Concept) -> dict[str, Any]:
    """The text of the concept and its building blocks, as a revision keeps it."""
    lead_implementer = concept.lead_implementer
    blocks = BuildingBlock.objects.filter(concept=concept).order_by("position", "pk")
    return {
        **{field: getattr(concept, field) for field in TEXT_FIELDS},
        "lead_implementer": lead_implementer.name if lead_implementer else "",
        "blocks": [{field: getattr(block, field) for field in BLOCK_FIELDS} for block in blocks],
    }


def _locked(concept: Concept) -> Concept:
    return (
        Concept.objects.select_for_update(of=("self",))
        .select_related("run__programme", "lead_implementer", "team")
        .get(pk=concept.pk)
    )


def _record(action: str, concept: Concept, by: User | None, **details: Any) -> None:
    record(action, concept, by=by, scope=concept.run.programme.slug, **details)


def active_members(concept: Concept) -> list[Participation]:
    """The members of the concept's team who work in it now, in the order of their names."""
    if concept.team is None:
        return []
    memberships = TeamMembership.objects.filter(
        team=concept.team,
        has_left=False,
        participation__status__in=Participation.TAKING_PART,
    ).select_related("participation__person", "participation__position__organisation")
    return [
        membership.participation
        for membership in memberships.order_by(*alphabetical_names("participation__person"), "pk")
    ]


@transaction.atomic
def begin_signing(concept: Concept, *, by: User | None, public_note: str = "") -> Revision:
    """Lock the text as a revision and ask every active member of the team for a sign-off.

    Raises Concept.WrongStatus, ConceptIncomplete and CharacterNotInFont.
    """
    concept = _locked(concept)
    concept.move_to(Concept.Status.SIGNING)
    missing = [name for name in ("summary", "problem", "approach") if not getattr(concept, name)]
    if missing:
        raise ConceptIncomplete(
            [str(Concept._meta.get_field(name).verbose_name) for name in missing]  # type: ignore[union-attr]
        )
    content = snapshot(concept)
    # Releases and the guideline print the text.
    check_texts(_texts(content))
    concept.waiver_reason = ""
    concept.save(update_fields=["status", "waiver_reason"])
    last = concept.revisions.order_by("-number").first()
    revision = Revision.objects.create(
        concept=concept,
        number=last.number + 1 if last else 1,
        content=content,
        created_at=timezone.now(),
        created_by=by,
        public_note=public_note,
    )
    SignOff.objects.bulk_create(
        SignOff(revision=revision, participation=member) for member in active_members(concept)
    )
    _record("begin_signing", concept, by, revision=revision.number)
    return revision


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from _texts(part)
    elif isinstance(content, str):
        yield unescape(strip_tags(content.replace("<", " <")))


@transaction.atomic
def reopen_concept(concept: Concept, *, by: User | None) -> Concept:
    """Unlock the text again: out of signing, after the review returned it, or before publication.

    An approval falls with it.
    """
    concept = _locked(concept)
    concept.move_to(Concept.Status.DRAFTING)
    concept.approved_at = None
    concept.save(update_fields=["status", "approved_at"])
    _record("reopen", concept, by)
    return concept


@transaction.atomic
def answer_signoff(
    signoff: SignOff, *, status: SignOff.Status, comment: str = "", by: User | None
) -> SignOff:
    """Sign or decline one revision; declining needs a comment.

    Raises SignOff.WrongStatus, Concept.WrongStatus (the concept is not in signing, or has a
    newer revision) and ReasonMissing.
    """
    signoff = SignOff.objects.select_related("revision").get(pk=signoff.pk)
    concept = _locked(signoff.revision.concept)
    signoff = SignOff.objects.select_for_update().get(pk=signoff.pk)
    newest = concept.revisions.order_by("-number").first()
    if concept.status != Concept.Status.SIGNING or newest != signoff.revision:
        raise Concept.WrongStatus
    if status == SignOff.Status.DECLINED and not comment.strip():
        raise ReasonMissing
    signoff.move_to(status)
    signoff.comment = comment.strip()
    signoff.answered_at = timezone.now()
    signoff.save(update_fields=["status", "comment", "answered_at"])
    verb = "sign" if status == SignOff.Status.SIGNED else "decline_signoff"
    _record(verb, concept, by, revision=signoff.revision.number)
    return signoff


@transaction.atomic
def submit_concept(concept: Concept, *, by: User | None, waiver_reason: str = "") -> Concept:
    """Hand the concept to the review.

    Every active member has signed the newest revision, or the lead records why not all had to.
    Raises Concept.WrongStatus and SignOffsMissing.
    """
    concept = _locked(concept)
    concept.move_to(Concept.Status.SUBMITTED)
    newest = concept.revisions.order_by("-number").first()
    members = active_members(concept)
    signed = set(
        SignOff.objects.filter(revision=newest, status=SignOff.Status.SIGNED).values_list(
            "participation_id", flat=True
        )
    )
    missing = [str(member.person) for member in members if member.pk not in signed]
    waiver_reason = waiver_reason.strip()
    if (missing or not members) and not waiver_reason:
        raise SignOffsMissing(missing, total=len(members))
    concept.waiver_reason = waiver_reason
    concept.submitted_at = timezone.now()
    concept.save(update_fields=["status", "waiver_reason", "submitted_at"])
    _record("submit", concept, by, missing=len(missing), waived=bool(waiver_reason))
    return concept


@transaction.atomic
def begin_review(concept: Concept, *, by: User | None) -> Concept:
    """Take the submitted concept into review."""
    concept = _locked(concept)
    concept.move_to(Concept.Status.IN_REVIEW)
    concept.review_note = ""
    concept.save(update_fields=["status", "review_note"])
    _record("begin_review", concept, by)
    return concept


@transaction.atomic
def return_concept(concept: Concept, *, note: str, by: User | None) -> Concept:
    """Give the concept back to the team. Raises ReasonMissing without a note."""
    concept = _locked(concept)
    concept.move_to(Concept.Status.RETURNED)
    if not note.strip():
        raise ReasonMissing(gettext_lazy("Bitte schreiben Sie, was zu ändern ist."))
    concept.review_note = note.strip()
    concept.save(update_fields=["status", "review_note"])
    _record("return", concept, by)
    return concept


@transaction.atomic
def approve_concept(concept: Concept, *, by: User | None) -> Concept:
    """Approve the reviewed concept; the change log keeps who did."""
    concept = _locked(concept)
    concept.move_to(Concept.Status.APPROVED)
    concept.approved_at = timezone.now()
    concept.save(update_fields=["status", "approved_at"])
    _record("approve", concept, by)
    return concept


def authors_on_day(concept: Concept) -> list[dict[str, str]]:
    """The active members who agreed to be named, with function and organisation of today."""
    members = active_members(concept)
    agreed = set(
        Person.objects.may_be_named()
        .filter(pk__in=[member.person_id for member in members])
        .values_list("pk", flat=True)
    )
    return [_author(member) for member in members if member.person_id in agreed]


def _author(member: Participation) -> dict[str, str]:
    person: Person = member.person
    position = member.position
    return {
        "person": person.key,
        "name": person.full_name,
        "function": position.title if position else "",
        "organisation": position.organisation.name if position else "",
    }


@transaction.atomic
def publish_concept(concept: Concept, *, by: User | None) -> Concept:
    """Show the approved concept to the public; the team is frozen as on this day.

    Raises Concept.WrongStatus and RunNotPublic.
    """
    concept = _locked(concept)
    concept.move_to(Concept.Status.PUBLISHED)
    if not (concept.run.is_public and concept.run.programme.is_public):
        raise RunNotPublic
    concept.published_at = timezone.now()
    concept.authors = authors_on_day(concept)
    concept.save(update_fields=["status", "published_at", "authors"])
    _record("publish", concept, by)
    return concept


@transaction.atomic
def withdraw_concept(concept: Concept, *, reason: str, by: User | None) -> Concept:
    """Take the concept from the public; its page stays and says why."""
    concept = _locked(concept)
    concept.move_to(Concept.Status.WITHDRAWN)
    if not reason.strip():
        raise ReasonMissing
    concept.withdrawal_reason = reason.strip()
    concept.withdrawn_at = timezone.now()
    concept.save(update_fields=["status", "withdrawal_reason", "withdrawn_at"])
    _record("withdraw", concept, by)
    return concept
