"""What happens to people: the change log, consents, accounts, and the mails that go out."""

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle.leases import send_hint
from lifecycle.refusals import Refusal
from people.models import AuditEntry, Consent, ConsentPurpose, Message, Person, User
from people.notifications import (
    Mail,
    consent_withdrawn_mail,
    former_address_mail,
    new_address_mail,
    second_factor_removed_mail,
)
from people.tasks import send_message_task


class OtherProgramme(Refusal):
    """The person and the purpose of the consent belong to different programmes."""

    sentence = gettext_lazy("Das gehört zu einem anderen Programm.")


class StaleWording(Refusal):
    """The purpose has been worded anew since the person read it."""

    sentence = gettext_lazy(
        "Der Wortlaut hat sich inzwischen geändert. Bitte lesen Sie ihn noch einmal."
    )


class NoConsent(Refusal):
    """There is no consent in force that could be withdrawn."""

    sentence = gettext_lazy("Diese Einwilligung war schon widerrufen.")


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


# Consents


@transaction.atomic
def give_consent(
    person: Person,
    purpose: ConsentPurpose,
    *,
    channel: Consent.Channel = Consent.Channel.PORTAL,
    version: int | None = None,
    by: User | None,
) -> Consent:
    """Note a person's yes to the wording as it is now; a yes to the same wording stays.

    version: the wording that the person has read, where a page showed it.
    Raises OtherProgramme, StaleWording.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    purpose = ConsentPurpose.objects.select_for_update().get(pk=purpose.pk)
    if version is not None and version != purpose.version:
        raise StaleWording
    if person.scope != purpose.scope:
        raise OtherProgramme
    old = Consent.objects.in_force().filter(person=person, purpose=purpose).first()
    if old and old.purpose_version == purpose.version:
        return old
    now = timezone.now()
    if old:
        old.withdrawn_at = now
        old.save(update_fields=["withdrawn_at"])
    consent = Consent.objects.create(
        person=person,
        purpose=purpose,
        purpose_version=purpose.version,
        channel=channel,
        given_at=now,
    )
    record(
        "give_consent",
        person,
        by=by,
        scope=person.scope,
        purpose=purpose.key,
        version=purpose.version,
        channel=str(channel),
    )
    return consent


@transaction.atomic
def withdraw_consent(person: Person, purpose: ConsentPurpose, *, by: User | None) -> Consent:
    """Note that a person takes the yes back; from now on it does not count.

    The person gets a mail about it, whoever noted it. Raises NoConsent.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    consent = Consent.objects.in_force().filter(person=person, purpose=purpose).first()
    if consent is None:
        raise NoConsent
    consent.withdrawn_at = timezone.now()
    consent.save(update_fields=["withdrawn_at"])
    record("withdraw_consent", person, by=by, scope=person.scope, purpose=purpose.key)
    consent.person = person
    tell_of_withdrawal(consent)
    return consent


def tell_of_withdrawal(consent: Consent) -> None:
    """Write to the person that a consent does not count any more."""
    person = consent.person
    recipient = person.user.email if person.user else person.email
    if consent.withdrawn_at and recipient:
        mail = consent_withdrawn_mail(consent)
        _send(mail, recipient, concerning=consent, scope=person.scope)


@transaction.atomic
def reword_purpose(purpose: ConsentPurpose, wording: str, *, by: User | None) -> ConsentPurpose:
    """Ask for a consent in new words; what people agreed to stays the version they read."""
    purpose = ConsentPurpose.objects.select_for_update().get(pk=purpose.pk)
    if purpose.wording == wording:
        return purpose
    former, purpose.wording = purpose.wording, wording
    purpose.version += 1
    purpose.save(update_fields=["wording", "version"])
    record(
        "reword_purpose",
        purpose,
        by=by,
        scope=purpose.scope,
        version=purpose.version,
        former=former,
    )
    return purpose


def wording_of(purpose: ConsentPurpose, version: int) -> str:
    """The words of this version, as somebody read them; empty where they were not kept."""
    if version == purpose.version:
        return purpose.wording
    entries = AuditEntry.objects.of(purpose._meta.label_lower, purpose.pk)
    entry = entries.filter(action="reword_purpose", details__version=version + 1).first()
    return entry.details.get("former", "") if entry else ""


# Accounts


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
    _send(new_address_mail(user), user.email, concerning=user)
    _send(former_address_mail(user), former, concerning=user)
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
    _send(second_factor_removed_mail(user), user.email, concerning=user)
    return user


def _end_sessions(user: User) -> None:
    """Log an account out everywhere; whoever waits at a page has to log in again."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _send(mail: Mail, recipient: str, *, concerning: models.Model, scope: str = "") -> None:
    queue_message(
        recipient=recipient,
        scope=scope,
        subject=mail.subject,
        body=mail.body,
        language=mail.language,
        concerning=concerning,
    )


# Mails


@transaction.atomic
def queue_message(
    *,
    recipient: str,
    subject: str,
    body: str,
    language: str = "de",
    scope: str = "",
    concerning: models.Model | None = None,
    link: str = "",
) -> Message:
    """Put a mail into the outbox; it goes out after the commit.

    A secret link goes into `link`, with Message.LINK_MARK in its place in the body: it is
    forgotten as soon as the mail is sent.
    """
    message = Message.objects.create(
        scope=scope,
        object_kind=concerning._meta.label_lower if concerning else "",
        object_id=str(concerning.pk) if concerning else "",
        recipient=recipient,
        language=language,
        # A line break would end the header.
        subject=" ".join(subject.split())[:200],
        body=body,
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
