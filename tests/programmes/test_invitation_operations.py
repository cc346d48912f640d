"""Whom an invitation reaches, and when it ends."""

import pytest

from people.models import Message
from programmes.models import Invitation, Participation, Person, Run
from programmes.operations import NoAddress, invite, withdraw_invitation
from tests.factories import InvitationFactory, LeadFactory, ParticipationFactory, UserFactory

pytestmark = pytest.mark.django_db


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
