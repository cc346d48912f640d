"""Periodic work: invitations end when their time has passed."""

from celery import current_app, shared_task
from celery.schedules import crontab

from programmes.operations import expire_invitations


@shared_task
def expire_invitations_task() -> None:
    expire_invitations()


current_app.conf.beat_schedule |= {
    "programmes-invitations": {
        "task": expire_invitations_task.name,
        "schedule": crontab(hour="2", minute="40"),
        "options": {"expires": 3600},
    },
}
