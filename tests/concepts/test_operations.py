import pytest

from concepts.models import Concept, SignOff
from concepts.operations import (
    ConceptIncomplete,
    ReasonMissing,
    RunNotPublic,
    SignOffsMissing,
    answer_signoff,
    approve_concept,
    begin_review,
    begin_signing,
    publish_concept,
    reopen_concept,
    return_concept,
    submit_concept,
    withdraw_concept,
)
from documents.errors import CharacterNotInFont
from people.models import AuditEntry
from tests.factories import (
    ConceptFactory,
    ConsentFactory,
    ParticipationFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
Status = Concept.Status


def member(team, **fields):
    participation = ParticipationFactory(run=team.run, **fields)
    return TeamMembershipFactory(team=team, participation=participation).participation


def written_concept(**fields):
    team = TeamFactory()
    return ConceptFactory(
        run=team.run, team=team, summary="Kurz.", problem="<p>a</p>", approach="<p>b</p>", **fields
    )


def actions(concept):
    return list(
        AuditEntry.objects.of("concepts.concept", concept.pk).values_list("action", flat=True)
    )[::-1]


def test_begin_signing_keeps_the_text_and_asks_every_active_member():
    concept = written_concept()
    first, second = member(concept.team), member(concept.team)
    left = member(concept.team)
    left.memberships.update(has_left=True)

    revision = begin_signing(concept, by=None)

    concept.refresh_from_db()
    assert concept.status == Status.SIGNING
    assert revision.number == 1
    assert revision.content["problem"] == "<p>a</p>"
    asked = set(revision.signoffs.values_list("participation", "status"))
    assert asked == {(first.pk, "open"), (second.pk, "open")}


def test_begin_signing_without_texts_names_what_is_missing():
    concept = ConceptFactory(summary="Kurz.", problem="", approach="")

    with pytest.raises(ConceptIncomplete) as refusal:
        begin_signing(concept, by=None)

    assert refusal.value.fields == ["Ausgangslage", "Ansatz"]
    concept.refresh_from_db()
    assert concept.status == Status.DRAFTING
    assert not concept.revisions.exists()


def test_a_new_revision_opens_every_signoff_again():
    concept = written_concept()
    signer = member(concept.team)
    first = begin_signing(concept, by=None)
    answer_signoff(first.signoffs.get(), status=SignOff.Status.SIGNED, by=signer.person.user)
    reopen_concept(concept, by=None)

    second = begin_signing(concept, by=None)

    assert second.number == 2
    assert second.signoffs.get().status == "open"
    assert first.signoffs.get().status == "signed"


def test_a_signoff_of_an_older_revision_is_refused():
    concept = written_concept()
    member(concept.team)
    old = begin_signing(concept, by=None).signoffs.get()
    reopen_concept(concept, by=None)
    begin_signing(concept, by=None)

    with pytest.raises(Concept.WrongStatus):
        answer_signoff(old, status=SignOff.Status.SIGNED, by=None)


def test_declining_needs_a_comment():
    concept = written_concept()
    member(concept.team)
    signoff = begin_signing(concept, by=None).signoffs.get()

    with pytest.raises(ReasonMissing):
        answer_signoff(signoff, status=SignOff.Status.DECLINED, comment="  ", by=None)

    declined = answer_signoff(signoff, status=SignOff.Status.DECLINED, comment="Zu teuer.", by=None)
    assert (declined.status, declined.comment) == ("declined", "Zu teuer.")


def test_submit_names_the_members_who_have_not_signed():
    concept = written_concept()
    member(concept.team, person__given_name="Erika", person__family_name="Beispiel")
    signer = member(concept.team, person__given_name="Max", person__family_name="Muster")
    revision = begin_signing(concept, by=None)
    answer_signoff(
        revision.signoffs.get(participation=signer), status=SignOff.Status.SIGNED, by=None
    )

    with pytest.raises(SignOffsMissing) as refusal:
        submit_concept(concept, by=None)

    assert (refusal.value.names, refusal.value.total) == (["Erika Beispiel"], 2)
    concept.refresh_from_db()
    assert concept.status == Status.SIGNING


def test_submit_with_all_signatures_needs_no_reason():
    concept = written_concept()
    member(concept.team)
    revision = begin_signing(concept, by=None)
    answer_signoff(revision.signoffs.get(), status=SignOff.Status.SIGNED, by=None)

    submitted = submit_concept(concept, by=None)

    assert (submitted.status, submitted.waiver_reason) == ("submitted", "")
    assert submitted.submitted_at is not None


def test_a_concept_without_team_is_submitted_only_with_a_reason():
    concept = ConceptFactory(team=None, summary="a", problem="<p>b</p>", approach="<p>c</p>")
    begin_signing(concept, by=None)

    with pytest.raises(SignOffsMissing):
        submit_concept(concept, by=None, waiver_reason=" ")

    submitted = submit_concept(concept, by=None, waiver_reason="Auf Papier unterschrieben.")
    assert submitted.waiver_reason == "Auf Papier unterschrieben."


def test_the_way_from_submission_to_withdrawal_writes_the_change_log():
    concept = written_concept()
    concept.run.programme.is_public = concept.run.is_public = True
    concept.run.programme.save()
    concept.run.save()
    lead = UserFactory()
    begin_signing(concept, by=lead)
    submit_concept(concept, by=lead, waiver_reason="Auf Papier.")
    begin_review(concept, by=lead)
    return_concept(concept, note="Bitte kürzen.", by=lead)
    reopen_concept(concept, by=lead)
    begin_signing(concept, by=lead)
    submit_concept(concept, by=lead, waiver_reason="Auf Papier.")
    begin_review(concept, by=lead)
    approve_concept(concept, by=lead)
    publish_concept(concept, by=lead)

    withdrawn = withdraw_concept(concept, reason="Das Haus ist geschlossen.", by=lead)

    assert withdrawn.status == "withdrawn"
    assert withdrawn.withdrawal_reason == "Das Haus ist geschlossen."
    assert actions(concept) == [
        "begin_signing",
        "submit",
        "begin_review",
        "return",
        "reopen",
        "begin_signing",
        "submit",
        "begin_review",
        "approve",
        "publish",
        "withdraw",
    ]
    assert set(
        AuditEntry.objects.of("concepts.concept", concept.pk).values_list("actor", "scope")
    ) == {(lead.pk, concept.run.programme.slug)}


def test_returning_needs_a_note():
    concept = ConceptFactory(in_review=True)

    with pytest.raises(ReasonMissing):
        return_concept(concept, note=" ", by=None)

    concept.refresh_from_db()
    assert concept.status == Status.IN_REVIEW


def test_withdrawing_needs_a_reason():
    concept = ConceptFactory(published=True)

    with pytest.raises(ReasonMissing):
        withdraw_concept(concept, reason="", by=None)

    concept.refresh_from_db()
    assert concept.status == Status.PUBLISHED


def test_publishing_freezes_the_members_who_agreed_to_be_named():
    concept = ConceptFactory(approved=True, team=TeamFactory())
    concept.run.programme.is_public = concept.run.is_public = True
    concept.run.programme.save()
    concept.run.save()
    named = member(concept.team, person__given_name="Erika", person__family_name="Beispiel")
    ConsentFactory(person=named.person, purpose__key="public-name")
    member(concept.team, person__family_name="Ohnename")

    published = publish_concept(concept, by=None)
    named.person.family_name = "Später"
    named.person.save()

    published.refresh_from_db()
    assert published.authors == [
        {
            "person": named.person.key,
            "name": "Erika Beispiel",
            "function": "",
            "organisation": "",
        }
    ]


def test_publishing_where_nobody_could_read_it_is_refused():
    concept = ConceptFactory(approved=True)
    concept.run.is_public = False
    concept.run.save()

    with pytest.raises(RunNotPublic):
        publish_concept(concept, by=None)

    concept.refresh_from_db()
    assert concept.status == Status.APPROVED


@pytest.mark.parametrize(
    "operation",
    [
        lambda concept: reopen_concept(concept, by=None),
        lambda concept: submit_concept(concept, by=None, waiver_reason="x"),
        lambda concept: begin_review(concept, by=None),
        lambda concept: return_concept(concept, note="x", by=None),
        lambda concept: approve_concept(concept, by=None),
        lambda concept: publish_concept(concept, by=None),
        lambda concept: withdraw_concept(concept, reason="x", by=None),
    ],
    ids=["reopen", "submit", "review", "return", "approve", "publish", "withdraw"],
)
def test_a_step_out_of_turn_changes_nothing(operation):
    concept = written_concept()

    with pytest.raises(Concept.WrongStatus):
        operation(concept)

    concept.refresh_from_db()
    assert concept.status == Status.DRAFTING
    assert actions(concept) == []


def test_an_approved_concept_goes_back_to_the_team_before_its_publication():
    concept = ConceptFactory(approved=True)

    reopened = reopen_concept(concept, by=None)

    assert (reopened.status, reopened.approved_at) == ("drafting", None)


def test_signing_does_not_begin_over_a_sign_that_cannot_be_printed():
    concept = written_concept()
    Concept.objects.filter(pk=concept.pk).update(approach="<p>Erst so. Dann <em>👍</em> gut.</p>")

    with pytest.raises(CharacterNotInFont, match=r"👍 \(U\+1F44D\).*„Dann 👍 gut.“"):
        begin_signing(concept, by=None)

    concept.refresh_from_db()
    assert concept.status == Status.DRAFTING
