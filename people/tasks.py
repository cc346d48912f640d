"""Background work: one call each."""

from celery import shared_task

from people.production import send_message


@shared_task
def send_message_task(*, message_id: int) -> None:
    send_message(message_id)  # claims the row; a second call finds nothing to do
