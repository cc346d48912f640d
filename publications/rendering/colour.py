"""The programme's colour on paper."""

from texts.colours import BLACK, WHITE, Colour, as_hex, contrast, mixed, parse_colour

# WCAG 2.2, 1.4.3: text on its ground.
MIN_CONTRAST = 4.5


def colours_from(accent: str) -> dict[str, str]:
    """The programme's colour, dark enough for text, and a tint of it as a ground."""
    readable = readable_colour(accent)
    return {"accent": as_hex(readable), "tint": as_hex(mixed(readable, WHITE, 0.92))}


def readable_colour(accent: str) -> Colour:
    """Return the colour, darkened until white text on it, or it on white, can be read."""
    colour = parse_colour(accent)
    while contrast(colour, WHITE) < MIN_CONTRAST + 0.5:
        colour = mixed(colour, BLACK, 0.06)
    return colour
