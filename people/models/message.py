"""The outbox: every mail before and after sending."""

from typing import TypeAlias

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from lifecycle.leases import Leased, LeasedQuerySet
from texts.fields import KeyField, LineField, MailAddressField, PlainTextField


class MessageQuerySet(LeasedQuerySet["Message"]):
    def of(self, obj: models.Model):
        """The mails that concern one object."""
        return self.filter(object_kind=obj._meta.label_lower, object_id=str(obj.pk))

    def due(self):
        """What may be sent now: waiting and not put off, or left behind by a lost sender."""
        waiting = self.filter(status=Message.Status.PENDING)
        return (
            waiting.filter(lease_until=None)
            | waiting.filter(lease_until__lte=Now())
            | self.lost().filter(attempts__lt=Message.ATTEMPTS)
        )

    def for_listing(self):
        return self.order_by("-created_at", "-pk")


class MessageStatus(models.TextChoices):
    PENDING = "pending", _("wartet")
    SENDING = "sending", _("wird gesendet")
    SENT = "sent", _("gesendet")
    FAILED = "failed", _("nicht zustellbar")


class Message(Leased):
    """A mail. The row is the truth, the task that sends it only a hint.

    A secret link stands in `link`, never in `body`, and is emptied once it was sent; the body
    has LINK_MARK in its place.
    """

    LINK_MARK = "[[link]]"
    ATTEMPTS = 5

    Status: TypeAlias = MessageStatus

    NEXT = {
        Status.PENDING: {Status.SENDING},
        Status.SENDING: {Status.SENT, Status.FAILED, Status.PENDING},
        Status.SENT: set(),
        Status.FAILED: {Status.PENDING},
    }

    class WrongStatus(Leased.WrongStatus):
        sentence = _("Die E-Mail ist inzwischen unterwegs.")

    # A mail that was put off waits until `lease_until`.
    WAITING, AT_WORK, WAITS_SINCE = Status.PENDING, Status.SENDING, "created_at"

    belongs_to = "scope"

    scope = KeyField(_("Programm"), blank=True)
    object_kind = LineField(_("betrifft"), max_length=60, blank=True)
    object_id = LineField(_("Nummer"), max_length=40, blank=True)
    recipient = MailAddressField(_("an"))
    language = LineField(_("Sprache"), max_length=5, default="de")
    subject = LineField(_("Betreff"), max_length=200)
    body = PlainTextField(_("Text"))
    link = LineField(_("Verweis"), max_length=500, blank=True, editable=False)
    status = LineField(_("Status"), max_length=10, choices=Status.choices, default=Status.PENDING)
    created_at = models.DateTimeField(_("angelegt am"), db_default=Now())
    sent_at = models.DateTimeField(_("gesendet am"), null=True, blank=True)
    error = PlainTextField(_("Fehler"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("E-Mail")
        verbose_name_plural = _("E-Mails")
        indexes = [
            models.Index(
                name="message_open",
                fields=["created_at"],
                condition=models.Q(status__in=[MessageStatus.PENDING, MessageStatus.SENDING]),
            )
        ]

    def __str__(self):
        return self.subject

    @property
    def has_lost_link(self) -> bool:
        return self.LINK_MARK in self.body and not self.link
