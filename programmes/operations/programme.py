"""Programmes: setting one up, and who answers for it."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle.refusals import Refusal
from people.models import User
from people.operations import change_rights, get_or_make_account, queue_mail, record
from programmes.models import (
    ConsentPurpose,
    Programme,
    Responsibility,
    Sector,
)
from programmes.notifications import (
    responsibility_mail,
    welcome_mail,
)
from programmes.rules import forget_responsibilities


class LastLead(Refusal):
    """A programme keeps at least one lead."""

    sentence = gettext_lazy("Ein Programm braucht mindestens eine Projektleitung.")


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
            Sector(programme=programme, key=key, name=name, position=position)
            for position, (key, name) in enumerate(default_sectors(), start=1)
        )
        ConsentPurpose.objects.create(
            programme=programme,
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
    queue_mail(mail, user.email, concerning=programme, scope=programme.slug)
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
        queue_mail(welcome_mail(user), user.email)
    return user
