"""Fields of forms and models for texts: whatever is typed, pasted or sent passes `cleaning`."""

from typing import cast

from django import forms
from django.db import models
from django.http import QueryDict

from texts.cleaning import (
    clean_address,
    clean_characters,
    clean_data,
    clean_line,
    clean_mail_address,
    clean_text,
)


class LineFormField(forms.CharField):
    """A form field for one line."""

    clean_typed = staticmethod(clean_line)

    def to_python(self, value):
        if isinstance(value, str):
            value = (self.clean_typed if self.strip else clean_characters)(value)
        return super().to_python(value)


class PlainTextFormField(LineFormField):
    """A form field for several lines."""

    widget = forms.Textarea
    clean_typed = staticmethod(clean_text)


class KeyFormField(LineFormField, forms.SlugField):
    """A form field for a short name in addresses."""


class MailAddressFormField(LineFormField, forms.EmailField):
    """A form field for an e-mail address, typed or pasted with the name around it."""

    clean_typed = staticmethod(clean_mail_address)


class WebAddressFormField(LineFormField, forms.URLField):
    """A form field for a web address."""

    clean_typed = staticmethod(clean_address)


class TypedTextsForm(forms.Form):
    """For forms of other packages: what was typed passes the door first; passwords stay."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            return
        data = cast(QueryDict, self.data).copy()
        for name, field in self.fields.items():
            key = self.add_prefix(name)
            is_text = isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField)
            if is_text and not isinstance(field.widget, forms.PasswordInput) and key in data:
                is_address = isinstance(field, forms.EmailField)
                data[key] = (clean_mail_address if is_address else clean_line)(str(data[key]))
        self.data = data


class CleanTextMixin(models.Field):
    """A model field that keeps every text as the door gives it, whoever assigned it."""

    clean_value = staticmethod(clean_line)
    form_class: type[forms.CharField] = LineFormField

    def to_python(self, value):
        value = super().to_python(value)
        return self.clean_value(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        """For rows and for lookups."""
        value = super().get_prep_value(value)
        return self.clean_value(value) if isinstance(value, str) else value

    def pre_save(self, model_instance, add):
        """Give the row in memory what is stored."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = self.clean_value(value)
            setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": self.form_class, **kwargs})

    def deconstruct(self):
        """As the field of Django's that it is: the database sees no difference."""
        name, _path, args, kwargs = super().deconstruct()
        django = next(c for c in type(self).__mro__ if c.__module__.startswith("django.db.models"))
        return name, f"django.db.models.{django.__name__}", args, kwargs


class LineField(CleanTextMixin, models.CharField):
    """One line of text."""


class PlainTextField(CleanTextMixin, models.TextField):
    """Several lines of text without any markup."""

    clean_value = staticmethod(clean_text)
    form_class = PlainTextFormField


class KeyField(CleanTextMixin, models.SlugField):
    """A short name in addresses and files."""

    form_class = KeyFormField


class MailAddressField(CleanTextMixin, models.EmailField):
    """An e-mail address."""

    clean_value = staticmethod(clean_mail_address)
    form_class = MailAddressFormField


class CleanJSONField(models.JSONField):
    """Data with texts in it that people write."""

    def get_prep_value(self, value):
        return super().get_prep_value(clean_data(value))

    def pre_save(self, model_instance, add):
        value = clean_data(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
