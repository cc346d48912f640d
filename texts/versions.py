"""What somebody has read of a row, in a few letters: nobody saves or decides over what is newer.

A version is a fingerprint of what is stored, not a counter: whatever is not read, a print job for
example, changes no version, and no way of writing can forget to count.
"""

import datetime
import difflib
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, cast

from django import forms
from django.contrib.admin.utils import display_for_value
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model, QuerySet
from django.forms.models import InlineForeignKeyField
from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorFormField

# Under which name addresses and forms carry a version.
VERSION = "version"
# Letters of a fingerprint: 64 bits. A clash shows a page less often than once in a billion years.
LENGTH = 16
# Beyond this many words only whole texts are compared: the comparison takes the square.
MOST_WORDS = 2_000
# What a formset adds to the fields of a row.
OF_FORMSETS = frozenset({forms.formsets.DELETION_FIELD_NAME, forms.formsets.ORDERING_FIELD_NAME})


def fingerprint(value: Any) -> str:
    """Sixteen hexadecimal digits that differ when the value does, however it was typed."""
    return hashlib.sha256(_plain(value).encode()).hexdigest()[:LENGTH]


def version_of(rows: Iterable[Model], *, without: Collection[str] = ()) -> str:
    """The fingerprint of all columns of these rows, but those that are named."""
    return fingerprint(
        "\n".join(
            f"{row._meta.label} {field.attname} {_plain(getattr(row, field.attname))!r}"
            for row in rows
            for field in row._meta.concrete_fields
            if field.name not in without
        )
    )


def _plain(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, Mapping):
        return repr(sorted((str(key), _plain(item)) for key, item in value.items()))
    if isinstance(value, QuerySet | list | tuple | set | frozenset):
        parts = [_plain(item) for item in value]
        is_ordered = not all(isinstance(item, Model) for item in value)
        return repr(parts if is_ordered else sorted(parts)) if parts else ""
    if isinstance(value, datetime.datetime) and value.tzinfo:
        # Forms know no fractions of a second.
        return value.astimezone(datetime.UTC).replace(microsecond=0).isoformat()
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return repr(value) if hasattr(value, "__dataclass_fields__") else str(value)


# Forms


def own_fields(form: forms.BaseForm) -> list[str]:
    """The names of what may be typed, without the keys that tie rows together."""
    key = form._meta.model._meta.pk.name if isinstance(form, forms.BaseModelForm) else ""
    return [
        name
        for name, field in form.fields.items()
        if name != key
        and name not in OF_FORMSETS
        and not isinstance(field, InlineForeignKeyField)
        and not field.disabled
    ]


def stored_values(form: forms.BaseForm) -> dict[str, Any]:
    """What the form was filled with, bound or not."""
    return {name: form.get_initial_for_field(form.fields[name], name) for name in own_fields(form)}


def stored_fingerprints(form: forms.BaseForm) -> dict[str, str]:
    return {name: fingerprint(value) for name, value in stored_values(form).items()}


def typed_values(form: forms.BaseForm) -> dict[str, Any]:
    """What was typed into a bound form; what it refuses stands there as it was sent."""
    form.full_clean()
    cleaned = getattr(form, "cleaned_data", {})
    return {
        name: cleaned[name] if name in cleaned else form[name].data for name in own_fields(form)
    }


def typed_fingerprints(form: forms.BaseForm) -> dict[str, str]:
    return {name: fingerprint(value) for name, value in typed_values(form).items()}


def words(field: forms.Field, value: Any) -> str:
    """A value of a form's field as people read it; "" for nothing."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("Ja") if value else _("Nein")
    if isinstance(value, QuerySet | list | tuple | set):
        return ", ".join(words(field, item) for item in value)
    if isinstance(value, Model):
        return str(value)
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        rows = field.queryset.model._base_manager.filter(pk=value) if str(value).isdigit() else ()
        return next((str(row) for row in rows), str(value))
    if isinstance(field, forms.ChoiceField):
        labels = {
            str(key): str(label)
            for key, label in cast(Iterable[Any], field.choices)
            if not isinstance(label, list | tuple)
        }
        return labels.get(str(value), str(value))
    if isinstance(field, ProseEditorFormField):
        return text_of(str(value))
    return str(display_for_value(value, "–")) if not isinstance(value, str) else value


def text_of(html: str) -> str:
    """The words of a rich text, a line for every paragraph."""
    lines = re.sub(r"</(?:p|h3|h4|li|tr|blockquote)>|<br ?/?>", "\n", html)
    return re.sub(r"\n\s*\n+", "\n", unescape(strip_tags(lines))).strip()


def fill_in(data: QueryDict, form: forms.BaseForm, name: str, *, prefix: str | None = None) -> None:
    """Write into posted data what a browser sends for the stored value of a field."""
    bound = form[name]
    html_name = bound.html_name if prefix is None else f"{prefix}-{name}"
    _fill_in(data, bound.field.widget, html_name, bound.value())


def _fill_in(data: QueryDict, widget: forms.Widget, name: str, value: Any) -> None:
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget = widget.widget
    data.pop(name, None)
    if isinstance(widget, forms.MultiWidget):
        parts = value if isinstance(value, list) else widget.decompress(value)
        suffixes = cast(Any, widget).widgets_names
        for inner, suffix, part in zip(widget.widgets, suffixes, parts or (), strict=True):
            _fill_in(data, inner, f"{name}{suffix}", part)
    elif isinstance(widget, forms.CheckboxInput):
        if value:
            data[name] = "on"
    elif getattr(widget, "allow_multiple_selected", False):
        data.setlist(name, [str(getattr(item, "pk", item)) for item in value or []])
    else:
        shown = widget.format_value(value)
        if isinstance(shown, list | tuple):
            shown = shown[0] if shown else ""
        data[name] = "" if shown is None else str(shown)


# Two texts side by side


@dataclass(frozen=True)
class Piece:
    """A part of a text: in both, or only in this one."""

    text: str
    is_only_here: bool = False


def pieces(stored: str, mine: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts, cut where they differ, word by word."""
    left, right = _words(stored), _words(mine)
    if max(len(left), len(right)) > MOST_WORDS:
        return [Piece(stored, stored != mine)], [Piece(mine, stored != mine)]
    matcher = difflib.SequenceMatcher(None, left, right)
    stored_pieces, mine_pieces = [], []
    for operation, first, last, begin, end in matcher.get_opcodes():
        is_different = operation != "equal"
        if first != last:
            stored_pieces.append(Piece("".join(left[first:last]), is_different))
        if begin != end:
            mine_pieces.append(Piece("".join(right[begin:end]), is_different))
    return stored_pieces, mine_pieces


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)
