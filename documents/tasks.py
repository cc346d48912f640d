"""Background work: one call each."""

from celery import shared_task
from django.conf import settings

from documents.production import print_document


@shared_task(
    soft_time_limit=settings.PRINT_WALL_SECONDS, time_limit=settings.PRINT_WALL_SECONDS + 60
)
def print_document_task(*, job_id: int) -> None:
    print_document(job_id)  # claims the row; a second call finds nothing to do
