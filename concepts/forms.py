"""The filters above the list of concepts."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _


class ConceptFilterForm(forms.Form):
    """What of the list is asked for; its choices come from what the reader may see.

    The names of the fields are the parameters of the address, so they are German.
    """

    durchlauf = forms.ChoiceField(
        label=_("Durchlauf"),
        required=False,
        error_messages={"invalid_choice": _("Diesen Durchlauf gibt es hier nicht.")},
    )
    federfuehrung = forms.ChoiceField(
        label=_("Federführung"),
        required=False,
        error_messages={"invalid_choice": _("Diese Organisation führt hier kein Konzept.")},
    )

    def __init__(self, *args, runs, lead_implementers, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in [("durchlauf", runs), ("federfuehrung", lead_implementers)]:
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("alle")), *choices]
