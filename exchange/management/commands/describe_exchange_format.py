"""describe_exchange_format: write the schema and the generated parts of the documentation."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy

from exchange.documentation import PAGE, SCHEMA, page_text, schema_text


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]
        "Schreibt Schema und Tabellen der Beschreibung des Austauschformats neu."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        SCHEMA.write_text(schema_text())
        PAGE.write_text(page_text(PAGE.read_text()))
