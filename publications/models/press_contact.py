"""Whom journalists call."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models import Organisation, Programme
from texts.fields import KeyField, LineField, MailAddressField
from texts.keys import new_key


class PressContact(models.Model):
    """Whom journalists call."""

    belongs_to = "programme"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        related_name="press_contacts",
        verbose_name=_("Programm"),
    )
    name = LineField(
        _("Name oder Stelle"), max_length=150, help_text=_("Eine Person oder „Pressestelle“.")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Organisation"),
    )
    phone = LineField(_("Telefon"), max_length=40, blank=True)
    email = MailAddressField(_("E-Mail-Adresse"), blank=True)

    class Meta:
        verbose_name = _("Pressekontakt")
        verbose_name_plural = _("Pressekontakte")
        constraints = [
            models.UniqueConstraint(name="presscontact_key", fields=["programme", "key"])
        ]

    def __str__(self):
        return self.name
