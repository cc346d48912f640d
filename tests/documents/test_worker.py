"""A real worker on the real broker, and what happens to it."""

import base64
import io
import os
import signal

import pytest
import redis
from PIL import Image

from documents import heartbeat
from documents.models import Artefact, RenderJob
from documents.operations import sweep_jobs
from tests.documents import samples
from tests.workers import celery_workers  # noqa: F401 - a fixture

Status = RenderJob.Status
LONG = samples.full(chapters=3, paragraphs=20)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def short_leases(settings):
    settings.PRINT_LEASE_SECONDS = 3
    settings.SWEEP_SECONDS = 1


SHORT = {"PRINT_LEASE_SECONDS": 3, "SWEEP_SECONDS": 1}


def has_status(job, status):
    return RenderJob.objects.filter(pk=job.pk, status=status).exists()


def is_being_laid_out(job):
    return RenderJob.objects.filter(pk=job.pk, stage="layout").exists()


def files_kept(folder):
    """All that lies there but the workplaces of printers that still wait for work."""
    found = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return sorted(path.name for path in found if path.parts[0] != "printers")


def assert_printed_once(job, folder):
    job.refresh_from_db()
    assert Artefact.objects.count() == 1
    assert files_kept(folder) == [job.artefact.key.rpartition("/")[2]]
    assert (folder / job.artefact.key).read_bytes()[:5] == b"%PDF-"


def test_a_killed_worker_still_gives_one_artefact(make_job, celery_workers, files_on_disk):  # noqa: F811
    worker = celery_workers.start_worker(**SHORT)
    job = make_job(LONG)
    celery_workers.wait_until(lambda: is_being_laid_out(job))

    celery_workers.kill(worker)
    celery_workers.start_worker(**SHORT)
    celery_workers.wait_until(lambda: sweep_jobs() > 0)
    celery_workers.wait_until(lambda: has_status(job, Status.DONE))

    assert_printed_once(job, files_on_disk)
    assert job.attempts == 2


def test_a_frozen_worker_that_wakes_up_changes_nothing(make_job, celery_workers, files_on_disk):  # noqa: F811
    frozen = celery_workers.start_worker(**SHORT)
    job = make_job(LONG)
    celery_workers.wait_until(lambda: is_being_laid_out(job))

    os.killpg(frozen.pid, signal.SIGSTOP)
    celery_workers.wait_until(lambda: sweep_jobs() > 0)
    celery_workers.start_worker(**SHORT)
    celery_workers.wait_until(lambda: has_status(job, Status.DONE), seconds=90)
    os.killpg(frozen.pid, signal.SIGCONT)
    celery_workers.wait_until(lambda: "was lost to another worker" in celery_workers.log())

    assert_printed_once(job, files_on_disk)
    assert job.attempts == 2


def test_an_emptied_broker_loses_no_print(make_job, celery_workers, files_on_disk, settings):  # noqa: F811
    job = make_job()
    redis.Redis.from_url(settings.REDIS_URL).flushdb()

    celery_workers.start_beat(**SHORT)
    celery_workers.start_worker(**SHORT)
    celery_workers.wait_until(lambda: has_status(job, Status.DONE))
    assert_printed_once(job, files_on_disk)
    assert job.attempts == 1

    next_job = make_job(samples.full())
    celery_workers.wait_until(lambda: has_status(next_job, Status.DONE))
    assert len(files_kept(files_on_disk)) == 2
    names = (heartbeat.BEAT, *heartbeat.QUEUES)
    celery_workers.wait_until(lambda: None not in heartbeat.ages_of_signs(names).values())


def test_memory_beyond_the_limit_ends_the_job_not_the_worker(make_job, celery_workers):  # noqa: F811
    stream = io.BytesIO()
    Image.new("RGB", (7_700, 7_700)).save(stream, "PNG")
    picture = f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
    worker = celery_workers.start_worker(**SHORT, PRINT_MEMORY_BYTES=700 * 1024**2)

    greedy = make_job(samples.full(picture=picture, chapters=1))
    celery_workers.wait_until(lambda: has_status(greedy, Status.FAILED))
    modest = make_job()
    celery_workers.wait_until(lambda: has_status(modest, Status.DONE))

    assert worker.poll() is None


def test_no_temporary_file_stays_after_a_kill_and_a_stop(
    make_job,
    celery_workers,  # noqa: F811
    files_on_disk,
    tmp_path,
):
    printers = tmp_path / "printers"
    killed = celery_workers.start_worker(**SHORT, VAR_DIR=tmp_path)
    job = make_job(samples.small())
    celery_workers.wait_until(lambda: has_status(job, Status.DONE))
    celery_workers.kill(killed)
    left = {path.name for path in printers.iterdir()}

    stopped = celery_workers.start_worker(**SHORT, VAR_DIR=tmp_path)
    assert left
    assert left.isdisjoint(path.name for path in printers.iterdir())
    stopped.terminate()
    stopped.wait(timeout=60)

    assert list(printers.iterdir()) == []
