"""Periodic work of publications: what was held back by an embargo goes out."""

from celery import current_app, shared_task
from django.conf import settings

from publications.operations import publish_due_releases


@shared_task
def publish_due_releases_task() -> None:
    publish_due_releases()


current_app.conf.beat_schedule |= {
    "publications-embargo": {
        "task": publish_due_releases_task.name,
        "schedule": settings.SWEEP_SECONDS,
        "options": {"expires": settings.SWEEP_SECONDS},
    },
}
