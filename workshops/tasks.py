"""Background work: one call each."""

from celery import shared_task

from workshops.production import scan_attachment


@shared_task
def scan_attachment_task(*, attachment_id: int) -> None:
    scan_attachment(attachment_id)  # a second call finds nothing to do
