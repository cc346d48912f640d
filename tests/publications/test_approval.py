"""What stands against an approval: another text than the submitted one, and what may not go out."""

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone, translation

from concepts.models import Concept
from programmes.models import Person
from publications.models import (
    Block,
    Boilerplate,
    Chapter,
    Edition,
    Guideline,
    PressBlock,
    PressRelease,
    Quote,
)
from publications.operations import (
    ApprovalRefused,
    ChangedSinceSubmission,
    ConceptsOpen,
    ConsentsMissing,
    QuotesOpen,
    WorkshopsHidden,
    approve_publication,
    create_edition,
    print_publication,
    return_publication,
    submit_publication,
)
from tests import pages
from tests.factories import (
    BoilerplateFactory,
    ConceptFactory,
    ConsentFactory,
    EditorFactory,
    FundingNoticeFactory,
    GuidelineFactory,
    LeadFactory,
    PersonFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    ReleaseBoilerplateFactory,
)
from tests.pages import save
from tests.publications.sample import make_guideline, make_programme, make_release
from tests.signing_in import log_in_with_second_factor
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    return make_programme()


@pytest.fixture
def release(sample):
    """A release that uses all there is, waiting for its approval."""
    return submit_publication(make_release(sample), by=None)


@pytest.fixture
def edition(sample):
    return submit_publication(make_guideline(sample), by=None)


def press(client, row, name, **data):
    response = pages.press(client, row, name, **data)
    return [str(message) for message in get_messages(response.wsgi_request)]


# What is approved is what was submitted


def test_what_did_not_change_is_approved(release, edition):
    with translation.override("en"):
        approve_publication(release, by=None)
        approve_publication(edition, by=None)

    release.refresh_from_db()
    edition.refresh_from_db()
    assert release.render_job.content["is_draft"] is False
    assert edition.render_job.content["is_draft"] is False


@pytest.mark.parametrize(
    "change",
    [
        lambda: PressBlock.objects.filter(kind="text").update(text="<p>Anders.</p>"),
        lambda: PressBlock.objects.filter(kind="concept").update(position=0),
        lambda: Boilerplate.objects.update(text="<p>Anders.</p>"),
        lambda: Quote.objects.update(text="Etwas anderes."),
        lambda: PressRelease.objects.get().contacts.clear(),
        lambda: PressRelease.objects.update(embargo_until="2016-05-01T10:00Z"),
    ],
    ids=["text", "order", "boilerplate", "quote", "contact", "embargo"],
)
def test_a_release_that_changed_since_is_not_approved(release, change):
    change()

    with pytest.raises(ChangedSinceSubmission):
        approve_publication(release, by=None)
    release.refresh_from_db()
    assert (release.status, release.frozen_content) == (PressRelease.Status.IN_APPROVAL, None)

    submit_publication(return_publication(release, by=None), by=None)
    assert approve_publication(release, by=None).status == PressRelease.Status.APPROVED


@pytest.mark.parametrize(
    "change",
    [
        lambda: Block.objects.filter(kind="tip").update(text="<p>Anders.</p>"),
        lambda: Block.objects.filter(kind="tip").delete(),
        lambda: Chapter.objects.filter(key="weg").update(title="Anders"),
        lambda: Workshop.objects.update(results="<p>Anders.</p>"),
        lambda: Edition.objects.update(dated_on="2017"),
    ],
    ids=["text", "deleted", "chapter", "workshop", "date"],
)
def test_an_edition_that_changed_since_is_not_approved(edition, change):
    change()

    with pytest.raises(ChangedSinceSubmission):
        approve_publication(edition, by=None)
    edition.refresh_from_db()
    assert (edition.status, edition.frozen_content) == (Edition.Status.IN_APPROVAL, None)

    submit_publication(return_publication(edition, by=None), by=None)
    assert approve_publication(edition, by=None).status == Edition.Status.APPROVED


def test_what_never_was_submitted_here_is_not_approved():
    release = PressReleaseFactory(in_approval=True, dated_on="2016-05-02")

    with pytest.raises(ChangedSinceSubmission):
        approve_publication(release, by=None)


def test_an_edition_without_a_date_gets_the_month_of_its_submission():
    guideline = GuidelineFactory()
    FundingNoticeFactory(programme=guideline.programme)
    edition = create_edition(guideline, by=None)

    submitted = submit_publication(edition, by=None)

    assert len(submitted.dated_on.text) == len("2016-06")
    assert approve_publication(edition, by=None).dated_on == submitted.dated_on


@pytest.mark.parametrize("staff", [EditorFactory, LeadFactory])
def test_nobody_approves_alone_what_they_wrote_into_it(client, staff):
    programme = ProgrammeFactory()
    FundingNoticeFactory(programme=programme)
    release = PressReleaseFactory(programme=programme, dated_on="2016-05-02")
    link = ReleaseBoilerplateFactory(
        release=release, boilerplate=BoilerplateFactory(programme=programme)
    )
    submit_publication(release, by=EditorFactory(programme=programme))
    log_in_with_second_factor(client, staff(programme=programme))
    save(client, link.boilerplate, text="<p>Allein.</p>")

    told = press(client, release, "approve")

    release.refresh_from_db()
    assert Boilerplate.objects.get().text == "<p>Allein.</p>"
    assert release.status == PressRelease.Status.IN_APPROVAL
    assert told[-1] == (
        "Seit der Abgabe zur Freigabe geändert: bitte zurückgeben und neu zur Freigabe geben."
    )


def test_a_text_with_an_unknown_token_is_not_submitted(client):
    release = PressReleaseFactory(lead="Es sind {angabe:viele}.")
    log_in_with_second_factor(client, LeadFactory(programme=release.programme))

    told = press(client, release, "submit")

    release.refresh_from_db()
    assert release.status == PressRelease.Status.DRAFT
    assert told == ["Zu diesem Platzhalter ist nichts gespeichert: {angabe:viele}."]


# What may not go out


def refused(row):
    """What the approval of the row as it is now is refused with; drafts print all the same."""
    job = print_publication(row, by=None)
    assert job.content["is_draft"] is True
    submit_publication(row, by=None)

    with pytest.raises(ApprovalRefused) as refusal:
        approve_publication(row, by=None)

    row.refresh_from_db()
    assert (row.status, row.approved_at) == (row.Status.IN_APPROVAL, None)
    return type(refusal.value), str(refusal.value)


@pytest.mark.parametrize("make", [make_release, make_guideline])
@pytest.mark.parametrize("state", ["draft", "requested", "declined", "expired"])
def test_an_open_quote_is_not_approved(sample, make, state):
    Quote.objects.update(release=state)

    assert refused(make(sample)) == (
        QuotesOpen,
        f"Diese Zitate sind noch nicht freigegeben: {sample.quote}",
    )


@pytest.mark.parametrize("make", [make_release, make_guideline])
@pytest.mark.parametrize("status", sorted(set(Concept.Status) - {"approved", "published"}))
def test_an_open_concept_is_not_approved(sample, make, status):
    Concept.objects.filter(pk=sample.expedition.pk).update(
        status=status, published_at=timezone.now(), withdrawal_reason="Überholt."
    )

    assert refused(make(sample)) == (
        ConceptsOpen,
        "Diese Konzepte sind nicht freigegeben: Expedition Job",
    )


@pytest.mark.parametrize("name", ["titel", "federfuehrung"])
def test_an_open_concept_is_not_named_by_a_token(sample, name):
    ConceptFactory(run=sample.run, slug="in-arbeit", title="In Arbeit")
    text = f"Bald: {{konzept:in-arbeit.{name}}} und {{konzept:expedition-job.titel}}."

    assert refused(make_release(sample, lead=text)) == (
        ConceptsOpen,
        "Diese Konzepte sind nicht freigegeben: In Arbeit",
    )


@pytest.mark.parametrize("place", ["lead", "boilerplate", "chapter", "data", "imprint"])
def test_a_person_who_did_not_agree_is_not_named(sample, place):
    silent = PersonFactory(
        programme=sample.programme, key="silent", given_name="Kim", family_name="Still"
    )
    ConsentFactory(person=silent, withdrawn=True)
    named = Person.objects.get(family_name="Beispiel")
    text = f"{{person:silent}} und {{person:{named.key}}}"
    row = (make_release if place in {"lead", "boilerplate"} else make_guideline)(sample)
    if place == "lead":
        PressRelease.objects.update(lead=text)
    elif place == "boilerplate":
        Boilerplate.objects.update(text=f"<p>{text}</p>")
    elif place == "chapter":
        Chapter.objects.filter(key="weg").update(title=text)
    elif place == "data":
        Block.objects.filter(kind="checklist").update(data=[text])
    else:
        Guideline.objects.update(imprint=f"<p>{text}</p>")

    assert refused(row) == (
        ConsentsMissing,
        "Diese Personen haben nicht eingewilligt, genannt zu werden: Kim Still",
    )


def test_a_workshop_of_the_group_is_not_approved(sample):
    Workshop.objects.filter(number__in=[2, 4]).update(is_public=False)

    assert refused(make_guideline(sample)) == (
        WorkshopsHidden,
        "Diese Workshops sind nicht öffentlich: 2. Zukunftswerkstatt; 4. Konzeptwerkstatt",
    )


@pytest.mark.parametrize("make", [make_release, make_guideline])
def test_the_lead_reads_why(client, sample, make):
    Quote.objects.update(release="declined")
    row = make(sample)
    log_in_with_second_factor(client, LeadFactory(programme=sample.programme))
    press(client, row, "submit")

    told = press(client, row, "approve", confirmed="alone", reason="Es eilt.")

    assert told[-1] == f"Diese Zitate sind noch nicht freigegeben: {sample.quote}"
