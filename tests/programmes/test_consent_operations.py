"""Consents: who said yes to which words, and that a withdrawal counts."""

import pytest

from people.models import AuditEntry, Message
from programmes.models import Consent, Person
from programmes.operations import (
    NoConsent,
    OtherProgramme,
    give_consent,
    reword_purpose,
    withdraw_consent,
)
from tests.factories import ConsentFactory, ConsentPurposeFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def purpose(person):
    return ConsentPurposeFactory(programme=person.programme)


def test_consent_is_noted_with_wording_and_channel(person, purpose):
    consent = give_consent(person, purpose, channel=Consent.Channel.PAPER, by=UserFactory())

    assert (consent.purpose_version, consent.channel) == (1, "paper")
    assert AuditEntry.objects.get().details == {
        "purpose": "public-name",
        "version": 1,
        "channel": "paper",
    }


def test_second_yes_to_the_same_words_is_the_first_one(person, purpose):
    first = give_consent(person, purpose, by=None)

    assert give_consent(person, purpose, by=None) == first
    assert Consent.objects.count() == 1


def test_yes_to_new_words_follows_the_old_one(person, purpose):
    old = give_consent(person, purpose, by=None)
    purpose = reword_purpose(purpose, "Andere Worte.", by=UserFactory())

    new = give_consent(person, purpose, by=None)

    old.refresh_from_db()
    assert old.withdrawn_at is not None
    assert new.purpose_version == 2


def test_same_words_are_no_new_version(purpose):
    assert reword_purpose(purpose, purpose.wording, by=UserFactory()).version == 1


def test_withdrawal_keeps_the_row(person, purpose):
    consent = give_consent(person, purpose, by=None)

    withdraw_consent(person, purpose, by=None)

    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert Consent.objects.in_force().count() == 0


def test_withdrawal_needs_a_consent(person, purpose):
    with pytest.raises(NoConsent):
        withdraw_consent(person, purpose, by=None)


def test_consent_to_another_programme_is_refused(person):
    with pytest.raises(OtherProgramme):
        give_consent(person, ConsentPurposeFactory(), by=None)


def test_only_who_agreed_may_be_named(person):
    agreed = ConsentFactory().person
    ConsentFactory(withdrawn=True)
    ConsentFactory(
        purpose=ConsentPurposeFactory(programme=person.programme, key="fotos"), person=person
    )

    named = Person.objects.with_public_name().filter(may_be_named=True)

    assert list(named) == [agreed]
    assert list(Person.objects.may_be_named()) == [agreed]


@pytest.mark.parametrize(("has_account", "mailbox"), [(True, "konto@"), (False, "liste@")])
def test_account_says_where_mails_reach_its_person(has_account, mailbox):
    account = UserFactory(email="konto@example.org") if has_account else None
    person = PersonFactory(email="liste@example.org", user=account)
    consent = ConsentFactory(person=person)

    withdraw_consent(person, consent.purpose, by=None)

    assert Message.objects.get().recipient == f"{mailbox}example.org"
