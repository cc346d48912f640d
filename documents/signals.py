"""The one thing `documents` tells the apps above it."""

from django.dispatch import Signal

from documents.models import RenderJob

# Sent with `job` after the commit that made it DONE or FAILED. Receivers run in the worker.
job_finished = Signal()


def send_finished(job_id: int) -> None:
    """Tell the owner; a receiver's exception is logged and changes nothing about the job."""
    job = RenderJob.objects.select_related("artefact").get(pk=job_id)
    job_finished.send_robust(sender=RenderJob, job=job)
