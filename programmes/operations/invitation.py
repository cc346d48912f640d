"""Invitations: sent, answered, withdrawn, over."""

import datetime
import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lifecycle.refusals import Refusal
from people.models import User
from people.operations import forget_links, get_or_make_account, queue_mail, record
from programmes.models import Invitation, Participation, Person, Run
from programmes.notifications import invitation_link, invitation_mail
from programmes.operations.consents import give_consent, public_name_purpose
from programmes.operations.participation import lock_participations, move_participation


class NoAddress(Refusal):
    """There is no e-mail address to which the invitation could go."""

    sentence = gettext_lazy("Für die Person ist keine E-Mail-Adresse eingetragen.")


class UnknownInvitation(Refusal):
    """No invitation has this token."""

    sentence = gettext_lazy(
        "Diesen Link kennt das Portal nicht: Eine neuere Einladung hat ihn ersetzt, oder er ist "
        "unvollständig."
    )


class InvitationOver(Refusal):
    """The time of the invitation has passed."""

    sentence = gettext_lazy("Die Zeit dieser Einladung ist abgelaufen.")


class RunEnded(Refusal):
    """The run of the invitation takes nobody in any more."""

    sentence = gettext_lazy("Der Durchlauf dieser Einladung ist zu Ende.")


class AccountExists(Refusal):
    """There is an account for the invited address; its owner has to log in first."""

    sentence = gettext_lazy("Zu dieser Adresse gibt es schon ein Konto. Bitte melden Sie sich an.")


class OtherAccount(Refusal):
    """The invitation is for another person than the one who is logged in."""

    sentence = gettext_lazy("Diese Einladung ist für eine andere Person.")


def token_hash(token: str) -> str:
    """What is stored of a token: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(participation: Participation, *, by: User) -> Invitation:
    """Mail the invitation with a new link; an older link ends with it.

    Raises NoAddress, Run.WrongStatus, Participation.WrongStatus, Invitation.WrongStatus.
    """
    participation = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("run__programme__carrier", "person__user")
        .get(pk=participation.pk)
    )
    run, person = participation.run, participation.person
    if run.has_ended:
        raise Run.WrongStatus(gettext_lazy("In diesen Durchlauf wird niemand mehr eingeladen."))
    if participation.status != Participation.Status.INVITED:
        raise Participation.WrongStatus
    if not person.email:
        raise NoAddress
    invitation, _is_new = Invitation.objects.select_for_update().get_or_create(
        participation=participation, defaults={"email": person.email}
    )
    if invitation.status == Invitation.Status.SENT:
        invitation.move_to(Invitation.Status.WITHDRAWN)
    invitation.move_to(Invitation.Status.SENT)
    token = secrets.token_urlsafe(32)
    invitation.email = person.email.lower()
    invitation.token_hash = token_hash(token)
    invitation.sent_at = timezone.now()
    invitation.expires_at = invitation.sent_at + datetime.timedelta(days=settings.INVITATION_DAYS)
    invitation.save(update_fields=["email", "status", "token_hash", "sent_at", "expires_at"])
    # Mails with the old link that could still be tried again.
    forget_links(invitation)
    invitation.participation = participation
    mail = invitation_mail(invitation)
    link = invitation_link(token, mail.language)
    scope = run.programme.slug
    queue_mail(mail, invitation.email, concerning=invitation, scope=scope, link=link)
    record("invite", participation, by=by, scope=scope)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """End the link of an invitation that was not answered."""
    invitation = _locked_invitation(pk=invitation.pk)
    invitation.move_to(Invitation.Status.WITHDRAWN)
    invitation.save(update_fields=["status"])
    forget_links(invitation)
    _record_answer("withdraw_invitation", invitation, by=by)
    return invitation


def expire_invitations() -> int:
    """End the links whose time has passed; return how many."""
    due = Invitation.objects.filter(status=Invitation.Status.SENT, expires_at__lte=Now())
    count = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            invitation = due.select_for_update(skip_locked=True).filter(pk=pk).first()
            if invitation is None:  # answered or sent again meanwhile
                continue
            invitation.move_to(Invitation.Status.EXPIRED)
            invitation.save(update_fields=["status"])
            forget_links(invitation)
            _record_answer("expire_invitation", invitation, by=None)
            count += 1
    return count


@transaction.atomic
def accept_invitation(
    token: str,
    *,
    by: User | None,
    password: str | None = None,
    language: str = "de",
    may_be_named: bool = False,
    wording: int | None = None,
) -> Participation:
    """Say yes: the person gets an account or brings their own, and takes part from now on.

    `by` is who is logged in. Without a password the new account is used with mailed codes.
    wording: the version of the words to which the person agrees with `may_be_named`.
    Raises UnknownInvitation, Invitation.WrongStatus, InvitationOver, RunEnded, AccountExists,
    OtherAccount, StaleWording.
    """
    invitation = _open_invitation(token)
    participation = invitation.participation
    person = participation.person
    account = account_of(invitation)
    if by is not None and by != account:
        raise OtherAccount
    if account is not None and by is None:
        raise AccountExists
    if account is None:
        account = get_or_make_account(invitation.email, language=language, password=password)
    link_account(person, account, by=account)
    invitation.move_to(Invitation.Status.ACCEPTED)
    invitation.answered_at = timezone.now()
    invitation.save(update_fields=["status", "answered_at"])
    forget_links(invitation)
    purpose = public_name_purpose(person)
    if may_be_named and purpose:
        give_consent(person, purpose, version=wording, by=account)
    return move_participation(
        participation, Participation.Status.ACTIVE, "accept_invitation", by=account
    )


@transaction.atomic
def link_account(person: Person, account: User, *, by: User | None) -> User:
    """From now on the account is this person in the programme. Raises OtherAccount."""
    if person.user == account:
        return account
    others = Person.objects.filter(programme=person.programme_id, user=account).exclude(
        pk=person.pk
    )
    if others.exists():
        # One account is one person in a programme; the lead has entered this one twice.
        raise OtherAccount
    person.user = account
    person.save(update_fields=["user"])
    record("link_account", person, by=by, scope=person.programme.slug)
    return account


@transaction.atomic
def decline_invitation(token: str) -> Participation:
    """Say no, without an account.

    Raises UnknownInvitation, Invitation.WrongStatus, InvitationOver, RunEnded.
    """
    invitation = _open_invitation(token)
    invitation.move_to(Invitation.Status.DECLINED)
    invitation.answered_at = timezone.now()
    invitation.save(update_fields=["status", "answered_at"])
    forget_links(invitation)
    return move_participation(
        invitation.participation, Participation.Status.DECLINED, "decline_invitation", by=None
    )


def _open_invitation(token: str) -> Invitation:
    """The invitation of a token that may be answered now, locked."""
    invitation = _locked_invitation(token_hash=token_hash(token))
    check_open(invitation)
    return invitation


def find_invitation(token: str) -> Invitation:
    """The invitation of a token, whatever became of it. Raises UnknownInvitation."""
    invitation = (
        Invitation.objects.select_related(
            "participation__run__programme__carrier", "participation__person__user"
        )
        .filter(token_hash=token_hash(token))
        .first()
    )
    if invitation is None:
        raise UnknownInvitation
    return invitation


def check_open(invitation: Invitation) -> None:
    """Raises Invitation.WrongStatus, InvitationOver, RunEnded where the answer comes too late."""
    if invitation.status != Invitation.Status.SENT:
        raise Invitation.WrongStatus
    if invitation.participation.run.has_ended:
        raise RunEnded
    if invitation.is_over:
        raise InvitationOver


def account_of(invitation: Invitation) -> User | None:
    """The account that the invited person has already, by the person or by the address."""
    account = invitation.participation.person.user
    return account or User.objects.filter(email=invitation.email.lower()).first()


def _locked_invitation(**lookup: object) -> Invitation:
    lock_participations(**{f"invitation__{name}": value for name, value in lookup.items()})
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("participation__run__programme", "participation__person__user")
        .filter(**lookup)
        .first()
    )
    if invitation is None:
        raise UnknownInvitation
    return invitation


def _record_answer(action: str, invitation: Invitation, *, by: User | None) -> None:
    participation = invitation.participation
    record(action, participation, by=by, scope=participation.run.programme.slug)
