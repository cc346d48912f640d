"""What happens to people: the change log, accounts, and the mails that go out."""

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle.leases import send_hint
from lifecycle.refusals import Refusal
from people.models import AuditEntry, Message, User
from people.notifications import (
    Mail,
    former_address_mail,
    new_address_mail,
    second_factor_removed_mail,
)
from people.tasks import send_message_task


class AddressTaken(Refusal):
    """Another account logs in with this e-mail address."""

    sentence = gettext_lazy("Mit dieser Adresse gibt es schon ein Konto.")


class NoSecondFactor(Refusal):
    """The account has no second factor that could be removed."""

    sentence = gettext_lazy("Dieses Konto hat keinen zweiten Faktor.")


class LinkGone(Refusal):
    """The secret link of the mail holds no longer: it would lead nowhere."""

    sentence = gettext_lazy("Der Link in dieser E-Mail gilt nicht mehr.")


def record(
    action: str, obj: models.Model, *, by: User | None, scope: str = "", **details: Any
) -> AuditEntry:
    """Write one entry of the change log. Call it inside the operation's transaction."""
    return AuditEntry.objects.create(
        actor=by,
        scope=scope,
        object_kind=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        action=action,
        details=details,
    )


# Accounts


def get_or_make_account(email: str, *, language: str = "de", password: str | None = None) -> User:
    """The account of an address, made without rights where there is none."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, password, language=language)
    EmailAddress.objects.get_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user


@transaction.atomic
def create_account(user: User, *, by: User | None) -> User:
    """Save a new account; its address counts as confirmed."""
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("create", user, by=by)
    return user


@transaction.atomic
def change_rights(user: User, *, by: User | None, **rights: bool) -> User:
    """Give and take rights, by their names; an account switched off is logged out everywhere."""
    user = User.objects.select_for_update().get(pk=user.pk)
    changed: dict[str, Any] = {
        name: value for name, value in rights.items() if getattr(user, name) != value
    }
    if not changed:
        return user
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    record("change_rights", user, by=by, **changed)
    if not user.is_active:
        _end_sessions(user)
    return user


@transaction.atomic
def change_address(user: User, address: str, *, by: User | None) -> User:
    """Move an account to another mailbox: only the new address logs in and gets its mails.

    Ends all sessions and tells both mailboxes. Raises AddressTaken.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    former, user.email = user.email, address.strip().lower()
    if user.email == former:
        return user
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as error:
        # Addresses are in lower case, so the constraints also know them in other spellings.
        raise AddressTaken from error
    _end_sessions(user)
    record("change_address", user, by=by, former=former)
    queue_mail(new_address_mail(user), user.email, concerning=user)
    queue_mail(former_address_mail(user), former, concerning=user)
    return user


@transaction.atomic
def remove_second_factor(user: User, *, by: User | None) -> User:
    """Take away what the owner lost: app, passkeys and recovery codes; ends all sessions.

    The caller has made sure who asks. Raises NoSecondFactor.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    count, _kinds = Authenticator.objects.filter(user=user).delete()
    if not count:
        raise NoSecondFactor
    _end_sessions(user)
    record("remove_second_factor", user, by=by)
    queue_mail(second_factor_removed_mail(user), user.email, concerning=user)
    return user


def _end_sessions(user: User) -> None:
    """Log an account out everywhere; whoever waits at a page has to log in again."""
    for session in UserSession.objects.filter(user=user):
        session.end()


# Mails


@transaction.atomic
def queue_mail(
    mail: Mail,
    recipient: str,
    *,
    concerning: models.Model | None = None,
    scope: str = "",
    link: str = "",
) -> Message:
    """Put a written mail into the outbox; it goes out after the commit.

    A secret link goes into `link`, with Message.LINK_MARK in its place in the body: it is
    forgotten as soon as the mail is sent.
    """
    message = Message.objects.create(
        scope=scope,
        object_kind=concerning._meta.label_lower if concerning else "",
        object_id=str(concerning.pk) if concerning else "",
        recipient=recipient,
        language=mail.language,
        # A line break would end the header.
        subject=" ".join(mail.subject.split())[:200],
        body=mail.body,
        link=link,
    )
    transaction.on_commit(partial(announce_message, message.pk), robust=True)
    return message


def announce_message(message_id: int) -> None:
    if send_hint(send_message_task.delay, message_id=message_id):
        Message.objects.filter(pk=message_id).update(announced_at=Now())


@transaction.atomic
def resend_message(message: Message, *, by: User | None) -> Message:
    """Try a failed mail again from the beginning. Raises Message.WrongStatus, LinkGone."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.status == Message.Status.SENDING:
        raise Message.WrongStatus
    if message.has_lost_link:
        raise LinkGone
    message.move_to(Message.Status.PENDING)
    message.attempts = 0
    message.lease_until = None
    message.announced_at = None
    message.save(update_fields=["status", "attempts", "lease_until", "announced_at"])
    record("resend_message", message, by=by, scope=message.scope)
    transaction.on_commit(partial(announce_message, message.pk), robust=True)
    return message


@transaction.atomic
def forget_links(concerning: models.Model) -> None:
    """End the mails about an object whose secret link holds no longer.

    What has not gone out goes out no more; what failed cannot be sent again.
    """
    with_link = Message.objects.of(concerning).exclude(link="")
    with_link.filter(status=Message.Status.PENDING).delete()
    with_link.update(link="")


def sweep_messages() -> int:
    """Announce the mails that wait without a hint or lost their sender; return how many."""
    due = Message.objects.due().not_announced().order_by("created_at", "pk")
    waiting = list(due.values_list("pk", flat=True))
    _give_up_lost()
    for message_id in waiting:
        announce_message(message_id)
    return len(waiting)


def _give_up_lost() -> None:
    """Fail the mails whose sender was lost in the last attempt."""
    Message.objects.lost().filter(attempts__gte=Message.ATTEMPTS).release(
        Message.Status.FAILED,
        error=_("Der Versand ist mehrmals mitten in der Arbeit ausgefallen."),
    )


def forget_ended_sessions() -> None:
    """Delete from where somebody had signed in, once the session is gone: it is personal data."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
