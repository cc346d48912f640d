import datetime
import os
import threading
from datetime import timedelta
from unittest.mock import ANY

import celery
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from documents import operations, production
from documents.errors import UnknownKind
from documents.files import artefact_key
from documents.models import Artefact, RenderJob
from documents.operations import (
    ContentNotPlain,
    announce,
    collect_orphans,
    content_address,
    plain_content,
    reprint,
    request_print,
    sweep_jobs,
)
from documents.production import claim, print_document
from tests.documents import samples
from tests.factories import ArtefactFactory, RenderJobFactory

Status = RenderJob.Status
pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(
        celery.current_app._get_current_object(),
        "send_task",
        lambda name, kwargs: messages.append((name, kwargs)),
    )
    return messages


def messages_for(*jobs):
    return [("documents.tasks.print_document_task", {"job_id": job.pk}) for job in jobs]


# What waits, and what can follow


@pytest.mark.parametrize("before", Status)
@pytest.mark.parametrize("after", Status)
def test_a_job_moves_only_as_the_table_says(before, after):
    trait = {} if before == Status.PENDING else {before.value: True}
    job = RenderJobFactory(**trait)
    jobs = RenderJob.objects.filter(pk=job.pk)
    fields = {"token": "0" * 32, "lease_until": Now()} if after == Status.RUNNING else {}

    if after in RenderJob.NEXT[before]:
        assert jobs.move(before, after, **fields) == 1
        job.refresh_from_db()
        assert job.status == after
        assert jobs.move(before, after, **fields) == 0
    else:
        with pytest.raises(RenderJob.WrongStatus):
            jobs.move(before, after, **fields)
        job.refresh_from_db()
        assert job.status == before


# Asking


def test_request_print_freezes_content_and_announces(
    make_job, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = make_job(samples.small(words=("a", "b")))

    assert sent == messages_for(job)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.PENDING, 0)
    assert job.content == samples.small(words=["a", "b"])
    assert job.announced_at is not None


def test_request_print_of_the_same_content_returns_the_same_job(
    make_job, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first, again = make_job(), make_job(title="Anderer Titel")

    assert again == first
    assert sent == messages_for(first)


def test_request_print_of_other_content_or_language_is_another_job(make_job):
    jobs = {make_job().pk, make_job(samples.small(x=1)).pk, make_job(language="en").pk}

    assert len(jobs) == 3


def test_repeated_print_renders_nothing(make_job, monkeypatch):
    job = make_job()
    print_document(job.pk)
    renders = []
    monkeypatch.setattr(production, "pdf_from_html", lambda *_args, **_kw: renders.append(1))

    again = make_job()
    print_document(again.pk)

    assert renders == []
    assert again == job
    assert again.artefact.job_id == job.pk


def test_request_print_after_a_failure_starts_over(
    make_job, sent, django_capture_on_commit_callbacks
):
    job = make_job()
    RenderJob.objects.filter(pk=job.pk).update(
        status=Status.FAILED, attempts=5, error="kaputt", finished_at=Now()
    )

    with django_capture_on_commit_callbacks(execute=True):
        again = make_job()

    assert again == job
    assert (again.status, again.attempts, again.error) == (Status.PENDING, 0, "")
    assert again.finished_at is None
    assert sent == messages_for(job)


def test_request_print_of_an_unknown_kind_is_refused(make_job):
    with pytest.raises(UnknownKind, match="flyer"):
        make_job(kind="flyer")


def test_request_print_survives_a_broker_that_is_away(
    make_job, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(*_args, **_kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(celery.current_app._get_current_object(), "send_task", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        job = make_job()

    job.refresh_from_db()
    assert (job.status, job.announced_at) == (Status.PENDING, None)


@pytest.mark.django_db(transaction=True)
def test_request_print_twice_at_the_same_moment_makes_one_job(sample_kind, sent):
    barrier = threading.Barrier(4)
    jobs = []

    def ask():
        barrier.wait()
        try:
            jobs.append(
                request_print(
                    kind="sample",
                    title="Muster",
                    filename="muster.pdf",
                    language="de",
                    content=samples.small(),
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(jobs) == 4
    assert RenderJob.objects.count() == 1
    assert sent == messages_for(jobs[0])


def test_reprint_under_an_unchanged_template_is_the_same_job(make_job):
    job = make_job()

    assert reprint(job) == job


def test_reprint_under_a_changed_template_is_a_new_job_with_the_same_content(make_job, monkeypatch):
    job = make_job()
    monkeypatch.setattr(operations, "template_version", lambda _kind, _language: "1" * 64)

    again = reprint(job)

    assert again != job
    assert (again.content, again.title, again.language) == (job.content, job.title, job.language)


# Content


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ([], "content: list"),
        ({"day": datetime.date(2016, 5, 2)}, r"content\.day: date"),
        ({"list": [1, {2, 3}]}, r"content\.list\[1\]: set"),
        ({"a": {1: "x"}}, r"content\.a: a key"),
        ({"a": float("nan")}, r"content\.a: nan"),
        ({"a": float("inf")}, r"content\.a: inf"),
        ({"a": "\0"}, r"content\.a: a character"),
        ({"a": "\ud800"}, r"content\.a: a character"),
        ({"\0": "a"}, "content: a character"),
    ],
)
def test_content_that_is_not_plain_is_refused_with_its_path(content, path):
    with pytest.raises(ContentNotPlain, match=path):
        plain_content(content)


def test_plain_content_is_what_the_database_gives_back(make_job):
    content = {"title": "T", "a": (1, 2.5, None, True), "b": {"c": "ß"}, "d": 2.0, "e": 1e22}

    job = make_job(content)
    stored = RenderJob.objects.get(pk=job.pk).content

    assert stored == plain_content(content) == plain_content(stored)
    assert stored["a"] == [1, 2.5, None, True]


def test_address_does_not_depend_on_the_order_of_keys():
    one = content_address("sample", "de", {"a": 1, "b": 2}, "v")

    assert one == content_address("sample", "de", {"b": 2, "a": 1}, "v")
    assert one != content_address("sample", "de", {"a": 1, "b": 2}, "w")


# Sweeping


@pytest.fixture
def age(db):
    def make_older(job, seconds, **fields):
        moved = {name: Now() - timedelta(seconds=seconds) for name in fields.pop("fields")}
        RenderJob.objects.filter(pk=job.pk).update(**moved, **fields)

    return make_older


def test_sweeper_announces_what_was_never_announced(sent, age):
    fresh, forgotten = RenderJobFactory(), RenderJobFactory()
    age(forgotten, 31, fields=["requested_at"])

    assert sweep_jobs() == 1

    assert sent == messages_for(forgotten)
    fresh.refresh_from_db()
    assert fresh.announced_at is None


def test_sweeper_announces_again_when_the_message_is_lost(sent, age):
    waiting, lost = RenderJobFactory(), RenderJobFactory()
    age(waiting, 29, fields=["requested_at", "announced_at"])
    age(lost, 31, fields=["requested_at", "announced_at"])

    sweep_jobs()

    assert sent == messages_for(lost)


def test_sweeper_takes_back_what_a_lost_worker_held(sent, age):
    job = RenderJobFactory(running=True)
    age(job, 1, fields=["lease_until"])
    key = artefact_key(job.address, job.token)
    default_storage.save(key, ContentFile(b"half"))

    assert sweep_jobs() == 1

    job.refresh_from_db()
    assert (job.status, job.token, job.lease_until) == (Status.PENDING, None, None)
    assert sent == messages_for(job)
    assert not default_storage.exists(key)


@pytest.fixture(autouse=True)
def run_on_commit(request, monkeypatch):
    # Callbacks of sweeps and prints run at once in tests that roll back.
    if "django_capture_on_commit_callbacks" in request.fixturenames:
        return
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        monkeypatch.setattr(
            transaction, "on_commit", lambda function, using=None, robust=False: function()
        )


def test_sweeper_leaves_a_job_whose_worker_is_alive(sent):
    job = RenderJobFactory(running=True)

    assert sweep_jobs() == 0

    job.refresh_from_db()
    assert job.status == Status.RUNNING


def test_sweeper_gives_up_after_the_last_attempt(sent, age, finished, settings):
    job = RenderJobFactory(running=True)
    age(job, 1, fields=["lease_until"], attempts=settings.PRINT_ATTEMPTS)

    assert sweep_jobs() == 0

    job.refresh_from_db()
    assert (job.status, job.token) == (Status.FAILED, None)
    assert job.error == "Der Drucker ist 5-mal mitten in der Arbeit ausgefallen."
    assert job.finished_at is not None
    assert finished == [(job.pk, Status.FAILED)]
    assert sent == []


def test_sweeper_keeps_the_error_of_the_attempt_before(age, settings):
    job = RenderJobFactory(running=True, error="Platte voll")
    age(job, 1, fields=["lease_until"], attempts=settings.PRINT_ATTEMPTS)

    sweep_jobs()

    job.refresh_from_db()
    assert job.error == "Platte voll"


def test_sweeper_ignores_the_clock_of_its_machine(sent, monkeypatch):
    job = RenderJobFactory(running=True)
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC))

    assert sweep_jobs() == 0

    job.refresh_from_db()
    assert job.status == Status.RUNNING


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_announce_a_lost_job_once(sent, age):
    job = RenderJobFactory(running=True)
    age(job, 1, fields=["lease_until"])
    counts = []

    def sweep():
        try:
            counts.append(sweep_jobs())
        finally:
            connection.close()

    with transaction.atomic():
        RenderJob.objects.select_for_update().get(pk=job.pk)
        other = threading.Thread(target=sweep)
        other.start()
        other.join()

    sweep()

    assert counts == [0, 1]
    assert sent == messages_for(job)


def test_announce_of_a_job_that_is_done_sets_nothing(sent):
    job = RenderJobFactory(done=True)

    announce(job.pk)

    job.refresh_from_db()
    assert job.announced_at is None


# Claiming


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_at_the_same_moment_one_wins():
    assert claims(claim) == [None, ANY]


@pytest.mark.django_db(transaction=True)
def test_without_the_condition_both_claims_win():
    def claim_without_condition(job_id):
        job = RenderJob.objects.get(pk=job_id)
        both_have_looked.wait()
        if job.status == Status.PENDING:
            job.status, job.token, job.lease_until = Status.RUNNING, "0" * 32, timezone.now()
            job.save()
            return job.token
        return None

    both_have_looked = threading.Barrier(2)

    assert claims(claim_without_condition) == ["0" * 32, "0" * 32]


def claims(function):
    job = RenderJobFactory()
    barrier = threading.Barrier(2)
    tokens = []

    def run():
        barrier.wait()
        try:
            tokens.append(function(job.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(tokens, key=bool)


# Collecting


def old_file(folder, key):
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    day = datetime.timedelta(hours=25)
    moment = (datetime.datetime.now(datetime.UTC) - day).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_collector_deletes_old_files_without_a_row(files_on_disk):
    stray = old_file(files_on_disk, "artefacts/ab/stray.pdf")
    unfinished = old_file(files_on_disk, "artefacts/ab/.x.tmp")
    named = old_file(files_on_disk, ArtefactFactory(key="artefacts/ab/named.pdf").key)
    upload = old_file(files_on_disk, "uploads/photo.jpg")
    running = RenderJobFactory(running=True)
    held = old_file(files_on_disk, artefact_key(running.address, running.token))
    fresh = files_on_disk / "artefacts/ab/fresh.pdf"
    fresh.write_bytes(b"x")

    assert collect_orphans() == 2

    left = {path for path in files_on_disk.rglob("*") if path.is_file()}
    assert left == {named, upload, held, fresh}
    assert not stray.exists()
    assert not unfinished.exists()


@pytest.mark.expects_error_log
def test_collector_reports_rows_without_a_file(files_on_disk, caplog):
    artefact = ArtefactFactory()

    collect_orphans()

    assert artefact.key in caplog.text
    assert Artefact.objects.filter(pk=artefact.pk).exists()


def test_collector_finds_nothing_where_nothing_was_printed(files_on_disk):
    assert collect_orphans() == 0
