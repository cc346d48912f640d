"""From the plain data of a release or a guideline to the variables of their templates.

Knows no model, no network and no clock: the same content gives the same page.
"""

from publications.rendering.charts import course_chart, sectors_chart
from publications.rendering.colour import readable_colour
from publications.rendering.contexts import guideline_context, press_release_context
from publications.rendering.outline import outline
from publications.rendering.register import register

__all__ = [
    "course_chart",
    "guideline_context",
    "outline",
    "press_release_context",
    "readable_colour",
    "register",
    "sectors_chart",
]
