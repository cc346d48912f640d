"""Periodic work of the print room.

Every app registers its own: put the task into `current_app.conf.beat_schedule` under a name that
starts with the app. Beat reads the schedule after it has loaded every `beat.py`. `expires` keeps
the messages of a worker that is away from piling up.
"""

from celery import current_app, shared_task
from celery.schedules import crontab
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from documents.operations import collect_orphans, sweep_jobs

HEARTBEAT_KEY = "beat:last"
HEARTBEAT_SECONDS = 20


@shared_task
def sweep_jobs_task() -> None:
    sweep_jobs()


@shared_task
def collect_orphans_task() -> None:
    collect_orphans()


@shared_task
def heartbeat_task() -> None:
    """Leave a sign of life of beat, broker and worker for the health page."""
    cache.set(HEARTBEAT_KEY, timezone.now().isoformat(), timeout=None)


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
    "documents-heartbeat": {
        "task": heartbeat_task.name,
        "schedule": HEARTBEAT_SECONDS,
        "options": {"expires": HEARTBEAT_SECONDS},
    },
}
