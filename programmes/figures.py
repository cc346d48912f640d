"""What is counted of a run: who takes part, and what was told in public beside it."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from programmes.models import Participation, StatedFigure

# The key under which a run tells how many people take part.
PARTICIPANTS = "teilnehmende"


def people_by_sector(group: Iterable[Participation]) -> list[tuple[str, int]]:
    """How many of the group come from each sector, in the order of the sectors."""
    counts = Counter(
        (sector.position, sector.name) if (sector := member.sector) else (2**15, _("ohne Angabe"))
        for member in group
    )
    return [(name, count) for (_position, name), count in sorted(counts.items())]


def recorded_sentence(figures: Iterable[StatedFigure], recorded: int) -> str:
    """How many participants are recorded, where another number was told; else nothing."""
    told = next((figure.number for figure in figures if figure.key == PARTICIPANTS), None)
    if told is None or told == recorded:
        return ""
    if recorded < told:
        sentence = _("Erfasst sind %(recorded)s von %(told)s Teilnehmenden.")
    else:
        sentence = _("Erfasst sind %(recorded)s Teilnehmende, öffentlich genannt wurden %(told)s.")
    return sentence % {"recorded": recorded, "told": told}
