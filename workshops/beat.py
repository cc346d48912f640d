"""Periodic work: files that wait for the virus scanner."""

from celery import current_app, shared_task

from workshops.operations import sweep_scans

SWEEP_SECONDS = 60


@shared_task
def sweep_scans_task() -> None:
    sweep_scans()


current_app.conf.beat_schedule |= {
    "workshops-scans": {
        "task": sweep_scans_task.name,
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
}
