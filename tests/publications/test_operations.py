import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from documents.production import print_document
from people.models import AuditEntry
from publications.models import Edition, PressRelease, Quote
from publications.operations import (
    EditionOpen,
    EmbargoOver,
    Incomplete,
    NoteMissing,
    ProgrammeNotPublic,
    QuotesOpen,
    approve_publication,
    correct_press_release,
    create_edition,
    embargo_press_release,
    print_publication,
    publish_due_releases,
    publish_publication,
    record_quote_release,
    reopen_publication,
    reopen_quote,
    return_publication,
    submit_publication,
    withdraw_publication,
)
from tests.factories import (
    EditionFactory,
    FundingNoticeFactory,
    GuidelineFactory,
    LeadFactory,
    PressBlockFactory,
    PressReleaseFactory,
    QuoteFactory,
    ResponsibilityFactory,
    UserFactory,
)
from tests.pages import admin_url, press
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db
Status = PressRelease.Status
DAY = datetime.date(2016, 5, 2)


def complete_release(**fields):
    fields = {"place": "Leipzig", "dated_on": DAY, "lead": "Vorspann.", **fields}
    release = PressReleaseFactory(**fields)
    release.programme.is_public = True
    release.programme.save()
    FundingNoticeFactory(programme=release.programme)
    return release


def actions(item):
    kind = item._meta.label_lower
    return list(AuditEntry.objects.of(kind, item.pk).values_list("action", flat=True))[::-1]


def test_approval_freezes_what_the_pdf_says():
    release = complete_release(headline="Erste Überschrift")
    submit_publication(release, by=None)
    lead = UserFactory()

    approved = approve_publication(release, by=lead)
    PressRelease.objects.filter(pk=release.pk).update(headline="Nachträglich geändert")
    job = print_publication(release, by=None)

    assert (approved.approved_by, approved.status) == (lead, Status.APPROVED)
    assert job == approved.render_job
    assert job.content["headline"] == "Erste Überschrift"
    assert job.content["is_draft"] is False


def test_a_draft_prints_what_it_says_now_and_says_so():
    release = complete_release(headline="Erste Überschrift")
    first = print_publication(release, by=None)
    PressRelease.objects.filter(pk=release.pk).update(headline="Zweite Überschrift")

    second = print_publication(release, by=None)

    assert first != second
    assert second.content["headline"] == "Zweite Überschrift"
    assert second.content["is_draft"] is True


def test_asking_twice_for_the_same_draft_is_one_job():
    release = complete_release()

    first = print_publication(release, by=None)
    print_document(first.pk)
    second = print_publication(release, by=None)

    assert first == second
    assert second.artefact.page_count == 1


def test_an_incomplete_release_is_not_approved():
    release = PressReleaseFactory(place="", dated_on=None, lead="")
    submit_publication(release, by=None)

    with pytest.raises(Incomplete) as refusal:
        approve_publication(release, by=None)

    assert refusal.value.fields == ["Ort", "Datum", "Vorspann"]
    release.refresh_from_db()
    assert (release.status, release.frozen_content) == (Status.IN_APPROVAL, None)


def test_a_release_with_an_open_quote_is_not_approved():
    release = complete_release()
    quote = QuoteFactory(programme=release.programme, release="requested")
    PressBlockFactory(release=release, kind="quote", quote=quote, text="")
    submit_publication(release, by=None)

    with pytest.raises(QuotesOpen) as refusal:
        approve_publication(release, by=None)
    assert refusal.value.names == [str(quote)]

    record_quote_release(quote, by=None)
    assert approve_publication(release, by=None).status == Status.APPROVED


def test_a_quote_is_reopened_when_its_words_change():
    quote = QuoteFactory(release="recorded")

    assert reopen_quote(quote, by=None).release == "draft"
    assert actions(quote) == ["reopen"]


def test_a_historic_quote_stays_as_printed():
    quote = QuoteFactory(release="historic")

    with pytest.raises(Quote.WrongStatus):
        reopen_quote(quote, by=None)


def test_return_unlocks_the_text():
    release = complete_release()
    submit_publication(release, by=None)

    assert return_publication(release, by=None).status == Status.DRAFT


def test_an_embargo_in_the_past_is_refused():
    release = complete_release(approved=True, embargo_until=timezone.now())

    with pytest.raises(EmbargoOver):
        embargo_press_release(release, by=None)

    release.refresh_from_db()
    assert release.status == Status.APPROVED


def test_embargoed_releases_publish_themselves_when_the_embargo_ends():
    later = timezone.now() + datetime.timedelta(hours=1)
    waiting = complete_release(approved=True, embargo_until=later)
    due = complete_release(approved=True, embargo_until=later)
    embargo_press_release(waiting, by=None)
    embargo_press_release(due, by=None)
    PressRelease.objects.filter(pk=due.pk).update(
        embargo_until=timezone.now() - datetime.timedelta(seconds=1)
    )

    assert publish_due_releases() == 1
    assert publish_due_releases() == 0

    due.refresh_from_db()
    waiting.refresh_from_db()
    assert (due.status, waiting.status) == (Status.PUBLISHED, Status.EMBARGOED)
    assert list(PressRelease.objects.public()) == [due]


def test_publishing_where_nobody_could_read_it_is_refused():
    release = complete_release(approved=True)
    release.programme.is_public = False
    release.programme.save()

    with pytest.raises(ProgrammeNotPublic):
        publish_publication(release, by=None)


def test_a_correction_makes_a_draft_with_the_same_parts():
    release = complete_release(published=True, slug="ergebnis")
    PressBlockFactory(release=release, text="<p>Absatz.</p>")

    with pytest.raises(NoteMissing):
        correct_press_release(release, note="", by=None)
    draft = correct_press_release(release, note="Das Datum war falsch.", by=None)

    release.refresh_from_db()
    assert (release.status, release.public_note) == (Status.CORRECTED, "Das Datum war falsch.")
    assert (draft.status, draft.corrects, draft.slug) == (
        Status.DRAFT,
        release,
        "ergebnis-berichtigt-1",
    )
    assert [block.text for block in draft.blocks.all()] == ["<p>Absatz.</p>"]
    assert draft.render_job is None


def test_a_correction_takes_over_the_text_and_nothing_that_happened():
    release = complete_release(published=True, subline="Unterzeile", embargo_until=timezone.now())

    draft = correct_press_release(release, note="Das Datum war falsch.", by=UserFactory())

    taken_over = {
        field.name
        for field in PressRelease._meta.concrete_fields
        if getattr(draft, field.name) == getattr(release, field.name)
        and getattr(draft, field.name) != field.get_default()
    }
    assert taken_over == {"programme", "headline", "subline", "lead", "place"}
    assert (draft.dated_on, draft.embargo_until, draft.published_at) == (None, None, None)


def test_withdrawing_needs_a_note():
    release = complete_release(published=True)

    with pytest.raises(NoteMissing):
        withdraw_publication(release, note=" ", by=None)
    withdrawn = withdraw_publication(release, note="Irrtum.", by=None)

    assert (withdrawn.status, withdrawn.public_note) == (Status.WITHDRAWN, "Irrtum.")
    assert actions(release) == ["withdraw"]


@pytest.mark.parametrize(
    "operation",
    [
        lambda release: return_publication(release, by=None),
        lambda release: approve_publication(release, by=None),
        lambda release: embargo_press_release(release, by=None),
        lambda release: publish_publication(release, by=None),
        lambda release: correct_press_release(release, note="x", by=None),
        lambda release: withdraw_publication(release, note="x", by=None),
    ],
    ids=["return", "approve", "embargo", "publish", "correct", "withdraw"],
)
def test_a_step_out_of_turn_changes_nothing(operation):
    release = complete_release()

    with pytest.raises(PressRelease.WrongStatus):
        operation(release)

    release.refresh_from_db()
    assert (release.status, actions(release)) == (Status.DRAFT, [])


def test_a_guideline_has_one_edition_that_is_worked_on(client):
    guideline = GuidelineFactory()
    log_in_with_second_factor(client, LeadFactory(programme=guideline.programme))
    press(client, guideline, "begin_edition")
    edition = guideline.editions.get()
    there = admin_url(edition)

    for status in Edition.OPEN:
        Edition.objects.update(status=status)
        answer = press(client, guideline, "begin_edition", follow=True)

        assert answer.redirect_chain == [(there, 302)]
        assert "Die 1. Auflage ist noch nicht veröffentlicht." in answer.text
        with pytest.raises(EditionOpen):
            create_edition(guideline, by=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            EditionFactory(guideline=guideline, number=2)
    assert guideline.editions.get() == edition


def test_the_form_of_an_edition_says_that_one_is_open(client):
    edition = EditionFactory()
    log_in_with_second_factor(client, LeadFactory(programme=edition.programme))
    fields = {"guideline": edition.guideline_id, "number": 2}

    response = client.post(reverse("admin:publications_edition_add"), fields)

    assert response.status_code == 200
    assert "Bitte arbeiten Sie an ihr weiter." in response.text


def test_a_new_edition_supersedes_the_one_before():
    guideline = GuidelineFactory()
    guideline.programme.is_public = True
    guideline.programme.save()
    FundingNoticeFactory(programme=guideline.programme)
    for _ in range(2):
        edition = create_edition(guideline, by=None)
        submit_publication(edition, by=None)
        approve_publication(edition, by=None)
        publish_publication(edition, by=None)

    editions = guideline.editions.order_by("number")

    assert [edition.status for edition in editions] == ["superseded", "published"]
    assert [edition.number for edition in editions] == [1, 2]
    assert editions[0].render_job.content["number"] == 1


def test_an_edition_is_returned_printed_and_withdrawn():
    edition = EditionFactory()
    edition.guideline.programme.is_public = True
    edition.guideline.programme.save()
    FundingNoticeFactory(programme=edition.guideline.programme)

    submit_publication(edition, by=None)
    return_publication(edition, by=None)
    draft_job = print_publication(edition, by=None)
    submit_publication(edition, by=None)
    approve_publication(edition, by=None)
    publish_publication(edition, by=None)
    with pytest.raises(NoteMissing):
        withdraw_publication(edition, note="", by=None)
    withdrawn = withdraw_publication(edition, note="Veraltet.", by=None)

    assert draft_job.content["is_draft"] is True
    assert withdrawn.render_job.content["is_draft"] is False
    assert withdrawn.status == Edition.Status.WITHDRAWN
    assert actions(edition) == [
        "submit",
        "return",
        "print",
        "submit",
        "approve",
        "publish",
        "withdraw",
    ]


@pytest.mark.parametrize(
    "operation",
    [
        lambda edition: return_publication(edition, by=None),
        lambda edition: approve_publication(edition, by=None),
        lambda edition: publish_publication(edition, by=None),
        lambda edition: withdraw_publication(edition, note="x", by=None),
    ],
    ids=["return", "approve", "publish", "withdraw"],
)
def test_an_edition_out_of_turn_changes_nothing(operation):
    edition = EditionFactory()

    with pytest.raises(Edition.WrongStatus):
        operation(edition)

    edition.refresh_from_db()
    assert (edition.status, actions(edition)) == (Edition.Status.DRAFT, [])


# An approval taken back


@pytest.mark.parametrize("status", ["approved", "embargoed"])
def test_an_approval_is_taken_back_before_the_publication(status):
    release = complete_release(embargo_until=timezone.now() + datetime.timedelta(days=1))
    release = approve_publication(submit_publication(release, by=None), by=None)
    first = release.render_job
    if status == "embargoed":
        release = embargo_press_release(release, by=None)
    user = UserFactory()

    reopened = reopen_publication(release, by=user)

    assert (reopened.status, reopened.approved_at, reopened.render_job) == ("draft", None, None)
    assert reopened.submitted_sha256 == ""
    assert reopened.frozen_content is None
    assert actions(reopened)[-1] == "reopen"

    PressRelease.objects.filter(pk=release.pk).update(lead="Ein besserer Vorspann.")
    again = approve_publication(submit_publication(reopened, by=None), by=None)
    print_document(first.pk)
    again.refresh_from_db()
    assert again.render_job != first
    assert again.render_job.content["lead"] == "Ein besserer Vorspann."


def test_what_waits_for_approval_is_not_reopened_and_what_is_approved_not_returned():
    waiting = PressReleaseFactory(in_approval=True)
    edition = EditionFactory(in_approval=True)

    with pytest.raises(PressRelease.WrongStatus):
        reopen_publication(waiting, by=None)
    with pytest.raises(Edition.WrongStatus):
        reopen_publication(edition, by=None)
    with pytest.raises(PressRelease.WrongStatus):
        return_publication(PressReleaseFactory(approved=True), by=None)
    with pytest.raises(Edition.WrongStatus):
        return_publication(EditionFactory(approved=True), by=None)


@pytest.mark.parametrize("status", ["published", "corrected", "withdrawn"])
def test_what_was_published_never_becomes_a_draft_again(status):
    with pytest.raises(PressRelease.WrongStatus):
        reopen_publication(PressReleaseFactory(**{status: True}), by=None)


@pytest.mark.parametrize("status", ["published", "superseded", "withdrawn"])
def test_an_edition_that_was_published_never_becomes_a_draft_again(status):
    with pytest.raises(Edition.WrongStatus):
        reopen_publication(EditionFactory(**{status: True}), by=None)


def test_an_edition_goes_back_before_the_publication():
    edition = reopen_publication(EditionFactory(approved=True), by=None)

    assert (edition.status, edition.approved_at, edition.render_job) == ("draft", None, None)
    assert actions(edition) == ["reopen"]


@pytest.mark.parametrize("status", ["in_approval", "approved", "embargoed", "published"])
@pytest.mark.parametrize("role", ["lead", "editor"])
def test_only_the_lead_takes_an_approval_back(status, role):
    release = PressReleaseFactory(**{status: True})
    responsibility = ResponsibilityFactory(programme=release.programme, role=role)

    may = responsibility.user.has_perm("publications.reopen_pressrelease", release)

    assert may == (role == "lead" and status in {"approved", "embargoed"})
