"""The register of a guideline: terms and where they are treated."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from publications.rendering.outline import words_of
from texts.order import sort_key


class _Place(NamedTuple):
    """What stays on one page: a heading, a step, a card, a box. `is_about` says it in its name."""

    anchor: str
    name: str
    text: str
    is_about: bool = False

    def rank(self, term: re.Pattern[str]) -> int:
        """0 where it is about the term, 1 where it only mentions it, 2 where it does not."""
        if self.is_about and term.search(self.name):
            return 0
        return 1 if term.search(f"{self.name} {self.text}") else 2


def register(chapters: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the terms of the glossary, methods, workshops and concepts with their places.

    A term has at most one place in each stretch of chapters between two forced page breaks:
    so no page is named twice, before any page is made.
    """
    stretches: list[list[_Place]] = []
    for chapter in chapters:
        if chapter["starts_page"] or not stretches:
            stretches.append([])
        stretches[-1] += _places(chapter)
    entries = []
    for term in _register_terms(chapters):
        pattern = re.compile(rf"(?<!\w){re.escape(term)}(?:e[nrs]?|ern|n|s)?(?!\w)", re.IGNORECASE)
        best = [_best_place(places, pattern) for places in stretches]
        places = [{"anchor": place.anchor, "name": place.name} for place in best if place]
        if places:
            entries.append({"term": term, "places": places})
    return entries


def _best_place(places: Sequence[_Place], term: re.Pattern[str]) -> _Place | None:
    """The first place that is about the term, or else the first that mentions it."""
    best = min(places, key=lambda place: place.rank(term), default=None)
    return best if best and best.rank(term) < 2 else None


def _register_terms(chapters: Sequence[Mapping[str, Any]]) -> list[str]:
    """In the order of dictionaries; none without a glossary, the list that editors keep."""
    blocks = [block for chapter in chapters for block in chapter["blocks"]]
    terms = [term["term"] for block in blocks for term in block.get("terms", [])]
    if terms:
        terms += [block["heading"] for block in blocks if block["kind"] == "method"]
        terms += [block["title"] for block in blocks if block["kind"] in {"workshop", "concept"}]
    by_key = {sort_key(term): term for term in terms if term}
    return [term for _key, term in sorted(by_key.items())]


def _places(chapter: Mapping[str, Any]) -> Iterator[_Place]:
    yield _Place(chapter["id"], chapter["title"], "", True)
    for block in chapter["blocks"]:
        name = block["heading"] or chapter["title"]
        match block["kind"]:
            case "steps":
                for step in block["steps"]:
                    text = f"{step['text']} {step['decision']}"
                    yield _Place(f"{block['id']}-{step['number']}", step["title"], text, True)
            case "glossary":
                for number, term in enumerate(block["terms"], start=1):
                    yield _Place(f"{block['id']}-{number}", term["term"], term["meaning"], True)
            case "workshop" | "concept":
                yield _Place(block["id"], block["title"], "", True)
            case "question":
                yield _Place(block["id"], _("Leitfrage"), block["question"], True)
            case "checklist":
                yield _Place(block["id"], name, " ".join(block["points"]))
            case "quote":
                yield _Place(block["id"], name, block["quotation"])
            case "tip" | "pitfall" | "method":
                yield _Place(block["id"], name, words_of(block["html"]), bool(block["heading"]))
            case _ if block["heading"]:
                yield _Place(block["id"], block["heading"], "", True)
