"""What happens to programmes, runs, and those who take part in them."""

import datetime
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.dates import ImpreciseDate
from lifecycle.refusals import Refusal
from people.models import ConsentPurpose, Organisation, Person, Position, Sector, User
from people.operations import (
    OtherProgramme,
    change_rights,
    forget_links,
    give_consent,
    queue_message,
    record,
)
from programmes.matters import close_matters
from programmes.models import (
    GuidingQuestion,
    Invitation,
    Participation,
    Programme,
    Responsibility,
    Run,
    Team,
    TeamMembership,
)
from programmes.notifications import (
    invitation_link,
    invitation_mail,
    responsibility_mail,
    welcome_mail,
)
from programmes.rules import forget_responsibilities


class AlreadyTakesPart(Refusal):
    """The person is already in this run."""

    sentence = gettext_lazy("Diese Person nimmt an dem Durchlauf schon teil.")


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


class OtherRun(Refusal):
    """The participation belongs to another run than the team."""

    sentence = gettext_lazy("Diese Person nimmt an einem anderen Durchlauf teil.")


class LastLead(Refusal):
    """A programme keeps at least one lead."""

    sentence = gettext_lazy("Ein Programm braucht mindestens eine Projektleitung.")


# Programmes and who answers for them


def default_sectors() -> list[tuple[str, str]]:
    return [
        ("wirtschaft", _("Wirtschaft")),
        ("verwaltung", _("Verwaltung")),
        ("politik", _("Kommunalpolitik")),
        ("soziales", _("Soziales")),
        ("kultur", _("Kultur")),
    ]


@transaction.atomic
def create_programme(programme: Programme, *, by: User) -> Programme:
    """Save a new programme with its creator as lead and with what every programme needs."""
    programme.save(force_insert=True)
    Responsibility.objects.create(programme=programme, user=by, role=Responsibility.Role.LEAD)
    with translation.override(programme.language):
        Sector.objects.bulk_create(
            Sector(scope=programme.slug, key=key, name=name, position=position)
            for position, (key, name) in enumerate(default_sectors(), start=1)
        )
        ConsentPurpose.objects.create(
            scope=programme.slug,
            key=ConsentPurpose.PUBLIC_NAME,
            name=_("Name in der Öffentlichkeit"),
            wording=_(
                "Ich bin einverstanden, dass mein Name mit meiner Funktion und Organisation auf "
                "den öffentlichen Seiten und in den Druckfassungen des Programms steht. Ich kann "
                "das jederzeit mit Wirkung für die Zukunft widerrufen."
            ),
        )
    record("create_programme", programme, by=by, scope=programme.slug)
    forget_responsibilities(by)
    return programme


@transaction.atomic
def entrust_programme(
    programme: Programme, email: str, role: Responsibility.Role, *, by: User | None
) -> Responsibility:
    """Make somebody lead or editor; without an account one is made. Both get a mail.

    Whoever has the part already keeps it without a second mail.
    Raises LastLead where the only lead would become an editor.
    """
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    user = get_or_make_account(email, language=programme.language)
    had_rights = user.is_staff
    change_rights(user, by=by, is_staff=True)
    user.is_staff = True
    held = Responsibility.objects.filter(programme=programme, user=user, role=role).first()
    if held and had_rights:
        return held
    if role != Responsibility.Role.LEAD:
        _keep_a_lead(programme, without=user)
    responsibility, _is_new = Responsibility.objects.update_or_create(
        programme=programme, user=user, defaults={"role": role}
    )
    record("entrust_programme", programme, by=by, scope=programme.slug, user=user.pk, role=role)
    mail = responsibility_mail(responsibility)
    queue_message(
        recipient=user.email,
        subject=mail.subject,
        body=mail.body,
        language=mail.language,
        scope=programme.slug,
        concerning=programme,
    )
    forget_responsibilities(user)
    return responsibility


@transaction.atomic
def end_responsibility(responsibility: Responsibility, *, by: User) -> None:
    """Take a programme out of somebody's hands. Raises LastLead."""
    programme = Programme.objects.select_for_update().get(pk=responsibility.programme_id)
    user = responsibility.user
    _keep_a_lead(programme, without=user)
    responsibility.delete()
    is_needed = user.is_superuser or user.may_found_programmes or user.may_keep_legal_pages
    if not is_needed and not Responsibility.objects.filter(user=user).exists():
        change_rights(user, by=by, is_staff=False)
    record("end_responsibility", programme, by=by, scope=programme.slug, user=user.pk)
    forget_responsibilities(user)


def _keep_a_lead(programme: Programme, *, without: User) -> None:
    leads = programme.responsibilities.filter(role=Responsibility.Role.LEAD)
    if leads.filter(user=without).exists() and not leads.exclude(user=without).exists():
        raise LastLead


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
def make_lead(email: str, *, password: str | None = None) -> User:
    """The account of somebody who sets up programmes; without a password a mail leads to one."""
    user = get_or_make_account(email, password=password)
    user.is_staff = user.may_found_programmes = True
    if not User.objects.filter(may_keep_legal_pages=True, is_active=True).exists():
        # Somebody must be able to write the imprint: first of all who sets the portal up.
        user.may_keep_legal_pages = True
    if password:
        user.set_password(password)
    user.save()
    record("make_lead", user, by=None)
    if not user.has_usable_password():
        mail = welcome_mail(user)
        queue_message(
            recipient=user.email, subject=mail.subject, body=mail.body, language=mail.language
        )
    return user


@dataclass(frozen=True)
class DemoAccount:
    email: str
    role: str


@transaction.atomic
def make_demo_accounts(programme: Programme, *, password: str) -> list[DemoAccount]:
    """Staff and participants of an example programme, all with one password; safe to repeat."""
    lead = _demo_account(
        "lead@example.org", password, may_found_programmes=True, may_keep_legal_pages=True
    )
    editor = _demo_account("redaktion@example.org", password)
    technician = _demo_account("technik@example.org", password, is_staff=True, is_superuser=True)
    for user, role in [(lead, Responsibility.Role.LEAD), (editor, Responsibility.Role.EDITOR)]:
        entrust_programme(programme, user.email, role, by=None)
    accounts = [
        DemoAccount(lead.email, _("Projektleitung")),
        DemoAccount(editor.email, _("Redaktion")),
        DemoAccount(technician.email, _("Technik (sieht alles, entscheidet nichts)")),
    ]
    persons = Person.objects.filter(scope=programme.slug, email__endswith="@example.org")
    taking_part = persons.filter(participations__status__in=Participation.TAKING_PART).distinct()
    for person in taking_part.for_listing():
        person.user = link_account(person, _demo_account(person.email, password), by=None)
        runs = Run.objects.own(person.user).filter(programme=programme).order_by("number")
        topics = ", ".join(run.topic for run in runs)
        accounts.append(DemoAccount(person.user.email, f"{person.full_name}: {topics}"))
    return accounts


def _demo_account(email: str, password: str, **rights: bool) -> User:
    user = change_rights(get_or_make_account(email), by=None, **rights)
    # Only where it differs: another hash would end the sessions of the demo at every start.
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


# Runs


@transaction.atomic
def start_run(run: Run, *, by: User) -> Run:
    return _move_run(run, Run.Status.RUNNING, "start_run", by=by)


@transaction.atomic
def complete_run(run: Run, *, by: User) -> Run:
    """The run is over; what was begun may be finished. Open invitations are withdrawn."""
    return _end_run(run, Run.Status.COMPLETED, "complete_run", by=by)


@transaction.atomic
def archive_run(run: Run, *, by: User) -> Run:
    """Nobody works in the run any more: what still ran of it ends."""
    run = _end_run(run, Run.Status.ARCHIVED, "archive_run", by=by)
    for participation in run.participations.filter(status=Participation.Status.ACTIVE):
        complete_participation(participation, by=by)
    return run


@transaction.atomic
def cancel_run(run: Run, *, by: User) -> Run:
    """Call a run off, with what was planned for it."""
    return _end_run(run, Run.Status.CANCELLED, "cancel_run", by=by)


def _end_run(run: Run, status: Run.Status, action: str, *, by: User) -> Run:
    """Move the run and close what must not stay open, in this room and the others."""
    run = _move_run(run, status, action, by=by)
    # Locked, so that whoever answers at this moment is either in or reads that it is over.
    _lock_participations(run=run, invitation__status=Invitation.Status.SENT)
    waiting = Invitation.objects.select_for_update().filter(
        participation__run=run, status=Invitation.Status.SENT
    )
    for invitation in waiting.order_by("pk"):
        withdraw_invitation(invitation, by=by)
    close_matters(run, status, by=by)
    return run


def _move_run(run: Run, status: Run.Status, action: str, *, by: User) -> Run:
    run = Run.objects.select_for_update(of=("self",)).select_related("programme").get(pk=run.pk)
    run.move_to(status)
    run.save(update_fields=["status"])
    record(action, run, by=by, scope=run.programme.slug)
    return run


@transaction.atomic
def set_guiding_question(
    run: Run,
    text: str,
    *,
    stated_on: ImpreciseDate | None = None,
    source: str = "",
    by: User,
) -> GuidingQuestion:
    """Give the run's question a new wording; the old one stays in its history."""
    run = Run.objects.select_for_update(of=("self",)).select_related("programme").get(pk=run.pk)
    current = run.questions.filter(is_current=True).first()
    if current and current.text == text:
        return current
    if current:
        current.is_current = False
        current.save(update_fields=["is_current"])
    question = run.questions.create(text=text, stated_on=stated_on, source=source)
    record("set_guiding_question", run, by=by, scope=run.programme.slug, question=question.key)
    return question


# Who takes part


@transaction.atomic
def add_person(
    programme: Programme,
    *,
    given_name: str,
    family_name: str,
    email: str = "",
    academic_title: str = "",
    organisation: Organisation | None = None,
    function: str = "",
    by: User,
) -> Person:
    """Enter a person with the position that they hold. Raises OtherProgramme."""
    if organisation and organisation.scope != programme.slug:
        raise OtherProgramme
    person = Person.objects.create(
        scope=programme.slug,
        academic_title=academic_title,
        given_name=given_name,
        family_name=family_name,
        email=email,
    )
    if organisation:
        Position.objects.create(person=person, organisation=organisation, title=function)
    record("add_person", person, by=by, scope=programme.slug)
    return person


@transaction.atomic
def add_participant(
    run: Run,
    person: Person,
    *,
    position: Position | None = None,
    sector: Sector | None = None,
    role: Participation.Role = Participation.Role.PARTICIPANT,
    by: User,
) -> Participation:
    """Put a person on the list of a run, with an invitation that is not yet sent.

    Raises Run.WrongStatus, OtherProgramme, AlreadyTakesPart.
    """
    run = Run.objects.select_for_update(of=("self",)).select_related("programme").get(pk=run.pk)
    if run.has_ended:
        raise Run.WrongStatus
    scopes = {row.scope for row in (person, sector) if row}
    if scopes != {run.programme.slug} or (position and position.person_id != person.pk):
        raise OtherProgramme
    if run.participations.filter(person=person).exists():
        raise AlreadyTakesPart
    participation = Participation.objects.create(
        run=run, person=person, position=position, sector=sector, role=role
    )
    Invitation.objects.create(participation=participation, email=person.email)
    record("add_participant", participation, by=by, scope=run.programme.slug, role=role)
    return participation


@transaction.atomic
def complete_participation(participation: Participation, *, by: User) -> Participation:
    return _move_participation(
        participation, Participation.Status.COMPLETED, "complete_participation", by=by
    )


@transaction.atomic
def leave_run(participation: Participation, *, by: User) -> Participation:
    """Somebody stops taking part: the run and its teams are closed to them from now on."""
    participation = _move_participation(
        participation, Participation.Status.LEFT, "leave_run", by=by
    )
    participation.memberships.update(has_left=True)
    return participation


def _move_participation(
    participation: Participation, status: Participation.Status, action: str, *, by: User | None
) -> Participation:
    participation = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("run__programme", "person")
        .get(pk=participation.pk)
    )
    participation.move_to(status)
    participation.save(update_fields=["status"])
    record(action, participation, by=by, scope=participation.run.programme.slug)
    return participation


@transaction.atomic
def add_team_member(
    team: Team, participation: Participation, *, is_speaker: bool = False, by: User
) -> TeamMembership:
    """Put somebody of the run into a team; who had left it comes back. Raises OtherRun."""
    if participation.run_id != team.run_id:
        raise OtherRun
    membership, _is_new = TeamMembership.objects.update_or_create(
        team=team,
        participation=participation,
        defaults={"is_speaker": is_speaker, "has_left": False},
    )
    record("add_team_member", team, by=by, scope=team.run.programme.slug, member=participation.pk)
    return membership


@transaction.atomic
def remove_team_member(membership: TeamMembership, *, by: User) -> TeamMembership:
    """Somebody leaves a team; that they were in it stays known."""
    membership.has_left = True
    membership.is_speaker = False
    membership.save(update_fields=["has_left", "is_speaker"])
    team = membership.team
    record(
        "remove_team_member",
        team,
        by=by,
        scope=team.run.programme.slug,
        member=membership.participation_id,
    )
    return membership


# Invitations


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
    queue_message(
        recipient=invitation.email,
        subject=mail.subject,
        body=mail.body,
        language=mail.language,
        scope=run.programme.slug,
        concerning=invitation,
        link=invitation_link(token, mail.language),
    )
    record("invite", participation, by=by, scope=run.programme.slug)
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
    return _move_participation(
        participation, Participation.Status.ACTIVE, "accept_invitation", by=account
    )


@transaction.atomic
def link_account(person: Person, account: User, *, by: User | None) -> User:
    """From now on the account is this person in the programme. Raises OtherAccount."""
    if person.user == account:
        return account
    others = Person.objects.filter(scope=person.scope, user=account).exclude(pk=person.pk)
    if others.exists():
        # One account is one person in a programme; the lead has entered this one twice.
        raise OtherAccount
    person.user = account
    person.save(update_fields=["user"])
    record("link_account", person, by=by, scope=person.scope)
    return account


def public_name_purpose(person: Person) -> ConsentPurpose | None:
    """The words in which the person's programme asks to name people in public."""
    return ConsentPurpose.objects.filter(scope=person.scope, key=ConsentPurpose.PUBLIC_NAME).first()


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
    return _move_participation(
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


def _lock_participations(**lookup: Any) -> None:
    """Lock them before their invitations, in one order everywhere: else two wait for each other."""
    rows = Participation.objects.select_for_update(of=("self",)).filter(**lookup)
    list(rows.order_by("pk").values_list("pk"))


def _locked_invitation(**lookup: object) -> Invitation:
    _lock_participations(**{f"invitation__{name}": value for name, value in lookup.items()})
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
