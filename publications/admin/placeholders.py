"""The stored facts that a text may name, beside the text."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from publications.tokens import Facts


class PlaceholdersMixin:
    """Adds the column `placeholders`: what may be written in braces, and what it says now."""

    # Set by the admin: from a row to what its texts may name.
    get_facts: Callable[[Any], Facts]

    @admin.display(description=_("Was Sie einsetzen können"))
    def placeholders(self, row) -> str:
        facts = self.get_facts(row) if row.pk else Facts()
        return render_to_string(
            "admin/publications/_placeholders.html", {"facts": sorted(facts.values.items())}
        )


PLACEHOLDERS = (_("Platzhalter"), {"classes": ["collapse"], "fields": ["placeholders"]})
