"""Periodic work: the outbox is looked through for mails that no message announced."""

from celery import current_app, shared_task
from django.conf import settings

from people.operations import sweep_messages


@shared_task
def sweep_messages_task() -> None:
    sweep_messages()


current_app.conf.beat_schedule |= {
    "people-sweep": {
        "task": sweep_messages_task.name,
        "schedule": settings.SWEEP_SECONDS,
        "options": {"expires": settings.SWEEP_SECONDS},
    },
}
