"""Web addresses."""

from django.db import models

from texts.cleaning import clean_address
from texts.fields import CleanTextMixin, WebAddressFormField


class WebAddressField(CleanTextMixin, models.URLField):
    """A web address; typed without a scheme, it means https."""

    clean_value = staticmethod(clean_address)
    form_class = WebAddressFormField

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", **kwargs})
