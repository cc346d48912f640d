"""Web addresses."""

from django.db import models

from documents.text import CleanTextMixin, WebAddressFormField, clean_address


class WebAddressField(CleanTextMixin, models.URLField):
    """A web address; typed without a scheme, it means https."""

    clean_value = staticmethod(clean_address)
    form_class = WebAddressFormField

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", **kwargs})
