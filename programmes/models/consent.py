"""What a person agreed to, for which purpose, in which words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from texts.fields import KeyField, LineField, PlainTextField
from texts.keys import new_key


class ConsentPurpose(models.Model):
    """A purpose for which a programme asks people's consent, in one wording.

    The portal itself asks for `public-name`: the name may stand on public pages and in print.
    """

    PUBLIC_NAME = "public-name"

    belongs_to = "programme"

    programme = models.ForeignKey(
        "programmes.Programme",
        on_delete=models.CASCADE,
        related_name="consent_purposes",
        verbose_name=_("Programm"),
    )
    key = KeyField(_("Schlüssel"), max_length=60, default=new_key)
    name = LineField(_("Zweck"), max_length=120)
    wording = PlainTextField(_("Wortlaut der Einwilligung"))
    version = models.PositiveSmallIntegerField(_("Fassung"), default=1)

    class Meta:
        verbose_name = _("Zweck einer Einwilligung")
        verbose_name_plural = _("Zwecke von Einwilligungen")
        constraints = [
            models.UniqueConstraint(name="consentpurpose_key", fields=["programme", "key"])
        ]

    def __str__(self):
        return self.name


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)

    def for_listing(self):
        return self.select_related("person", "purpose").order_by("-given_at", "-pk")


class Consent(models.Model):
    """One person's yes to one purpose; a withdrawal keeps the row."""

    class Channel(models.TextChoices):
        PORTAL = "portal", _("im Portal")
        PAPER = "paper", _("auf Papier")
        MAIL = "mail", _("per E-Mail")
        VERBAL = "verbal", _("mündlich, vermerkt")

    belongs_to = "person"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    # What somebody agreed to stays on record.
    person = models.ForeignKey(
        "programmes.Person",
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("Person"),
    )
    purpose = models.ForeignKey(
        ConsentPurpose, on_delete=models.PROTECT, related_name="consents", verbose_name=_("Zweck")
    )
    purpose_version = models.PositiveSmallIntegerField(_("Fassung des Wortlauts"), default=1)
    channel = LineField(_("Weg"), max_length=10, choices=Channel.choices, default=Channel.PORTAL)
    given_at = models.DateTimeField(_("erteilt am"))
    withdrawn_at = models.DateTimeField(_("widerrufen am"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Einwilligung")
        verbose_name_plural = _("Einwilligungen")
        constraints = [
            models.UniqueConstraint(name="consent_key", fields=["person", "key"]),
            models.UniqueConstraint(
                name="consent_one_in_force",
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=models.Q(withdrawn_at__isnull=True)
                | models.Q(withdrawn_at__gte=models.F("given_at")),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.purpose}"
