"""Press releases and what they are made of."""

from html import escape

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from concepts.models import Concept
from documents.dates import DayField, MomentField
from documents.models import RenderJob, new_key
from documents.richtext import RichTextField
from documents.text import CleanJSONField, KeyField, LineField, PlainTextField
from people.models import acts_as_superuser
from programmes.models import Programme, Run
from publications.models.boilerplate import Boilerplate
from publications.models.press_contact import PressContact
from publications.models.quote import Quote
from publications.tokens import TOKEN, Facts, facts_of_release, shown


class PressReleaseQuerySet(models.QuerySet["PressRelease"]):
    def public(self):
        """Published ones, an embargo passed by the database's clock; withdrawn ones say why."""
        return self.filter(
            models.Q(embargo_until__isnull=True) | models.Q(embargo_until__lte=Now()),
            status__in=["published", "corrected", "withdrawn"],
            programme__is_public=True,
        )

    def visible_to(self, user):
        """The releases that exist for this user. Every view starts here."""
        public = models.Q(
            models.Q(embargo_until__isnull=True) | models.Q(embargo_until__lte=Now()),
            status__in=["published", "corrected", "withdrawn"],
            programme__is_public=True,
        )
        if not user.is_authenticated:
            return self.filter(public)
        if acts_as_superuser(user):
            return self
        return self.filter(public | models.Q(programme__in=Programme.objects.administered_by(user)))

    def administered_by(self, user):
        return self.filter(programme__in=Programme.objects.administered_by(user))

    def for_listing(self):
        return self.select_related("programme", "run", "render_job__artefact").order_by(
            models.F("dated_on").desc(nulls_last=True), "-pk"
        )


class PressRelease(models.Model):
    """A press release (Pressemitteilung). Its texts may name stored facts as tokens."""

    TEXTS_WITH_TOKENS = ("headline", "subline", "lead", "more_information")

    class Kind(models.TextChoices):
        KICKOFF = "kickoff", _("Auftakt")
        MILESTONE = "milestone", _("Meilenstein")
        RESULT = "result", pgettext_lazy("Anlass", "Ergebnis")
        OTHER = "other", _("Mitteilung")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        IN_APPROVAL = "in_approval", _("zur Freigabe")
        APPROVED = "approved", _("freigegeben")
        EMBARGOED = "embargoed", _("gesperrt bis zur Frist")
        PUBLISHED = "published", _("veröffentlicht")
        CORRECTED = "corrected", _("berichtigt")
        WITHDRAWN = "withdrawn", _("zurückgezogen")

    NEXT = {
        Status.DRAFT: {Status.IN_APPROVAL},
        Status.IN_APPROVAL: {Status.DRAFT, Status.APPROVED},
        Status.APPROVED: {Status.EMBARGOED, Status.PUBLISHED, Status.DRAFT},
        Status.EMBARGOED: {Status.PUBLISHED, Status.DRAFT},
        Status.PUBLISHED: {Status.CORRECTED, Status.WITHDRAWN},
        Status.CORRECTED: {Status.WITHDRAWN},
        Status.WITHDRAWN: set(),
    }
    # From here on the content of the render job is what was approved; the text is locked.
    FROZEN = {
        Status.APPROVED,
        Status.EMBARGOED,
        Status.PUBLISHED,
        Status.CORRECTED,
        Status.WITHDRAWN,
    }

    class WrongStatus(Exception):
        """The press release is not in a status that allows what was asked for."""

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
    # Who asked for the approval may not give it (four eyes).
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("zur Freigabe gegeben von"),
    )
    # SHA-256 of the content that was given for approval: nothing else is approved.
    submitted_sha256 = LineField(max_length=64, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("freigegeben von"),
    )
    approved_at = models.DateTimeField(_("freigegeben am"), null=True, blank=True)
    # What the approval confirmed all the same, in the words that were read.
    approval_doubts = CleanJSONField(
        _("Bedenken bei der Freigabe"), default=list, blank=True, editable=False
    )
    approval_reason = PlainTextField(_("Begründung der Freigabe"), blank=True, editable=False)
    published_at = models.DateTimeField(_("veröffentlicht am"), null=True, blank=True)
    corrected_at = models.DateTimeField(_("berichtigt am"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("zurückgezogen am"), null=True, blank=True)
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
    render_job = models.ForeignKey(
        RenderJob,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Druckauftrag"),
    )

    objects = PressReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Pressemitteilung")
        verbose_name_plural = _("Pressemitteilungen")
        constraints = [
            models.UniqueConstraint(name="pressrelease_slug", fields=["programme", "slug"]),
            models.CheckConstraint(
                name="pressrelease_published_has_date",
                condition=~models.Q(status__in=["published", "corrected", "withdrawn"])
                | models.Q(published_at__isnull=False, dated_on__isnull=False),
            ),
            models.CheckConstraint(
                name="pressrelease_embargoed_has_date",
                condition=~models.Q(status="embargoed") | models.Q(embargo_until__isnull=False),
            ),
            models.CheckConstraint(
                name="pressrelease_ended_has_note",
                condition=~models.Q(status__in=["corrected", "withdrawn"])
                | ~models.Q(public_note=""),
            ),
        ]

    def __str__(self):
        return self.shown_headline

    def get_absolute_url(self):
        return reverse("publications:press_release", args=[self.programme.slug, self.slug])

    @property
    def is_frozen(self) -> bool:
        return self.Status(self.status) in self.FROZEN

    @property
    def frozen_content(self) -> dict | None:
        """What was approved; None before the approval. The print of a draft is not it."""
        content = self.render_job.content if self.is_frozen and self.render_job else None
        return None if content is None or content.get("is_draft") else content

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
        return frozen or shown(text, self.facts_about)

    def facts_about(self, names: list[str]) -> Facts:
        """What the texts of this release may name, as far as these names need it."""
        return facts_of_release(self, names)

    def allows(self, status: Status) -> bool:
        return status in self.NEXT[self.Status(self.status)]

    def move_to(self, status: Status) -> None:
        if not self.allows(status):
            raise self.WrongStatus(f"{self.status} -> {status}")
        self.status = status


class PressBlock(models.Model):
    """A part of the body of a press release, in order."""

    TEXTS_WITH_TOKENS = ("text",)

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        QUOTE = "quote", _("Zitat")
        QUESTION = "question", _("Leitfrage des Durchlaufs")
        CONCEPT = "concept", _("Konzept")

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
                condition=models.Q(kind="text", quote__isnull=True, concept__isnull=True)
                | models.Q(kind="quote", quote__isnull=False, concept__isnull=True)
                | models.Q(kind="question", quote__isnull=True, concept__isnull=True)
                | models.Q(kind="concept", quote__isnull=True, concept__isnull=False),
                violation_error_message=_("Bitte wählen Sie, was zur Art des Abschnitts gehört."),
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.get_kind_display()}"

    def shown_text(self, name: str) -> str:
        return shown(getattr(self, name), self.release.facts_about, escape)


class ReleaseBoilerplate(models.Model):
    """A boilerplate at the end of a release, in order."""

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
