"""Charts: numbers for the templates that draw them. One unit is a point on paper."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from textwrap import wrap
from typing import Any

from django.utils import dateformat

from texts.dates import first_days_of_months

CHART_WIDTH = 476  # the width of the text, 168 mm
LABEL_CHARACTERS = 34  # of 9.5 pt beside the bars
STOP_CHARACTERS = 36  # of 9 pt beside the lane
LINE = 12
MAX_UNITS = 24  # more people in one bar are drawn as one piece


def sectors_chart(bars: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Bars of one piece per person, so that they can be counted."""
    longest_label = max((len(bar["label"]) for bar in bars), default=0)
    left, right = min(190, max(90, longest_label * 5 + 16)), 24
    longest = max((bar["count"] for bar in bars), default=1)
    unit = min(22.0, (CHART_WIDTH - left - right) / longest)
    rows = []
    top = 0.0
    for bar in bars:
        lines = _wrapped(bar["label"], LABEL_CHARACTERS)
        height = max(1, len(lines)) * LINE + 10
        middle = top + height / 2
        pieces = bar["count"] if longest <= MAX_UNITS else 1
        width = unit if longest <= MAX_UNITS else unit * bar["count"]
        rows.append(
            {
                "lines": _lines(lines, middle),
                "pieces": [
                    {
                        "x": _number(left + piece * unit),
                        "y": _number(middle - 7),
                        "width": _number(width - 1.5),
                    }
                    for piece in range(pieces)
                ],
                "count": bar["count"],
                "value_x": _number(left + bar["count"] * unit + 5),
                "value_y": _number(middle + 3.4),
            }
        )
        top += height
    return {
        "width": CHART_WIDTH,
        "height": _number(top),
        "rows": rows,
        "label_x": left - 10,
        "axis_x": _number(left - 3.5),
        "one_each": longest <= MAX_UNITS,
    }


def course_chart(
    stops: Sequence[Mapping[str, Any]], undated: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A row per day under a scale of months: a mark for a known day, a bar for a span."""
    scale = _Scale(stops)
    head = 26.0 if stops else 0.0
    rows = []
    top = head
    for stop in [*stops, *undated]:
        lines = _wrapped(stop["title"], STOP_CHARACTERS)
        height = (len(lines) + 1) * LINE + 9
        middle = top + height / 2
        rows.append(
            {
                "lines": _lines(lines, middle - LINE / 2),
                "date": stop.get("date", ""),
                "date_y": _number(middle + len(lines) * LINE / 2 - LINE / 2 + 9.4),
                "number": stop["number"],
                "y": _number(middle),
                "text_y": _number(middle + 3),
                "rule_y": _number(top),
                **scale.mark(stop, middle),
            }
        )
        top += height
    return {
        "width": CHART_WIDTH,
        "height": _number(top + 2),
        "head": _number(head),
        "bottom": _number(top),
        "rows": rows,
        "months": scale.months(),
        "years": scale.years(),
        "lane_x": scale.left,
        "has_spans": any(not stop["exact"] for stop in stops),
        "has_events": any(not stop["number"] for stop in stops),
    }


class _Scale:
    """Days as places on the lane of months."""

    left, right = 226, 12

    def __init__(self, stops: Sequence[Mapping[str, Any]]):
        days = [
            date.fromisoformat(stop[end]) for stop in stops for end in ("first_day", "last_day")
        ]
        self.is_empty = not days
        first = min(days, default=date(2000, 1, 1))
        last = max(days, default=first)
        self.starts = first_days_of_months(first, last)
        self.first = self.starts[0]
        self.days = max(1, (self.starts[-1] - self.first).days)

    def place(self, day: date, share_of_day: float = 0.5) -> float:
        width = CHART_WIDTH - self.left - self.right
        return self.left + width * ((day - self.first).days + share_of_day) / self.days

    def mark(self, stop: Mapping[str, Any], middle: float) -> dict[str, Any]:
        if "first_day" not in stop:
            return {"shape": "none", "x": self.left + 2}
        first, last = date.fromisoformat(stop["first_day"]), date.fromisoformat(stop["last_day"])
        if stop["exact"]:
            x = self.place(first)
            shape = "circle" if stop["number"] else "diamond"
            corners = [(x, middle - 7), (x + 7, middle), (x, middle + 7), (x - 7, middle)]
            points = " ".join(f"{_number(across)},{_number(down)}" for across, down in corners)
            return {"shape": shape, "x": _number(x), "points": points}
        start, end = self.place(first, 0), self.place(last, 1)
        width = max(end - start, 16.0)
        return {
            "shape": "span",
            "x": _number(start + width / 2),
            "span_x": _number(start),
            "span_y": _number(middle - 7),
            "span_width": _number(width),
        }

    def months(self) -> list[dict[str, Any]]:
        """Lines at the beginnings of months, with names where there is room for them."""
        if self.is_empty:
            return []
        every = 1 + (len(self.starts) - 2) // 9
        return [
            {
                "x": _number(self.place(start, 0)),
                "name_x": _number((self.place(start, 0) + self.place(after, 0)) / 2),
                "name": dateformat.format(start, "M").rstrip(".")[:3]
                if number % every == 0
                else "",
            }
            for number, (start, after) in enumerate(pairwise(self.starts))
        ]

    def years(self) -> list[dict[str, Any]]:
        if self.is_empty:
            return []
        starts = [
            start
            for number, start in enumerate(self.starts[:-1])
            if number == 0 or start.month == 1
        ]
        return [{"x": _number(self.place(start, 0)), "name": str(start.year)} for start in starts]


def _wrapped(text: str, characters: int) -> list[str]:
    lines = wrap(text, characters)
    return lines if len(lines) <= 2 else [lines[0], f"{lines[1][: characters - 2]} …"]


def _lines(lines: Sequence[str], middle: float) -> list[dict[str, Any]]:
    top = middle - (len(lines) - 1) * LINE / 2 + 3.4
    return [{"text": line, "y": _number(top + row * LINE)} for row, line in enumerate(lines)]


def _number(value: float) -> str:
    """As SVG reads it: a point, no needless digits, whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
