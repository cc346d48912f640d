"""Who is entered, takes part, and works in which team."""

import pytest

from people.models import Message
from programmes.models import Invitation, Participation, Person, Run, TeamMembership
from programmes.operations import (
    AlreadyTakesPart,
    OtherProgramme,
    OtherRun,
    add_participant,
    add_person,
    add_team_member,
    complete_participation,
    leave_run,
    remove_team_member,
)
from tests.change_log import story
from tests.factories import (
    LeadFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    PositionFactory,
    ProgrammeFactory,
    RunFactory,
    SectorFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_person_is_entered_with_the_position():
    programme = ProgrammeFactory()
    house = OrganisationFactory(programme=programme)

    person = add_person(
        programme,
        given_name="Ada",
        family_name="Muster",
        organisation=house,
        function="Leitung",
        by=LeadFactory(programme=programme),
    )

    assert person.programme == programme
    assert str(person.positions.get()) == f"Leitung, {house}"


def test_person_holds_no_position_of_another_programme():
    programme = ProgrammeFactory()

    with pytest.raises(OtherProgramme):
        add_person(
            programme,
            given_name="Ada",
            family_name="Muster",
            organisation=OrganisationFactory(),
            by=LeadFactory(programme=programme),
        )
    assert Person.objects.filter(programme=programme).count() == 0


def test_participant_gets_a_draft_of_an_invitation():
    run = RunFactory()
    person = PersonFactory(programme=run.programme)

    participation = add_participant(run, person, by=LeadFactory(programme=run.programme))

    assert participation.status == Participation.Status.INVITED
    assert participation.invitation.status == Invitation.Status.DRAFT
    assert Message.objects.count() == 0


def test_person_takes_part_once():
    participation = ParticipationFactory()

    with pytest.raises(AlreadyTakesPart):
        add_participant(participation.run, participation.person, by=UserFactory())


@pytest.mark.parametrize("status", ["completed", "archived", "cancelled"])
def test_run_that_is_over_takes_nobody(status):
    run = RunFactory(status=status)

    with pytest.raises(Run.WrongStatus):
        add_participant(run, PersonFactory(programme=run.programme), by=UserFactory())


def test_participant_comes_from_the_programme_of_the_run():
    run = RunFactory()
    own = PersonFactory(programme=run.programme)

    for arguments in [
        {"person": PersonFactory()},
        {"person": own, "sector": SectorFactory()},
        {"person": own, "position": PositionFactory()},
    ]:
        with pytest.raises(OtherProgramme):
            add_participant(run, **arguments, by=UserFactory())


@pytest.mark.parametrize("before", Participation.Status.values)
@pytest.mark.parametrize("step", [complete_participation, leave_run])
def test_participation_moves_as_its_table_says(before, step):
    membership = TeamMembershipFactory(participation__status=before)
    participation = membership.participation
    lead = LeadFactory(programme=participation.run.programme)

    if before == "active":
        step(participation, by=lead)
    else:
        with pytest.raises(Participation.WrongStatus):
            step(participation, by=lead)
    membership.refresh_from_db()
    assert membership.has_left is (before == "active" and step is leave_run)


def test_member_of_a_team_leaves_and_comes_back():
    participation = ParticipationFactory()
    team = TeamFactory(run=participation.run)
    lead = LeadFactory(programme=participation.run.programme)

    membership = add_team_member(team, participation, is_speaker=True, by=lead)
    remove_team_member(membership, by=lead)
    membership.refresh_from_db()
    assert (membership.has_left, membership.is_speaker) == (True, False)

    add_team_member(team, participation, by=lead)
    assert TeamMembership.objects.get().has_left is False
    assert story(team) == ["add_team_member", "remove_team_member", "add_team_member"]


def test_member_of_a_team_is_in_its_run():
    with pytest.raises(OtherRun):
        add_team_member(TeamFactory(), ParticipationFactory(), by=UserFactory())
