"""What addresses and forms of the admin take: what the admin itself offers, nothing else."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.filters import SimpleListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.forms.widgets import ChoiceWidget
from django.utils.translation import gettext as _

# How the filters beside a list end their lookups.
ENDINGS = {"", "exact", "isnull", "in", "gte", "lt", "id__exact", "pk__exact"}
DATE_PARTS = {"year", "month", "day"}
# How the address of a choice names the run at hand.
RUN_AT_HAND = "run"
# PostgreSQL's bigint has nineteen digits, not all of them.
KEY_DIGITS = 18


def is_key(value: object) -> bool:
    """Whether a text could be the number of a row."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) <= KEY_DIGITS


class KeysOnlyMixin(ChoiceWidget):
    """A choice that shows itself again with an error keeps only what can be a row's number."""

    def optgroups(self, name, value, attr=None):
        keys = [item for item in value if not item or is_key(item)]
        return super().optgroups(name, keys, attr)


class RunAtHandMixin(AutocompleteMixin):
    """A choice that asks only for rows of one run, where one is given.

    Where the form itself names the run, static/js/admin-run.js asks for that one.
    """

    run: Any = None

    def get_url(self):
        address = super().get_url()
        return f"{address}?{RUN_AT_HAND}={self.run.pk}" if self.run else address


class KeySelect(KeysOnlyMixin, RunAtHandMixin, AutocompleteSelect):
    pass


class KeySelectMultiple(KeysOnlyMixin, RunAtHandMixin, AutocompleteSelectMultiple):
    pass


class StrictMixin(admin.ModelAdmin):
    """For a ModelAdmin whose rows have numbers."""

    def lookup_allowed(self, lookup, value, request):
        """Only the filters of the list: Django allows every field, also those that hide secrets."""
        if self.date_hierarchy and lookup.startswith(f"{self.date_hierarchy}__"):
            part = lookup.removeprefix(f"{self.date_hierarchy}__")
            return part in DATE_PARTS and is_key(value) and 1 <= int(value) <= 9999
        return any(
            lookup == name or lookup.removeprefix(f"{name}__") in ENDINGS
            for name in self._filter_names(request)
        )

    def _filter_names(self, request):
        for item in self.get_list_filter(request):
            if isinstance(item, type) and issubclass(item, SimpleListFilter):
                yield item.parameter_name
            else:
                yield item[0] if isinstance(item, list | tuple) else item

    def get_changeform_initial_data(self, request):
        relations = [*self.opts.fields, *self.opts.many_to_many]
        names = {field.name for field in relations if field.is_relation}
        return {
            name: value
            for name, value in super().get_changeform_initial_data(request).items()
            if name not in names
            or all(is_key(item) for item in (value if isinstance(value, list) else [value]))
        }

    def response_action(self, request, queryset, *args, **kwargs):
        if all(is_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            return super().response_action(request, queryset, *args, **kwargs)
        messages.warning(request, _("Bitte wählen Sie Zeilen der Liste aus."))
        return None
