"""Stored facts that a text may name, collected from the programme and its runs."""

from publications.facts.collecting import (
    DECIDED_CONCEPTS,
    PROGRAMME_PREFIX,
    RUN_PREFIX,
    collect_facts,
    funding_notices_on,
    in_words,
    question_on,
)
from publications.facts.fact import Count, Fact, Facts

__all__ = [
    "DECIDED_CONCEPTS",
    "PROGRAMME_PREFIX",
    "RUN_PREFIX",
    "Count",
    "Fact",
    "Facts",
    "collect_facts",
    "funding_notices_on",
    "in_words",
    "question_on",
]
