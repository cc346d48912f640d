"""Press releases and what they are made of."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from concepts.models import Concept
from programmes.models import Programme, Run
from publications.facts import Facts, collect_facts
from publications.models.boilerplate import Boilerplate
from publications.models.press_contact import PressContact
from publications.models.publication import Publication, PublicationQuerySet
from publications.models.quote import Quote
from publications.tokens import TOKEN, shown
from texts.dates import DayField, MomentField
from texts.fields import KeyField, LineField, PlainTextField
from texts.keys import new_key
from texts.richtext import RichTextField


class ReleaseStatus(models.TextChoices):
    DRAFT = "draft", _("Entwurf")
    IN_APPROVAL = "in_approval", _("zur Freigabe")
    APPROVED = "approved", _("freigegeben")
    EMBARGOED = "embargoed", _("gesperrt bis zur Frist")
    PUBLISHED = "published", _("veröffentlicht")
    CORRECTED = "corrected", _("berichtigt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


PUBLIC = (ReleaseStatus.PUBLISHED, ReleaseStatus.CORRECTED, ReleaseStatus.WITHDRAWN)


class PressReleaseQuerySet(PublicationQuerySet["PressRelease"]):
    def _is_public(self) -> models.Q:
        """An embargo passes by the database's clock."""
        has_no_embargo = models.Q(embargo_until__isnull=True) | models.Q(embargo_until__lte=Now())
        return super()._is_public() & has_no_embargo

    def for_listing(self):
        return self.select_related("programme", "run", "render_job__artefact").order_by(
            models.F("dated_on").desc(nulls_last=True), "-pk"
        )


class PressRelease(Publication):
    """A press release (Pressemitteilung). Its texts may name stored facts as tokens."""

    DOCUMENT = "press-release"
    PROGRAMME = "programme"
    REQUIRED = ("place", "dated_on", "lead")
    TEXTS_WITH_TOKENS = ("headline", "subline", "lead", "more_information")

    class Kind(models.TextChoices):
        KICKOFF = "kickoff", _("Auftakt")
        MILESTONE = "milestone", _("Meilenstein")
        RESULT = "result", pgettext_lazy("Anlass", "Ergebnis")
        OTHER = "other", _("Mitteilung")

    Status = ReleaseStatus

    NEXT = {
        Status.DRAFT: {Status.IN_APPROVAL},
        Status.IN_APPROVAL: {Status.DRAFT, Status.APPROVED},
        Status.APPROVED: {Status.EMBARGOED, Status.PUBLISHED, Status.DRAFT},
        Status.EMBARGOED: {Status.PUBLISHED, Status.DRAFT},
        Status.PUBLISHED: {Status.CORRECTED, Status.WITHDRAWN},
        Status.CORRECTED: {Status.WITHDRAWN},
        Status.WITHDRAWN: set(),
    }
    FROZEN = {
        Status.APPROVED,
        Status.EMBARGOED,
        Status.PUBLISHED,
        Status.CORRECTED,
        Status.WITHDRAWN,
    }
    PUBLIC = PUBLIC
    REPLACED = Status.CORRECTED

    class WrongStatus(Publication.WrongStatus):
        sentence = _("Die Mitteilung ist inzwischen in einem anderen Status.")

    belongs_to = "programme"

    programme = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        related_name="press_releases",
        verbose_name=_("Programm"),
    )
    run = models.ForeignKey(
        Run,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="press_releases",
        verbose_name=_("Durchlauf"),
    )
    slug = KeyField(_("Kurzname in Adressen"), max_length=80)
    kind = LineField(_("Anlass"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    language = LineField(_("Sprache"), max_length=5, choices=settings.LANGUAGES, default="de")
    place = LineField(_("Ort"), max_length=80, blank=True)
    dated_on = DayField(_("Datum"), null=True, blank=True)
    headline = LineField(_("Überschrift"), max_length=200)
    subline = LineField(_("Unterzeile"), max_length=250, blank=True)
    lead = PlainTextField(_("Vorspann"), blank=True)
    contacts = models.ManyToManyField(
        PressContact, blank=True, related_name="releases", verbose_name=_("Pressekontakte")
    )
    more_information = PlainTextField(
        _("Mehr Informationen"), blank=True, help_text=_("Leer: die Webseite des Programms.")
    )
    embargo_until = MomentField(_("Sperrfrist bis"), null=True, blank=True)
    status = LineField(_("Status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    corrected_at = models.DateTimeField(_("berichtigt am"), null=True, blank=True)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("berichtigt die Mitteilung"),
    )
    public_note = PlainTextField(
        _("öffentlicher Hinweis"), blank=True, help_text=_("Warum berichtigt oder zurückgezogen.")
    )
    objects = PressReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Pressemitteilung")
        verbose_name_plural = _("Pressemitteilungen")
        constraints = [
            models.UniqueConstraint(name="pressrelease_slug", fields=["programme", "slug"]),
            models.CheckConstraint(
                name="pressrelease_published_has_date",
                condition=~models.Q(status__in=PUBLIC)
                | models.Q(published_at__isnull=False, dated_on__isnull=False),
            ),
            models.CheckConstraint(
                name="pressrelease_embargoed_has_date",
                condition=~models.Q(status=ReleaseStatus.EMBARGOED)
                | models.Q(embargo_until__isnull=False),
            ),
            models.CheckConstraint(
                name="pressrelease_ended_has_note",
                condition=~models.Q(status__in=[ReleaseStatus.CORRECTED, ReleaseStatus.WITHDRAWN])
                | ~models.Q(public_note=""),
            ),
        ]

    def __str__(self):
        return self.shown_headline

    def get_absolute_url(self):
        return reverse("publications:press_release", args=[self.programme.slug, self.slug])

    @property
    def day(self) -> date | None:
        return self.dated_on

    @property
    def page_owner(self) -> models.Model:
        return self

    @property
    def filename(self) -> str:
        return f"pressemitteilung-{self.slug}.pdf"

    def print_title(self, content: Mapping[str, Any]) -> str:
        return content.get("title") or self.headline

    def facts(self, names: Iterable[str] | None = None) -> Facts:
        return collect_facts(
            self.programme, run=self.run, on=self.dated_on, language=self.language, names=names
        )

    def all_blocks(self) -> models.QuerySet["PressBlock"]:
        return self.blocks.all()

    def replaces(self) -> models.QuerySet["PressRelease"]:
        return PressRelease.objects.filter(corrections=self, status=self.REPLACED)

    @property
    def shown_headline(self) -> str:
        """The headline as people read it: as approved, before the approval with today's facts."""
        return self.shown_text("headline")

    @property
    def shown_lead(self) -> str:
        return self.shown_text("lead")

    @property
    def shown_subline(self) -> str:
        return self.shown_text("subline")

    def shown_text(self, name: str) -> str:
        """The text with its tokens filled in. Asks the database only for what it names."""
        text = getattr(self, name)
        if not TOKEN.search(text):
            return text
        frozen = (self.frozen_content or {}).get(name)
        return frozen or shown(text, self.facts)


class PartKind(models.TextChoices):
    TEXT = "text", _("Text")
    QUOTE = "quote", _("Zitat")
    QUESTION = "question", _("Leitfrage des Durchlaufs")
    CONCEPT = "concept", _("Konzept")


class PressBlock(models.Model):
    """A part of the body of a press release, in order."""

    TEXTS_WITH_TOKENS = ("text",)

    Kind = PartKind

    belongs_to = "release"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    release = models.ForeignKey(
        PressRelease, on_delete=models.CASCADE, related_name="blocks", verbose_name=_("Mitteilung")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    kind = LineField(_("Art"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    text = RichTextField(_("Text"), blank=True)
    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Zitat")
    )
    concept = models.ForeignKey(
        Concept, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Konzept")
    )

    class Meta:
        verbose_name = _("Abschnitt der Mitteilung")
        verbose_name_plural = _("Abschnitte der Mitteilung")
        constraints = [
            models.UniqueConstraint(name="pressblock_key", fields=["release", "key"]),
            models.CheckConstraint(
                name="pressblock_fits_kind",
                condition=models.Q(kind=PartKind.TEXT, quote__isnull=True, concept__isnull=True)
                | models.Q(kind=PartKind.QUOTE, quote__isnull=False, concept__isnull=True)
                | models.Q(kind=PartKind.QUESTION, quote__isnull=True, concept__isnull=True)
                | models.Q(kind=PartKind.CONCEPT, quote__isnull=True, concept__isnull=False),
                violation_error_message=_("Bitte wählen Sie, was zur Art des Abschnitts gehört."),
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.get_kind_display()}"

    def shown_text(self, name: str) -> str:
        return shown(getattr(self, name), self.release.facts, escape)


class ReleaseBoilerplate(models.Model):
    """A boilerplate at the end of a release, in order."""

    belongs_to = "release"

    release = models.ForeignKey(
        PressRelease,
        on_delete=models.CASCADE,
        related_name="release_boilerplates",
        verbose_name=_("Mitteilung"),
    )
    boilerplate = models.ForeignKey(
        Boilerplate, on_delete=models.PROTECT, verbose_name=_("Abbinder")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Abbinder der Mitteilung")
        verbose_name_plural = _("Abbinder der Mitteilung")
        constraints = [
            models.UniqueConstraint(
                name="releaseboilerplate_once", fields=["release", "boilerplate"]
            )
        ]

    def __str__(self):
        return str(self.boilerplate)
