"""describe_exchange_format: write the schema and the generated parts of the documentation."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from exchange.documentation import PAGE, SCHEMA, page_text, schema_text


class Command(BaseCommand):
    @property
    def help(self):  # type: ignore[override]  # translated when it is asked for
        return _("Schreibt Schema und Tabellen der Beschreibung des Austauschformats neu.")

    def handle(self, *args: Any, **options: Any) -> None:
        SCHEMA.write_text(schema_text())
        PAGE.write_text(page_text(PAGE.read_text()))
