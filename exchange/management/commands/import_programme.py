"""import_programme FILE: bring a programme into this portal."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.changes import Change, Changes
from exchange.files import MAX_ARCHIVE, parse_file
from exchange.operations import ContentDiffers, import_programme
from exchange.problems import ImportRefused
from people.models import User

SHOWN = 30


class Command(BaseCommand):
    requires_migrations_checks = True

    @property
    def help(self):  # type: ignore[override]  # translated when it is asked for
        return _("Liest ein Programm aus einer Austauschdatei (JSON oder ZIP) ein.")

    def add_arguments(self, parser):
        parser.add_argument("file", help=_("Die Austauschdatei, siehe docs/exchange-format.md."))
        parser.add_argument(
            "--update",
            action="store_true",
            help=_("Ein Programm, das es schon gibt, auf den Stand der Datei bringen."),
        )
        parser.add_argument(
            "--check", action="store_true", help=_("Nur prüfen und zeigen, was geschähe.")
        )
        parser.add_argument(
            "--lead", metavar="EMAIL", help=_("Konto, das das Programm künftig leitet.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lead = self._account(options["lead"])
        content = self._content(Path(options["file"]))
        try:
            changes = import_programme(
                parse_file(content),
                by=None,
                update=options["update"],
                check=options["check"],
                lead=lead,
            )
        except ContentDiffers as refusal:
            self._tell(refusal.changes)
            raise CommandError(str(refusal)) from refusal
        except ImportRefused as refusal:
            count = len(refusal.problems)
            heading = ngettext(
                "Nichts wurde eingelesen: %(count)s Fehler.",
                "Nichts wurde eingelesen: %(count)s Fehler.",
                count,
            ) % {"count": count}
            raise CommandError(f"{heading}\n{refusal}") from refusal
        self._report(changes, is_check=options["check"])

    def _account(self, email: str | None) -> User | None:
        if not email:
            return None
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(_("Ein Konto %(email)s gibt es nicht.") % {"email": email})
        return user

    def _content(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > MAX_ARCHIVE:
                raise CommandError(_("Die Datei ist zu groß: %(path)s") % {"path": path})
            return path.read_bytes()
        except (OSError, ValueError) as error:
            raise CommandError(
                _("Die Datei lässt sich nicht lesen: %(path)s (%(reason)s)")
                % {"path": path, "reason": getattr(error, "strerror", None) or error}
            ) from error

    def _report(self, changes: Changes, *, is_check: bool) -> None:
        if not changes:
            self.stdout.write(
                _("„%(slug)s“ ist schon auf diesem Stand. Nichts geändert.")
                % {"slug": changes.slug}
            )
            return
        self._tell(changes)
        done = (
            _("Nur geprüft: „%(slug)s“ ließe sich so einlesen.")
            if is_check
            else _("„%(slug)s“ ist eingelesen.")
        )
        self.stdout.write(self.style.SUCCESS(done % {"slug": changes.slug}))

    def _tell(self, changes: Changes) -> None:
        self._counts(_("Neu"), changes.created)
        self._lines(_("Geändert"), changes.changed)
        self._lines(_("Gelöscht"), changes.deleted)
        if changes.unchanged:
            self.stdout.write(_("Unverändert: %(count)s") % {"count": changes.unchanged})

    def _counts(self, heading: str, entries: list[Change]) -> None:
        if entries:
            counts = Counter(str(entry.kind.model._meta.verbose_name_plural) for entry in entries)
            listed = ", ".join(f"{name} {count}" for name, count in counts.items())
            self.stdout.write(f"{heading}: {listed}")

    def _lines(self, heading: str, entries: list[Change]) -> None:
        self._counts(heading, entries)
        for entry in entries[:SHOWN]:
            names = f" ({', '.join(entry.fields)})" if entry.fields else ""
            self.stdout.write(f"  {entry.path}: {entry.label[:80]}{names}")
        if len(entries) > SHOWN:
            self.stdout.write(_("  … und %(count)s weitere") % {"count": len(entries) - SHOWN})
