"""Persons, organisations, and the positions that persons hold in them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.consent import Consent, ConsentPurpose
from texts.addresses import WebAddressField
from texts.dates import ImpreciseDateField
from texts.fields import KeyField, LineField, MailAddressField, PlainTextField
from texts.keys import new_key
from texts.order import alphabetical_names


class Sector(models.Model):
    """A part of the city's life from which people come (Bereich)."""

    belongs_to = "programme"

    programme = models.ForeignKey(
        "programmes.Programme",
        on_delete=models.CASCADE,
        related_name="sectors",
        verbose_name=_("Programm"),
    )
    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    name = LineField(_("Bezeichnung"), max_length=80)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Bereich")
        verbose_name_plural = _("Bereiche")
        constraints = [
            models.UniqueConstraint(name="sector_key", fields=["programme", "key"]),
            models.UniqueConstraint(name="sector_name", fields=["programme", "name"]),
        ]

    def __str__(self):
        return self.name


class Organisation(models.Model):
    """A company, administration, association, school …"""

    belongs_to = "programme"

    programme = models.ForeignKey(
        "programmes.Programme",
        on_delete=models.PROTECT,
        related_name="organisations",
        verbose_name=_("Programm"),
    )
    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    name = LineField(_("Name"), max_length=200)
    short_name = LineField(_("Kurzname"), max_length=80, blank=True)
    legal_name = LineField(
        _("rechtlicher Name"), max_length=200, blank=True, help_text=_("Mit Rechtsform.")
    )
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Bereich")
    )
    city = LineField(_("Ort"), max_length=100, blank=True)
    website = WebAddressField(_("Webseite"), blank=True)
    about = PlainTextField(
        _("Kurzbeschreibung"),
        blank=True,
        help_text=_("Ein bis drei Sätze, für Leitfaden und Presse."),
    )

    class Meta:
        verbose_name = _("Organisation")
        verbose_name_plural = _("Organisationen")
        constraints = [
            models.UniqueConstraint(name="organisation_key", fields=["programme", "key"])
        ]

    def __str__(self):
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def with_public_name(self):
        """Each person with `may_be_named`: agreed to stand on public pages and in print."""
        consents = Consent.objects.in_force().filter(
            person=models.OuterRef("pk"), purpose__key=ConsentPurpose.PUBLIC_NAME
        )
        return self.annotate(may_be_named=models.Exists(consents))

    def may_be_named(self):
        """The persons who agreed; the one rule for every page, sheet and text."""
        return self.with_public_name().filter(may_be_named=True)

    def with_address(self, programme: models.Model, email: str):
        """Who of one programme is reached under this address, in capitals or not; first first."""
        if not email:
            return self.none()
        return self.filter(programme=programme, email__iexact=email).order_by("pk")

    def for_listing(self):
        return self.order_by(*alphabetical_names(), "pk")


class Person(models.Model):
    """A human being in one programme, with or without an account."""

    belongs_to = "programme"

    programme = models.ForeignKey(
        "programmes.Programme",
        on_delete=models.PROTECT,
        related_name="persons",
        verbose_name=_("Programm"),
    )
    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="persons",
        verbose_name=_("Konto"),
    )
    academic_title = LineField(_("Titel"), max_length=40, blank=True)
    given_name = LineField(_("Vorname"), max_length=80, blank=True)
    family_name = LineField(_("Nachname"), max_length=80)
    email = MailAddressField(_("E-Mail-Adresse"), blank=True)
    phone = LineField(_("Telefon"), max_length=40, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Personen")
        constraints = [
            models.UniqueConstraint(name="person_key", fields=["programme", "key"]),
            models.UniqueConstraint(
                name="person_account",
                fields=["programme", "user"],
                condition=models.Q(user__isnull=False),
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.academic_title, self.given_name, self.family_name]))

    @property
    def mailbox(self) -> str:
        """Where mails reach the person: the account's address, else the one entered, or none."""
        return self.user.email if self.user else self.email


class Position(models.Model):
    """A function that a person holds or held in an organisation (Funktion)."""

    belongs_to = "person"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="positions", verbose_name=_("Person")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="positions",
        verbose_name=_("Organisation"),
    )
    title = LineField(_("Funktion"), max_length=150)
    held = ImpreciseDateField(
        _("Zeitraum"), null=True, blank=True, help_text=_("Zum Beispiel 2014 – 2016.")
    )

    class Meta:
        verbose_name = _("Funktion")
        verbose_name_plural = _("Funktionen")
        constraints = [models.UniqueConstraint(name="position_key", fields=["person", "key"])]

    def __str__(self):
        return f"{self.title}, {self.organisation}"
