"""A programme's accent colour on pages: a small style sheet, readable in light and dark.

`static/css/portal.css` names the properties; its own accent is the colour that a new programme has.
"""

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
# The grounds of portal.css in the dark theme: the page and what stands out from it.
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
    colour = (int(accent[1:3], 16), int(accent[3:5], 16), int(accent[5:7], 16))
    light, light_soft = for_day(colour)
    dark, dark_soft = for_night(colour)
    return SHEET.format(
        light=_hex(light),
        light_soft=_hex(light_soft),
        light_line=_hex(_mixed(light, WHITE, 0.5)),
        dark=_hex(dark),
        dark_soft=_hex(dark_soft),
        dark_line=_hex(_mixed(dark, NIGHT, 0.5)),
    )


def for_day(colour: Colour) -> tuple[Colour, Colour]:
    """The colour, darkened until it can be read on white and on its own tint, and that tint."""
    soft = _mixed(colour, WHITE, 0.92)
    while contrast(colour, soft) < MIN_CONTRAST:
        colour = _mixed(colour, BLACK, STEP)
    return colour, soft


def for_night(colour: Colour) -> tuple[Colour, Colour]:
    """The colour, lightened until it can be read on all dark grounds, and its tint of them."""
    while True:
        soft = _mixed(colour, NIGHT, 0.85)
        weakest = min(contrast(colour, ground) for ground in (soft, NIGHT_SURFACE))
        if weakest >= MIN_CONTRAST_BY_NIGHT:
            return colour, soft
        colour = _mixed(colour, WHITE, STEP)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2.2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [channel / 255 for channel in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (
        round(mine + (theirs - mine) * share) for mine, theirs in zip(colour, other, strict=True)
    )
    return red, green, blue


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
