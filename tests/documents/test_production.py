import hashlib
import io
import logging
import resource
import threading
import time
from datetime import timedelta

import pikepdf
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.db import DatabaseError, OperationalError
from django.db.models.functions import Now

from documents import files, production
from documents.errors import TooLong
from documents.files import artefact_key
from documents.models import Artefact, RenderJob
from documents.operations import sweep_jobs
from documents.process import limited_cpu
from documents.production import Heartbeat, LostLease, Report, claim, print_document
from documents.rendering import Printed, pdf_from_html
from tests.documents import samples
from tests.factories import RenderJobFactory

Status = RenderJob.Status
pytestmark = pytest.mark.django_db


@pytest.fixture
def interrupt(monkeypatch):
    """Let something happen between the layout and the end of a print."""

    def before_the_end(action):
        def render(html, **options):
            printed = pdf_from_html(html, **options)
            action()
            return printed

        monkeypatch.setattr(production, "pdf_from_html", render)

    return before_the_end


def stored_files():
    return sorted(
        f"{folder}/{name}"
        for folder in (f"artefacts/{part}" for part in listed("artefacts", 0))
        for name in listed(folder, 1)
    )


def listed(folder, index):
    try:
        return default_storage.listdir(folder)[index]
    except FileNotFoundError:
        return []


@pytest.fixture(autouse=True)
def empty_storage():
    # Before: tests of other rooms print as well.
    for key in stored_files():
        default_storage.delete(key)


def test_print_document_keeps_one_file(make_job, finished, django_capture_on_commit_callbacks):
    job = make_job(samples.full())

    with django_capture_on_commit_callbacks(execute=True):
        print_document(job.pk)

    job.refresh_from_db()
    artefact = job.artefact
    pdf = default_storage.open(artefact.key).read()
    assert (job.status, job.attempts, job.token, job.stage) == (Status.DONE, 1, None, "")
    assert job.finished_at is not None
    assert artefact.sha256 == hashlib.sha256(pdf).hexdigest()
    assert (artefact.size, artefact.page_count) == (len(pdf), job.page_count)
    assert artefact.key.startswith(f"artefacts/{job.address[:2]}/{job.address}-")
    assert stored_files() == [artefact.key]
    assert finished == [(job.pk, Status.DONE)]


def test_print_document_twice_prints_once(make_job):
    job = make_job()

    print_document(job.pk)
    print_document(job.pk)

    job.refresh_from_db()
    assert (job.attempts, Artefact.objects.count(), len(stored_files())) == (1, 1, 1)


def test_print_document_without_a_row_does_nothing():
    print_document(0)

    assert stored_files() == []


def test_a_picture_of_the_content_is_printed_only_as_it_was(make_job, monkeypatch):
    job = make_job({**samples.small(), "media": {"uploads/x.png": "0" * 64}})
    html = '<html lang="de"><body><h1>x</h1><img alt="x" src="media:uploads/x.png"></body></html>'
    monkeypatch.setattr(production, "document_html", lambda *_args, **_kwargs: html)

    print_document(job.pk)

    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert job.error == "„media:uploads/x.png“ wird nicht geladen: die Datei fehlt"


# Failing


def test_an_error_of_the_document_fails_at_once(
    make_job, finished, django_capture_on_commit_callbacks
):
    job = make_job(samples.small(text="🎈 erledigt"))

    with django_capture_on_commit_callbacks(execute=True):
        print_document(job.pk)

    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.FAILED, 1)
    assert job.error == (
        "Die Schrift kennt diese Zeichen nicht: 🎈 (U+1F388). Das erste steht in „🎈 erledigt“. "
        "Bitte ersetzen Sie die Zeichen, zum Beispiel durch Wörter."
    )
    assert stored_files() == []
    assert finished == [(job.pk, Status.FAILED)]


def test_a_file_that_is_not_accessible_fails(make_job, monkeypatch):
    job = make_job()
    html = (
        '<html lang="de"><head><title>x</title>'
        '<link rel="stylesheet" href="static:pdf/base.css"></head>'
        "<body><h1>Eins</h1><h3>Drei</h3></body></html>"
    )
    monkeypatch.setattr(production, "document_html", lambda *_args, **_kwargs: html)

    print_document(job.pk)

    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert job.error == (
        "Die Druckfassung ist nicht barrierefrei: Auf eine Überschrift der Ebene 1 folgt Ebene 3."
    )


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            SoftTimeLimitExceeded(),
            "Der Druck war nach 60 Minuten noch nicht fertig und wurde abgebrochen: Der Server ist "
            "überlastet. Bitte drucken Sie später noch einmal.",
        ),
        (MemoryError(), "Der Druck brauchte zu viel Speicher und wurde abgebrochen."),
    ],
)
def test_a_print_beyond_its_limits_fails(make_job, interrupt, error, sentence):
    def raise_error():
        raise error

    job = make_job()
    interrupt(raise_error)

    print_document(job.pk)

    job.refresh_from_db()
    assert (job.status, job.error) == (Status.FAILED, sentence)


def test_a_full_disk_is_tried_again(make_job, monkeypatch):
    def refuse(_key, _content):
        raise OSError(28, "No space left on device")

    job = make_job()
    with monkeypatch.context() as patch:
        patch.setattr(files, "keep", refuse)
        with pytest.raises(OSError, match="No space left"):
            print_document(job.pk)

    job.refresh_from_db()
    assert (job.status, job.token, job.attempts) == (Status.PENDING, None, 1)
    assert "No space left on device" in job.error
    print_document(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error, job.attempts) == (Status.DONE, "", 2)


def test_an_unexpected_error_fails_after_the_last_attempt(
    make_job, monkeypatch, settings, finished, django_capture_on_commit_callbacks
):
    def break_down(*_args, **_kwargs):
        raise ZeroDivisionError("x")

    job = make_job()
    monkeypatch.setattr(production, "document_html", break_down)

    for _attempt in range(settings.PRINT_ATTEMPTS):
        with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
            print_document(job.pk)

    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.FAILED, 5)
    assert job.error == "Beim Druck trat ein unerwarteter Fehler auf (ZeroDivisionError: x)."
    assert finished == [(job.pk, Status.FAILED)]


def test_a_worker_with_other_templates_leaves_the_job_to_another(make_job, settings, monkeypatch):
    job = make_job()
    with monkeypatch.context() as patch:
        patch.setattr(production, "template_version", lambda _kind, _language: "1" * 64)
        for _attempt in range(settings.PRINT_ATTEMPTS):
            job.refresh_from_db()
            assert job.status == Status.PENDING
            print_document(job.pk)

    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert job.error == (
        "Die Vorlage hat sich seit der Anforderung geändert. Bitte drucken Sie erneut."
    )
    assert stored_files() == []


# Losing


def test_a_worker_that_lost_the_lease_takes_its_file_away(make_job, interrupt, caplog):
    job = make_job()
    first_token = []

    def be_frozen_for_too_long():
        job.refresh_from_db()
        first_token.append(job.token)
        RenderJob.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
        sweep_jobs()
        interrupt(lambda: None)
        print_document(job.pk)

    interrupt(be_frozen_for_too_long)
    print_document(job.pk)

    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.DONE, 2)
    assert stored_files() == [job.artefact.key]
    assert str(first_token[0]) not in job.artefact.key
    assert "was lost to another worker" in caplog.text


def test_a_loser_deletes_the_file_it_has_already_written(make_job, monkeypatch):
    job = make_job()
    keep = files.keep

    def keep_and_lose(key, content):
        keep(key, content)
        assert stored_files() == [key]
        RenderJob.objects.filter(pk=job.pk).move(
            Status.RUNNING, Status.PENDING, **RenderJob.RELEASED
        )

    monkeypatch.setattr(files, "keep", keep_and_lose)
    print_document(job.pk)

    job.refresh_from_db()
    assert (job.status, Artefact.objects.count(), stored_files()) == (Status.PENDING, 0, [])


@pytest.mark.django_db(transaction=True)
def test_a_database_that_fails_at_the_end_leaves_no_file(make_job, monkeypatch):
    def fail(*_args):
        raise OperationalError("server closed the connection")

    job = make_job()
    monkeypatch.setattr(production, "_finish", fail)

    with pytest.raises(OperationalError):
        print_document(job.pk)

    job.refresh_from_db()
    assert (job.status, stored_files()) == (Status.PENDING, [])


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_arrived_after_all_keeps_its_file(make_job, monkeypatch):
    finish = production._finish
    atomic = production.transaction.atomic

    class LostAnswer:
        def __enter__(self):
            self.real = atomic()
            return self.real.__enter__()

        def __exit__(self, *error):
            self.real.__exit__(*error)
            raise OperationalError("server closed the connection")

    job = make_job()
    monkeypatch.setattr(production, "_finish", finish)
    with monkeypatch.context() as patch:
        patch.setattr(production.transaction, "atomic", LostAnswer)
        with pytest.raises(OperationalError):
            print_document(job.pk)

    job.refresh_from_db()
    assert job.status == Status.DONE
    assert stored_files() == [job.artefact.key]


def test_report_of_a_lost_job_ends_the_print(make_job):
    job = make_job()
    token = claim(job.pk)
    report = Report(job.pk, token, Heartbeat(job.pk, token))
    report("html", 0)
    RenderJob.objects.filter(pk=job.pk).move(Status.RUNNING, Status.PENDING, **RenderJob.RELEASED)

    with pytest.raises(LostLease):
        report("css", 0)


def test_report_writes_each_stage_and_at_most_one_line_a_second(
    make_job, django_assert_num_queries
):
    job = make_job()
    token = claim(job.pk)
    report = Report(job.pk, token, Heartbeat(job.pk, token))

    with django_assert_num_queries(2):
        report("css", 0)
        report("layout", 1)
        report("layout", 2)

    job.refresh_from_db()
    assert (job.stage, job.page_count) == ("layout", 1)


def test_report_survives_a_database_that_is_away(make_job, monkeypatch):
    job = make_job()
    token = claim(job.pk)
    report = Report(job.pk, token, Heartbeat(job.pk, token))

    class Away:
        def update(self, **_fields):
            raise DatabaseError

    report.mine = Away()

    report("html", 0)


# Heartbeat


@pytest.mark.django_db(transaction=True)
def test_heartbeat_extends_the_lease_while_the_worker_works(make_job, settings):
    settings.PRINT_LEASE_SECONDS = 0.6
    job = make_job()
    token = claim(job.pk)

    with Heartbeat(job.pk, token) as heartbeat:
        time.sleep(1.2)
        assert sweep_jobs() == 0

    assert not heartbeat.is_lost
    time.sleep(0.7)
    assert sweep_jobs() == 1


@pytest.mark.django_db(transaction=True)
def test_heartbeat_notices_that_the_job_is_lost(make_job, settings):
    settings.PRINT_LEASE_SECONDS = 0.3
    job = make_job()
    token = claim(job.pk)
    RenderJob.objects.filter(pk=job.pk).move(Status.RUNNING, Status.PENDING, **RenderJob.RELEASED)

    with Heartbeat(job.pk, token) as heartbeat:
        time.sleep(0.3)

    assert heartbeat.is_lost
    job.refresh_from_db()
    assert job.lease_until is None


# The process


@pytest.mark.slow
def test_limited_cpu_ends_what_takes_too_long_and_frees_the_next(make_job, interrupt, settings):
    settings.PRINT_CPU_SECONDS, settings.PRINT_CPU_SECONDS_PER_MILLION = 1, 0
    before = resource.getrlimit(resource.RLIMIT_CPU)
    job = make_job()
    interrupt(work_for_ever)

    print_document(job.pk)

    job.refresh_from_db()
    assert job.error.startswith("Der Druck brauchte mehr als 1 Sekunden Rechenzeit")
    assert resource.getrlimit(resource.RLIMIT_CPU) == before


def work_for_ever():
    while True:
        pass


def test_limited_cpu_outside_the_main_thread_is_no_limit():
    worked = []

    def work():
        with limited_cpu(1):
            worked.append(resource.getrlimit(resource.RLIMIT_CPU))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert worked == [resource.getrlimit(resource.RLIMIT_CPU)]


def test_the_key_of_a_file_names_its_address_and_its_claim():
    job = RenderJobFactory(running=True, address="ab" * 32)

    key = artefact_key(job.address, job.token)

    assert key == f"artefacts/ab/{'ab' * 32}-00000000-0000-4000-8000-000000000001.pdf"


def test_pikepdf_reads_the_file_without_a_repair(make_job, caplog):
    caplog.set_level(logging.WARNING)
    job = make_job(samples.full())
    print_document(job.pk)
    job.refresh_from_db()

    with pikepdf.open(io.BytesIO(default_storage.open(job.artefact.key).read())) as document:
        assert document.check_pdf_syntax() == []
        assert len(document.pages) == job.page_count


OTHER = "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def lost():
    """A job that this worker claimed and that another one has meanwhile: with the old token."""
    job = RenderJobFactory()
    token = claim(job.pk)
    RenderJob.objects.filter(pk=job.pk).update(token=OTHER, attempts=2)
    job.refresh_from_db()
    return job, token


def test_late_worker_finishes_nothing_and_leaves_no_file(lost, finished):
    job, token = lost
    printed = Printed(pdf=b"%PDF-", page_count=1)

    with pytest.raises(LostLease):
        production._keep(job, token, printed)

    job.refresh_from_db()
    assert (job.status, str(job.token)) == (Status.RUNNING, OTHER)
    assert not Artefact.objects.exists()
    assert stored_files() == []
    assert finished == []


@pytest.mark.parametrize("end", [production._fail, production._give_back])
@pytest.mark.parametrize("attempts", [2, 9])
def test_late_worker_fails_nothing_and_gives_nothing_back(lost, finished, end, attempts):
    job, token = lost
    RenderJob.objects.filter(pk=job.pk).update(attempts=attempts)

    end(job.pk, token, TooLong(limit=60))

    job.refresh_from_db()
    assert (job.status, str(job.token), job.error) == (Status.RUNNING, OTHER, "")
    assert finished == []
