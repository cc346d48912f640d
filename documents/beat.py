"""Periodic work of the print room.

Every app registers its own: put the task into `current_app.conf.beat_schedule` under a name that
starts with the app. Beat reads the schedule after it has loaded every `beat.py`. `expires` keeps
the messages of a worker that is away from piling up.
"""

from celery import current_app, shared_task
from celery.schedules import crontab
from celery.signals import before_task_publish
from django.conf import settings

from documents import heartbeat
from documents.operations import collect_orphans, sweep_jobs


@shared_task
def sweep_jobs_task() -> None:
    sweep_jobs()


@shared_task
def collect_orphans_task() -> None:
    collect_orphans()


@shared_task
def heartbeat_task(*, queue: str) -> None:
    """Leave a sign of life of the workers of this queue for the health page."""
    heartbeat.leave_sign(queue)


@before_task_publish.connect
def leave_sign_of_beat(sender: str | None = None, **_kwargs: object) -> None:
    """Only beat publishes this task: it lives when it does."""
    if sender == heartbeat_task.name:
        heartbeat.leave_sign(heartbeat.BEAT)


current_app.conf.beat_schedule |= {
    "documents-sweep": {
        "task": sweep_jobs_task.name,
        "schedule": settings.SWEEP_SECONDS,
        "options": {"expires": settings.SWEEP_SECONDS},
    },
    "documents-orphans": {
        "task": collect_orphans_task.name,
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 3600},
    },
    **{
        f"documents-heartbeat-{queue}": {
            "task": heartbeat_task.name,
            "kwargs": {"queue": queue},
            "schedule": heartbeat.SECONDS,
            "options": {"expires": heartbeat.SECONDS, "queue": queue},
        }
        for queue in heartbeat.QUEUES
    },
}
