"""The stored facts that a text may name, with where they come from, beside the text."""

from typing import Any

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from programmes.admin import ScopedFormSet
from publications.facts import PROGRAMME_PREFIX, RUN_PREFIX, Facts


class PlaceholdersMixin(admin.ModelAdmin):
    """Adds the column `placeholders`: what may be written in braces, and what it says now."""

    @admin.display(description=_("Was Sie einsetzen können"))
    def placeholders(self, row) -> str:
        facts = row.facts() if row.pk else Facts()
        shown = {name: fact for name, fact in facts.known.items() if not fact.is_alias}
        return render_to_string(
            "admin/publications/_placeholders.html",
            {"facts": sorted(shown.items(), key=lambda item: (_is_written_out(item[0]), item[0]))},
        )


class FactsFormSet(ScopedFormSet):
    """Collects the facts of the row that they hang on once, for all of its rows."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.collect_facts = lambda: self._facts
        return form

    @cached_property
    def _facts(self) -> Facts:
        return self.instance.facts()


def _is_written_out(name: str) -> bool:
    return bool(RUN_PREFIX.match(name) or PROGRAMME_PREFIX.match(name))


PLACEHOLDERS: tuple[Any, Any] = (
    _("Platzhalter"),
    {"classes": ["collapse"], "fields": ["placeholders"]},
)
