"""What stands in a text in another language than its own, because it is stored like that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programmes.models import FundingNotice
from publications.facts import Facts


@dataclass(frozen=True)
class ForeignPhrases:
    """The phrases inside running text, and the one language they are in; "" without any."""

    phrases: Sequence[str]
    language: str


def foreign_phrases(
    facts: Facts,
    language: str,
    notices: Iterable[FundingNotice],
    others: Iterable[tuple[str, str]] = (),
) -> ForeignPhrases:
    """Collect the phrases for a text of this language.

    others: more stored words with their language, for example titles.
    """
    found = [(fact.value, fact.language) for fact in facts.foreign_to(language).values()]
    found += [
        (notice.text, notice.spoken_language)
        for notice in notices
        if notice.spoken_language != language
    ]
    found += [(text, own) for text, own in others if text and own != language]
    if not found:
        return ForeignPhrases([], "")
    foreign = found[0][1]
    return ForeignPhrases(sorted({text for text, own in found if own == foreign}), foreign)
