"""What is written and decided: concepts, their building blocks, revisions and sign-offs."""

from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lifecycle.moves import Moves
from people.models import acts_as_superuser
from programmes.models import Organisation, Participation, Run, Team
from texts.fields import CleanJSONField, KeyField, LineField, PlainTextField
from texts.keys import new_key
from texts.richtext import RichTextField


class ConceptStatus(models.TextChoices):
    DRAFTING = "drafting", _("in Arbeit")
    SIGNING = "signing", _("in Mitzeichnung")
    SUBMITTED = "submitted", _("eingereicht")
    IN_REVIEW = "in_review", _("in Prüfung")
    RETURNED = "returned", _("zur Überarbeitung")
    APPROVED = "approved", _("freigegeben")
    PUBLISHED = "published", _("veröffentlicht")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


# A withdrawn concept stays visible: its page says why.
SHOWN = (ConceptStatus.PUBLISHED, ConceptStatus.WITHDRAWN)


class ConceptQuerySet(models.QuerySet["Concept"]):
    def public(self):
        return self.filter(
            status__in=SHOWN,
            run__is_public=True,
            run__programme__is_public=True,
        )

    def visible_to(self, user):
        """The concepts that exist for this user. Every view starts here.

        A withdrawn concept stays visible: its page says why it was withdrawn.
        """
        public = models.Q(
            status__in=SHOWN,
            run__is_public=True,
            run__programme__is_public=True,
        )
        if not user.is_authenticated:
            return self.filter(public)
        if acts_as_superuser(user):
            return self
        return self.filter(
            public
            | models.Q(team__in=Team.objects.of(user))
            | models.Q(run__in=Run.objects.accompanied_by(user))
        )

    def not_withdrawn(self):
        return self.exclude(status=ConceptStatus.WITHDRAWN)

    def administered_by(self, user):
        return self.filter(run__in=Run.objects.administered_by(user))

    def for_listing(self):
        return self.select_related("run__programme", "lead_implementer", "team").order_by(
            models.F("published_at").desc(nulls_first=True), "title", "pk"
        )


class Concept(Moves):
    """What a team proposes, to be implemented by somebody (Konzept)."""

    Status: TypeAlias = ConceptStatus

    NEXT = {
        Status.DRAFTING: {Status.SIGNING},
        Status.SIGNING: {Status.DRAFTING, Status.SUBMITTED},
        Status.SUBMITTED: {Status.IN_REVIEW},
        Status.IN_REVIEW: {Status.RETURNED, Status.APPROVED},
        Status.RETURNED: {Status.DRAFTING},
        Status.APPROVED: {Status.PUBLISHED, Status.DRAFTING},
        Status.PUBLISHED: {Status.WITHDRAWN},
        Status.WITHDRAWN: set(),
    }

    class WrongStatus(Moves.WrongStatus):
        sentence = _("Das Konzept ist inzwischen in einem anderen Status.")

    belongs_to = "run"

    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="concepts", verbose_name=_("Durchlauf")
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="concepts",
        verbose_name=_("Team"),
    )
    slug = KeyField(_("Kurzname in Adressen"), max_length=80)
    title = LineField(_("Titel"), max_length=200)
    is_working_title = models.BooleanField(_("Arbeitstitel"), default=False)
    summary = PlainTextField(_("In zwei Sätzen"), blank=True)
    problem = RichTextField(_("Ausgangslage"), blank=True)
    approach = RichTextField(_("Ansatz"), blank=True)
    addressees = LineField(
        _("Adressaten"), max_length=300, blank=True, help_text=_("Wer das Konzept anwendet.")
    )
    beneficiaries = LineField(
        _("Begünstigte"), max_length=300, blank=True, help_text=_("Wem das Konzept nützt.")
    )
    effort = RichTextField(_("Aufwand"), blank=True)
    outlook = RichTextField(_("Wie es weitergeht"), blank=True)
    lead_implementer = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_concepts",
        verbose_name=_("Federführung"),
    )
    status = LineField(_("Status"), max_length=10, choices=Status.choices, default=Status.DRAFTING)
    waiver_reason = PlainTextField(
        _("Warum ohne alle Mitzeichnungen eingereicht wurde"), blank=True
    )
    review_note = PlainTextField(_("Antwort der Prüfung"), blank=True)
    submitted_at = models.DateTimeField(_("eingereicht am"), null=True, blank=True)
    approved_at = models.DateTimeField(_("freigegeben am"), null=True, blank=True)
    published_at = models.DateTimeField(_("veröffentlicht am"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("zurückgezogen am"), null=True, blank=True)
    withdrawal_reason = PlainTextField(_("Grund der Zurückziehung"), blank=True)
    # The members with consent, function and organisation as on the day of publication:
    # [{"person": key, "name": "…", "function": "…", "organisation": "…"}]. Consents end: show
    # only `concepts.content.named_authors`.
    authors = CleanJSONField(_("Team am Tag der Veröffentlichung"), default=list, blank=True)

    objects = ConceptQuerySet.as_manager()

    class Meta:
        verbose_name = _("Konzept")
        verbose_name_plural = _("Konzepte")
        constraints = [
            models.UniqueConstraint(name="concept_slug", fields=["run", "slug"]),
            models.CheckConstraint(
                name="concept_published_has_date",
                condition=~models.Q(status__in=SHOWN) | models.Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="concept_withdrawn_has_reason",
                condition=~models.Q(status=ConceptStatus.WITHDRAWN)
                | ~models.Q(withdrawal_reason=""),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    def get_absolute_url(self):
        return reverse("concepts:detail", args=[self.run.programme.slug, self.run.slug, self.slug])


class BuildingBlock(models.Model):
    """A part of a concept that can be used on its own (Baustein)."""

    class Trainer(models.TextChoices):
        OPTIONAL = "optional", _("mit oder ohne Trainerinnen und Trainer")
        NEEDED = "needed", _("mit Trainerinnen und Trainern")
        NONE = "none", _("ohne Trainerinnen und Trainer")

    belongs_to = "concept"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    concept = models.ForeignKey(
        Concept, on_delete=models.CASCADE, related_name="blocks", verbose_name=_("Konzept")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    title = LineField(_("Titel"), max_length=150)
    description = RichTextField(_("Beschreibung"), blank=True)
    duration = LineField(_("Dauer"), max_length=80, blank=True)
    group_size = LineField(_("Gruppe"), max_length=80, blank=True)
    material = LineField(_("Material"), max_length=300, blank=True)
    trainer = LineField(
        _("Trainerinnen und Trainer"), max_length=10, choices=Trainer.choices, default=Trainer.NONE
    )

    class Meta:
        verbose_name = _("Baustein")
        verbose_name_plural = _("Bausteine")
        constraints = [models.UniqueConstraint(name="buildingblock_key", fields=["concept", "key"])]

    def __str__(self):
        return self.title


class Revision(models.Model):
    """The text of a concept at one moment: when signing began (Fassung)."""

    belongs_to = "concept"

    concept = models.ForeignKey(
        Concept, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("Konzept")
    )
    number = models.PositiveIntegerField(_("Nummer"))
    content = CleanJSONField(_("Inhalt"))
    created_at = models.DateTimeField(_("angelegt am"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("angelegt von"),
    )
    public_note = PlainTextField(_("Was sich geändert hat"), blank=True)

    class Meta:
        verbose_name = _("Fassung")
        verbose_name_plural = _("Fassungen")
        constraints = [
            models.UniqueConstraint(name="revision_number", fields=["concept", "number"])
        ]

    def __str__(self):
        return f"{self.concept}, {self.number}"


class SignOff(Moves):
    """One member's word on one revision (Mitzeichnung)."""

    class Status(models.TextChoices):
        OPEN = "open", _("offen")
        SIGNED = "signed", _("mitgezeichnet")
        DECLINED = "declined", _("abgelehnt")

    NEXT = {
        Status.OPEN: {Status.SIGNED, Status.DECLINED},
        Status.SIGNED: set(),
        Status.DECLINED: set(),
    }

    class WrongStatus(Moves.WrongStatus):
        sentence = _("Über diese Mitzeichnung ist schon entschieden.")

    belongs_to = "participation"

    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="signoffs", verbose_name=_("Fassung")
    )
    participation = models.ForeignKey(
        Participation,
        on_delete=models.PROTECT,
        related_name="signoffs",
        verbose_name=_("Mitglied"),
    )
    status = LineField(_("Status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    comment = PlainTextField(_("Anmerkung"), blank=True)
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Mitzeichnung")
        verbose_name_plural = _("Mitzeichnungen")
        constraints = [
            models.UniqueConstraint(name="signoff_once", fields=["revision", "participation"])
        ]

    def __str__(self):
        return f"{self.participation}: {self.get_status_display()}"
