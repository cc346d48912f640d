"""Who takes part in a run, and in which team."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from lifecycle.refusals import Refusal
from people.models import User
from people.operations import record
from programmes.models import (
    Invitation,
    Organisation,
    Participation,
    Person,
    Position,
    Programme,
    Run,
    Sector,
    Team,
    TeamMembership,
)
from programmes.operations.consents import OtherProgramme


class AlreadyTakesPart(Refusal):
    """The person is already in this run."""

    sentence = gettext_lazy("Diese Person nimmt an dem Durchlauf schon teil.")


class OtherRun(Refusal):
    """The participation belongs to another run than the team."""

    sentence = gettext_lazy("Diese Person nimmt an einem anderen Durchlauf teil.")


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
    if organisation and organisation.programme_id != programme.pk:
        raise OtherProgramme
    person = Person.objects.create(
        programme=programme,
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
    programmes = {row.programme_id for row in (person, sector) if row}
    if programmes != {run.programme_id} or (position and position.person_id != person.pk):
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
    return move_participation(
        participation, Participation.Status.COMPLETED, "complete_participation", by=by
    )


@transaction.atomic
def leave_run(participation: Participation, *, by: User) -> Participation:
    """Somebody stops taking part: the run and its teams are closed to them from now on."""
    participation = move_participation(participation, Participation.Status.LEFT, "leave_run", by=by)
    participation.memberships.update(has_left=True)
    return participation


def lock_participations(**lookup: Any) -> None:
    """Lock them before their invitations, in one order everywhere: else two wait for each other."""
    rows = Participation.objects.select_for_update(of=("self",)).filter(**lookup)
    list(rows.order_by("pk").values_list("pk"))


def move_participation(
    participation: Participation, status: Participation.Status, action: str, *, by: User | None
) -> Participation:
    """Every step of a participation, with its entry. Raises Participation.WrongStatus."""
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
