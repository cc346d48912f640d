"""What a page says about a print, from the request to the file."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.models import RenderJob

# How far a stage has come when it begins, of 100. Layout takes two thirds of the time.
BEGINS_AT = {
    RenderJob.Stage.NONE: 2,
    RenderJob.Stage.HTML: 5,
    RenderJob.Stage.CSS: 10,
    RenderJob.Stage.LAYOUT: 15,
    RenderJob.Stage.DRAWING: 75,
    RenderJob.Stage.FINISHING: 90,
    RenderJob.Stage.STORING: 97,
}


def job_progress(job: RenderJob, *, poll_url: str = "", file_url: str = "") -> dict[str, Any]:
    """Return the context of `documents/_job.html`.

    `poll_url` answers with the fragment again, `file_url` with the file; both are the owner's.
    """
    return {
        "job": job,
        "percent": percent(job),
        "sentence": sentence(job),
        "artefact": getattr(job, "artefact", None),
        "poll_url": poll_url,
        "file_url": file_url,
    }


def percent(job: RenderJob) -> int:
    """Return how far the job is, 0 to 100. Within the layout it nears the next stage by pages."""
    if job.status == RenderJob.Status.DONE:
        return 100
    if job.status != RenderJob.Status.RUNNING:
        return 0
    begin = BEGINS_AT[RenderJob.Stage(job.stage)]
    if job.stage != RenderJob.Stage.LAYOUT:
        return begin
    # Nobody knows the number of pages before the last one is laid out.
    room = BEGINS_AT[RenderJob.Stage.DRAWING] - begin
    return begin + round(room * job.page_count / (job.page_count + 20))


def sentence(job: RenderJob) -> str:
    """Say in words how far the job is."""
    match job.status:
        case RenderJob.Status.PENDING if job.attempts:
            return _("Der Druck wurde unterbrochen und beginnt gleich von vorn.")
        case RenderJob.Status.PENDING:
            return _("Der Druck wartet auf einen freien Drucker.")
        case RenderJob.Status.FAILED:
            return _("Der Druck ist fehlgeschlagen.")
        case RenderJob.Status.DONE:
            return _("Die Druckfassung ist fertig.")
    stage = RenderJob.Stage(job.stage)
    if stage == RenderJob.Stage.NONE:
        return _("Der Druck beginnt.")
    if not job.page_count:
        return _("Schritt: %(stage)s") % {"stage": stage.label}
    return ngettext(
        "Schritt: %(stage)s, %(count)s Seite",
        "Schritt: %(stage)s, %(count)s Seiten",
        job.page_count,
    ) % {"stage": stage.label, "count": job.page_count}
