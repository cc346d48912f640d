"""What an approval asks about: not wrong by rule, but seldom meant (Bedenken).

Who approves confirms each doubt and gives a reason; both stay with the text and in the log.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from people.models import User
from publications.content import guideline_content, press_release_content
from publications.models import Edition, Guideline, PressRelease
from publications.tokens import (
    Facts,
    facts_of_edition,
    facts_of_release,
    funding_notices_on,
    last_day_of,
)


@dataclass(frozen=True)
class Doubt:
    """One thing to confirm; `key` changes with what it says, in no language."""

    key: str
    sentence: str


def doubts_about(item: PressRelease | Edition, *, by: User | None) -> list[Doubt]:
    """What this person would confirm by approving the text as it is now.

    Raises publications.tokens.UnknownToken.
    """
    if isinstance(item, PressRelease):
        facts = facts_of_release(item)
        press_release_content(item, facts)
    else:
        facts = facts_of_edition(item)
        guideline_content(item, facts)
    return doubts_about_content(item, facts, by=by)


def doubts_about_guideline(guideline: Guideline) -> list[Doubt]:
    """The doubts about the text of the guideline, before there is somebody to approve it."""
    edition = guideline.editions.filter(status=Edition.Status.DRAFT).order_by("-number").first()
    return doubts_about(edition or Edition(guideline=guideline), by=None)


def doubts_about_content(
    item: PressRelease | Edition, facts: Facts, *, by: User | None
) -> list[Doubt]:
    """The doubts about a text that was collected with these facts."""
    return [
        *_about_counts(facts),
        *_about_funding(item),
        *_about_approving_alone(item, by),
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


def _about_funding(item: PressRelease | Edition) -> Iterable[Doubt]:
    programme = item.programme
    day = item.dated_on if isinstance(item, PressRelease) else last_day_of(item)
    if funding_notices_on(programme, day):
        return
    if programme.funding_notices.exists():
        sentence = _("Am Tag des Textes gilt kein Förderhinweis: Wer fördert, steht nicht darin.")
    else:
        sentence = _("Zum Programm ist kein Förderhinweis gespeichert: Der Text nennt keinen.")
    yield Doubt("funding", sentence)


def _about_approving_alone(item: PressRelease | Edition, by: User | None) -> Iterable[Doubt]:
    if by is not None and item.submitted_by_id == by.pk:
        yield Doubt(
            "alone",
            _(
                "Dieselbe Person hat den Text zur Freigabe gegeben und gibt ihn frei: Niemand "
                "sonst hat ihn geprüft."
            ),
        )
