"""What a copy says when the document it shows was taken back, corrected or replaced.

Not part of what was approved: it happens later. Each print adds it anew to the frozen content.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concepts.models import Concept
from programmes.models import Programme
from publications.content.phrases import day_in_words, in_quotes
from publications.models import Edition, PressRelease, Publication

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


def stamped(publication: Publication, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with what happened to the publication, and to its concepts, since."""
    fresh = {key: part for key, part in content.items() if key not in {STAMP, WITHDRAWN_CONCEPTS}}
    with translation.override(publication.language):
        if stamp := _stamp_of(publication):
            fresh[STAMP] = asdict(stamp)
        if concepts := _withdrawn_concepts(content, publication.programme):
            fresh[WITHDRAWN_CONCEPTS] = [asdict(concept) for concept in concepts]
    return fresh


def _stamp_of(publication: Publication) -> Stamp | None:
    if publication.is_withdrawn:
        mark = _withdrawn_mark(publication.withdrawn_at)
        return Stamp(mark, str(WITHDRAWN[type(publication)]), publication.public_note)
    if publication.is_replaced:
        return Stamp(*REPLACED[type(publication)](publication), publication.public_note)
    return None


def _corrected(release: PressRelease) -> tuple[str, str]:
    """Mark and sentence; they name the correction as soon as it is published."""
    corrections = release.corrections.public().not_withdrawn()
    correction = corrections.order_by("-published_at", "-pk").first()
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
    return mark, sentence


def _superseded(edition: Edition) -> tuple[str, str]:
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
    return mark, _("Diese Auflage ist nicht die neueste.")


def _withdrawn_mark(moment: datetime | None) -> str:
    if moment is None:
        return _("Zurückgezogen")
    return _("Zurückgezogen am %(day)s") % {"day": _day(moment)}


def _day(moment: datetime) -> str:
    return day_in_words(timezone.localtime(moment).date())


def _withdrawn_concepts(content: Mapping[str, Any], programme: Programme) -> list[WithdrawnConcept]:
    """Those of its concepts that were withdrawn, in the order of their addresses."""
    blocks = [*content.get("body", [])]
    for chapter in content.get("chapters", []):
        blocks += chapter["blocks"]
    shown = {
        (block.get("run_slug", ""), block.get("slug", ""))
        for block in blocks
        if block.get("kind") == "concept"
    }
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


# What a copy of each kind says when it was withdrawn, and when another one replaced it.
WITHDRAWN: Mapping[type[Publication], Promise] = {
    PressRelease: gettext_lazy("Diese Pressemitteilung gilt nicht mehr."),
    Edition: gettext_lazy("Diese Auflage gilt nicht mehr."),
}
REPLACED: Mapping[type[Publication], Callable[[Any], tuple[str, str]]] = {
    PressRelease: _corrected,
    Edition: _superseded,
}
