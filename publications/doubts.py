"""What an approval asks about: not wrong by rule, but seldom meant (Bedenken).

Who approves confirms each doubt and gives a reason; both stay with the text and in the log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from people.models import User
from publications.content import PublicationContent, content_of
from publications.facts import Facts, funding_notices_on
from publications.models import Edition, Guideline, Publication


@dataclass(frozen=True)
class Doubt:
    """One thing to confirm; `key` changes with what it says, in no language."""

    key: str
    sentence: str


def doubts_about(publication: Publication, *, by: User | None) -> list[Doubt]:
    """What this person would confirm by approving the text as it is now.

    Raises publications.tokens.UnknownToken.
    """
    facts = publication.facts()
    return doubts_about_content(publication, content_of(publication, facts), facts, by=by)


def doubts_about_guideline(guideline: Guideline) -> list[Doubt]:
    """The doubts about the text of the guideline, before there is somebody to approve it."""
    edition = guideline.editions.filter(status=Edition.Status.DRAFT).order_by("-number").first()
    return doubts_about(edition or Edition(guideline=guideline), by=None)


def doubts_about_content(
    publication: Publication,
    content: PublicationContent,
    facts: Facts,
    *,
    by: User | None,
) -> list[Doubt]:
    """The doubts about a text that was collected with these facts."""
    return [
        *_about_counts(facts),
        *_about_funding(publication),
        *_about_translation(content, facts),
        *_about_approving_alone(publication, by),
    ]


def _about_counts(facts: Facts) -> Iterable[Doubt]:
    counts = {
        name.removesuffix(".wort"): fact.count
        for name, fact in sorted(facts.in_use().items())
        if fact.count is not None
    }
    for name, count in counts.items():
        left_out = "; ".join(count.left_out)
        if left_out:
            sentence = _(
                "„%(name)s“ zählt %(number)s. Nicht mitgezählt, weil noch nicht freigegeben: "
                "%(titles)s."
            )
        elif count.number == 0:
            sentence = _("„%(name)s“ zählt %(number)s: Davon gibt es noch nichts.")
        else:
            continue
        yield Doubt(
            f"count:{name}:{count.number}:{left_out}",
            sentence % {"name": name, "number": count.number, "titles": left_out},
        )


def _about_funding(publication: Publication) -> Iterable[Doubt]:
    programme = publication.programme
    if funding_notices_on(programme, publication.day):
        return
    if programme.funding_notices.exists():
        sentence = _("Am Tag des Textes gilt kein Förderhinweis: Wer fördert, steht nicht darin.")
    else:
        sentence = _("Zum Programm ist kein Förderhinweis gespeichert: Der Text nennt keinen.")
    yield Doubt("funding", sentence)


def _about_translation(content: PublicationContent, facts: Facts) -> Iterable[Doubt]:
    """What falls into the text in another language; names need no translation."""
    language = content.language
    found = [fact.value for fact in facts.foreign_to(language).values() if not fact.is_name]
    found += [
        _said(part) for part in content.parts() if getattr(part, "language", language) != language
    ]
    found += [sentence for sentence in content.funding if sentence in content.foreign]
    if not found:
        return
    listed = "; ".join(dict.fromkeys(Truncator(text).chars(60) for text in found if text))
    yield Doubt(
        f"translation:{listed}",
        _("Der Text ist auf %(language)s, aber das steht in einer anderen Sprache darin: %(parts)s")
        % {"language": get_language_info(language)["name_translated"], "parts": listed},
    )


def _said(part: Any) -> str:
    """The words by which one finds a part of a text again."""
    names = ("paragraph", "question", "title", "heading", "kind")
    return next(text for name in names if (text := getattr(part, name, "")))


def _about_approving_alone(publication: Publication, by: User | None) -> Iterable[Doubt]:
    if by is not None and publication.submitted_by_id == by.pk:
        yield Doubt(
            "alone",
            _(
                "Dieselbe Person hat den Text zur Freigabe gegeben und gibt ihn frei: Niemand "
                "sonst hat ihn geprüft."
            ),
        )
