"""The stored facts that a text may name, with where they come from, beside the text."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from programmes.admin import ScopedFormSet
from publications.facts import PROGRAMME_PREFIX, RUN_PREFIX, Facts


class PlaceholdersMixin(admin.ModelAdmin):
    """Adds the column `placeholders`: what may be written in braces, and what it says now."""

    # Set by the admin: from a row to what its texts may name.
    get_facts: Callable[[Any], Facts]

    @admin.display(description=_("Was Sie einsetzen können"))
    def placeholders(self, row) -> str:
        facts = self.get_facts(row) if row.pk else Facts()
        shown = {name: fact for name, fact in facts.known.items() if not fact.is_alias}
        return render_to_string(
            "admin/publications/_placeholders.html",
            {"facts": sorted(shown.items(), key=lambda item: (_is_written_out(item[0]), item[0]))},
        )


class FactsFormSet(ScopedFormSet):
    """Collects what the texts of the rows may name once for all of them."""

    # Set by the inline: from the row they hang on to what their texts may name.
    get_facts: Callable[[Any], Facts]

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.collect_facts = self._facts
        return form

    @cached_property
    def _collected(self) -> Facts:
        return self.get_facts(self.instance)

    def _facts(self) -> Facts:
        return self._collected


def _is_written_out(name: str) -> bool:
    return bool(RUN_PREFIX.match(name) or PROGRAMME_PREFIX.match(name))


PLACEHOLDERS: tuple[Any, Any] = (
    _("Platzhalter"),
    {"classes": ["collapse"], "fields": ["placeholders"]},
)
