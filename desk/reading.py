"""What a page of the admin shows where nothing is to be changed."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Field, Model
from django.utils.html import format_html

from texts.richtext import RichTextField
from texts.templatetags.richtext import rich_text

# The buttons that Django shows wherever somebody may change a row, even if no field is open.
WITHOUT_SAVING = {
    "show_save": False,
    "show_save_and_continue": False,
    "show_save_and_add_another": False,
}


def show_as_text(context: dict[str, Any]) -> None:
    """Show texts that are only read as they are read: without markup, with facts filled in.

    A model whose texts name facts lists them as TEXTS_WITH_TOKENS and has `shown_text(name)`.
    """
    form = context["adminform"]
    locked = set(form.readonly_fields)
    _swap(form, form.form._meta.model, locked)
    for inline in context["inline_admin_formsets"]:
        locked = set(inline.readonly_fields)
        if not inline.has_change_permission:
            locked |= set(flatten_fieldsets(inline.fieldsets))
        _swap(inline, inline.opts.model, locked)


def offers_nothing_to_save(context: dict[str, Any]) -> bool:
    """Whether no field of the row and no row of its inlines is open."""
    form = context["adminform"].form
    if any(not field.widget.is_hidden for field in form.fields.values()):
        return False
    return not any(
        inline.has_add_permission or inline.has_change_permission or inline.has_delete_permission
        for inline in context["inline_admin_formsets"]
    )


def _swap(shown: Any, model: type[Model], locked: Iterable[Any]) -> None:
    with_tokens = getattr(model, "TEXTS_WITH_TOKENS", ())
    texts = {
        field.name: _column(field, field.name in with_tokens)
        for field in model._meta.fields
        if field.name in locked and (isinstance(field, RichTextField) or field.name in with_tokens)
    }
    if texts:
        shown.readonly_fields = [*shown.readonly_fields, *texts.values()]
        shown.fieldsets = [
            (title, {**options, "fields": [_named(item, texts) for item in options["fields"]]})
            for title, options in shown.fieldsets
        ]


def _named(item: Any, texts: dict[str, Any]) -> Any:
    if isinstance(item, list | tuple):
        return [texts.get(name, name) for name in item]
    return texts.get(item, item)


@cache
def _column(field: Field, has_tokens: bool) -> Callable[[Any], str]:
    def read(row: Any) -> str:
        text = row.shown_text(field.name) if has_tokens else getattr(row, field.name)
        if not isinstance(field, RichTextField):
            return text or "–"
        text = rich_text(text)
        return format_html('<div class="rich-text">{}</div>', text) if text else "–"

    # Where the admin looks for the name, the label and the help of a column.
    read.__name__ = field.name
    read.short_description = field.verbose_name  # type: ignore[attr-defined]
    return read
