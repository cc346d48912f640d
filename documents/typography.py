"""German typography: quotes, dashes, spaces that keep together what belongs together."""

import re
from collections.abc import Iterable

from django.utils import formats
from django.utils.translation import gettext as _

NBSP = "\u00a0"
NARROW = "\u202f"

ABBREVIATIONS = (
    "z. B.",
    "d. h.",
    "u. a.",
    "u. U.",
    "u. Ä.",
    "o. Ä.",
    "z. T.",
    "i. d. R.",
    "s. o.",
    "s. u.",
    "v. a.",
    "e. V.",
    "i. V.",
    "m. E.",
    "n. Chr.",
    "v. Chr.",
)
UNITS = "€|%|‰|km|m|cm|mm|kg|g|t|ha|m²|m³|l|kWh|MW|GB|MB|kB|Uhr|Std\\.|Min\\.|Mio\\.|Mrd\\."
MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"

_abbreviations = [
    (
        re.compile(r"\b" + r"[ \u00a0\u202f]?".join(map(re.escape, text.split())) + r"(?!\w)"),
        NARROW.join(text.split()),
    )
    for text in ABBREVIATIONS
]
_rules = [
    (re.compile(r"\.\.\."), "…"),
    # A range between years, a dash between words.
    (re.compile(r"\b(\d{4})[ ]?-[ ]?(\d{4})\b(?![-\d])"), r"\1–\2"),
    (re.compile(r"(?<=\S)[ \u00a0](?:-|--|—|–)[ \u00a0](?=\S)"), f"{NBSP}– "),
    (re.compile(r"(?<=\w)--(?=\w)"), "–"),
    (re.compile(rf"(?<=\d)[ ](?=(?:{UNITS})(?![\w]))"), NBSP),
    (re.compile(rf"(?<=\d\.)[ ](?=(?:{MONTHS})\b)"), NBSP),
    (re.compile(r"(?<=§)[ ](?=\d)"), NBSP),
    # A club and its legal form stay together.
    (re.compile(rf"(?<=\w)[ ](?=e\.{NARROW}V\.)"), NBSP),
    (re.compile(r"\b(Nr\.|S\.|Art\.|Abs\.|Bd\.|Dr\.|Prof\.)[ ](?=\w)"), rf"\1{NBSP}"),
    (re.compile(r"(?<=[^\W\d_])['´`](?=[^\W\d_])"), "’"),
    # An opening quote stands at the beginning or after a space, a bracket or a dash.
    (re.compile(r"(^|(?<=[\s(\[–—/„‚]))[\"”“](?=\S)"), "„"),
    (re.compile(r"(?<=\S)[\"”](?!\w)"), "“"),
    (re.compile(r"(^|(?<=[\s(\[–—/„]))'(?=\S)"), "‚"),
    (re.compile(r"(?<=\S)'(?!\w)"), "‘"),
]


MAX_ROUNDS = 10


def tidy_text(text: str) -> str:
    """Return the text as a German typesetter would set it; applying it twice changes nothing."""
    # One rule may make room for another: two marks side by side need a second round.
    for _round in range(MAX_ROUNDS):
        before = text
        for pattern, replacement in [*_abbreviations, *_rules]:
            text = pattern.sub(replacement, text)
        if text == before:
            break
    return text


def join_words(words: Iterable[str]) -> str:
    """Return „A, B und C“ in the active language."""
    *first, last = [word for word in words if word] or [""]
    if not first:
        return last
    return _("%(words)s und %(last)s") % {"words": ", ".join(first), "last": last}


def file_size(size: int) -> str:
    """Return a size in bytes for readers: „640 kB“, „1,2 MB“ (decimal units)."""
    if size < 1000:
        return f"{size}{NBSP}Byte"
    if size < 999_500:
        return f"{round(size / 1000)}{NBSP}kB"
    return f"{formats.number_format(round(size / 1_000_000, 1), 1)}{NBSP}MB"
