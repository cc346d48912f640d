"""Accounts for trying the example programme out."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User
from people.operations import change_rights, get_or_make_account
from programmes.models import (
    Participation,
    Person,
    Programme,
    Responsibility,
    Run,
)
from programmes.operations.invitation import link_account
from programmes.operations.programme import entrust_programme


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
    persons = Person.objects.filter(programme=programme, email__endswith="@example.org")
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
