"""Web addresses."""

from django.db import models


class WebAddressField(models.URLField):
    """A web address; typed without a scheme, it means https."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", **kwargs})
