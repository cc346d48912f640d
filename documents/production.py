"""Printing one job: claim, render, keep, finish.

Whoever holds the token of the row owns the job until its lease is over. A worker that lost the
row (killed, frozen, cut off from the database) can finish nothing and takes its file away.
"""

import hashlib
import logging
import threading
import time
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Self
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models.functions import Now

from documents import files, workplace
from documents.errors import (
    NotConforming,
    PrintError,
    TemplateChanged,
    TooMuchMemory,
    TooSlow,
    Unexpected,
)
from documents.kinds import get_kind, template_version
from documents.markup import document_html
from documents.models import Artefact, RenderJob
from documents.process import cpu_seconds, limited_cpu
from documents.rendering import Printed, pdf_from_html
from documents.signals import send_finished
from documents.verification import check_structure

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 1.0
MAX_ERROR = 2_000  # characters


class LostLease(Exception):
    """Another worker has the job, or nobody: this one must not finish it."""


class OtherVersion(Exception):
    """The address promises another template than this worker has; another worker may have it."""


def print_document(job_id: int) -> None:
    """Print the job if it waits; a second call finds nothing to do."""
    token = claim(job_id)
    if token is None:
        return
    job = RenderJob.objects.get(pk=job_id)
    try:
        with Heartbeat(job_id, token) as heartbeat:
            report = Report(job_id, token, heartbeat)
            printed = _print(job, report)
            report(RenderJob.Stage.STORING, printed.page_count)
            _keep(job, token, printed)
    except LostLease:
        logger.warning("Print job %s was lost to another worker", job_id)
    except PrintError as error:
        _fail(job_id, token, error)
    except SoftTimeLimitExceeded:
        _fail(job_id, token, TooSlow(limit=settings.PRINT_WALL_SECONDS // 60))
    except MemoryError:
        _fail(job_id, token, TooMuchMemory())
    except OtherVersion:
        _give_back(job_id, token, TemplateChanged())
    except Exception as error:
        _give_back(job_id, token, Unexpected(error=f"{type(error).__name__}: {error}"))
        raise
    finally:
        workplace.tidy_up()


def claim(job_id: int) -> UUID | None:
    """Make the job this worker's for the length of a lease; None if it does not wait."""
    return RenderJob.objects.claim(job_id, lease(), stage=RenderJob.Stage.NONE, page_count=0)


def lease() -> timedelta:
    return timedelta(seconds=settings.PRINT_LEASE_SECONDS)


def _print(job: RenderJob, report: "Report") -> Printed:
    kind = get_kind(job.kind)
    if template_version(kind, job.language) != job.template_version:
        raise OtherVersion
    html = document_html(kind, job.content, language=job.language)
    with limited_cpu(cpu_seconds(html)):
        return _print_html(html, job, report)


def _print_html(html: str, job: RenderJob, report: "Report") -> Printed:
    kind = get_kind(job.kind)
    printed = pdf_from_html(
        html,
        language=job.language,
        media=job.content.get("media"),
        attachments=kind.attachments(job.content),
        progress=report,
    )
    report(RenderJob.Stage.FINISHING, printed.page_count)
    findings = check_structure(printed.pdf, families=kind.families)
    if findings:
        raise NotConforming(findings=" · ".join(findings))
    return printed


def _keep(job: RenderJob, token: UUID, printed: Printed) -> None:
    """Store the file, then finish the job, if it is still this worker's. Raises LostLease."""
    key = files.artefact_key(job.address, token)
    files.keep(key, printed.pdf)
    try:
        with transaction.atomic():
            _finish(job, token, key, printed)
    except LostLease:
        files.discard(key)
        raise
    except (DatabaseError, InterfaceError):
        # Whether the commit arrived is unknown. Only a row that certainly is not there frees the
        # file; otherwise the sweeper or the collector decides.
        _drop_broken_connection()
        if not Artefact.objects.filter(key=key).exists():
            files.discard(key)
        raise


def _finish(job: RenderJob, token: UUID, key: str, printed: Printed) -> None:
    is_mine = RenderJob.objects.held(job.pk, token).release(
        RenderJob.Status.DONE,
        finished_at=Now(),
        page_count=printed.page_count,
        error="",
    )
    if not is_mine:
        raise LostLease
    Artefact.objects.create(
        job=job,
        key=key,
        sha256=hashlib.sha256(printed.pdf).hexdigest(),
        size=len(printed.pdf),
        page_count=printed.page_count,
    )
    transaction.on_commit(partial(send_finished, job.pk), robust=True)


def _fail(job_id: int, token: UUID, error: PrintError) -> None:
    logger.warning("Print job %s failed: %s", job_id, error)
    with transaction.atomic():
        is_mine = RenderJob.objects.held(job_id, token).release(
            RenderJob.Status.FAILED,
            finished_at=Now(),
            error=str(error)[:MAX_ERROR],
        )
        if is_mine:
            transaction.on_commit(partial(send_finished, job_id), robust=True)


def _give_back(job_id: int, token: UUID, error: PrintError) -> None:
    """Let another attempt follow at the next sweep but one, or fail after the last."""
    logger.warning("Print job %s is given back: %s", job_id, error)
    _drop_broken_connection()
    mine = RenderJob.objects.held(job_id, token)
    if mine.filter(attempts__gte=settings.PRINT_ATTEMPTS).exists():
        _fail(job_id, token, error)
        return
    mine.release(RenderJob.Status.PENDING, announced_at=Now(), error=str(error)[:MAX_ERROR])


def _drop_broken_connection() -> None:
    """Let the next query connect anew after the database went away."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


class Heartbeat(threading.Thread):
    """Extends the lease while the worker works, over a database connection of its own."""

    def __init__(self, job_id: int, token: UUID):
        super().__init__(name=f"heartbeat-{job_id}", daemon=True)
        self.job_id = job_id
        self.token = token
        self.is_lost = False
        self._end = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end.set()
        self.join()

    def run(self) -> None:
        try:
            while not self._end.wait(settings.PRINT_LEASE_SECONDS / 3):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        mine = RenderJob.objects.held(self.job_id, self.token)
        try:
            self.is_lost = not mine.update(lease_until=Now() + lease())
        except (DatabaseError, InterfaceError):
            # A database that is away for less than a lease costs nothing.
            connection.close()


class Report:
    """Writes stage and pages to the row, at most once a second within a stage."""

    def __init__(self, job_id: int, token: UUID, heartbeat: Heartbeat):
        self.mine = RenderJob.objects.held(job_id, token)
        self.heartbeat = heartbeat
        self.stage = ""
        self.written = 0.0

    def __call__(self, stage: str, page_count: int) -> None:
        """Raises LostLease when the job is no longer this worker's."""
        now = time.monotonic()
        is_due = stage != self.stage or now - self.written >= PROGRESS_SECONDS
        if not is_due and not self.heartbeat.is_lost:
            return
        self.stage, self.written = stage, now
        try:
            is_mine = self.mine.update(stage=stage, page_count=page_count)
        except (DatabaseError, InterfaceError):
            # Progress is for looking at; the end of the job asks the database again.
            _drop_broken_connection()
            return
        if not is_mine:
            raise LostLease
