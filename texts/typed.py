"""Dates and times as people write them and as the portal shows them, in German and in English.

What is read is returned as ISO 8601 (dates as EDTF level 0, see texts/dates.py) or as Python's
own type. Whatever cannot be read raises Unreadable, whose `sentence` says why.
"""

import calendar
import datetime
import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from texts.cleaning import clean_line


class Unreadable(ValueError):
    """The text is no date or time; `sentence` is what people read."""

    sentence: str | Promise = _(
        "Das ist kein Datum, das wir verstehen. Bitte schreiben Sie zum Beispiel 29.4.2016, "
        "April 2016, 2016 oder 10/2015 bis 4/2016."
    )


class NoSuchDay(Unreadable):
    sentence = _("Diesen Tag gibt es im Kalender nicht. Bitte prüfen Sie Tag und Monat.")


class YearMissing(Unreadable):
    sentence = _("Bitte schreiben Sie das Jahr dazu, zum Beispiel 29.4.2016.")


class EndBeforeBegin(Unreadable):
    sentence = _("Das Ende liegt vor dem Beginn. Bitte tauschen Sie die beiden.")


class NotOneDay(Unreadable):
    sentence = _("Hier wird ein einzelner Tag gebraucht, zum Beispiel 29.4.2016.")


class NoTime(Unreadable):
    sentence = _("Das ist keine Uhrzeit. Bitte schreiben Sie zum Beispiel 9:00 oder 17.30 Uhr.")


class NoMoment(Unreadable):
    sentence = _("Bitte schreiben Sie Tag und Uhrzeit, zum Beispiel 29.4.2016, 17:00 Uhr.")


MONTHS = {
    1: "januar january jänner jan",
    2: "februar february feber feb",
    3: "märz march maerz mrz mär mar",
    4: "april apr",
    5: "mai may",
    6: "juni june jun",
    7: "juli july jul",
    8: "august aug",
    9: "september sept sep",
    10: "oktober october okt oct",
    11: "november nov",
    12: "dezember december dez dec",
}
MONTH_NUMBERS = {name: number for number, names in MONTHS.items() for name in names.split()}
MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
# Seasons as the weather services count them: whole months.
SEASONS = {
    "frühjahr": (3, 5),
    "frühling": (3, 5),
    "spring": (3, 5),
    "sommer": (6, 8),
    "summer": (6, 8),
    "herbst": (9, 11),
    "autumn": (9, 11),
}
WEEKDAY = (
    r"(?:(?:mo|di|mi|do|fr|sa|so)\.|(?:mon|diens|donners|frei|sams)tag|mittwoch|sonn(?:abend|tag)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\s+"
)
YEAR = r"(?P<year>[0-9]{4})"
SHORT_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text + r"\Z", re.ASCII)


ISO = _pattern(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
PARTS = [
    _pattern(pattern)
    for pattern in (
        rf"(?P<day>[0-9]{{1,2}})\.\s?(?P<month>[0-9]{{1,2}})\.\s?{SHORT_YEAR}",
        rf"(?P<day>[0-9]{{1,2}})/(?P<month>[0-9]{{1,2}})/{YEAR}",
        rf"(?P<day>[0-9]{{1,2}})(?:\.|st|nd|rd|th)?\s?(?P<name>{MONTH})\.?,?\s?{YEAR}",
        rf"(?P<name>{MONTH})\.?\s(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s{YEAR}",
        rf"(?P<month>[0-9]{{1,2}})[./]{YEAR}",
        rf"(?P<name>{MONTH})\.?\s?{YEAR}",
        YEAR,
    )
]
# Pieces of a span whose year stands in its other part only.
WITHOUT_YEAR = [
    _pattern(pattern)
    for pattern in (
        r"(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.",
        rf"(?P<day>[0-9]{{1,2}})\.?\s?(?P<name>{MONTH})\.?",
        rf"(?P<name>{MONTH})\.?",
        r"(?P<day>[0-9]{1,2})\.?",
    )
]
SEASON = _pattern(rf"(?P<season>{'|'.join(SEASONS)})\s{YEAR}")
WINTER = _pattern(rf"winter\s{YEAR}(?:\s?[/–-]\s?(?P<next>[0-9]{{2}}|[0-9]{{4}}))?")
HALF = _pattern(rf"(?P<number>[12])\.\s?halbjahr\s{YEAR}")
QUARTER = _pattern(rf"(?:(?P<number>[1-4])\.\s?quartal|q(?P<q>[1-4]))\s{YEAR}")
YEARS = _pattern(rf"{YEAR}\s?[/–-]\s?(?P<next>[0-9]{{2}})")
FROM = re.compile(r"(?:vom|von|from|between|zwischen)\s+")
SEPARATORS = (
    re.compile(r"\s*(?:–|--)\s*|\s+(?:bis(?:\s+zum)?|to|until|und|and|-)\s+"),
    re.compile(r"/"),
    re.compile(r"\s*-\s*"),
)
CLOCK = _pattern(
    r"(?P<hour>[0-9]{1,2})(?:(?:[:.]|\s?h\s?)(?P<minute>[0-9]{2}))?(?::(?P<second>[0-9]{2}))?"
    r"\s?(?:uhr|o.clock|h|(?P<half>[ap])\.?m\.?)?"
)
MOMENT = re.compile(
    r"(?P<day>.+?)(?:,?\s(?:um\s|at\s)?|t)(?P<clock>[0-9]{1,2}(?:[:.][0-9]{2}){0,2}(?:\s?\D*)?)\Z",
    re.ASCII,
)


def _tidy(text: str) -> str:
    text = re.sub(r"[‐‑‒]", "-", clean_line(text).replace("—", "–"))
    return " ".join(text.lower().split())


def read_date(text: str) -> str:
    """Return a day, month, year or span as EDTF level 0. Raises Unreadable."""
    text = FROM.sub("", _tidy(text), count=1) if " " in text else _tidy(text)
    if single := _single(text):
        return single
    for separator in SEPARATORS:
        parts = separator.split(text)
        if len(parts) == 2:
            return _span(*parts)
    if any(pattern.match(text) for pattern in WITHOUT_YEAR[:3]):
        raise YearMissing(text)
    raise Unreadable(text)


def _single(text: str) -> str | None:
    text = re.sub(WEEKDAY, "", text, count=1)
    if ISO.match(text):
        return _checked(text)
    for pattern in PARTS:
        if match := pattern.match(text):
            return _iso(**match.groupdict())
    return _months(text)


def _months(text: str) -> str | None:
    """A season, a half, a quarter of a year; several years."""
    if match := SEASON.match(text):
        first, last = SEASONS[match["season"]]
        return f"{match['year']}-{first:02}/{match['year']}-{last:02}"
    if match := WINTER.match(text):
        following = int(match["year"]) + 1
        if match["next"] and int(match["next"]) % 100 != following % 100:
            raise Unreadable(text)
        return f"{match['year']}-12/{following:04}-02"
    for pattern, length in ((HALF, 6), (QUARTER, 3)):
        if match := pattern.match(text):
            number = int(match["number"] or match["q"])
            year, end = match["year"], number * length
            return f"{year}-{end - length + 1:02}/{year}-{end:02}"
    if match := YEARS.match(text):
        # 2014/15; what could be a month was read as one before.
        last_year = match["year"][:2] + match["next"]
        if last_year <= match["year"]:
            raise EndBeforeBegin(text)
        return f"{match['year']}/{last_year}"
    return None


def _span(first: str, last: str) -> str:
    end = _single(last)
    if end is None:
        raise Unreadable(last)
    begin = _single(first) or _borrowed(first, end)
    if begin is None:
        raise Unreadable(first)
    # From the beginning of autumn to the end of spring.
    begin, end = begin.split("/")[0], end.split("/")[-1]
    if days_of(begin)[0] > days_of(end)[0]:
        raise EndBeforeBegin(f"{first} {last}")
    return f"{begin}/{end}"


def _borrowed(text: str, end: str) -> str | None:
    """The beginning of „1. bis 3. März 2016“, „März bis Mai 2016“: the rest stands at the end."""
    for pattern in WITHOUT_YEAR:
        if match := pattern.match(re.sub(WEEKDAY, "", text, count=1)):
            parts: dict[str, Any] = {"month": end[5:7] or None, **match.groupdict()}
            return _iso(end[:4], **parts) if parts["month"] or parts.get("name") else None
    return None


def _iso(
    year: str, month: str | None = None, day: str | None = None, name: str | None = None
) -> str:
    number = MONTH_NUMBERS[name] if name else int(month) if month else None
    if len(year) == 2:
        # As POSIX reads it: 69 to 99 lie in the last century.
        year = f"{'19' if int(year) >= 69 else '20'}{year}"
    text = year + (f"-{number:02}" if number is not None else "")
    return _checked(text + (f"-{int(day):02}" if day else ""))


def _checked(text: str) -> str:
    days_of(text)
    return text


def days_of(part: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of an EDTF day, month or year. Raises Unreadable."""
    if not ISO.match(part):
        raise Unreadable(part)
    numbers = [int(number) for number in part.split("-")]
    try:
        first = datetime.date(*[*numbers, 1, 1][:3])
    except ValueError as error:
        raise NoSuchDay(part) from error
    if len(numbers) == 3:
        return first, first
    last_month = first.month if len(numbers) == 2 else 12
    last_day = calendar.monthrange(first.year, last_month)[1]
    return first, datetime.date(first.year, last_month, last_day)


def read_day(text: str) -> datetime.date:
    """Return the day. Raises Unreadable."""
    edtf = read_date(text)
    if len(edtf) != 10:
        raise NotOneDay(text)
    return datetime.date.fromisoformat(edtf)


def read_clock(text: str) -> datetime.time:
    """Return the time of day: 17:00, 17.00 Uhr, 9, 9 Uhr, 17 h, 5 pm. Raises Unreadable."""
    match = CLOCK.match(_tidy(text))
    if not match:
        raise NoTime(text)
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise NoTime(text)
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    try:
        return datetime.time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError as error:
        raise NoTime(text) from error


def read_moment(text: str) -> datetime.datetime:
    """Return day and time without a zone: 29. April 2016, 17:00 Uhr. Raises Unreadable."""
    match = MOMENT.match(_tidy(text))
    if not match:
        read_day(text)
        raise NoMoment(text)
    return datetime.datetime.combine(read_day(match["day"]), read_clock(match["clock"]))
