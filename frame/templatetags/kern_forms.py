"""Form fields in the markup of KERN, for templates/django/forms/field.html."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()

INPUT = "kern-form-input__input"
SELECT = "kern-form-input__select"


@register.filter
def field_kind(field: BoundField) -> str:
    """How KERN builds this field: checkbox, options, select, group or input."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "options"
    if isinstance(widget, forms.Select):
        return "select"
    if widget.use_fieldset:
        return "group"
    return "input"


@register.simple_tag
def kern_widget(field: BoundField) -> SafeString:
    """The field's widget with KERN's classes beside its own."""
    widget = field.field.widget
    base = SELECT if isinstance(widget, forms.Select) else INPUT
    if isinstance(widget, forms.CheckboxInput):
        base = "kern-form-check__checkbox"
    classes = _classes(widget.attrs.get("class"), base, field)
    # No placeholder: it vanishes while one types, and allauth only repeats the label in it.
    attrs: dict[str, str | bool] = {"class": classes, "placeholder": False}
    if isinstance(widget, forms.MultiWidget):
        attrs["aria-label"] = str(field.label)
    return field.as_widget(attrs=attrs)


@register.simple_tag
def kern_options(field: BoundField) -> list[dict[str, Any]]:
    """The data of each radio button or checkbox of the field, with KERN's classes."""
    options = []
    for option in field.subwidgets:
        base = f"kern-form-check__{option.data['type']}"
        data = option.data
        data["attrs"]["class"] = _classes(data["attrs"].get("class"), base, field)
        options.append(data)
    return options


@register.filter
def first_input_id(field: BoundField) -> str:
    """The id a link to the field leads to: a group of inputs has none of its own."""
    return field.id_for_label or f"{field.auto_id}_0"


def _classes(own: str | None, base: str, field: BoundField) -> str:
    names = [own or "", base, f"{base}--error" if field.errors else ""]
    return " ".join(name for name in names if name)
