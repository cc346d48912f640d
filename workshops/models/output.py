"""What participants hand in, and the files with it."""

import uuid
from typing import TypeAlias

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lifecycle.moves import Moves
from lifecycle.refusals import Refusal
from people.models import acts_as_superuser
from programmes.models import Participation, Run, Team
from texts.fields import KeyField, LineField, PlainTextField
from texts.keys import new_key
from texts.richtext import RichTextField
from workshops.models.workshop import HANDED_IN, OutputStatus, Task


class OutputQuerySet(models.QuerySet["Output"]):
    def written_by(self, user):
        """One's own and those of one's teams, as long as one belongs to the run and the team."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(
                team__isnull=True,
                participation__person__user=user,
                participation__status__in=Participation.TAKING_PART,
            )
            | models.Q(team__in=Team.objects.of(user))
        )

    def visible_to(self, user):
        """Own ones and one's team's; submitted ones as the task says; handed in to those who
        accompany the run. Drafts exist for their writers only."""
        if not user.is_authenticated:
            return self.none()
        rows = self.model.objects
        own_teams = Team.objects.of(user)
        handed_in = self.exclude(status=OutputStatus.DRAFT)
        if acts_as_superuser(user):
            return self.filter(
                models.Q(pk__in=rows.written_by(user).values("pk"))
                | models.Q(pk__in=handed_in.values("pk"))
            )
        accompanied = rows.exclude(status=OutputStatus.DRAFT).filter(
            task__workshop__run__in=Run.objects.accompanied_by(user)
        )
        shared = rows.filter(
            status__in=HANDED_IN,
            task__is_released=True,
            task__workshop__run__in=Run.objects.own(user),
        )
        in_run = shared.filter(task__readers="run")
        in_team = shared.filter(
            task__readers="team",
            # A team's own is read by its writers: who began it may work in another team too.
            team=None,
            participation__memberships__team__in=own_teams,
            participation__memberships__has_left=False,
        )
        return self.filter(
            models.Q(pk__in=rows.written_by(user).values("pk"))
            | models.Q(pk__in=accompanied.values("pk"))
            | models.Q(pk__in=in_run.values("pk"))
            | models.Q(pk__in=in_team.values("pk"))
        )

    def readable_by(self, user):
        """The visible ones whose text and files the user may read now: while a returned output
        is being written again, only its writers."""
        rewriting = models.Q(status=OutputStatus.RETURNED, saved_at__gt=models.F("answered_at"))
        return self.visible_to(user).filter(
            ~rewriting | models.Q(pk__in=self.model.objects.written_by(user).values("pk"))
        )

    def waiting_for(self, user):
        """Handed in and not answered, in the runs that the user accompanies now."""
        return (
            self.filter(status=OutputStatus.SUBMITTED)
            .filter(task__workshop__run__in=Run.objects.accompanied_by(user))
            .exclude(task__workshop__run__status__in=Run.CLOSED)
            .exclude(pk__in=self.model.objects.written_by(user).values("pk"))
        )

    def on_tasks(self) -> models.Prefetch:
        """These outputs as `own_outputs` of each task: for `prefetch_related` of tasks."""
        return models.Prefetch(
            "outputs",
            queryset=self.select_related("team").order_by("team__position", "pk"),
            to_attr="own_outputs",
        )

    def administered_by(self, user):
        """For the admin: what was handed in, in the runs that the user administers."""
        return self.filter(task__workshop__run__in=Run.objects.administered_by(user)).exclude(
            status=OutputStatus.DRAFT
        )

    def for_listing(self):
        return self.select_related(
            "task__workshop__run__programme", "participation__person", "team"
        ).order_by("task__workshop__number", "task__position", "pk")

    def for_answering(self):
        """What waits for an answer first, then the newest."""
        return self.select_related("task__workshop", "participation__person", "team").order_by(
            models.Case(models.When(status=OutputStatus.SUBMITTED, then=0), default=1),
            models.F("submitted_at").desc(nulls_last=True),
            "pk",
        )

    def for_page(self):
        """With all that the page and the rules of one output ask for."""
        return self.select_related(
            "task__workshop__run__programme", "participation__person", "team"
        )


class Output(Moves):
    """A participant's or a team's answer to a task (Ergebnis)."""

    Status: TypeAlias = OutputStatus

    NEXT = {
        Status.DRAFT: {Status.SUBMITTED},
        # Back to draft only until the task is due; the operation looks at the clock.
        Status.SUBMITTED: {Status.ACCEPTED, Status.RETURNED, Status.DRAFT},
        Status.ACCEPTED: set(),
        Status.RETURNED: {Status.SUBMITTED},
    }

    class WrongStatus(Moves.WrongStatus):
        sentence = _("Das geht nicht mehr: Der Stand hat sich inzwischen geändert.")

    class StaleVersion(Refusal):
        """Somebody saved this output since the text was loaded."""

        sentence = _(
            "Das Ergebnis wurde inzwischen neu abgegeben. Bitte lesen Sie es, bevor Sie antworten."
        )

    belongs_to = "task"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
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
    status = LineField(_("Status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(_("Stand"), default=1, validators=[MinValueValidator(1)])
    saved_at = models.DateTimeField(_("gespeichert am"), auto_now=True)
    submitted_at = models.DateTimeField(_("abgegeben am"), null=True, blank=True)
    is_late = models.BooleanField(_("nach der Frist"), default=False)
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)
    answer = PlainTextField(_("Antwort der Projektleitung"), blank=True)

    objects = OutputQuerySet.as_manager()

    class Meta:
        verbose_name = _("Ergebnis")
        verbose_name_plural = pgettext_lazy("Aufgaben", "Ergebnisse")
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
                condition=models.Q(status=OutputStatus.DRAFT)
                | models.Q(submitted_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.task} – {self.team or self.participation}"

    def get_absolute_url(self):
        return reverse("workshops:output", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        return self.status in {self.Status.DRAFT, self.Status.RETURNED}

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_returned(self) -> bool:
        return self.status == self.Status.RETURNED

    @property
    def is_being_rewritten(self) -> bool:
        """Returned, and its writers have saved since."""
        return (
            self.is_returned and self.answered_at is not None and self.saved_at > self.answered_at
        )


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user):
        """The files whose output the user may read now."""
        return self.filter(output__in=Output.objects.readable_by(user))

    def for_output(self):
        return self.order_by("uploaded_at", "pk")

    def not_scanned(self):
        return self.exclude(scan=Attachment.Scan.CLEAN)


def stored_name(attachment: "Attachment", filename: str) -> str:
    """A name that tells nothing and collides with nothing."""
    return f"attachments/{uuid.uuid4().hex}"


def first_scan() -> str:
    """A new file waits for the virus scanner, if there is one."""
    return Attachment.Scan.WAITING if settings.CLAMD_URL else Attachment.Scan.UNCHECKED


class Attachment(models.Model):
    """A file of an output. While it waits for the virus scanner it is closed to everybody."""

    class Scan(models.TextChoices):
        # Taken while there was no scanner: open, and scanned as soon as there is one.
        UNCHECKED = "unchecked", _("ungeprüft")
        WAITING = "waiting", _("wird geprüft")
        CLEAN = "clean", _("geprüft")

    belongs_to = "output"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    output = models.ForeignKey(
        Output, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("Ergebnis")
    )
    file = models.FileField(_("Datei"), upload_to=stored_name, max_length=200)
    name = LineField(_("Dateiname"), max_length=200)
    media_type = LineField(_("Format"), max_length=100)
    size = models.PositiveBigIntegerField(_("Größe in Byte"))
    sha256 = LineField(_("Prüfsumme"), max_length=64)
    description = LineField(
        _("Beschreibung"), max_length=300, blank=True, help_text=_("Was auf dem Bild zu sehen ist.")
    )
    uploaded_at = models.DateTimeField(_("hochgeladen am"), auto_now_add=True)
    scan = LineField(
        _("Virenprüfung"), max_length=10, choices=Scan.choices, default=first_scan, editable=False
    )
    scanned_at = models.DateTimeField(_("geprüft am"), null=True, blank=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Datei")
        verbose_name_plural = _("Dateien")
        constraints = [models.UniqueConstraint(name="attachment_key", fields=["output", "key"])]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("workshops:attachment", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.scan == self.Scan.WAITING

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def kind(self) -> str:
        """What people call the format: PDF, DOCX, JPG."""
        return self.name.rpartition(".")[2].upper()
