"""Ask for a print from the shell, wait for it, fetch the file."""

import time
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.models import Artefact, RenderJob
from publications.models import Edition, Guideline, PressRelease
from publications.operations import print_publication
from publications.tokens import UnknownToken
from texts.typography import file_size

POLL_SECONDS = 0.5
# After this long without a printer taking the job, say what is missing.
HINT_SECONDS = 20
OPEN = (RenderJob.Status.PENDING, RenderJob.Status.RUNNING)


class Command(BaseCommand):
    requires_migrations_checks = True

    @property
    def help(self):  # type: ignore[override]  # translated when it is asked for
        return _(
            "Druckt eine Pressemitteilung oder die neueste Auflage eines Leitfadens. "
            "Was nicht freigegeben ist, sagt auf jeder Seite ENTWURF; was freigegeben ist, "
            "wird gedruckt, wie es freigegeben wurde."
        )

    def add_arguments(self, parser):
        address = _("Kurzname; PROGRAMM/KURZNAME, wo zwei Programme denselben verwenden.")
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="press-release|guideline")
        release = kinds.add_parser("press-release", help=_("eine Pressemitteilung"))
        release.add_argument("address", metavar="SLUG", help=address)
        guideline = kinds.add_parser("guideline", help=_("eine Auflage eines Leitfadens"))
        guideline.add_argument("address", metavar="SLUG", help=address)
        guideline.add_argument(
            "--edition", type=int, metavar="N", help=_("Nummer der Auflage, sonst die neueste.")
        )
        for kind in (release, guideline):
            kind.add_argument(
                "--wait", action="store_true", help=_("Warten, bis die Datei da ist.")
            )
            kind.add_argument(
                "--output",
                type=Path,
                metavar="FILE",
                help=_("Warten, dann die Datei hier ablegen."),
            )
            kind.add_argument(
                "--timeout",
                type=float,
                default=600,
                metavar="SECONDS",
                help=_("Höchstens so lange warten (600)."),
            )

    def handle(self, *, kind, address, wait, output, timeout, edition=None, **_options):
        if output:
            _check_target(output)
        try:
            is_release = kind == "press-release"
            found = find(PressRelease, address) if is_release else find_edition(address, edition)
            job = print_publication(found, by=None)
        except UnknownToken as error:
            raise CommandError(str(error)) from error
        if wait or output:
            self._wait_for(job, timeout)
        self._report(job, output)

    def _wait_for(self, job: RenderJob, timeout: float) -> None:
        """Show the progress until the job is done or failed."""
        progress = Progress(self.stdout)
        began = time.monotonic()
        has_hinted = False
        while job.status in OPEN:
            waited = time.monotonic() - began
            if waited > timeout:
                progress.close()
                raise CommandError(
                    _(
                        "Nach %(seconds)s Sekunden ist der Druck noch nicht fertig. "
                        "Der Auftrag %(job)s bleibt bestehen."
                    )
                    % {"seconds": round(timeout), "job": job.pk}
                )
            if waited > HINT_SECONDS and job.status == RenderJob.Status.PENDING and not has_hinted:
                progress.close()
                self.stderr.write(
                    _("Noch hat kein Drucker den Auftrag angenommen. Läuft der Worker „pdf“?")
                )
                has_hinted = True
            progress.show(job)
            time.sleep(min(POLL_SECONDS, max(timeout - waited, 0.01)))
            job.refresh_from_db()
        progress.close()

    def _report(self, job: RenderJob, output: Path | None) -> None:
        if job.has_failed:
            raise CommandError(
                _("„%(title)s“ ist nicht gedruckt: %(reason)s")
                % {"title": job.title, "reason": job.error}
            )
        artefact = Artefact.objects.filter(job=job).first()
        if artefact is None:
            self.stdout.write(
                _("Der Druck von „%(title)s“ ist beauftragt (Auftrag %(job)s).")
                % {"title": job.title, "job": job.pk}
            )
            return
        pages = ngettext("%(count)s Seite", "%(count)s Seiten", artefact.page_count) % {
            "count": artefact.page_count
        }
        self.stdout.write(
            _("„%(title)s“ ist gedruckt: %(pages)s, %(size)s.")
            % {"title": job.title, "pages": pages, "size": file_size(artefact.size)}
        )
        self.stdout.write(str(_written(artefact, output) if output else location(artefact)))


def find_edition(address: str, number: int | None = None) -> Edition:
    """Return the edition with the number, else the newest; raises CommandError."""
    guideline = find(Guideline, address)
    editions = guideline.editions.order_by("-number")
    if number is not None:
        editions = editions.filter(number=number)
    if edition := editions.first():
        return edition
    if number is None:
        raise CommandError(
            _(
                "Der Leitfaden „%(title)s“ hat noch keine Auflage. "
                "Legen Sie in der Verwaltung eine an."
            )
            % {"title": guideline}
        )
    raise CommandError(
        _("Der Leitfaden „%(title)s“ hat keine %(number)s. Auflage.")
        % {"title": guideline, "number": number}
    )


def location(artefact: Artefact) -> str:
    """Where the file lies: its path, or its key where the storage is no folder."""
    try:
        return default_storage.path(artefact.key)
    except NotImplementedError:
        return artefact.key


def find(model: Any, address: str) -> Any:
    """Raises CommandError with a sentence when none or several have this address."""
    programme, _slash, slug = address.rpartition("/")
    rows = model.objects.select_related("programme").order_by("programme__slug", "slug")
    items = list(rows.filter(slug=slug, **({"programme__slug": programme} if programme else {})))
    if len(items) == 1:
        return items[0]
    if items:
        addresses = ", ".join(f"{item.programme.slug}/{item.slug}" for item in items)
        raise CommandError(
            _("„%(address)s“ gibt es mehrmals. Bitte nennen Sie das Programm dazu: %(addresses)s.")
            % {"address": address, "addresses": addresses}
        )
    there = [f"{item.programme.slug}/{item.slug}" for item in rows[:20]]
    if not there:
        raise CommandError(
            _("„%(address)s“ gibt es nicht; es ist noch nichts davon angelegt.")
            % {"address": address}
        )
    raise CommandError(
        _("„%(address)s“ gibt es nicht. Vorhanden: %(addresses)s.")
        % {"address": address, "addresses": ", ".join(there)}
    )


def _check_target(output: Path) -> None:
    """Say before the print what would fail after it."""
    if output.is_dir():
        raise CommandError(
            _("„%(path)s“ ist ein Ordner. Bitte nennen Sie eine Datei.") % {"path": output}
        )
    if not output.resolve().parent.is_dir():
        raise CommandError(_("Den Ordner von „%(path)s“ gibt es nicht.") % {"path": output})


def _written(artefact: Artefact, output: Path) -> Path:
    try:
        with default_storage.open(artefact.key) as file:
            output.write_bytes(file.read())
    except OSError as error:
        raise CommandError(
            _("„%(path)s“ lässt sich nicht schreiben: %(reason)s")
            % {"path": output, "reason": error.strerror or error}
        ) from error
    return output.resolve()


class Progress:
    """One line that changes on a terminal, a line per stage elsewhere."""

    def __init__(self, out):
        self.out = out
        self.is_terminal = out.isatty()
        self.shown = ""

    def show(self, job: RenderJob) -> None:
        label = (
            job.get_stage_display()
            if job.status == RenderJob.Status.RUNNING and job.stage
            else job.get_status_display()
        )
        text = str(label)
        if self.is_terminal and job.page_count:
            text = ngettext(
                "%(label)s, %(count)s Seite", "%(label)s, %(count)s Seiten", job.page_count
            ) % {
                "label": label,
                "count": job.page_count,
            }
        if text == self.shown:
            return
        self.shown = text
        if self.is_terminal:
            self.out.write(f"\r\x1b[K{text} …", ending="")
            self.out.flush()
        else:
            self.out.write(text)

    def close(self) -> None:
        if self.is_terminal and self.shown:
            self.out.write("\r\x1b[K", ending="")
            self.shown = ""
