"""What the list of concepts can be narrowed to, with how many concepts each choice leaves."""

from typing import NamedTuple

from django.db.models import Count, QuerySet

from concepts.models import Concept, ConceptQuerySet
from texts.order import sort_key


class Choice(NamedTuple):
    """A value as it stands in the address, „programme/name“, with its words."""

    value: str
    label: str


NOBODY = Choice("", "")


class Facets:
    """The counts of every pair of run and lead implementer, read by one query.

    A choice counts the concepts that it would leave beside the other filter. What is asked for
    and does not exist counts as not asked for.
    """

    def __init__(self, concepts: QuerySet[Concept], *, run: str, lead_implementer: str):
        self.cells = _cells(concepts)
        runs = {cell_run.value for cell_run, _lead, _count in self.cells}
        leads = {lead.value for _run, lead, _count in self.cells}
        self.run = run if run in runs else ""
        self.lead_implementer = lead_implementer if lead_implementer in leads else ""

    @property
    def count(self) -> int:
        """How many concepts both filters leave."""
        return sum(
            count
            for run, lead, count in self.cells
            if self._asks_for_run(run) and self._asks_for_lead(lead)
        )

    @property
    def runs(self) -> list[Choice]:
        return _choices((run, count * self._asks_for_lead(lead)) for run, lead, count in self.cells)

    @property
    def lead_implementers(self) -> list[Choice]:
        return _choices((lead, count * self._asks_for_run(run)) for run, lead, count in self.cells)

    def narrow(self, concepts: ConceptQuerySet) -> ConceptQuerySet:
        if self.run:
            programme, slug = self.run.split("/")
            concepts = concepts.filter(run__programme__slug=programme, run__slug=slug)
        if self.lead_implementer:
            slug, key = self.lead_implementer.split("/")
            concepts = concepts.filter(
                lead_implementer__programme__slug=slug, lead_implementer__key=key
            )
        return concepts

    def _asks_for_run(self, run: Choice) -> bool:
        return self.run in {"", run.value}

    def _asks_for_lead(self, lead: Choice) -> bool:
        return self.lead_implementer in {"", lead.value}


def _cells(concepts: QuerySet[Concept]) -> list[tuple[Choice, Choice, int]]:
    rows = (
        concepts.order_by("run__topic", "lead_implementer__name")
        .values_list(
            "run__programme__slug",
            "run__slug",
            "run__topic",
            "lead_implementer__programme__slug",
            "lead_implementer__key",
            "lead_implementer__name",
        )
        .annotate(count=Count("pk"))
    )
    return [
        (
            Choice(f"{programme}/{slug}", topic),
            Choice(f"{home}/{key}", name) if key else NOBODY,
            count,
        )
        for programme, slug, topic, home, key, name, count in rows
    ]


def _choices(pairs) -> list[Choice]:
    counts: dict[Choice, int] = {}
    for choice, count in pairs:
        if choice != NOBODY:
            counts[choice] = counts.get(choice, 0) + count
    return [
        Choice(choice.value, f"{choice.label} ({count})")
        for choice, count in sorted(
            counts.items(), key=lambda item: (sort_key(item[0].label), item[0].value)
        )
    ]
