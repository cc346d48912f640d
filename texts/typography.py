"""Typography of German and English: quotes, dashes, spaces that keep words together.

Changed is only what is known to be wrong. Codes, from addresses to file numbers, are left alone.
"""

import re
from collections.abc import Iterable, Sequence

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
# One character of the private use area stands for a code while the rules run.
STAND_IN = "\ue000"
# What is no prose: every character of it counts.
CODES = (
    STAND_IN,  # somebody typed it
    r"(?:https?://|www\.)[^\s<>\"„“”]+",
    r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*",
    # A domain or the name of a file, with what follows it.
    r"(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?![\w])(?:[/?#][^\s<>\"„“”]*)?",
    r"(?<!\w)[@#][\w-]+",
    # Phone numbers: with a prefix, or with a word before them.
    r"(?<![\w.,:/-])(?:\+|\(?0)(?=(?:[ ()/-]*\d){5})\d[\d ()/-]*\d",
    r"\b(?:Tel|Telefon|Telephone|Phone|Fax|Telefax|Mobil|Mobile)\.?:? ?\d[\d ()/-]*\d",
    # A word that announces a code: file number, book number, account, standard, register.
    r"\b(?:Az|AZ|Aktenzeichen|Gz|GZ|Geschäftszeichen|Kennzeichen|FKZ|Förderkennzeichen|ISBN|ISSN|DOI"
    r"|IBAN|BIC|DIN|ISO|EN|HRA|HRB|VR|USt-IdNr|Nr|No)\.?:? ?\w*\d[\w./-]*(?: \d[\w./-]*)*",
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,}(?: [A-Z0-9]{1,3})?\b",  # an IBAN
    r"\b\d{4}-\d\d?-\d\d?\b",  # a day
    r"\d+° ?\d+'(?: ?\d+\")?",
)
CODE = re.compile("|".join(CODES))
YEAR = r"(?:1\d|20|21)\d\d"
CAPITAL = r"[A-ZÄÖÜ]"

_common = [
    (re.compile(r"\.\.\."), "…"),
    # A range between years, a dash between words.
    (re.compile(rf"(?<![\d./-])\b({YEAR})[ ]?-[ ]?({YEAR})\b(?![-/\d])"), r"\1–\2"),
    (re.compile(rf"(?<![\w-])({CAPITAL}\w*|\d+)--(?={CAPITAL}|\d)"), r"\1–"),
    (re.compile(r"(?<=[^\W\d_])['´`](?=[^\W\d_])"), "’"),
    # What is left out: the years and the first letters of '68er and 's.
    (re.compile(r"(^|(?<=[\s(„“‚‘]))'(?=\d\d(?:er|s)?\b(?!'))"), "’"),
    (re.compile(r"(^|(?<=[\s(„“]))'(?=(?:s|n|ne[nmr]?)\b(?!'))"), "’"),
]
_dash = re.compile(r"(?<=\S)[ \u00a0](?:-|--|—|–)[ \u00a0](?=\S)")
_rules = {
    "de": [
        *_abbreviations,
        *_common,
        (_dash, f"{NBSP}– "),
        (re.compile(rf"(?<=\d)[ ](?=(?:{UNITS})(?![\w]))"), NBSP),
        (re.compile(rf"(?<=\d\.)[ ](?=(?:{MONTHS})\b)"), NBSP),
        (re.compile(r"(?<=§)[ ](?=\d)"), NBSP),
        # A club and its legal form stay together.
        (re.compile(rf"(?<=\w)[ ](?=e\.{NARROW}V\.)"), NBSP),
        (re.compile(r"\b(Nr\.|S\.|Art\.|Abs\.|Bd\.|Dr\.|Prof\.)[ ](?=[\w\ue000])"), rf"\1{NBSP}"),
        # An opening quote stands at the beginning or after a space, a bracket or a dash.
        (re.compile(r"(^|(?<=[\s(\[–—/„‚]))[\"”“](?=\S)"), "„"),
        (re.compile(r"(?<=\S)[\"”](?!\w)"), "“"),
        (re.compile(r"(^|(?<=[\s(\[–—/„]))'(?=\S)"), "‚"),
        (re.compile(r"(?<=\S)'(?!\w)"), "‘"),
    ],
    "en": [
        *_common,
        (_dash, f"{NBSP}– "),
        (re.compile(r"„([^„“”]*)[“”]"), r"“\1”"),
        (re.compile(r"‚([^‚‘’]*)‘"), r"‘\1’"),
        (re.compile(r"(^|(?<=[\s(\[–—/“‘]))\"(?=\S)"), "“"),
        (re.compile(r"(?<=\S)\"(?!\w)"), "”"),
        (re.compile(r"(^|(?<=[\s(\[–—/“]))'(?=\S)"), "‘"),
        (re.compile(r"(?<=\S)'(?!\w)"), "’"),
    ],
}


MAX_ROUNDS = 10


def tidy_text(
    text: str, language: str = "de", *, foreign: Sequence[str] = (), foreign_language: str = ""
) -> str:
    """Return the text as a typesetter of its language would set it.

    Applying it twice changes nothing. A language without rules of its own is left alone.
    foreign: phrases of the text that are set as their own language wants.
    """
    codes: list[str] = []
    aside = CODE
    if phrases := sorted(filter(None, foreign), key=len, reverse=True):
        either = "|".join(map(re.escape, phrases))
        aside = re.compile(rf"(?P<phrase>(?<!\w)(?:{either})(?!\w))|{CODE.pattern}")
    text = aside.sub(lambda match: _put_aside(match, codes, foreign_language), text)
    # One rule may make room for another: two marks side by side need a second round.
    for _round in range(MAX_ROUNDS):
        before = text
        for pattern, replacement in _rules.get(language[:2], []):
            text = pattern.sub(replacement, text)
        if text == before:
            break
    kept = iter(codes)
    return re.sub(STAND_IN, lambda _match: next(kept), text)


def _put_aside(match: re.Match[str], codes: list[str], foreign_language: str) -> str:
    """Remember a phrase, or a code without the signs that end a sentence behind it."""
    if match.groupdict().get("phrase"):
        codes.append(tidy_text(match[0], foreign_language))
        return STAND_IN
    code = match[0].rstrip(".,;:!?)…'")
    if not code:
        return match[0]
    codes.append(code)
    return STAND_IN + match[0][len(code) :]


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
