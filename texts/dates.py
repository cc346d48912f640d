"""Imprecise dates: a day, a month, a year, or a span of these.

They are written and stored as in EDTF level 0 (ISO 8601-2): `2016-04-29`, `2016-04`, `2016`,
`2015-10/2016-04`. The stored text sorts by time.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import from_current_timezone
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from texts.cleaning import clean_line
from texts.typed import (
    EndBeforeBegin,
    Unreadable,
    days_of,
    read_clock,
    read_date,
    read_day,
    read_moment,
)


@dataclass(frozen=True, order=True)
class ImpreciseDate:
    """A day, a month, a year, or a span of these; `text` is EDTF level 0."""

    text: str

    # The text is no date; its `sentence` says why.
    Invalid = Unreadable

    def __post_init__(self):
        parts = self.text.split("/")
        if len(parts) > 2:
            raise self.Invalid(self.text)
        days = [days_of(part) for part in parts]
        if days[0][0] > days[-1][0]:
            raise EndBeforeBegin(self.text)

    def __str__(self) -> str:
        return self.display()

    @classmethod
    def parse(cls, text: str) -> "ImpreciseDate":
        """Read EDTF, or what people write and the portal shows. Raises ImpreciseDate.Invalid."""
        return cls(read_date(text))

    @classmethod
    def from_day(cls, day: datetime.date) -> "ImpreciseDate":
        return cls(day.isoformat())

    @property
    def first_day(self) -> datetime.date:
        return days_of(self.text.split("/")[0])[0]

    @property
    def last_day(self) -> datetime.date:
        return days_of(self.text.split("/")[-1])[1]

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


def _in_words(part: str) -> str:
    first = days_of(part)[0]
    # Translators: PHP-style format of a day, as Django's date filter takes it.
    formats = {10: _("j. F Y"), 7: "F Y", 4: "Y"}
    return dateformat.format(first, formats[len(part)])


def first_days_of_months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """Of every month from the one of `first` to the one after `last`."""
    days = [first.replace(day=1)]
    while (day := days[-1]) <= last:
        days.append(day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1))
    return days


DATE_HELP = gettext_lazy(
    "Ein Tag (29.4.2016), ein Monat (April 2016), ein Jahr (2016) oder eine Spanne davon "
    "(10/2015 bis 4/2016)."
)
DAY_HELP = gettext_lazy("Zum Beispiel 29.4.2016.")
CLOCK_HELP = gettext_lazy("Zum Beispiel 17:00.")
MOMENT_HELP = gettext_lazy("Zum Beispiel 29.4.2016, 17:00.")


class TypedFieldMixin(forms.Field):
    """A form field that reads what people write, says how before, and why not after."""

    help = DATE_HELP
    read: Callable[[str], Any]

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.help_text = self.help_text or self.help

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        if not clean_line(value):
            return None
        try:
            return type(self).read(value)
        except Unreadable as error:
            raise ValidationError(str(error.sentence), code="invalid") from error


class ImpreciseDateFormField(TypedFieldMixin, forms.CharField):
    """One line of text that understands a day, a month, a year and a span."""

    read = ImpreciseDate.parse

    def prepare_value(self, value):
        return _as_typed(value) if isinstance(value, ImpreciseDate) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class DayFormField(TypedFieldMixin, forms.DateField):
    """A day as people write it."""

    help = DAY_HELP
    read = staticmethod(read_day)


class ClockFormField(TypedFieldMixin, forms.TimeField):
    """A time of day as people write it."""

    help = CLOCK_HELP
    read = staticmethod(read_clock)


def _read_local_moment(text: str) -> datetime.datetime:
    return from_current_timezone(read_moment(text))


class MomentFormField(TypedFieldMixin, forms.DateTimeField):
    """Day and time in one line."""

    help = MOMENT_HELP
    read = staticmethod(_read_local_moment)


class SplitMomentFormField(forms.SplitDateTimeField):
    """Day and time in two boxes, as the admin has them."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fields = (
            DayFormField(required=False, localize=self.localize),
            ClockFormField(required=False, localize=self.localize),
        )
        self.help_text = self.help_text or MOMENT_HELP


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
            raise ValidationError(str(error.sentence), code="invalid") from error

    def get_prep_value(self, value):
        value = self.to_python(value)
        return value.text if value else None

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def run_validators(self, value):
        """The validators of CharField measure strings; an ImpreciseDate is valid by itself."""

    def formfield(self, **kwargs):
        return models.Field.formfield(self, form_class=ImpreciseDateFormField, **kwargs)


class TypedModelField(models.Field):
    """A field of Django's whose form field reads what people write."""

    form_class: type[forms.Field] = forms.Field

    def formfield(self, **kwargs):
        if kwargs.get("form_class") is forms.SplitDateTimeField:
            kwargs["form_class"] = SplitMomentFormField
        return super().formfield(**{"form_class": self.form_class, **kwargs})

    def deconstruct(self):
        """As the field of Django's that it is: the database sees no difference."""
        name, _path, args, kwargs = super().deconstruct()
        django = next(c for c in type(self).__mro__ if c.__module__.startswith("django.db.models"))
        return name, f"django.db.models.{django.__name__}", args, kwargs


class DayField(TypedModelField, models.DateField):
    """A day that people type."""

    form_class = DayFormField


class ClockField(TypedModelField, models.TimeField):
    """A time of day that people type."""

    form_class = ClockFormField


class MomentField(TypedModelField, models.DateTimeField):
    """Day and time that people type."""

    form_class = MomentFormField


def refuse_end_before_begin(row: models.Model, begin: str, end: str) -> None:
    """Raises ValidationError at the field of the end; for `clean` of a model."""
    first, last = getattr(row, begin), getattr(row, end)
    if first is not None and last is not None and last < first:
        raise ValidationError({end: EndBeforeBegin.sentence}, code="end_before_begin")
