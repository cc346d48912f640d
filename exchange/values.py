"""One value: how it stands in the file, and how in the model. The model's field decides."""

import datetime
import re
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.kinds.kind import Shape
from exchange.problems import ValueRefused
from exchange.richtext import read_rich_text
from texts.cleaning import clean_data
from texts.dates import ImpreciseDate, ImpreciseDateField
from texts.fields import CleanTextMixin
from texts.richtext import RichTextField

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
PART = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
CLOCK = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
FIRST_YEAR, LAST_YEAR = 1900, 2200
# PostgreSQL's smallint, integer and bigint.
INTEGERS = {
    models.PositiveSmallIntegerField: 32_767,
    models.PositiveIntegerField: 2_147_483_647,
    models.PositiveBigIntegerField: 9_223_372_036_854_775_807,
}


def is_text(field: models.Field) -> bool:
    """Whether a file may write the value as a list of lines."""
    return isinstance(field, models.TextField)


def default_of(field: models.Field) -> Any:
    """What the field holds when the file does not say; None where there is nothing to hold."""
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    return "" if isinstance(field, models.CharField | models.TextField) else None


def is_required(field: models.Field) -> bool:
    return not (field.has_default() or field.null or field.blank)


def shape(field: models.Field, own: Shape | None = None) -> Shape:
    """The JSON Schema of the value; its own for a JSON field. Types that may be empty take null."""
    described = dict(own) if own else _shape(field)
    if field.null and isinstance(described.get("type"), str):
        described["type"] = [described["type"], "null"]
    if field.null and "enum" in described:
        described["enum"] = [*described["enum"], None]
    return described


def _shape(field: models.Field) -> Shape:
    match field:
        case ImpreciseDateField():
            return {
                "type": "string",
                "pattern": f"^{PART}(/{PART})?$",
                "description": "2016-04-29, 2016-04, 2016, 2015-10/2016-04",
            }
        case models.DateTimeField():
            return {
                "type": "string",
                "pattern": f"^{DAY}(T{CLOCK}(Z|[+-][0-9]{{2}}:[0-9]{{2}}))?$",
                "description": "2016-05-02T10:00:00+02:00, 2016-05-02",
            }
        case models.DateField():
            return {"type": "string", "pattern": f"^{DAY}$", "description": "2016-05-02"}
        case models.TimeField():
            return {"type": "string", "pattern": f"^{CLOCK}$", "description": "09:30"}
        case models.BooleanField():
            return {"type": "boolean"}
        case models.IntegerField():
            low = 1 if any(_asks_for_one(check) for check in field.validators) else 0
            high = next(high for kind, high in INTEGERS.items() if isinstance(field, kind))
            return {"type": "integer", "minimum": low, "maximum": high}
        case models.SlugField():
            return {
                "type": "string",
                "pattern": "^[-a-zA-Z0-9_]+$",
                "maxLength": field.max_length,
                "description": "a-z, A-Z, 0-9, -, _",
            }
    if field.choices:
        return {"type": "string", "enum": [value for value, _label in field.flatchoices]}
    if is_text(field):
        described: Shape = {"type": ["string", "array"], "items": {"type": "string"}}
    else:
        described = {"type": "string", "maxLength": field.max_length}
    if is_required(field):
        described["minLength"] = 1
    return described


def _asks_for_one(check: Any) -> bool:
    return isinstance(check, MinValueValidator) and check.limit_value == 1


def read(field: models.Field, value: Any) -> Any:
    """Return the value as the model holds it. Raises ValueRefused.

    The shape was checked before.
    """
    if value is None:
        return default_of(field)
    try:
        match field:
            case ImpreciseDateField():
                return ImpreciseDate(value)
            case models.DateTimeField():
                return _read_moment(value)
            case models.DateField():
                return datetime.date.fromisoformat(value)
            case models.TimeField():
                return datetime.time.fromisoformat(value)
            case models.JSONField():
                return clean_data(value)
            case RichTextField():
                return read_rich_text(_read_lines(value))
    except (ImpreciseDate.Invalid, ValueError, OverflowError) as error:
        raise ValueRefused(_no_such_date(value)) from error
    return field.to_python(_read_lines(value)) if isinstance(field, CleanTextMixin) else value


def _no_such_date(value: str) -> str:
    if re.fullmatch(CLOCK, value):
        return _("Die Uhrzeit „%(value)s“ gibt es nicht.") % {"value": value}
    return _("Das Datum „%(value)s“ gibt es nicht.") % {"value": value}


def _read_moment(value: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(value)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(value)
    # A day alone means its beginning where the portal is.
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _read_lines(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def write(field: models.Field, value: Any, own: Shape | None = None) -> Any:
    """Return the value as it stands in the file; texts of several lines become lists.

    own: what the value of a JSON field looks like, for the order of its names.
    """
    if value is None:
        return None
    match field:
        case ImpreciseDateField():
            return value.text
        case models.DateTimeField():
            return timezone.localtime(value, timezone.get_default_timezone()).isoformat()
        case models.DateField():
            return value.isoformat()
        case models.TimeField():
            has_seconds = value.second or value.microsecond
            return value.isoformat() if has_seconds else value.isoformat("minutes")
        case models.JSONField():
            return _in_order(value, own or {})
    return _write_lines(value) if is_text(field) else value


def _in_order(value: Any, shape: Shape) -> Any:
    """The value with its names in the order of the shape: PostgreSQL keeps none."""
    if isinstance(value, list):
        return [_in_order(entry, shape.get("items", {})) for entry in value]
    if not isinstance(value, dict):
        return value
    known = shape.get("properties", {})
    names = [name for name in known if name in value] + sorted(set(value) - set(known))
    return {name: _in_order(value[name], known.get(name, {})) for name in names}


def _write_lines(text: str) -> str | list[str]:
    return text.split("\n") if "\n" in text else text


def is_default(field: models.Field, value: Any) -> bool:
    return value == default_of(field) or (value in (None, "") and (field.null or field.blank))
