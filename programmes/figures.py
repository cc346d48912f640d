"""What was told of a run in public, beside what the portal has recorded."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from programmes.models import StatedFigure

# The key under which a run tells how many people take part.
PARTICIPANTS = "teilnehmende"


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
