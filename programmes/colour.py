"""A programme's accent colour on pages: a small style sheet, readable in light and dark.

`static/css/portal/tokens.css` names the properties; a new programme has the accent it sets.
"""

from texts.colours import BLACK, WHITE, Colour, as_hex, contrast, mixed, parse_colour

# The grounds of the dark theme: the page and what stands out from it.
NIGHT: Colour = (14, 19, 28)
NIGHT_SURFACE: Colour = (23, 29, 41)

# WCAG 2.2 asks 4.5 of text (1.4.3). More of it by night, where thin bright strokes look thinner.
MIN_CONTRAST = 5.0
MIN_CONTRAST_BY_NIGHT = 6.5
STEP = 0.04

SHEET = """\
@layer base {{
  :root[data-kern-theme="light"] {{
    --accent: {light};
    --accent-soft: {light_soft};
    --accent-line: {light_line};
  }}

  :root[data-kern-theme="dark"] {{
    --accent: {dark};
    --accent-soft: {dark_soft};
    --accent-line: {dark_line};
  }}
}}
"""


def accent_sheet(accent: str) -> str:
    """The style sheet for a colour written like „#00507d“."""
    colour = parse_colour(accent)
    light, light_soft = for_day(colour)
    dark, dark_soft = for_night(colour)
    return SHEET.format(
        light=as_hex(light),
        light_soft=as_hex(light_soft),
        light_line=as_hex(mixed(light, WHITE, 0.5)),
        dark=as_hex(dark),
        dark_soft=as_hex(dark_soft),
        dark_line=as_hex(mixed(dark, NIGHT, 0.5)),
    )


def for_day(colour: Colour) -> tuple[Colour, Colour]:
    """The colour, darkened until it can be read on white and on its own tint, and that tint."""
    soft = mixed(colour, WHITE, 0.92)
    while contrast(colour, soft) < MIN_CONTRAST:
        colour = mixed(colour, BLACK, STEP)
    return colour, soft


def for_night(colour: Colour) -> tuple[Colour, Colour]:
    """The colour, lightened until it can be read on all dark grounds, and its tint of them."""
    while True:
        soft = mixed(colour, NIGHT, 0.85)
        weakest = min(contrast(colour, ground) for ground in (soft, NIGHT_SURFACE))
        if weakest >= MIN_CONTRAST_BY_NIGHT:
            return colour, soft
        colour = mixed(colour, WHITE, STEP)
