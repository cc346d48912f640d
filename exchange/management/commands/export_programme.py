"""export_programme SLUG: write a programme with everything in it to one file."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from exchange.content import NotExportable
from exchange.files import archive_bytes, json_bytes
from exchange.operations import export_programme
from programmes.models import Programme


class Command(BaseCommand):
    requires_migrations_checks = True

    @property
    def help(self):  # type: ignore[override]  # translated when it is asked for
        return _("Schreibt ein Programm in eine Austauschdatei (JSON oder ZIP).")

    def add_arguments(self, parser):
        parser.add_argument("slug", help=_("Kurzname des Programms in Adressen."))
        parser.add_argument(
            "--output",
            metavar="FILE",
            help=_("Zieldatei; endet sie auf .zip, wird es ein ZIP. Ohne: Standardausgabe."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["slug"]).first()
        if programme is None:
            known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(
                _("Ein Programm „%(slug)s“ gibt es nicht. Vorhanden: %(known)s.")
                % {"slug": options["slug"], "known": known or "–"}
            )
        try:
            exchange_file = export_programme(programme)
        except NotExportable as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                _("Eine abgelegte Datei fehlt: %(name)s") % {"name": error.filename or error}
            ) from error
        self._write(exchange_file, options["output"])

    def _write(self, exchange_file, output: str | None) -> None:
        is_archive = bool(exchange_file.files) or (output or "").lower().endswith(".zip")
        content = archive_bytes(exchange_file) if is_archive else json_bytes(exchange_file.data)
        if output is None:
            if is_archive and sys.stdout.isatty():
                raise CommandError(
                    _("Zum Programm gehören Dateien. Bitte mit --output FILE.zip aufrufen.")
                )
            # Bytes where the stream takes them, so that no end of line is rewritten.
            stream: Any = getattr(self.stdout, "_out", self.stdout)
            if hasattr(stream, "buffer"):
                stream.buffer.write(content)
            elif is_archive:
                raise CommandError(
                    _("Zum Programm gehören Dateien. Bitte mit --output FILE.zip aufrufen.")
                )
            else:
                stream.write(content.decode())
            return
        path = Path(output)
        if exchange_file.files and path.suffix.lower() == ".json":
            raise CommandError(_("Zum Programm gehören Dateien: --output muss auf .zip enden."))
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(
                _("Die Datei lässt sich nicht schreiben: %(path)s (%(reason)s)")
                % {"path": path, "reason": error.strerror or error}
            ) from error
        self.stderr.write(_("Geschrieben: %(path)s") % {"path": path})
