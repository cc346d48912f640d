"""Periodic work: the outbox is looked through for mails that no message announced, and what is
left of ended sessions goes."""

from celery import current_app, shared_task
from celery.schedules import crontab
from django.conf import settings
from django.core.management import call_command

from people.operations import forget_ended_sessions, sweep_messages


@shared_task
def sweep_messages_task() -> None:
    sweep_messages()


@shared_task
def clear_sessions_task() -> None:
    call_command("clearsessions")
    forget_ended_sessions()


current_app.conf.beat_schedule |= {
    "people-sweep": {
        "task": sweep_messages_task.name,
        "schedule": settings.SWEEP_SECONDS,
        "options": {"expires": settings.SWEEP_SECONDS},
    },
    "people-sessions": {
        "task": clear_sessions_task.name,
        "schedule": crontab(hour="3", minute="40"),
        "options": {"expires": 3600},
    },
}
