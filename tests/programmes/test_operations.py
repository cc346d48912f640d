"""What happens to programmes, runs and those who take part."""

import pytest

from people.models import AuditEntry, Message, User
from programmes.models import (
    ConsentPurpose,
    Invitation,
    Participation,
    Person,
    Programme,
    Responsibility,
    Run,
    Sector,
    TeamMembership,
)
from programmes.operations import (
    AlreadyTakesPart,
    LastLead,
    NoAddress,
    OtherProgramme,
    OtherRun,
    add_participant,
    add_person,
    add_team_member,
    archive_run,
    cancel_run,
    complete_participation,
    complete_run,
    create_programme,
    end_responsibility,
    entrust_programme,
    invite,
    leave_run,
    remove_team_member,
    set_guiding_question,
    start_run,
    withdraw_invitation,
)
from tests.factories import (
    EditorFactory,
    GuidingQuestionFactory,
    InvitationFactory,
    LeadFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    PositionFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    RunFactory,
    SectorFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)
from texts.dates import ImpreciseDate

pytestmark = pytest.mark.django_db
RUN_STEPS = {"running": start_run, "completed": complete_run, "archived": archive_run}


def story(obj):
    entries = AuditEntry.objects.of(obj._meta.label_lower, obj.pk)
    return [entry.action for entry in entries][::-1]


def test_new_programme_has_a_lead_and_all_that_work_needs():
    founder = UserFactory(staff=True, may_found_programmes=True)

    programme = create_programme(Programme(slug="neu", title="Neu"), by=founder)

    assert Programme.objects.led_by(founder).get() == programme
    assert Sector.objects.filter(programme__slug="neu").count() == 5
    assert ConsentPurpose.objects.get(programme__slug="neu").key == ConsentPurpose.PUBLIC_NAME
    assert founder.has_perm("programmes.change_programme", programme)
    assert story(programme) == ["create_programme"]


def test_new_programme_speaks_its_language():
    founder = UserFactory(staff=True)

    create_programme(Programme(slug="neu", title="Neu", language="de"), by=founder)

    assert list(
        Sector.objects.filter(programme__slug="neu").order_by("position").values_list("name")
    ) == [
        ("Wirtschaft",),
        ("Verwaltung",),
        ("Kommunalpolitik",),
        ("Soziales",),
        ("Kultur",),
    ]


@pytest.mark.parametrize("before", Run.Status.values)
@pytest.mark.parametrize("after", ["running", "completed", "archived", "cancelled"])
def test_run_moves_as_its_table_says(before, after):
    run = RunFactory(status=before)
    lead = LeadFactory(programme=run.programme)
    step = RUN_STEPS.get(after, cancel_run)
    allowed = {
        ("planned", "running"),
        ("planned", "cancelled"),
        ("running", "completed"),
        ("running", "cancelled"),
        ("completed", "archived"),
    }

    if (before, after) in allowed:
        assert step(run, by=lead).status == after
        assert story(run) == [step.__name__]
    else:
        with pytest.raises(Run.WrongStatus):
            step(run, by=lead)
    run.refresh_from_db()
    assert run.status == (after if (before, after) in allowed else before)


def test_cancelled_run_withdraws_what_nobody_answered():
    run = RunFactory(running=True)
    waiting = InvitationFactory(sent=True, participation__run=run)
    accepted = InvitationFactory(accepted=True, participation__run=run)
    elsewhere = InvitationFactory(sent=True)

    cancel_run(run, by=LeadFactory(programme=run.programme))

    for invitation, status in [
        (waiting, "withdrawn"),
        (accepted, "accepted"),
        (elsewhere, "sent"),
    ]:
        invitation.refresh_from_db()
        assert invitation.status == status


def test_new_wording_of_the_question_keeps_the_old_one():
    run = RunFactory()
    old = GuidingQuestionFactory(run=run, text="Alt?")
    lead = LeadFactory(programme=run.programme)

    new = set_guiding_question(
        run, "Neu?", stated_on=ImpreciseDate("2016-05"), source="Presse", by=lead
    )

    old.refresh_from_db()
    assert (old.is_current, new.is_current) == (False, True)
    assert run.questions.count() == 2


def test_same_wording_of_the_question_is_no_new_one():
    run = RunFactory()
    old = GuidingQuestionFactory(run=run, text="Alt?")

    assert set_guiding_question(run, "Alt?", by=LeadFactory(programme=run.programme)) == old
    assert run.questions.count() == 1


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


@pytest.mark.parametrize("before", Invitation.Status.values)
def test_invitation_is_sent_as_its_table_says(before):
    traits = {} if before == "draft" else {before: True}
    invitation = InvitationFactory(**traits)
    old_hash = invitation.token_hash
    lead = LeadFactory(programme=invitation.participation.run.programme)

    if before in {"draft", "sent", "expired", "withdrawn"}:
        sent = invite(invitation.participation, by=lead)
        assert sent.status == Invitation.Status.SENT
        assert sent.token_hash not in {old_hash, None}
        assert Message.objects.count() == 1
    else:
        with pytest.raises(Invitation.WrongStatus):
            invite(invitation.participation, by=lead)
        assert Message.objects.count() == 0


@pytest.mark.parametrize("before", Invitation.Status.values)
def test_invitation_is_withdrawn_as_its_table_says(before):
    traits = {} if before == "draft" else {before: True}
    invitation = InvitationFactory(**traits)

    if before == "sent":
        assert withdraw_invitation(invitation, by=UserFactory()).status == "withdrawn"
    else:
        with pytest.raises(Invitation.WrongStatus):
            withdraw_invitation(invitation, by=UserFactory())


def test_nobody_is_invited_without_an_address():
    participation = ParticipationFactory(invited=True, person__email="")

    with pytest.raises(NoAddress):
        invite(participation, by=UserFactory())


@pytest.mark.parametrize("status", ["active", "completed", "left", "declined"])
def test_only_who_has_not_answered_is_invited(status):
    participation = ParticipationFactory(status=status)

    with pytest.raises(Participation.WrongStatus):
        invite(participation, by=UserFactory())


def test_nobody_is_invited_into_a_run_that_is_over():
    participation = ParticipationFactory(invited=True, run__completed=True)

    with pytest.raises(Run.WrongStatus):
        invite(participation, by=UserFactory())


def test_corrected_address_is_used_for_the_next_invitation():
    invitation = InvitationFactory(sent=True, email="falsch@example.org")
    Person.objects.filter(pk=invitation.participation.person.pk).update(email="Neu@example.org")

    invite(invitation.participation, by=UserFactory())

    assert Message.objects.get().recipient == "neu@example.org"


def test_new_editor_gets_an_account_and_a_mail():
    programme = ProgrammeFactory()
    lead = LeadFactory(programme=programme)

    entrust_programme(programme, "Neu@Example.org", Responsibility.Role.EDITOR, by=lead)

    editor = User.objects.get(email="neu@example.org")
    assert editor.is_staff
    assert editor.has_usable_password() is False
    assert editor.has_perm("programmes.view_programme", programme)
    assert Message.objects.get().recipient == "neu@example.org"


def test_known_account_keeps_its_password_when_it_is_entrusted():
    programme = ProgrammeFactory()
    user = UserFactory()
    before = user.password

    entrust_programme(
        programme, user.email, Responsibility.Role.LEAD, by=LeadFactory(programme=programme)
    )

    user.refresh_from_db()
    assert (user.password, user.is_staff) == (before, True)
    assert Programme.objects.led_by(user).get() == programme


def test_programme_keeps_a_lead():
    programme = ProgrammeFactory()
    lead = LeadFactory(programme=programme)
    EditorFactory(programme=programme)
    responsibility = programme.responsibilities.get(user=lead)

    with pytest.raises(LastLead):
        end_responsibility(responsibility, by=lead)
    with pytest.raises(LastLead):
        entrust_programme(programme, lead.email, Responsibility.Role.EDITOR, by=lead)
    responsibility.refresh_from_db()
    assert responsibility.role == Responsibility.Role.LEAD


def test_who_answers_for_nothing_more_leaves_the_admin():
    programme = ProgrammeFactory()
    lead = LeadFactory(programme=programme)
    editor = EditorFactory(programme=programme)

    end_responsibility(programme.responsibilities.get(user=editor), by=lead)

    editor.refresh_from_db()
    assert editor.is_staff is False


def test_who_answers_for_another_programme_stays_in_the_admin():
    programme = ProgrammeFactory()
    editor = EditorFactory(programme=programme)
    ResponsibilityFactory(user=editor)

    end_responsibility(
        programme.responsibilities.get(user=editor), by=LeadFactory(programme=programme)
    )

    editor.refresh_from_db()
    assert editor.is_staff is True


@pytest.mark.django_db
def test_a_new_slug_orphans_nobody():
    programme = create_programme(
        Programme(slug="alt", title="Alt", language="de"), by=UserFactory()
    )
    person = PersonFactory(programme=programme)

    Programme.objects.filter(pk=programme.pk).update(slug="neu")

    found = Programme.objects.get(slug="neu")
    assert list(found.persons.all()) == [person]
    assert found.sectors.count() == 5
    assert found.consent_purposes.count() == 1
