"""Forms for texts that several people edit."""

from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

STALE = "stale"


class VersionedForm(forms.ModelForm):
    """A form for a row with an integer `version`: it refuses a save over somebody else's text.

    What was typed stays in the fields; beside each field that differs stands what is stored now.
    A second save then replaces it knowingly. Call `is_valid` inside a transaction: the row is
    locked until its end.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def is_stale(self) -> bool:
        return self.has_error("__all__", STALE)

    def clean(self):
        data = super().clean()
        if "version" not in self.fields:
            return data
        if self.instance.pk is None:
            self.cleaned_data["version"] = self.instance.version
            return self.cleaned_data
        stored = type(self.instance)._default_manager.select_for_update().get(pk=self.instance.pk)
        if self.cleaned_data.get("version") != stored.version:
            self._refuse(stored)
        self.cleaned_data["version"] = stored.version + 1
        return self.cleaned_data

    def _refuse(self, stored) -> None:
        self.add_error(
            None,
            ValidationError(
                _(
                    "Jemand hat inzwischen gespeichert. Ihr Text steht noch hier, nichts ist "
                    "verloren. Bitte vergleichen Sie; speichern Sie erneut, gilt Ihr Text."
                ),
                code=STALE,
            ),
        )
        for name in self.fields:
            if name == "version" or name not in self.cleaned_data:
                continue
            value = getattr(stored, name, None)
            if isinstance(value, str) and value != self.cleaned_data[name]:
                text = Truncator(" ".join(strip_tags(value).split())).chars(400)
                self.add_error(name, _("Gespeichert ist jetzt: „%(text)s“") % {"text": text})
        # The next save starts from what was just shown.
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("version")] = str(stored.version)
        self.data = data
