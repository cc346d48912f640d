"""The guideline (Leitfaden) and its printed editions."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import acts_as_superuser
from programmes.models import Programme, Run
from publications.facts import Facts, collect_facts
from publications.models.chapter import Block
from publications.models.publication import Publication, PublicationQuerySet
from publications.tokens import shown
from texts.dates import ImpreciseDate, ImpreciseDateField
from texts.fields import KeyField, LineField, PlainTextField
from texts.order import alphabetical
from texts.richtext import RichTextField
from workshops.models import Workshop


class GuidelineQuerySet(models.QuerySet["Guideline"]):
    def visible_to(self, user):
        """Public when an edition is out; all to the staff of the programme."""
        public = models.Q(
            pk__in=Edition.objects.filter(
                status__in=Edition.PUBLIC, guideline__programme__is_public=True
            ).values("guideline")
        )
        if not user.is_authenticated:
            return self.filter(public)
        if acts_as_superuser(user):
            return self
        return self.filter(public | models.Q(programme__in=Programme.objects.administered_by(user)))

    def administered_by(self, user):
        return self.filter(programme__in=Programme.objects.administered_by(user))

    def with_editions(self, user):
        """Each guideline with the editions that exist for this user, newest first."""
        editions = Edition.objects.visible_to(user).for_listing().without_content()
        return self.prefetch_related(
            models.Prefetch("editions", editions, to_attr="visible_editions")
        )

    def for_listing(self):
        return self.select_related("programme").order_by(
            alphabetical("programme__title"), alphabetical("title"), "pk"
        )


class Guideline(models.Model):
    """The text that enables others to found such teams; its editions are what was printed."""

    belongs_to = "programme"

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="guidelines", verbose_name=_("Programm")
    )
    # The run whose figures, course and sectors the guideline shows where a block names none.
    run = models.ForeignKey(
        Run,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="guidelines",
        verbose_name=_("Durchlauf, der als Beispiel dient"),
    )
    slug = KeyField(_("Kurzname in Adressen"), max_length=80)
    title = LineField(_("Titel"), max_length=150)
    subtitle = LineField(_("Untertitel"), max_length=250, blank=True)
    language = LineField(_("Sprache"), max_length=5, choices=settings.LANGUAGES, default="de")
    summary = PlainTextField(_("Kurz gesagt"), blank=True)
    imprint = RichTextField(_("Impressum der Druckfassung"), blank=True)

    objects = GuidelineQuerySet.as_manager()

    # Set by GuidelineQuerySet.with_editions().
    visible_editions: "list[Edition]"

    class Meta:
        verbose_name = _("Leitfaden")
        verbose_name_plural = _("Leitfäden")
        constraints = [models.UniqueConstraint(name="guideline_slug", fields=["programme", "slug"])]

    def __str__(self):
        return self.shown_title

    def get_absolute_url(self):
        return reverse("publications:guideline", args=[self.programme.slug, self.slug])

    @property
    def shown_title(self) -> str:
        return self.shown(self.title)

    @property
    def shown_subtitle(self) -> str:
        return self.shown(self.subtitle)

    @property
    def shown_summary(self) -> str:
        return self.shown(self.summary)

    def facts(self, names: Iterable[str] | None = None, *, on: date | None = None) -> Facts:
        """What the texts may name, as of this day; only what these names need."""
        return collect_facts(
            self.programme, run=self.run, on=on, language=self.language, names=names
        )

    def shown(self, text: str) -> str:
        """A text of this guideline with its tokens filled in, as people read it today."""
        return shown(text, self.facts)


class EditionStatus(models.TextChoices):
    DRAFT = "draft", _("Entwurf")
    IN_APPROVAL = "in_approval", _("zur Freigabe")
    APPROVED = "approved", _("freigegeben")
    PUBLISHED = "published", _("veröffentlicht")
    SUPERSEDED = "superseded", _("durch eine neue Auflage ersetzt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


PUBLIC = (EditionStatus.PUBLISHED, EditionStatus.SUPERSEDED, EditionStatus.WITHDRAWN)
# Somebody works on it: a guideline has one such edition.
OPEN = (EditionStatus.DRAFT, EditionStatus.IN_APPROVAL, EditionStatus.APPROVED)


class EditionQuerySet(PublicationQuerySet["Edition"]):
    def for_listing(self):
        return self.select_related("guideline__programme", "render_job__artefact").order_by(
            "guideline", "-number", "pk"
        )

    def without_content(self):
        """For lists: the frozen text of an edition is long and nobody reads it there."""
        return self.defer("render_job__content")


class Edition(Publication):
    """A printing of the guideline (Auflage); its content is frozen with the approval."""

    DOCUMENT = "guideline"
    PROGRAMME = "guideline__programme"

    Status = EditionStatus

    NEXT = {
        Status.DRAFT: {Status.IN_APPROVAL},
        Status.IN_APPROVAL: {Status.DRAFT, Status.APPROVED},
        Status.APPROVED: {Status.PUBLISHED, Status.DRAFT},
        Status.PUBLISHED: {Status.SUPERSEDED, Status.WITHDRAWN},
        Status.SUPERSEDED: set(),
        Status.WITHDRAWN: set(),
    }
    FROZEN = {Status.APPROVED, Status.PUBLISHED, Status.SUPERSEDED, Status.WITHDRAWN}
    PUBLIC = PUBLIC
    REPLACED = Status.SUPERSEDED
    OPEN = OPEN

    class WrongStatus(Publication.WrongStatus):
        sentence = _("Die Auflage ist inzwischen in einem anderen Status.")

    belongs_to = "guideline"

    guideline = models.ForeignKey(
        Guideline, on_delete=models.PROTECT, related_name="editions", verbose_name=_("Leitfaden")
    )
    number = models.PositiveSmallIntegerField(_("Auflage"), default=1)
    dated_on = ImpreciseDateField(_("Erscheinungsdatum"), null=True, blank=True)
    status = LineField(_("Status"), max_length=12, choices=Status.choices, default=Status.DRAFT)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Auflage")
        verbose_name_plural = _("Auflagen")
        constraints = [
            models.UniqueConstraint(name="edition_number", fields=["guideline", "number"]),
            models.UniqueConstraint(
                name="edition_one_open",
                fields=["guideline"],
                condition=models.Q(status__in=OPEN),
            ),
            models.UniqueConstraint(
                name="edition_one_published",
                fields=["guideline"],
                condition=models.Q(status=EditionStatus.PUBLISHED),
            ),
            models.CheckConstraint(
                name="edition_published_has_date",
                condition=~models.Q(status__in=PUBLIC) | models.Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_withdrawn_has_note",
                condition=~models.Q(status=EditionStatus.WITHDRAWN) | ~models.Q(public_note=""),
            ),
        ]

    def __str__(self):
        return f"{self.guideline}, {self.number}. Auflage"

    def clean(self):
        # The state is not in the form, so the constraint does not speak there.
        if self.status not in self.OPEN or self.guideline_id is None:
            return
        others = Edition.objects.filter(guideline=self.guideline_id, status__in=self.OPEN)
        if earlier := others.exclude(pk=self.pk).first():
            raise ValidationError({"guideline": already_open(earlier)})

    @property
    def programme(self) -> Programme:
        return self.guideline.programme

    @property
    def language(self) -> str:
        return self.guideline.language

    @property
    def day(self) -> date | None:
        """The last day of the month or the year by which the edition is dated."""
        return self.dated_on.last_day if self.dated_on else None

    @property
    def page_owner(self) -> models.Model:
        return self.guideline

    @property
    def filename(self) -> str:
        return f"{self.guideline.slug}-auflage-{self.number}.pdf"

    def facts(self, names: Iterable[str] | None = None) -> Facts:
        return self.guideline.facts(names, on=self.day)

    def all_blocks(self) -> models.QuerySet[Block]:
        return Block.objects.filter(chapter__guideline=self.guideline)

    def hidden_workshops(self) -> models.QuerySet[Workshop]:
        shown = self.all_blocks().filter(kind=Block.Kind.WORKSHOP).values("workshop")
        return Workshop.objects.filter(pk__in=shown, is_public=False)

    def fill_in(self) -> list[str]:
        """Without a date, the edition is of this month."""
        if self.dated_on is None:
            self.dated_on = ImpreciseDate(timezone.localdate().isoformat()[:7])
        return ["dated_on"]

    def replaces(self) -> models.QuerySet["Edition"]:
        return Edition.objects.filter(guideline=self.guideline_id, status=self.Status.PUBLISHED)


def already_open(edition: Edition) -> str:
    """Why there is no second edition to work on."""
    return gettext(
        "Die %(number)d. Auflage ist noch nicht veröffentlicht. Bitte arbeiten Sie an ihr weiter."
    ) % {"number": edition.number}
