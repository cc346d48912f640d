"""What an account sees of its consents: all purposes, what was agreed to, and what became of it."""

from collections import defaultdict
from dataclasses import dataclass

from people.models import User
from programmes.models import Consent, ConsentPurpose, Person, Programme
from programmes.operations import wording_of


@dataclass(frozen=True)
class Given:
    """One yes, with the words that were read; empty words were not kept."""

    consent: Consent
    wording: str


@dataclass(frozen=True)
class Asked:
    """One purpose of a programme and the answers of one person, the newest first."""

    purpose: ConsentPurpose
    programme: Programme
    person: Person
    history: list[Given]

    @property
    def in_force(self) -> Given | None:
        return next((given for given in self.history if not given.consent.withdrawn_at), None)

    @property
    def is_reworded(self) -> bool:
        """Whether the programme asks in other words now than those that were agreed to."""
        given = self.in_force
        return given is not None and given.consent.purpose_version != self.purpose.version

    @property
    def is_public_name(self) -> bool:
        return self.purpose.key == ConsentPurpose.PUBLIC_NAME


def collect_consents(user: User) -> list[Asked]:
    """Every purpose of every programme in which the account is a person."""
    persons = {
        person.programme_id: person
        for person in Person.objects.filter(user=user).select_related("programme")
    }
    answers: dict[int, list[Consent]] = defaultdict(list)
    for consent in Consent.objects.filter(person__in=persons.values()).for_listing():
        answers[consent.purpose_id].append(consent)
    purposes = ConsentPurpose.objects.filter(programme__in=persons)
    return [
        Asked(
            purpose=purpose,
            programme=persons[purpose.programme_id].programme,
            person=persons[purpose.programme_id],
            history=[
                Given(consent, wording_of(purpose, consent.purpose_version))
                for consent in answers[purpose.pk]
            ],
        )
        for purpose in purposes.order_by("programme__slug", "name", "pk")
    ]
