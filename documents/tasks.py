"""Background work: one call each."""

from celery import shared_task

from documents.production import print_document


@shared_task
def print_document_task(*, job_id: int) -> None:
    print_document(job_id)  # claims the row; a second call finds nothing to do
