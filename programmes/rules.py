"""Who may what in a programme. The other rooms build their permissions from these predicates.

A predicate asks about any row that belongs to a programme. Without a row it answers for
„somewhere“: that decides which parts of the admin a member of staff sees at all.
"""

from collections.abc import Callable

import rules
from django.db.models import Model

from people.models import AuditEntry, Message, User, acts_as_superuser
from programmes.models import (
    Consent,
    ConsentPurpose,
    FundingNotice,
    GuidingQuestion,
    Invitation,
    Organisation,
    Participation,
    Person,
    Position,
    Programme,
    Responsibility,
    Run,
    Sector,
    StatedFigure,
    Team,
    TeamMembership,
)
from programmes.models.belonging import (
    belongs_to_programmes,
    participation_of,
    programme_reference,
)


def responsibilities(user) -> dict[int | str, str]:
    """The user's roles, by number and by slug of the programme; read once for a user object."""
    if not hasattr(user, "_responsibilities"):
        roles: dict[int | str, str] = {}
        titles: dict[int | str, str] = {}
        rows = Responsibility.objects.of(user).values_list(
            "programme", "programme__slug", "role", "programme__short_title", "programme__title"
        )
        for programme, slug, role, short_title, title in rows:
            roles[programme] = roles[slug] = role
            titles[programme] = titles[slug] = short_title or title
        user._responsibilities, user._titles = roles, titles
    return user._responsibilities


def titles_to_tell_apart(user) -> dict[int | str, str]:
    """The titles of the user's programmes, by number and slug; none where there is only one."""
    responsibilities(user)
    # Two keys for each programme.
    return user._titles if len(user._titles) > 2 else {}


def forget_responsibilities(user) -> None:
    """Read the roles anew: an operation has just changed them."""
    if hasattr(user, "_responsibilities"):
        del user._responsibilities


def _has_role(user, obj: Model | None, roles: set[str]) -> bool:
    if not (user.is_authenticated and user.is_active and user.acts_as_staff):
        return False
    held = responsibilities(user)
    if obj is None:
        return not roles.isdisjoint(held.values())
    if not belongs_to_programmes(type(obj)):
        return False
    reference = programme_reference(obj)
    return reference is not None and held.get(reference) in list(roles)


@rules.predicate
def leads(user, obj=None):
    """Leads the programme of this row."""
    return _has_role(user, obj, {Responsibility.Role.LEAD})


@rules.predicate
def edits(user, obj=None):
    """Is editor of the programme of this row."""
    return _has_role(user, obj, {Responsibility.Role.EDITOR})


@rules.predicate
def administers(user, obj=None):
    """Leads or edits the programme of this row."""
    return _has_role(user, obj, {Responsibility.Role.LEAD, Responsibility.Role.EDITOR})


@rules.predicate
def takes_part(user, obj=None):
    """Takes or took part in the run of this row, in any role."""
    return obj is not None and participation_of(user, obj) is not None


@rules.predicate
def works_in(user, obj=None):
    """Takes part in the run of this row now."""
    participation = participation_of(user, obj) if obj is not None else None
    return participation is not None and participation.status == Participation.Status.ACTIVE


@rules.predicate
def facilitates(user, obj=None):
    """Accompanies the run of this row as a facilitator."""
    participation = participation_of(user, obj) if obj is not None else None
    return participation is not None and participation.role == Participation.Role.FACILITATOR


accompanies = administers | facilitates
accompanies.__doc__ = "Sees the run of this row whole: as staff or as facilitator."


@rules.predicate
def is_superuser(user, obj=None):
    """Technical care: sees and repairs rows, but decides nothing in a programme."""
    return user.is_authenticated and user.is_active and acts_as_superuser(user)


@rules.predicate
def is_oneself(user, obj=None):
    """The account asks about itself."""
    return user == obj


@rules.predicate
def is_on_record(user, obj=None):
    """The person agreed to something or takes part in a run: that stays known."""
    return isinstance(obj, Person) and (obj.consents.exists() or obj.participations.exists())


@rules.predicate
def may_found(user, obj=None):
    """May set up programmes."""
    return (
        user.is_authenticated
        and user.is_active
        and user.acts_as_staff
        and user.may_found_programmes
    )


@rules.predicate
def founds_somewhere(user, obj=None):
    """May open the list of programmes, though there is none yet."""
    return obj is None and may_found(user)


def has_status(*statuses: str) -> rules.predicates.Predicate:
    """The row is in one of these states. Without a row: yes, it may become so.

    An inline asks with the row it hangs on; where that has no states the answer is no.
    """

    @rules.predicate(f"has_status:{','.join(statuses)}")
    def predicate(user, obj=None):
        return obj is None or getattr(obj, "status", None) in statuses

    return predicate


def allows(status: str) -> rules.predicates.Predicate:
    """The row's table of states knows this step now."""

    @rules.predicate(f"allows:{status}")
    def predicate(user, obj=None):
        return obj is None or (hasattr(obj, "allows") and obj.allows(status))

    return predicate


Predicate = Callable[..., bool]


def add_admin_permissions(
    model: type[Model],
    *,
    view: Predicate = administers | is_superuser,
    add: Predicate = leads | is_superuser,
    change: Predicate = leads | is_superuser,
    delete: Predicate = leads | is_superuser,
) -> None:
    """Register the four permissions that the admin asks for. The other rooms use it too."""
    app, name = model._meta.app_label, model._meta.model_name
    rules.add_perm(f"{app}.view_{name}", view)
    rules.add_perm(f"{app}.add_{name}", add)
    rules.add_perm(f"{app}.change_{name}", change)
    rules.add_perm(f"{app}.delete_{name}", delete)


nobody = rules.predicates.always_deny
everyone_of_staff = administers | is_superuser

# People. Editors enter organisations and the persons whom texts name.
add_admin_permissions(
    Person,
    add=everyone_of_staff,
    change=everyone_of_staff,
    delete=(leads | is_superuser) & ~is_on_record,
)
add_admin_permissions(Position, add=everyone_of_staff, change=everyone_of_staff)
add_admin_permissions(Organisation, add=everyone_of_staff, change=everyone_of_staff)
add_admin_permissions(Sector)
add_admin_permissions(ConsentPurpose)
# Consents are given and withdrawn by operations; they stay on record.
add_admin_permissions(Consent, add=nobody, change=nobody, delete=nobody)
rules.add_perm("programmes.record_consent", leads)
rules.add_perm("programmes.reword_consentpurpose", leads)
add_admin_permissions(Message, view=leads | is_superuser, add=nobody, change=nobody, delete=nobody)
rules.add_perm("people.resend_message", leads | is_superuser)
add_admin_permissions(
    AuditEntry, view=leads | is_superuser, add=nobody, change=nobody, delete=nobody
)
add_admin_permissions(User, view=is_superuser, add=is_superuser, change=is_superuser, delete=nobody)
rules.add_perm("people.change_user_address", is_superuser)
# Whoever has lost it is not in the admin.
rules.add_perm("people.remove_second_factor", is_superuser & ~is_oneself)

# Programmes and runs.
add_admin_permissions(
    Programme, view=administers | is_superuser | founds_somewhere, add=may_found, delete=nobody
)
rules.add_perm("programmes.entrust_programme", leads)
add_admin_permissions(Responsibility, add=nobody, change=nobody, delete=nobody)
add_admin_permissions(FundingNotice, add=everyone_of_staff, change=everyone_of_staff)
add_admin_permissions(StatedFigure, add=everyone_of_staff, change=everyone_of_staff)
add_admin_permissions(Run)
add_admin_permissions(GuidingQuestion)
rules.add_perm("programmes.start_run", leads & allows(Run.Status.RUNNING))
rules.add_perm("programmes.complete_run", leads & allows(Run.Status.COMPLETED))
rules.add_perm("programmes.archive_run", leads & allows(Run.Status.ARCHIVED))
rules.add_perm("programmes.cancel_run", leads & allows(Run.Status.CANCELLED))
rules.add_perm("programmes.set_guiding_question", leads)

# Who takes part.
add_admin_permissions(Participation)
add_admin_permissions(Invitation, add=nobody, change=nobody, delete=nobody)
rules.add_perm("programmes.add_participant", leads)
rules.add_perm("programmes.invite_participation", leads)
rules.add_perm("programmes.withdraw_invitation", leads)
rules.add_perm("programmes.complete_participation", leads & allows(Participation.Status.COMPLETED))
rules.add_perm("programmes.leave_run", leads & allows(Participation.Status.LEFT))
add_admin_permissions(Team)
add_admin_permissions(TeamMembership)
