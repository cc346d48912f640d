"""What participants hand in, and the files with it."""

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.models import new_key
from documents.richtext import RichTextField
from programmes.models import Participation, Run, Team
from workshops.models.workshop import Task


class OutputQuerySet(models.QuerySet["Output"]):
    def visible_to(self, user):
        """Own ones and one's team's; submitted ones as the task says; handed in to those who
        accompany the run. Drafts exist for their writers only."""
        if not user.is_authenticated:
            return self.none()
        own_teams = Team.objects.of(user)
        mine = models.Q(participation__person__user=user) | models.Q(team__in=own_teams)
        handed_in = models.Q(status__in=["submitted", "accepted", "returned"])
        accompanied = models.Q(task__workshop__run__in=Run.objects.accompanied_by(user))
        if user.is_superuser:
            return self.filter(mine | handed_in)
        shared = handed_in & (
            models.Q(task__readers="run", task__workshop__run__in=Run.objects.own(user))
            | models.Q(
                task__readers="team",
                participation__memberships__team__in=own_teams,
                participation__memberships__has_left=False,
            )
        )
        return self.filter(
            pk__in=self.model.objects.filter(mine | (handed_in & accompanied) | shared).values("pk")
        )

    def administered_by(self, user):
        """For the admin: what was handed in, in the runs that the user administers."""
        return self.filter(task__workshop__run__in=Run.objects.administered_by(user)).exclude(
            status="draft"
        )

    def for_listing(self):
        return self.select_related("task__workshop", "participation__person", "team").order_by(
            "task__workshop__number", "task__position", "pk"
        )


class Output(models.Model):
    """A participant's or a team's answer to a task (Ergebnis)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        SUBMITTED = "submitted", _("abgegeben")
        ACCEPTED = "accepted", _("angenommen")
        RETURNED = "returned", _("zur Überarbeitung")

    NEXT = {
        Status.DRAFT: {Status.SUBMITTED},
        # Back to draft only until the task is due; the operation looks at the clock.
        Status.SUBMITTED: {Status.ACCEPTED, Status.RETURNED, Status.DRAFT},
        Status.ACCEPTED: set(),
        Status.RETURNED: {Status.SUBMITTED},
    }

    class WrongStatus(Exception):
        """The output is not in a status that allows what was asked for."""

    class StaleVersion(Exception):
        """Somebody saved this output since the text was loaded."""

    key = models.SlugField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="outputs", verbose_name=_("Aufgabe")
    )
    participation = models.ForeignKey(
        Participation,
        on_delete=models.PROTECT,
        related_name="outputs",
        verbose_name=_("eingereicht von"),
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="outputs",
        verbose_name=_("Team"),
    )
    body = RichTextField(_("Text"), blank=True)
    status = models.CharField(
        _("Status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    version = models.PositiveIntegerField(_("Stand"), default=1, validators=[MinValueValidator(1)])
    saved_at = models.DateTimeField(_("gespeichert am"), auto_now=True)
    submitted_at = models.DateTimeField(_("abgegeben am"), null=True, blank=True)
    is_late = models.BooleanField(_("nach der Frist"), default=False)
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)
    answer = models.TextField(_("Antwort der Projektleitung"), blank=True)

    objects = OutputQuerySet.as_manager()

    class Meta:
        verbose_name = _("Ergebnis")
        verbose_name_plural = _("Ergebnisse")
        constraints = [
            models.UniqueConstraint(name="output_key", fields=["task", "key"]),
            models.UniqueConstraint(
                name="output_once_each",
                fields=["task", "participation"],
                condition=models.Q(team__isnull=True),
            ),
            models.UniqueConstraint(
                name="output_once_per_team",
                fields=["task", "team"],
                condition=models.Q(team__isnull=False),
            ),
            models.CheckConstraint(
                name="output_submitted_has_date",
                condition=models.Q(status="draft") | models.Q(submitted_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.task} – {self.team or self.participation}"

    def get_absolute_url(self):
        return reverse("workshops:output", args=[self.pk])

    def allows(self, status: Status) -> bool:
        return status in self.NEXT[self.Status(self.status)]

    def move_to(self, status: Status) -> None:
        if not self.allows(status):
            raise self.WrongStatus(f"{self.status} -> {status}")
        self.status = status


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user):
        return self.filter(output__in=Output.objects.visible_to(user))


def stored_name(attachment: "Attachment", filename: str) -> str:
    """A name that tells nothing and collides with nothing."""
    return f"attachments/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file of an output."""

    key = models.SlugField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    output = models.ForeignKey(
        Output, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("Ergebnis")
    )
    file = models.FileField(_("Datei"), upload_to=stored_name, max_length=200)
    name = models.CharField(_("Dateiname"), max_length=200)
    media_type = models.CharField(_("Format"), max_length=100)
    size = models.PositiveBigIntegerField(_("Größe in Byte"))
    sha256 = models.CharField(_("Prüfsumme"), max_length=64)
    description = models.CharField(
        _("Beschreibung"), max_length=300, blank=True, help_text=_("Was auf dem Bild zu sehen ist.")
    )
    uploaded_at = models.DateTimeField(_("hochgeladen am"), auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Datei")
        verbose_name_plural = _("Dateien")
        constraints = [models.UniqueConstraint(name="attachment_key", fields=["output", "key"])]

    def __str__(self):
        return self.name
