"""From the plain data of a release or a guideline to the variables of their templates.

Knows no model, no network and no clock: the same content gives the same page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise, zip_longest
from textwrap import wrap
from typing import Any, NamedTuple

from django.utils import dateformat, formats
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from documents.colours import BLACK, WHITE, Colour, as_hex, contrast, mixed, parse_colour
from documents.order import sort_key
from documents.richtext import clean_rich_text
from documents.typography import tidy_text

RICH = frozenset(
    {"html", "imprint", "goal", "agenda", "results", "problem", "approach", "effort", "outlook"}
)
# Addresses and codes: nothing to set in type.
CODES = frozenset(
    {
        "accent", "created", "dated_iso", "email", "embargo_iso", "first_day", "foreign_language",
        "id", "kind", "language", "last_day", "part", "phone", "run_slug", "slug", "website",
    }
)  # fmt: skip
AROUND = frozenset({"heading", "html", "introduction", "sentence"})
# What word processors write and the font lacks.
IN_FONT = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u202f": "\u00a0",
        "\u2009": "\u00a0",
        # Which picture of a sign to take: the fonts have one.
        "\ufe0e": "",
        "\ufe0f": "",
    }
)
TAG = re.compile(r"(<[^>]*>)")
EMPTY_LINK = re.compile(r"<a [^>]*>\s*</a>")
EMPTY_HEAD_CELL = re.compile(r"<th([^>]*)>((?:\s|<p>|</p>|<br>)*)</th>")
SPACE_BEFORE_STRESS = re.compile(r" (<(?:strong|em)>)")
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
VOID = frozenset({"br", "hr"})

# The level of headings in the texts of these blocks; a chart's heading is its caption.
BLOCK_LEVELS = {"workshop": 5, "concept": 5, "sectors": 3, "course": 3}

TABLE_CHARACTERS = 80  # of 9 pt in the width of the text, with the room between columns

# Where German dictionaries put letters that Python would sort to the end.

# WCAG 2.2, 1.4.3: text on its ground.
MIN_CONTRAST = 4.5


def press_release_context(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the template of a press release."""
    release = _typeset(dict(content), _Tongue.of(content))
    withdrawn = _withdrawn_concepts(release)
    return {
        **release,
        **_colours(release["accent"]),
        "tongue": _Tongue.of(release)._asdict(),
        "body": [
            {**block, **_parts(block, level=2), "withdrawn": withdrawn.get(_address(block), "")}
            for block in release["body"]
        ],
        "boilerplates": [
            {**standing, **_parts(standing, level=3)} for standing in release["boilerplates"]
        ],
        "character_count": formats.number_format(
            release["characters"], use_l10n=True, force_grouping=True
        ),
    }


def guideline_context(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the template of a guideline."""
    guideline = _typeset(dict(content), _Tongue.of(content))
    colours = _colours(guideline["accent"])
    withdrawn = _withdrawn_concepts(guideline)
    return {
        **guideline,
        **colours,
        "tongue": _Tongue.of(guideline)._asdict(),
        "imprint_parts": outline(guideline["imprint"], level=3),
        "register": register(guideline["chapters"]),
        "chapters": [
            {**chapter, "blocks": [_block(block, withdrawn) for block in chapter["blocks"]]}
            for chapter in guideline["chapters"]
        ],
    }


def _withdrawn_concepts(content: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """What a print made today says about concepts that were withdrawn since the approval."""
    return {
        _address(concept): concept["sentence"] for concept in content.get("withdrawn_concepts", [])
    }


def _address(concept: Mapping[str, Any]) -> tuple[str, str]:
    return (concept.get("run_slug", ""), concept.get("slug", ""))


def _block(block: dict[str, Any], withdrawn: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    level = BLOCK_LEVELS.get(block["kind"], 4 if block["heading"] else 3)
    shown = {**block, **_parts(block, level=level)}
    if block["kind"] == "concept":
        shown["withdrawn"] = withdrawn.get(_address(block), "")
        shown["building_blocks"] = [
            {**part, **_parts(part, level=6)} for part in block["building_blocks"]
        ]
    elif block["kind"] == "table":
        shown["is_tight"] = _is_tight([block["head"], *block["rows"]])
    elif block["kind"] == "sectors":
        shown["chart"] = sectors_chart(block["bars"])
    elif block["kind"] == "course":
        shown["chart"] = course_chart(block["stops"], block["undated"])
    elif block["kind"] == "figures":
        shown["source"] = _shared_source(block["entries"])
    return shown


def _shared_source(entries: Sequence[Mapping[str, Any]]) -> str:
    """The source of all figures, to be named once; empty where they have several."""
    sources = {(entry["source"], entry["date"]) for entry in entries}
    return ", ".join(filter(None, sources.pop())) if len(sources) == 1 else ""


def _parts(block: Mapping[str, Any], *, level: int) -> dict[str, Any]:
    """Every rich text of the block as headings and texts, under its own name."""
    texts = {name: outline(text, level=level) for name, text in block.items() if name in RICH}
    language = block.get("language", "") if "kind" in block else ""
    for name in texts.keys() - AROUND if language else ():
        texts[name] = [{**part, "language": language} for part in texts[name]]
    return texts


# Register


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
                yield _Place(block["id"], name, _words(block["html"]), bool(block["heading"]))
            case _ if block["heading"]:
                yield _Place(block["id"], block["heading"], "", True)


def _words(html: str) -> str:
    return unescape(strip_tags(html.replace("<", " <")))


# Type


class _Tongue(NamedTuple):
    """The language of a text, and phrases of another one inside it."""

    language: str
    foreign: Sequence[str] = ()
    foreign_language: str = ""

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "_Tongue":
        return cls(
            content.get("language") or "de",
            content.get("foreign") or (),
            content.get("foreign_language") or "",
        )

    def tidy(self, text: str) -> str:
        return tidy_text(
            text, self.language, foreign=self.foreign, foreign_language=self.foreign_language
        )


def _typeset(value: Any, tongue: _Tongue, name: str = "") -> Any:
    if isinstance(value, Mapping):
        own = _own_tongue(value, tongue)
        # Around what the portal puts in, a block says something in the document's language.
        around = AROUND if "kind" in value else frozenset()
        return {
            key: _typeset(entry, tongue if key in around else own, key)
            for key, entry in value.items()
        }
    if isinstance(value, list | tuple):
        return [_typeset(entry, tongue, name) for entry in value]
    if not isinstance(value, str) or name in CODES:
        return value
    if name in RICH:
        pieces = TAG.split(clean_rich_text(value))
        return "".join(_typeset_piece(piece, tongue) for piece in pieces)
    return tongue.tidy(value).translate(IN_FONT)


def _own_tongue(part: Mapping[str, Any], tongue: _Tongue) -> _Tongue:
    """A quote, a concept or a boilerplate may be in a language of its own."""
    language = part.get("language") or tongue.language
    return tongue if language == tongue.language else _Tongue(language)


def _typeset_piece(piece: str, tongue: _Tongue) -> str:
    """Set the words between two tags; a straight quote at a tag may open or close: as typed."""
    if piece.startswith("<"):
        return piece
    if '"' not in piece and "'" not in piece and "&" not in piece:
        piece = tongue.tidy(piece)
    return piece.translate(IN_FONT)


# Rich text under the headings of a page


class _Outline(HTMLParser):
    """Splits clean rich text at its headings; headings inside lists and cells become strong."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[tuple[str, list[str]]] = []  # ("", pieces of text) or ("h3", …)
        self.depth = 0

    def _write(self, raw: str) -> None:
        if not self.parts:
            self.parts.append(("", []))
        self.parts[-1][1].append(raw)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self._write(f"<{tag}>")
            return
        is_heading = tag in {"h3", "h4"}
        if is_heading and self.depth == 0:
            self.parts.append((tag, []))
        else:
            self._write("<p><strong>" if is_heading else self.get_starttag_text() or "")
        self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        is_heading = tag in {"h3", "h4"}
        if is_heading and self.depth == 0:
            self.parts.append(("", []))
        else:
            self._write("</strong></p>" if is_heading else f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")


def outline(html: str, *, level: int) -> list[dict[str, Any]]:
    """Split a rich text into {"level", "heading"} and {"html"}; no heading skips a level.

    `level` is what the highest heading of the text becomes.
    """
    splitter = _Outline()
    splitter.feed(clean_rich_text(html))
    splitter.close()
    headings = [tag for tag, _pieces in splitter.parts if tag]
    has_two_levels = "h3" in headings
    parts: list[dict[str, Any]] = []
    has_parent = False
    for tag, pieces in splitter.parts:
        text = "".join(pieces).strip()
        if tag:
            words = unescape(strip_tags(text)).strip()
            is_below = tag == "h4" and has_two_levels and has_parent
            has_parent = has_parent or tag == "h3"
            if words:
                parts.append({"level": min(level + is_below, 6), "heading": words})
        elif cleaned := _for_print(text):
            rows = [CELL.findall(row) for row in ROW.findall(cleaned)]
            is_tight = _is_tight([[_words(cell) for cell in row] for row in rows])
            parts.append({"html": cleaned, **({"is_tight": True} if is_tight else {})})
    return parts


def _is_tight(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the longest words of the columns do not fit beside each other."""
    columns = zip_longest(*rows, fillvalue="")
    longest = (max(map(len, " ".join(cells).split()), default=0) for cells in columns)
    return sum(longest) > TABLE_CHARACTERS


def _for_print(html: str) -> str:
    """Without links that say nothing and head cells that head nothing."""
    html = EMPTY_HEAD_CELL.sub(r"<td\1></td>", EMPTY_LINK.sub("", html))
    # Where a line ends with such a space, WeasyPrint 70 breaks it inside its first long word.
    return clean_rich_text(SPACE_BEFORE_STRESS.sub(r"\1 ", html))


# Colour


def _colours(accent: str) -> dict[str, str]:
    """The programme's colour, dark enough for text, and a tint of it as a ground."""
    readable = readable_colour(accent)
    return {"accent": as_hex(readable), "tint": as_hex(mixed(readable, WHITE, 0.92))}


def readable_colour(accent: str) -> Colour:
    """Return the colour, darkened until white text on it, or it on white, can be read."""
    colour = parse_colour(accent)
    while contrast(colour, WHITE) < MIN_CONTRAST + 0.5:
        colour = mixed(colour, BLACK, 0.06)
    return colour


# Charts: numbers for the templates that draw them. One unit is a point on paper.

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
        self.first = first.replace(day=1)
        self.starts = list(_months(self.first, last))
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


def _months(first: date, last: date) -> Iterator[date]:
    """The first days of the months from `first` to the one after `last`."""
    month = first
    while month <= last:
        yield month
        month = (
            month.replace(month=month.month + 1)
            if month.month < 12
            else month.replace(year=month.year + 1, month=1)
        )
    yield month


def _wrapped(text: str, characters: int) -> list[str]:
    lines = wrap(text, characters)
    return lines if len(lines) <= 2 else [lines[0], f"{lines[1][: characters - 2]} …"]


def _lines(lines: Sequence[str], middle: float) -> list[dict[str, Any]]:
    top = middle - (len(lines) - 1) * LINE / 2 + 3.4
    return [{"text": line, "y": _number(top + row * LINE)} for row, line in enumerate(lines)]


def _number(value: float) -> str:
    """As SVG reads it: a point, no needless digits, whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
