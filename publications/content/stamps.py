"""What a copy says when the document it shows was taken back, corrected or replaced.

Not part of what was approved: it happens later. Each print adds it anew to the frozen content.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from concepts.models import Concept
from publications.content.phrases import day_in_words, in_quotes
from publications.models import Edition, PressRelease

# The keys of a content that are stamps.
STAMP, WITHDRAWN_CONCEPTS = "stamp", "withdrawn_concepts"


@dataclass(frozen=True)
class Stamp:
    """`mark` stands on each page, `sentence` and the public note on the first."""

    mark: str
    sentence: str
    note: str


@dataclass(frozen=True)
class WithdrawnConcept:
    run_slug: str
    slug: str
    sentence: str


def stamped_release(release: PressRelease, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with what happened to the release, and to its concepts, since."""
    with translation.override(release.language):
        concepts = (block for block in content.get("body", []) if block.get("kind") == "concept")
        return _stamped(content, _release_stamp(release), _withdrawn(concepts, release.programme))


def stamped_edition(edition: Edition, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with what happened to the edition, and to its concepts, since."""
    guideline = edition.guideline
    with translation.override(guideline.language):
        blocks = (block for chapter in content.get("chapters", []) for block in chapter["blocks"])
        concepts = (block for block in blocks if block.get("kind") == "concept")
        return _stamped(content, _edition_stamp(edition), _withdrawn(concepts, guideline.programme))


def _stamped(
    content: Mapping[str, Any], stamp: Stamp | None, concepts: list[WithdrawnConcept]
) -> dict[str, Any]:
    bare = {key: part for key, part in content.items() if key not in {STAMP, WITHDRAWN_CONCEPTS}}
    if stamp:
        bare[STAMP] = asdict(stamp)
    if concepts:
        bare[WITHDRAWN_CONCEPTS] = [asdict(concept) for concept in concepts]
    return bare


def _release_stamp(release: PressRelease) -> Stamp | None:
    if release.status == PressRelease.Status.WITHDRAWN:
        mark = _withdrawn_mark(release.withdrawn_at)
        return Stamp(mark, _("Diese Pressemitteilung gilt nicht mehr."), release.public_note)
    if release.status == PressRelease.Status.CORRECTED:
        return _corrected_stamp(release)
    return None


def _corrected_stamp(release: PressRelease) -> Stamp:
    """Names the correction as soon as it is published."""
    correction = release.corrections.public().exclude(
        status=PressRelease.Status.WITHDRAWN
    ).order_by("-published_at", "-pk").first()  # fmt: skip
    if correction is not None:
        day = day_in_words(correction.dated_on)
        mark = _("Berichtigt durch die Mitteilung vom %(day)s") % {"day": day}
        sentence = _("Es gilt die Pressemitteilung %(title)s vom %(day)s.") % {
            "title": in_quotes(correction.shown_headline),
            "day": day,
        }
    else:
        mark = _("Berichtigt")
        if release.corrected_at:
            mark = _("Berichtigt am %(day)s") % {"day": _day(release.corrected_at)}
        sentence = _("Diese Pressemitteilung gilt so nicht mehr.")
    return Stamp(mark, sentence, release.public_note)


def _edition_stamp(edition: Edition) -> Stamp | None:
    if edition.status == Edition.Status.WITHDRAWN:
        mark = _withdrawn_mark(edition.withdrawn_at)
        return Stamp(mark, _("Diese Auflage gilt nicht mehr."), edition.public_note)
    if edition.status == Edition.Status.SUPERSEDED:
        # The first that came out later; whether it was replaced too, its own copies say.
        later = Edition.objects.filter(
            guideline=edition.guideline_id,
            status__in=Edition.PUBLIC,
            published_at__gt=edition.published_at,
        ).order_by("published_at", "pk")
        if successor := later.first():
            mark = _("Abgelöst durch die %(number)s. Auflage") % {"number": successor.number}
        else:
            mark = _("Abgelöst durch eine neue Auflage")
        return Stamp(mark, _("Diese Auflage ist nicht die neueste."), edition.public_note)
    return None


def _withdrawn_mark(moment) -> str:
    if moment is None:
        return _("Zurückgezogen")
    return _("Zurückgezogen am %(day)s") % {"day": _day(moment)}


def _day(moment) -> str:
    return day_in_words(timezone.localtime(moment).date())


def _withdrawn(concepts: Iterable[Mapping[str, Any]], programme) -> list[WithdrawnConcept]:
    """Those of the concepts that were withdrawn, in the order of their addresses."""
    shown = {(concept.get("run_slug", ""), concept.get("slug", "")) for concept in concepts}
    if not shown:
        return []
    named = Q()
    for run_slug, slug in shown:
        named |= Q(run__slug=run_slug, slug=slug)
    withdrawn = (
        Concept.objects.filter(named, run__programme=programme, status=Concept.Status.WITHDRAWN)
        .select_related("run")
        .order_by("run__slug", "slug")
    )
    return [
        WithdrawnConcept(
            concept.run.slug,
            concept.slug,
            _("Dieses Konzept wurde zurückgezogen: %(reason)s")
            % {"reason": concept.withdrawal_reason},
        )
        for concept in withdrawn
    ]
