"""The outbox: every mail before and after sending."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    def in_scopes(self, scopes):
        return self.filter(scope__in=scopes)


class Message(models.Model):
    """A mail. The row is the truth, the task that sends it only a hint.

    A secret link stands in `link`, never in `body`, and is emptied once it was sent; the body
    has LINK_MARK in its place.
    """

    LINK_MARK = "[[link]]"

    class Status(models.TextChoices):
        PENDING = "pending", _("wartet")
        SENDING = "sending", _("wird gesendet")
        SENT = "sent", _("gesendet")
        FAILED = "failed", _("nicht zustellbar")

    NEXT = {
        Status.PENDING: {Status.SENDING},
        Status.SENDING: {Status.SENT, Status.FAILED, Status.PENDING},
        Status.SENT: set(),
        Status.FAILED: {Status.PENDING},
    }

    scope = models.SlugField(_("Programm"), blank=True)
    object_kind = models.CharField(_("betrifft"), max_length=60, blank=True)
    object_id = models.CharField(_("Nummer"), max_length=40, blank=True)
    recipient = models.EmailField(_("an"))
    language = models.CharField(_("Sprache"), max_length=5, default="de")
    subject = models.CharField(_("Betreff"), max_length=200)
    body = models.TextField(_("Text"))
    link = models.CharField(_("Verweis"), max_length=500, blank=True, editable=False)
    status = models.CharField(
        _("Status"), max_length=10, choices=Status.choices, default=Status.PENDING
    )
    created_at = models.DateTimeField(_("angelegt am"), db_default=Now())
    announced_at = models.DateTimeField(_("gemeldet am"), null=True, blank=True)
    token = models.UUIDField(_("Griff"), null=True, blank=True)
    lease_until = models.DateTimeField(_("gehört dem Versand bis"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    sent_at = models.DateTimeField(_("gesendet am"), null=True, blank=True)
    error = models.TextField(_("Fehler"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("E-Mail")
        verbose_name_plural = _("E-Mails")
        indexes = [
            models.Index(
                name="message_open",
                fields=["created_at"],
                condition=models.Q(status__in=["pending", "sending"]),
            )
        ]

    def __str__(self):
        return self.subject
