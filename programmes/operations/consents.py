"""Consents: what people agree to, in which words, and what they take back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lifecycle.refusals import Refusal
from people.models import AuditEntry, User
from people.operations import queue_mail, record
from programmes.models import Consent, ConsentPurpose, Person
from programmes.notifications import consent_withdrawn_mail


class OtherProgramme(Refusal):
    """The person and the purpose of the consent belong to different programmes."""

    sentence = gettext_lazy("Das gehört zu einem anderen Programm.")


class StaleWording(Refusal):
    """The purpose has been worded anew since the person read it."""

    sentence = gettext_lazy(
        "Der Wortlaut hat sich inzwischen geändert. Bitte lesen Sie ihn noch einmal."
    )


class NoConsent(Refusal):
    """There is no consent in force that could be withdrawn."""

    sentence = gettext_lazy("Diese Einwilligung war schon widerrufen.")


@transaction.atomic
def give_consent(
    person: Person,
    purpose: ConsentPurpose,
    *,
    channel: Consent.Channel = Consent.Channel.PORTAL,
    version: int | None = None,
    by: User | None,
) -> Consent:
    """Note a person's yes to the wording as it is now; a yes to the same wording stays.

    version: the wording that the person has read, where a page showed it.
    Raises OtherProgramme, StaleWording.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    purpose = ConsentPurpose.objects.select_for_update().get(pk=purpose.pk)
    if version is not None and version != purpose.version:
        raise StaleWording
    if person.programme_id != purpose.programme_id:
        raise OtherProgramme
    old = Consent.objects.in_force().filter(person=person, purpose=purpose).first()
    if old and old.purpose_version == purpose.version:
        return old
    now = timezone.now()
    if old:
        old.withdrawn_at = now
        old.save(update_fields=["withdrawn_at"])
    consent = Consent.objects.create(
        person=person,
        purpose=purpose,
        purpose_version=purpose.version,
        channel=channel,
        given_at=now,
    )
    record(
        "give_consent",
        person,
        by=by,
        scope=person.programme.slug,
        purpose=purpose.key,
        version=purpose.version,
        channel=str(channel),
    )
    return consent


@transaction.atomic
def withdraw_consent(person: Person, purpose: ConsentPurpose, *, by: User | None) -> Consent:
    """Note that a person takes the yes back; from now on it does not count.

    The person gets a mail about it, whoever noted it. Raises NoConsent.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    consent = Consent.objects.in_force().filter(person=person, purpose=purpose).first()
    if consent is None:
        raise NoConsent
    consent.withdrawn_at = timezone.now()
    consent.save(update_fields=["withdrawn_at"])
    record("withdraw_consent", person, by=by, scope=person.programme.slug, purpose=purpose.key)
    consent.person = person
    tell_of_withdrawal(consent)
    return consent


@transaction.atomic
def reword_purpose(purpose: ConsentPurpose, wording: str, *, by: User | None) -> ConsentPurpose:
    """Ask for a consent in new words; what people agreed to stays the version they read."""
    purpose = ConsentPurpose.objects.select_for_update().get(pk=purpose.pk)
    if purpose.wording == wording:
        return purpose
    former, purpose.wording = purpose.wording, wording
    purpose.version += 1
    purpose.save(update_fields=["wording", "version"])
    record(
        "reword_purpose",
        purpose,
        by=by,
        scope=purpose.programme.slug,
        version=purpose.version,
        former=former,
    )
    return purpose


def wording_of(purpose: ConsentPurpose, version: int) -> str:
    """The words of this version, as somebody read them; empty where they were not kept."""
    if version == purpose.version:
        return purpose.wording
    entries = AuditEntry.objects.of(purpose._meta.label_lower, purpose.pk)
    entry = entries.filter(action="reword_purpose", details__version=version + 1).first()
    return entry.details.get("former", "") if entry else ""


def tell_of_withdrawal(consent: Consent) -> None:
    """Write to the person that a consent does not count any more."""
    person = consent.person
    if consent.withdrawn_at and person.mailbox:
        mail = consent_withdrawn_mail(consent)
        queue_mail(mail, person.mailbox, concerning=consent, scope=person.programme.slug)


def public_name_purpose(person: Person) -> ConsentPurpose | None:
    """The words in which the person's programme asks to name people in public."""
    return ConsentPurpose.objects.filter(
        programme=person.programme_id, key=ConsentPurpose.PUBLIC_NAME
    ).first()
