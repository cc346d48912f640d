"""Imprecise dates: a day, a month, a year, or a span of these.

They are written and stored as in EDTF level 0 (ISO 8601-2): `2016-04-29`, `2016-04`, `2016`,
`2015-10/2016-04`. The stored text sorts by time.
"""

import calendar
import datetime
import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PART = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z", re.ASCII)
GERMAN_MONTH = re.compile(r"(\d{1,2})[./](\d{4})\Z", re.ASCII)


@dataclass(frozen=True, order=True)
class ImpreciseDate:
    """A day, a month, a year, or a span of these; `text` is EDTF level 0."""

    text: str

    class Invalid(ValueError):
        """The text is not a date in the accepted notation."""

    def __post_init__(self):
        parts = self.text.split("/")
        if len(parts) > 2:
            raise self.Invalid(self.text)
        days = [_first_and_last_day(part) for part in parts]
        if days[0][0] > days[-1][0]:
            raise self.Invalid(self.text)

    def __str__(self) -> str:
        return self.display()

    @classmethod
    def parse(cls, text: str) -> "ImpreciseDate":
        """Read EDTF or the German notation (29.4.2016, 4/2016, 10/2015 – 4/2016).

        Raises ImpreciseDate.Invalid.
        """
        parts = (
            [text] if PART.match(text.strip()) else re.split(r"\s*(?:–|\bbis\b|\s-\s|--)\s*", text)
        )
        if len(parts) == 1 and text.count("/") == 1 and not GERMAN_MONTH.match(text.strip()):
            parts = text.split("/")
        return cls("/".join(_edtf(part.strip()) for part in parts))

    @classmethod
    def from_day(cls, day: datetime.date) -> "ImpreciseDate":
        return cls(day.isoformat())

    @property
    def first_day(self) -> datetime.date:
        return _first_and_last_day(self.text.split("/")[0])[0]

    @property
    def last_day(self) -> datetime.date:
        return _first_and_last_day(self.text.split("/")[-1])[1]

    @property
    def is_day(self) -> bool:
        return len(self.text) == 10 and "/" not in self.text

    @property
    def is_span(self) -> bool:
        return "/" in self.text

    def display(self) -> str:
        """The date in words of the active language: „2. Mai 2016“, „2015 bis 2016“."""
        first, *rest = self.text.split("/")
        if not rest or rest[0] == first:
            return _in_words(first)
        return _("%(first)s bis %(last)s") % {
            "first": _in_words(first),
            "last": _in_words(rest[0]),
        }


def _edtf(part: str) -> str:
    if match := GERMAN_DAY.match(part):
        day, month, year = (int(group) for group in match.groups())
        return f"{year:04}-{month:02}-{day:02}"
    if match := GERMAN_MONTH.match(part):
        month, year = (int(group) for group in match.groups())
        return f"{year:04}-{month:02}"
    return part


def _first_and_last_day(part: str) -> tuple[datetime.date, datetime.date]:
    match = PART.match(part)
    if not match:
        raise ImpreciseDate.Invalid(part)
    year, month, day = (int(group) if group else None for group in match.groups())
    try:
        first = datetime.date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise ImpreciseDate.Invalid(part) from error
    if day:
        return first, first
    last_month = month or 12
    last_day = calendar.monthrange(first.year, last_month)[1]
    return first, datetime.date(first.year, last_month, last_day)


def _in_words(part: str) -> str:
    first = _first_and_last_day(part)[0]
    # Translators: PHP-style format of a day, as Django's date filter takes it.
    formats = {10: _("j. F Y"), 7: "F Y", 4: "Y"}
    return dateformat.format(first, formats[len(part)])


MESSAGE = gettext_lazy(
    "Bitte geben Sie einen Tag (29.04.2016), einen Monat (04/2016), ein Jahr (2016) "
    "oder eine Spanne davon an (10/2015 – 04/2016)."
)


class ImpreciseDateFormField(forms.CharField):
    """One line of text that understands a day, a month, a year and a span."""

    def prepare_value(self, value):
        return _as_typed(value) if isinstance(value, ImpreciseDate) else value

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        try:
            return ImpreciseDate.parse(text)
        except ImpreciseDate.Invalid as error:
            raise ValidationError(MESSAGE, code="invalid") from error

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


def _as_typed(value: ImpreciseDate) -> str:
    def part(text: str) -> str:
        return (
            ".".join(reversed(text.split("-")))
            if len(text) == 10
            else "/".join(reversed(text.split("-")))
        )

    return " – ".join(part(text) for text in value.text.split("/"))


class ImpreciseDateField(models.CharField):
    """Stores an ImpreciseDate as its EDTF text; empty is None."""

    # Names by which the type checker learns what may be assigned and what is read.
    _pyi_private_set_type: ImpreciseDate | str | None  # type: ignore[assignment]
    _pyi_private_get_type: ImpreciseDate  # type: ignore[assignment]

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 21
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return ImpreciseDate(value) if value else None

    def to_python(self, value):
        if value is None or value == "" or isinstance(value, ImpreciseDate):
            return value or None
        try:
            return ImpreciseDate.parse(value)
        except ImpreciseDate.Invalid as error:
            raise ValidationError(MESSAGE, code="invalid") from error

    def get_prep_value(self, value):
        value = self.to_python(value)
        return value.text if value else None

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def run_validators(self, value):
        """The validators of CharField measure strings; an ImpreciseDate is valid by itself."""

    def formfield(self, **kwargs):
        return models.Field.formfield(self, form_class=ImpreciseDateFormField, **kwargs)
