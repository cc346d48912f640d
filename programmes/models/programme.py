"""The programme (Modellprojekt), who answers for it, who pays for it, what was said about it."""

from datetime import date

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import acts_as_superuser
from programmes.models.person import Organisation
from programmes.models.states import TAKING_PART
from texts.addresses import WebAddressField
from texts.dates import ImpreciseDateField
from texts.fields import KeyField, LineField, PlainTextField
from texts.keys import new_key
from texts.order import alphabetical
from texts.richtext import RichTextField


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user):
        """The programmes that exist for this user. Every view starts here."""
        public = models.Q(is_public=True)
        if not user.is_authenticated:
            return self.filter(public)
        if acts_as_superuser(user):
            return self
        involved = models.Q(pk__in=Responsibility.objects.of(user).values("programme"))
        taking_part = models.Q(
            runs__participations__person__user=user,
            runs__participations__status__in=TAKING_PART,
        )
        return self.filter(
            pk__in=self.model.objects.filter(public | involved | taking_part).values("pk")
        )

    def administered_by(self, user):
        """The programmes that this member of staff leads or edits; all for a superuser."""
        if acts_as_superuser(user):
            return self
        return self.filter(pk__in=Responsibility.objects.of(user).values("programme"))

    def led_by(self, user):
        return self.filter(
            pk__in=Responsibility.objects.of(user).filter(role="lead").values("programme")
        )

    def for_listing(self):
        return self.select_related("carrier").order_by(alphabetical("title"), "pk")


class Programme(models.Model):
    """A programme of runs, with the organisation that carries it."""

    belongs_to = "pk"

    # The programme's slug is its identity in exchange files, in the outbox and in
    # the change log: it is set once.
    slug = KeyField(
        _("Kurzname in Adressen"),
        max_length=50,
        unique=True,
        help_text=_(
            "Kleinbuchstaben, Ziffern, Bindestriche. Bleibt für immer, zum Beispiel „mfv“."
        ),
    )
    title = LineField(_("Titel"), max_length=150)
    short_title = LineField(_("Kurztitel"), max_length=40, blank=True)
    initiative = LineField(
        _("Initiative"), max_length=150, blank=True, help_text=_("Dach des Programms.")
    )
    carrier = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_programmes",
        verbose_name=_("Projektträger"),
    )
    period = ImpreciseDateField(_("Laufzeit"), null=True, blank=True)
    city = LineField(_("Ort"), max_length=100, blank=True)
    summary = PlainTextField(
        _("In drei Sätzen"), blank=True, help_text=_("Steht auf der Startseite.")
    )
    description = RichTextField(_("Beschreibung"), blank=True)
    website = WebAddressField(_("Webseite"), blank=True)
    language = LineField(
        _("Sprache der Inhalte"), max_length=5, choices=settings.LANGUAGES, default="de"
    )
    accent_colour = LineField(
        _("Akzentfarbe"),
        max_length=7,
        default="#00507d",
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", _("Bitte wie #00507d schreiben."))],
    )
    is_public = models.BooleanField(_("öffentlich"), default=False)
    lead_approves_alone = models.BooleanField(
        _("Projektleitung darf allein freigeben"),
        default=True,
        help_text=_(
            "Dann mit Begründung. Sonst gibt auch die Projektleitung keinen Text frei, den sie "
            "selbst zur Freigabe gegeben hat."
        ),
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Programm")
        verbose_name_plural = _("Programme")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("home:programme", args=[self.slug])


class ResponsibilityQuerySet(models.QuerySet["Responsibility"]):
    def of(self, user):
        """What this account answers for: nothing, unless it is an active account of staff."""
        return self.filter(user=user) if user.is_active and user.acts_as_staff else self.none()


class Responsibility(models.Model):
    """Who of the staff answers for a programme (Zuständigkeit)."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Projektleitung")
        EDITOR = "editor", _("Redaktion")

    belongs_to = "programme"

    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        related_name="responsibilities",
        verbose_name=_("Programm"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="responsibilities",
        verbose_name=_("Konto"),
    )
    role = LineField(_("Rolle"), max_length=10, choices=Role.choices, default=Role.LEAD)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("Zuständigkeit")
        verbose_name_plural = _("Zuständigkeiten")
        constraints = [
            models.UniqueConstraint(name="responsibility_once", fields=["programme", "user"])
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"


class FundingNotice(models.Model):
    """The sentence in which a funder wants to be named (Förderhinweis)."""

    belongs_to = "programme"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        related_name="funding_notices",
        verbose_name=_("Programm"),
    )
    funder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("Fördermittelgeber")
    )
    framework = LineField(_("Rahmen der Förderung"), max_length=200, blank=True)
    text = PlainTextField(_("Wortlaut"))
    language = LineField(
        _("Sprache"),
        max_length=5,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Leer: die Sprache des Programms."),
    )
    period = ImpreciseDateField(_("gilt für den Zeitraum"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Förderhinweis")
        verbose_name_plural = _("Förderhinweise")
        constraints = [
            models.UniqueConstraint(name="fundingnotice_key", fields=["programme", "key"])
        ]

    def __str__(self):
        return str(self.funder)

    @property
    def spoken_language(self) -> str:
        return self.language or self.programme.language

    def holds_on(self, day: date) -> bool:
        """Whether the funder is named on that day; without a period, always."""
        return self.period is None or self.period.first_day <= day <= self.period.last_day


# Numbers as words, the way releases write the small ones.
NUMBERS = {
    word: number
    for number, words in enumerate(
        [
            "null zero", "ein eins eine einen einem einer one", "zwei two", "drei three",
            "vier four", "fünf five", "sechs six", "sieben seven", "acht eight", "neun nine",
            "zehn ten", "elf eleven", "zwölf twelve", "dreizehn", "vierzehn", "fünfzehn",
            "sechzehn", "siebzehn", "achtzehn", "neunzehn", "zwanzig twenty",
        ]
    )
    for word in words.split()
}  # fmt: skip


class StatedFigure(models.Model):
    """A number that was told in public, with its source; apart from any count of records."""

    belongs_to = "programme"

    key = KeyField(
        _("Schlüssel"),
        max_length=60,
        default=new_key,
        help_text=_("So heißt die Angabe in Texten, zum Beispiel {angabe:teilnehmende}."),
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="figures", verbose_name=_("Programm")
    )
    run = models.ForeignKey(
        "programmes.Run",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="figures",
        verbose_name=_("Durchlauf"),
    )
    label = LineField(_("Was"), max_length=120)
    value = LineField(_("Angabe"), max_length=60, help_text=_("Zum Beispiel 20."))
    unit = LineField(_("Einheit"), max_length=40, blank=True)
    source = LineField(_("Quelle"), max_length=200)
    stated_on = ImpreciseDateField(_("Stand"), null=True, blank=True)

    class Meta:
        verbose_name = _("Angabe mit Quelle")
        verbose_name_plural = _("Angaben mit Quelle")
        # Each run may tell its own number under the same key; a text names that of its run.
        constraints = [
            models.UniqueConstraint(
                name="statedfigure_key",
                fields=["programme", "run", "key"],
                nulls_distinct=False,
                violation_error_message=_("Zu diesem Durchlauf gibt es die Angabe schon."),
            )
        ]

    def __str__(self):
        return f"{self.label}: {self.value} {self.unit}".strip()

    @property
    def number(self) -> int | None:
        """The value as a number; None where it is none, or not a whole one."""
        value = self.value.strip()
        return int(value) if value.isascii() and value.isdecimal() else NUMBERS.get(value.lower())

    @property
    def digits(self) -> str:
        """The value for places where it is set large: „5“ for „fünf“."""
        return self.value if self.number is None else str(self.number)
