"""Phrases of a document in its language: quotes with their attribution, lists, times."""

import datetime
import re
from collections.abc import Sequence
from html import unescape

from django.utils import dateformat, timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from publications.models import Quote
from texts.typography import join_words

# Opening and closing marks of a quote and of a quote inside a quote, by language.
MARKS = {"de": ("„", "“", "‚", "‘"), "en": ("“", "”", "‘", "’")}
ANY_DOUBLE_MARK = '„“”«»"'
OPENS_AFTER = re.compile(r"[\s(\[–—-]")
ENDS_SENTENCE = (".", "!", "?", "…")
BLOCK_END = re.compile(r"</(?:p|li|h3|h4|td|th|blockquote)>|<br\s*/?>|<hr\s*/?>", re.IGNORECASE)


def in_quotes(text: str) -> str:
    """Put the text into the quotation marks of the active language, inner ones made single."""
    opening, closing, inner_opening, inner_closing = _marks()
    return f"{opening}{_with_inner_marks(_unquoted(text), inner_opening, inner_closing)}{closing}"


def quoted_titles(titles: Sequence[str]) -> str:
    return join_words(in_quotes(title) for title in titles)


def quotation(quote: Quote) -> str:
    """What was said, in one pair of quotation marks of the active language."""
    first, second = quote.text.strip(), quote.text_after.strip()
    if not second:
        return in_quotes(_as_sentence(first))
    if not first.endswith(ENDS_SENTENCE) and not second[0].islower():
        first = f"{first.rstrip(',')}."
    return in_quotes(f"{first} {_as_sentence(second)}")


def quote_paragraph(quote: Quote) -> str:
    """The quote as one paragraph, the attribution before, between or after what was said."""
    phrase = quote.phrase.strip().strip(":,; ")
    if quote.phrase_place == Quote.Place.BEFORE:
        return f"{phrase[:1].upper()}{phrase[1:]}: {in_quotes(_as_sentence(quote.text))}"
    phrase = phrase.rstrip(".")
    is_printed = quote.release == Quote.Release.HISTORIC
    spoken = _before_phrase(quote.text, keeps_stop=is_printed)
    if quote.phrase_place == Quote.Place.AFTER:
        return f"{spoken} {phrase}."
    rest = quote.text_after.strip()
    goes_on = rest[:1].islower() and not quote.text.strip().endswith(ENDS_SENTENCE)
    return f"{spoken} {phrase}{',' if goes_on else '.'} {in_quotes(_as_sentence(rest))}"


def attribution(quote: Quote) -> str:
    """Who says it, with function and organisation as on the day."""
    who = quote.speaker.full_name if quote.speaker else quote.speaker_role
    words = [who, quote.function_on_day, quote.organisation_on_day]
    return ", ".join(dict.fromkeys(filter(None, words)))


def moment_in_words(moment: datetime.datetime) -> str:
    """„29. April 2016, 10:00 Uhr“ in the time zone of the portal."""
    local = timezone.localtime(moment)
    return _("%(day)s, %(time)s Uhr") % {
        "day": day_in_words(local.date()),
        "time": dateformat.format(local, "H:i"),
    }


def day_in_words(day: datetime.date) -> str:
    # Translators: PHP-style format of a day, as Django's date filter takes it.
    return dateformat.format(day, _("j. F Y"))


def times_in_words(begin: datetime.time | None, end: datetime.time | None) -> str:
    if begin is None:
        return ""
    if end is None:
        return _("%(begin)s Uhr") % {"begin": f"{begin:%H:%M}"}
    return _("%(begin)s bis %(end)s Uhr") % {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}


def plain_text(html: str) -> str:
    """Return the words of a rich text; where a block ends stands one space."""
    return " ".join(unescape(strip_tags(BLOCK_END.sub(" ", html))).split())


def _marks() -> tuple[str, str, str, str]:
    return MARKS.get((translation.get_language() or "de")[:2], MARKS["de"])


def _unquoted(text: str) -> str:
    """Take off the marks somebody typed around the whole text."""
    text = text.strip()
    is_wrapped = len(text) > 1 and text[0] in ANY_DOUBLE_MARK and text[-1] in ANY_DOUBLE_MARK
    if is_wrapped and not any(mark in text[1:-1] for mark in ANY_DOUBLE_MARK):
        return text[1:-1].strip()
    return text


def _with_inner_marks(text: str, opening: str, closing: str) -> str:
    """Turn double marks of any style into the single ones; the place says whether one opens."""
    written = []
    for place, character in enumerate(text):
        if character not in ANY_DOUBLE_MARK:
            written.append(character)
        elif place == 0 or OPENS_AFTER.match(text[place - 1]):
            written.append(opening)
        else:
            written.append(closing)
    return "".join(written)


def _as_sentence(text: str) -> str:
    text = _unquoted(text)
    words = text.rstrip(f"{ANY_DOUBLE_MARK}‘’")
    return text if words.endswith(ENDS_SENTENCE) else f"{text.rstrip(',;:')}."


def _before_phrase(text: str, *, keeps_stop: bool) -> str:
    """„Das zählt“, – a full stop gives way to the comma; ! and ? stay.

    In what was printed long ago it stays: nobody changes that any more.
    """
    text = _unquoted(text)
    if text.endswith(".") and not text.endswith("...") and not keeps_stop:
        text = text[:-1]
    text = text.rstrip(",;:")
    if _marks() == MARKS["en"]:
        comma = "" if text.endswith(("!", "?", ".")) else ","
        return in_quotes(f"{text}{comma}")
    return f"{in_quotes(text)},"
