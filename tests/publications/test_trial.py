"""What cannot be printed is refused where it is handed over, not after the approval."""

import pytest

from documents.errors import CharacterNotInFont
from documents.models import RenderJob
from publications.models import PressRelease
from publications.operations import (
    TrialFailed,
    approve_publication,
    print_publication,
    submit_publication,
)
from tests.factories import (
    BlockFactory,
    ChapterFactory,
    EditionFactory,
    FundingNoticeFactory,
    PressBlockFactory,
    PressReleaseFactory,
)

pytestmark = pytest.mark.django_db


def complete_release(**fields):
    release = PressReleaseFactory(**{"dated_on": "2016-05-02", **fields})
    FundingNoticeFactory(programme=release.programme)
    return release


def test_a_release_with_a_sign_that_no_font_has_is_not_submitted():
    release = complete_release()
    PressBlockFactory(release=release, text="<p>Erst dies. Dann <em>das 👍 hier</em>. Ende.</p>")

    with pytest.raises(CharacterNotInFont) as refusal:
        submit_publication(release, by=None)

    release.refresh_from_db()
    assert (release.status, release.render_job) == ("draft", None)
    assert "👍 (U+1F44D)" in str(refusal.value)
    assert "„Dann das 👍 hier.“" in str(refusal.value)


def test_common_signs_pass():
    release = complete_release()
    PressBlockFactory(release=release, text="<p>☐ offen ☑ erledigt ✓ → ★ H₂O ≤ 5</p>")

    assert submit_publication(release, by=None).status == "in_approval"


def test_an_edition_with_a_sign_that_no_font_has_is_not_submitted():
    edition = EditionFactory()
    BlockFactory(chapter=ChapterFactory(guideline=edition.guideline), text="<p>Gut 🎉.</p>")

    with pytest.raises(CharacterNotInFont):
        submit_publication(edition, by=None)

    edition.refresh_from_db()
    assert edition.status == "draft"


def test_the_submission_asks_for_a_trial_print_that_says_draft():
    release = submit_publication(complete_release(), by=None)
    edition = submit_publication(EditionFactory(), by=None)

    assert release.render_job.content["is_draft"] is True
    assert edition.render_job.content["is_draft"] is True
    assert release.frozen_content is None


def test_what_failed_in_the_trial_print_is_not_approved():
    release = submit_publication(complete_release(), by=None)
    edition = submit_publication(EditionFactory(), by=None)
    RenderJob.objects.update(status=RenderJob.Status.FAILED, error="Zu lang.")

    with pytest.raises(TrialFailed) as refusal:
        approve_publication(release, by=None)
    with pytest.raises(TrialFailed):
        approve_publication(edition, by=None)

    assert str(refusal.value).startswith("Der Probedruck ist fehlgeschlagen: Zu lang. ")

    print_publication(release, by=None)  # tried again
    assert approve_publication(release, by=None).status == PressRelease.Status.APPROVED


def test_signs_that_came_by_another_door_are_refused_at_the_approval(monkeypatch):
    release = submit_publication(complete_release(), by=None)
    monkeypatch.setattr("documents.characters.is_printable", lambda character: character != "V")

    with pytest.raises(CharacterNotInFont):
        approve_publication(release, by=None)
