"""What stands against an approval: another text than the submitted one, and what may not go out."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import translation

from publications.models import (
    Block,
    Boilerplate,
    Chapter,
    Edition,
    PressBlock,
    PressRelease,
    Quote,
)
from publications.operations import (
    ChangedSinceSubmissionError,
    approve_edition,
    approve_press_release,
    create_edition,
    return_edition,
    return_press_release,
    submit_edition,
    submit_press_release,
)
from tests.factories import (
    BoilerplateFactory,
    EditorFactory,
    GuidelineFactory,
    LeadFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    ReleaseBoilerplateFactory,
)
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
    return submit_press_release(make_release(sample), by=None)


@pytest.fixture
def edition(sample):
    return submit_edition(make_guideline(sample), by=None)


def press(client, row, name):
    opts = row._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_action", args=[row.pk, name])
    response = client.post(url)
    return [str(message) for message in get_messages(response.wsgi_request)]


# What is approved is what was submitted


def test_what_did_not_change_is_approved(release, edition):
    with translation.override("en"):
        approve_press_release(release, by=None)
        approve_edition(edition, by=None)

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

    with pytest.raises(ChangedSinceSubmissionError):
        approve_press_release(release, by=None)
    release.refresh_from_db()
    assert (release.status, release.render_job) == (PressRelease.Status.IN_APPROVAL, None)

    submit_press_release(return_press_release(release, by=None), by=None)
    assert approve_press_release(release, by=None).status == PressRelease.Status.APPROVED


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

    with pytest.raises(ChangedSinceSubmissionError):
        approve_edition(edition, by=None)
    edition.refresh_from_db()
    assert (edition.status, edition.render_job) == (Edition.Status.IN_APPROVAL, None)

    submit_edition(return_edition(edition, by=None), by=None)
    assert approve_edition(edition, by=None).status == Edition.Status.APPROVED


def test_what_never_was_submitted_here_is_not_approved():
    release = PressReleaseFactory(in_approval=True, dated_on="2016-05-02")

    with pytest.raises(ChangedSinceSubmissionError):
        approve_press_release(release, by=None)


def test_an_edition_without_a_date_gets_the_month_of_its_submission():
    edition = create_edition(GuidelineFactory(), by=None)

    submitted = submit_edition(edition, by=None)

    assert len(submitted.dated_on.text) == len("2016-06")
    assert approve_edition(edition, by=None).dated_on == submitted.dated_on


@pytest.mark.parametrize("staff", [EditorFactory, LeadFactory])
def test_nobody_approves_alone_what_they_wrote_into_it(client, staff):
    programme = ProgrammeFactory()
    release = PressReleaseFactory(programme=programme, dated_on="2016-05-02")
    link = ReleaseBoilerplateFactory(
        release=release, boilerplate=BoilerplateFactory(programme=programme)
    )
    submit_press_release(release, by=EditorFactory(programme=programme))
    log_in_with_second_factor(client, staff(programme=programme))
    fields = {"programme": programme.pk, "heading": "Zum Träger", "text": "<p>Allein.</p>"}
    client.post(
        reverse("admin:publications_boilerplate_change", args=[link.boilerplate_id]), fields
    )

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
