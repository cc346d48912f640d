"""What of the concepts is open when a run ends."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from concepts.models import Concept
from programmes.matters import Matter, matter, register_matters
from programmes.models import Run

DONE = [Concept.Status.PUBLISHED, Concept.Status.WITHDRAWN]


@register_matters
def concepts_of_the_run(run: Run, status: Run.Status) -> Iterable[Matter]:
    if status == Run.Status.RUNNING:
        return
    yield matter(
        _("Konzepte, die noch nicht veröffentlicht sind"),
        run.concepts.exclude(status__in=DONE).for_listing(),
        _("Sie lassen sich weiter bearbeiten und veröffentlichen; neue kommen nicht hinzu."),
    )
