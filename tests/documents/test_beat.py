import celery
import pytest

from documents import beat, heartbeat, tasks
from documents.models import RenderJob
from tests.documents import samples


def test_every_periodic_task_exists_and_lets_its_message_expire(settings):
    schedule = {
        name: entry
        for name, entry in celery.current_app.conf.beat_schedule.items()
        if name.startswith("documents-")
    }

    assert sorted(schedule) == [
        "documents-heartbeat-default",
        "documents-heartbeat-pdf",
        "documents-orphans",
        "documents-sweep",
    ]
    assert schedule["documents-sweep"]["schedule"] == settings.SWEEP_SECONDS
    assert all(entry["task"] in celery.current_app.tasks for entry in schedule.values())
    assert all(entry["options"]["expires"] for entry in schedule.values())


def test_printing_has_its_own_queue(settings):
    assert settings.CELERY_TASK_ROUTES[tasks.print_document_task.name] == {"queue": "pdf"}


def test_heartbeat_is_a_sign_of_its_queue_only():
    heartbeat.forget_sign("default")
    heartbeat.forget_sign("pdf")

    beat.heartbeat_task(queue="pdf")

    ages = heartbeat.ages_of_signs(["default", "pdf"])
    assert ages["default"] is None
    assert 0 <= ages["pdf"] < 10


@pytest.mark.django_db
def test_tasks_call_their_operations(make_job):
    job = make_job(samples.small())

    tasks.print_document_task(job_id=job.pk)
    beat.sweep_jobs_task()
    beat.collect_orphans_task()

    job.refresh_from_db()
    assert job.status == RenderJob.Status.DONE
