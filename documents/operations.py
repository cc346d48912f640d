"""Asking for a print, and looking after the jobs that nobody works on."""

import hashlib
import json
import logging
from datetime import timedelta
from functools import partial
from typing import Any

import celery
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.text import Truncator

from documents import files
from documents.errors import WorkerLost
from documents.kinds import get_kind, template_version
from documents.models import Artefact, RenderJob
from documents.signals import send_finished
from lifecycle.leases import send_hint

logger = logging.getLogger(__name__)

ORPHAN_AGE = timedelta(hours=24)


class ContentNotPlain(TypeError):
    """The content is not plain JSON; names where."""


TITLE_LENGTH = 300


def request_print(
    *, kind: str, title: str, filename: str, language: str, content: dict[str, Any]
) -> RenderJob:
    """Ask for a document and freeze its content; return the job, an old one for the same content.

    Raises UnknownKind, ContentNotPlain.
    """
    plain = plain_content(content)
    version = template_version(get_kind(kind), language)
    address = content_address(kind, language, plain, version)
    with transaction.atomic():
        job, is_new = RenderJob.objects.get_or_create(
            address=address,
            defaults={
                "kind": kind,
                # Written-out placeholders may make it longer than any title that was typed.
                "title": Truncator(title).chars(TITLE_LENGTH),
                "filename": filename,
                "language": language,
                "content": plain,
                "template_version": version,
            },
        )
        if is_new or _revive(job):
            job.refresh_from_db()
            transaction.on_commit(partial(announce, job.pk), robust=True)
    return job


def reprint(job: RenderJob) -> RenderJob:
    """Print the content of this job with today's template; the same job when nothing changed."""
    return request_print(
        kind=job.kind,
        title=job.title,
        filename=job.filename,
        language=job.language,
        content=job.content,
    )


def _revive(job: RenderJob) -> bool:
    """Give a failed job its attempts back; False if it has not failed."""
    return bool(
        RenderJob.objects.filter(pk=job.pk).move(
            RenderJob.Status.FAILED,
            RenderJob.Status.PENDING,
            attempts=0,
            requested_at=Now(),
            announced_at=None,
            finished_at=None,
            error="",
        )
    )


def content_address(kind: str, language: str, content: dict[str, Any], version: str) -> str:
    """Return the SHA-256 that names a document: same address, same bytes."""
    what = {"kind": kind, "language": language, "content": content, "template": version}
    canonical = json.dumps(what, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def plain_content(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content as JSON will give it back. Raises ContentNotPlain."""
    if not isinstance(content, dict):
        raise ContentNotPlain(f"content: {type(content).__name__}")
    return _plain(content, "content")


def _plain(value: Any, path: str) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        if "\0" in value or _has_surrogate(value):  # unknown to PostgreSQL and to UTF-8
            raise ContentNotPlain(f"{path}: a character that cannot be stored")
        return str(value)
    if isinstance(value, float):
        if value - value != 0:
            raise ContentNotPlain(f"{path}: {value}")
        # jsonb gives 2.0 back as 2.0 and 1e22 as an integer: one spelling for both.
        return int(value) if value.is_integer() else value
    if isinstance(value, list | tuple):
        return [_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ContentNotPlain(f"{path}: a key that is no text")
        return {_plain(key, path): _plain(item, f"{path}.{key}") for key, item in value.items()}
    raise ContentNotPlain(f"{path}: {type(value).__name__}")


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def announce(job_id: int) -> None:
    """Send the hint that a job waits.

    By the name of the task: a web process need not load the layout engine.
    """
    send = celery.current_app.send_task
    if send_hint(send, "documents.tasks.print_document_task", kwargs={"job_id": job_id}):
        waiting = RenderJob.objects.due().filter(pk=job_id)
        waiting.update(announced_at=Now())


def sweep_jobs() -> int:
    """Announce what waits without a message, take back what a lost worker held; return how many."""
    taken_back = _take_back_lost()
    due = RenderJob.objects.due()
    waiting = (due.not_announced() | due.filter(pk__in=taken_back)).order_by("requested_at", "pk")
    announced = list(waiting.values_list("pk", flat=True))
    for job_id in announced:
        announce(job_id)
    return len(announced)


def _take_back_lost() -> list[int]:
    """Move jobs whose lease is over to PENDING, or to FAILED after the last attempt."""
    lost = RenderJob.objects.lost()
    taken_back = []
    for job_id in list(lost.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            job = lost.select_for_update(skip_locked=True).filter(pk=job_id).first()
            # Another sweeper has it, or its worker came back.
            if job is None or job.token is None:
                continue
            key = files.artefact_key(job.address, job.token)
            mine = RenderJob.objects.filter(pk=job_id)
            if job.attempts < settings.PRINT_ATTEMPTS:
                mine.release(RenderJob.Status.PENDING)
                taken_back.append(job_id)
            else:
                mine.release(
                    RenderJob.Status.FAILED,
                    finished_at=Now(),
                    error=job.error or str(WorkerLost(attempts=job.attempts)),
                )
                transaction.on_commit(partial(send_finished, job_id), robust=True)
            # A worker lost between its file and its row leaves the file.
            transaction.on_commit(partial(files.discard, key), robust=True)
    return taken_back


def collect_orphans() -> int:
    """Delete files older than a day that no row names; report rows without a file.

    Return how many files were deleted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (now,) = cursor.fetchone()
    known = set(Artefact.objects.values_list("key", flat=True))
    held = {
        files.artefact_key(address, token)
        for address, token in RenderJob.objects.filter(status=RenderJob.Status.RUNNING).values_list(
            "address", "token"
        )
        if token
    }
    orphans = [key for key in files.stored_before(now - ORPHAN_AGE) if key not in known | held]
    for key in orphans:
        files.discard(key)
    for key in sorted(key for key in known if not files.exists(key)):
        logger.error("The file of a printed document is missing: %s", key)
    return len(orphans)
