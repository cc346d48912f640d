import io
import time
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper

from documents.models import Artefact, RenderJob
from documents.production import print_document
from publications.management.commands import print as command
from tests.factories import EditionFactory, GuidelineFactory, PressReleaseFactory

pytestmark = pytest.mark.django_db


def run(*arguments, **options):
    out, errors = io.StringIO(), io.StringIO()
    call_command("print", *arguments, stdout=out, stderr=errors, **options)
    return out.getvalue(), errors.getvalue()


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def printer(monkeypatch):
    """A printer that works while the command sleeps."""

    def work(_seconds):
        for job_id in RenderJob.objects.filter(status="pending").values_list("pk", flat=True):
            print_document(job_id)

    monkeypatch.setattr(command, "time", SimpleNamespace(monotonic=time.monotonic, sleep=work))


@pytest.fixture
def idle_printer(monkeypatch):
    """No printer: the clock runs, nothing happens."""
    clock = iter(range(0, 10_000, 15))
    monkeypatch.setattr(
        command,
        "time",
        SimpleNamespace(monotonic=lambda: next(clock), sleep=lambda _seconds: None),
    )


def test_asks_for_a_press_release():
    release = PressReleaseFactory(slug="abschluss", headline="Es ist geschafft")

    out, _errors = run("press-release", "abschluss")

    release.refresh_from_db()
    assert release.render_job.status == RenderJob.Status.PENDING
    assert out == (
        f"Der Druck von „Es ist geschafft“ ist beauftragt (Auftrag {release.render_job.pk}).\n"
    )


def test_asks_for_the_newest_edition():
    guideline = GuidelineFactory(slug="leitfaden")
    first = EditionFactory(guideline=guideline, number=1, published=True, render_job=None)
    second = EditionFactory(guideline=guideline, number=2)

    run("guideline", "leitfaden")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.render_job, second.render_job.kind) == (None, "guideline")


def test_asks_for_the_named_edition():
    guideline = GuidelineFactory(slug="leitfaden")
    first = EditionFactory(guideline=guideline, number=1, published=True, render_job=None)
    second = EditionFactory(guideline=guideline, number=2)

    run("guideline", "leitfaden", "--edition", "1")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.render_job.kind, second.render_job) == ("guideline", None)


def test_what_is_printed_already_is_found_at_once(tmp_path):
    release = PressReleaseFactory(slug="abschluss", headline="Es ist geschafft")
    run("press-release", "abschluss")
    release.refresh_from_db()
    print_document(release.render_job.pk)
    artefact = Artefact.objects.get()
    target = tmp_path / "mitteilung.pdf"

    out, _errors = run("press-release", "abschluss", "--output", str(target))

    with default_storage.open(artefact.key) as file:
        assert target.read_bytes() == file.read()
    first, last = out.splitlines()
    assert first.startswith("„Es ist geschafft“ ist gedruckt: 1 Seite, ")
    assert last == str(target)


def test_without_output_the_place_of_the_file_is_told():
    release = PressReleaseFactory(slug="abschluss")
    run("press-release", "abschluss")
    release.refresh_from_db()
    print_document(release.render_job.pk)

    out, _errors = run("press-release", "abschluss")

    assert out.splitlines()[-1].endswith(Artefact.objects.get().key)


def test_waits_and_shows_every_stage_once(printer):
    PressReleaseFactory(slug="abschluss", headline="Es ist geschafft")

    out, _errors = run("press-release", "abschluss", "--wait")

    waiting, printed, _place = out.splitlines()
    assert waiting == "wartet"
    assert printed.startswith("„Es ist geschafft“ ist gedruckt: 1 Seite, ")


def test_a_terminal_sees_one_line_that_changes(printer):
    PressReleaseFactory(slug="abschluss")
    terminal = Terminal()

    call_command("print", "press-release", "abschluss", "--wait", stdout=terminal)

    assert terminal.getvalue().startswith("\r\x1b[Kwartet …\r\x1b[K„")


def test_progress_names_stage_and_pages():
    terminal = Terminal()
    progress = command.Progress(OutputWrapper(terminal))
    job = RenderJob(status="running", stage="layout", page_count=7)

    progress.show(job)
    progress.show(job)
    progress.close()

    assert terminal.getvalue() == "\r\x1b[KUmbruch, 7 Seiten …\r\x1b[K"


def test_a_failed_print_ends_with_its_reason(printer):
    PressReleaseFactory(slug="abschluss", headline="Wir feiern 🎉")

    with pytest.raises(CommandError) as error:
        run("press-release", "abschluss", "--wait")

    assert str(error.value).startswith(
        "„Wir feiern 🎉“ ist nicht gedruckt: Die Schrift kennt diese Zeichen nicht: 🎉"
    )
    assert error.value.returncode == 1


def test_without_a_printer_it_says_so_and_ends(idle_printer):
    PressReleaseFactory(slug="abschluss")
    errors = io.StringIO()

    with pytest.raises(CommandError, match="Nach 60 Sekunden ist der Druck noch nicht fertig"):
        call_command(
            "print", "press-release", "abschluss", "--wait", "--timeout", "60",
            stdout=io.StringIO(), stderr=errors,
        )  # fmt: skip

    assert errors.getvalue() == (
        "Noch hat kein Drucker den Auftrag angenommen. Läuft der Worker „pdf“?\n"
    )


def test_a_token_nobody_knows_is_refused():
    PressReleaseFactory(slug="abschluss", lead="Am {tag}.")

    with pytest.raises(CommandError, match=r"nichts gespeichert: \{tag\}"):
        run("press-release", "abschluss")


def test_an_address_in_two_programmes_is_asked_for():
    first, second = PressReleaseFactory.create_batch(2, slug="abschluss")

    with pytest.raises(CommandError) as error:
        run("press-release", "abschluss")

    assert str(error.value) == (
        "„abschluss“ gibt es mehrmals. Bitte nennen Sie das Programm dazu: "
        f"{first.programme.slug}/abschluss, {second.programme.slug}/abschluss."
    )
    out, _errors = run("press-release", f"{second.programme.slug}/abschluss")
    assert second.headline in out


def test_a_wrong_address_names_what_there_is():
    guideline = GuidelineFactory(slug="leitfaden")

    with pytest.raises(CommandError) as error:
        run("guideline", "handbuch")

    assert str(error.value) == (
        f"„handbuch“ gibt es nicht. Vorhanden: {guideline.programme.slug}/leitfaden."
    )


def test_an_empty_portal_has_nothing_to_print():
    with pytest.raises(CommandError, match="es ist noch nichts davon angelegt"):
        run("press-release", "abschluss")


def test_a_guideline_without_editions():
    GuidelineFactory(slug="leitfaden", title="Ein Leitfaden")

    with pytest.raises(CommandError, match="„Ein Leitfaden“ hat noch keine Auflage"):
        run("guideline", "leitfaden")


def test_an_edition_that_is_not_there():
    EditionFactory(guideline__slug="leitfaden", guideline__title="Ein Leitfaden", number=1)

    with pytest.raises(CommandError, match=r"„Ein Leitfaden“ hat keine 3\. Auflage"):
        run("guideline", "leitfaden", "--edition", "3")


def test_a_folder_is_no_file(tmp_path):
    PressReleaseFactory(slug="abschluss")

    with pytest.raises(CommandError, match="ist ein Ordner"):
        run("press-release", "abschluss", "--output", str(tmp_path))
    with pytest.raises(CommandError, match="Den Ordner von"):
        run("press-release", "abschluss", "--output", str(tmp_path / "fehlt" / "x.pdf"))

    assert not RenderJob.objects.exists()
