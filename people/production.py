"""Sending what lies in the outbox. The row is the truth, the task that calls this only a hint.

A mail whose sender is lost between the
mail server's yes and our note of it is sent again: twice is better than never.
"""

import logging
import smtplib
import uuid
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models.functions import Now

from people.models import Message
from people.signals import mail_leaves
from texts.mail_addresses import wire_address

logger = logging.getLogger(__name__)

# Longer than the mail server may keep us waiting.
LEASE = timedelta(seconds=settings.EMAIL_TIMEOUT * 6)
# How long a mail waits after its first, second … attempt.
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
)


def send_message(message_id: int) -> bool:
    """Send one mail if it may be sent now; return whether it is delivered by this call."""
    token = Message.objects.claim(message_id, LEASE)
    if token is None:
        return False
    message = Message.objects.get(pk=message_id)
    try:
        _deliver(message)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _put_off(message, token, error)
        return False
    mine = Message.objects.held(message_id, token)
    return bool(mine.release(Message.Status.SENT, sent_at=Now(), error="", link=""))


def _deliver(message: Message) -> None:
    """Raises what the mail server says, and ValueError for an address that is none."""
    EmailMessage(
        subject=message.subject,
        body=message.body.replace(Message.LINK_MARK, message.link),
        to=[wire_address(message.recipient)],
        reply_to=[wire_address(address) for address in _answer_to(message)],
        headers={
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
            "Message-ID": message_id(message),
        },
    ).send()


def message_id(message: Message) -> str:
    """The same for every attempt, so that a mail that arrives twice is known to be one.

    Of the sender's domain, and telling nothing of the row.
    """
    name = uuid.uuid5(
        uuid.NAMESPACE_URL, f"{settings.PORTAL_URL}#{message.pk} {message.created_at.isoformat()}"
    )
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = wire_address(sender).rpartition("@")[2] or "localhost"
    return f"<{name}@{domain}>"


def _answer_to(message: Message) -> list[str]:
    """Whom the reader's answer reaches: who leads the programme that the mail is about."""
    if not message.scope:
        return []
    answers = mail_leaves.send(sender=Message, scope=message.scope)
    addresses = [address for _receiver, found in answers for address in found or ()]
    return [address for address in addresses if address != message.recipient]


def _put_off(message: Message, token: uuid.UUID, error: Exception) -> None:
    logger.warning("Mail %s was not sent: %s", message.pk, type(error).__name__)
    mine = Message.objects.held(message.pk, token)
    if message.attempts >= Message.ATTEMPTS or is_permanent(error):
        mine.release(Message.Status.FAILED, error=describe(error))
    else:
        again_at = Now() + RETRY_AFTER[message.attempts - 1]
        mine.release(Message.Status.PENDING, lease_until=again_at, error=describe(error))


def is_permanent(error: Exception) -> bool:
    """Whether trying again would end the same way."""
    if isinstance(error, ValueError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    # A refused log-in is our own setting, which somebody will mend.
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError):
        return False
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def describe(error: Exception) -> str:
    """What the mail server said, for the lead who looks into the outbox."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(
            f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
            for code, text in error.recipients.values()
        )
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        answer = text.decode(errors="replace") if isinstance(text, bytes) else text
        return f"{error.smtp_code} {answer}"
    return f"{type(error).__name__}: {error}"
