"""Printing: what was asked for (RenderJob) and what came out (Artefact)."""

from typing import TypeAlias

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from lifecycle.leases import Leased, LeasedQuerySet
from texts.fields import LineField, PlainTextField


class RenderJobQuerySet(LeasedQuerySet["RenderJob"]):
    """Print jobs."""


class RenderJobStatus(models.TextChoices):
    PENDING = "pending", _("wartet")
    RUNNING = "running", _("wird gedruckt")
    DONE = "done", _("fertig")
    FAILED = "failed", _("fehlgeschlagen")


class RenderJob(Leased):
    """A document that somebody wants on paper, with the content frozen at the request.

    The row is the truth, the message to the worker only a hint. The owner of the document
    holds the foreign key and serves the file behind its own gate.
    """

    Status: TypeAlias = RenderJobStatus

    NEXT = {
        Status.PENDING: {Status.RUNNING},
        Status.RUNNING: {Status.DONE, Status.FAILED, Status.PENDING},
        Status.DONE: set(),
        Status.FAILED: {Status.PENDING},
    }

    class Stage(models.TextChoices):
        NONE = "", "–"
        HTML = "html", _("Inhalt")
        CSS = "css", _("Gestaltung")
        LAYOUT = "layout", _("Umbruch")
        DRAWING = "drawing", _("Seiten")
        FINISHING = "finishing", _("Prüfung")
        STORING = "storing", _("Ablage")

    class WrongStatus(Leased.WrongStatus):
        sentence = _("Der Druckauftrag ist inzwischen in einem anderen Status.")

    WAITING, AT_WORK, WAITS_SINCE = Status.PENDING, Status.RUNNING, "requested_at"
    RELEASED = {**Leased.RELEASED, "stage": Stage.NONE}

    belongs_to = None

    kind = LineField(_("Art"), max_length=40)
    title = LineField(_("Titel"), max_length=300)
    filename = LineField(_("Dateiname"), max_length=200)
    language = LineField(_("Sprache"), max_length=5)
    content = models.JSONField(_("Inhalt"))
    # SHA-256 of kind, language, content and template version: same address, same bytes.
    address = LineField(_("Adresse"), max_length=64, unique=True)
    template_version = LineField(_("Fassung der Vorlage"), max_length=64)
    status = LineField(_("Status"), max_length=10, choices=Status.choices, default=Status.PENDING)
    requested_at = models.DateTimeField(_("angefordert am"), db_default=Now())
    stage = LineField(
        _("Schritt"), max_length=12, choices=Stage.choices, default=Stage.NONE, blank=True
    )
    page_count = models.PositiveIntegerField(_("Seiten"), default=0)
    finished_at = models.DateTimeField(_("beendet am"), null=True, blank=True)
    error = PlainTextField(_("Fehler"), blank=True)

    objects = RenderJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("Druckauftrag")
        verbose_name_plural = _("Druckaufträge")
        constraints = [
            models.CheckConstraint(
                name="renderjob_running_has_token",
                condition=~models.Q(status=RenderJobStatus.RUNNING)
                | models.Q(token__isnull=False, lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="renderjob_open",
                fields=["requested_at"],
                condition=models.Q(status__in=[RenderJobStatus.PENDING, RenderJobStatus.RUNNING]),
            )
        ]

    def __str__(self):
        return self.title

    @property
    def has_failed(self) -> bool:
        return self.status == self.Status.FAILED

    @property
    def is_open(self) -> bool:
        return self.status in {self.Status.PENDING, self.Status.RUNNING}


class Artefact(models.Model):
    """The printed file of one job. Nothing overwrites it."""

    belongs_to = None

    job = models.OneToOneField(
        RenderJob, on_delete=models.PROTECT, related_name="artefact", verbose_name=_("Druckauftrag")
    )
    key = LineField(_("Ablage"), max_length=200, unique=True)
    media_type = LineField(_("Format"), max_length=100, default="application/pdf")
    sha256 = LineField(_("Prüfsumme"), max_length=64)
    size = models.PositiveBigIntegerField(_("Größe in Byte"))
    page_count = models.PositiveIntegerField(_("Seiten"))
    created_at = models.DateTimeField(_("erstellt am"), db_default=Now())

    class Meta:
        verbose_name = _("Druckfassung")
        verbose_name_plural = _("Druckfassungen")

    def __str__(self):
        return self.job.filename
