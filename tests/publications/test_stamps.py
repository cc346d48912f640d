"""What was taken back, corrected or replaced says so on every copy made afterwards."""

import datetime
from dataclasses import asdict

import pytest
from django.utils import timezone

from concepts.models import Concept
from documents.kinds import get_kind
from documents.markup import document_html
from publications.content import guideline_content, press_release_content
from publications.models import Block, PressBlock, PressRelease
from publications.operations import (
    approve_publication,
    correct_press_release,
    print_publication,
    publish_publication,
    submit_publication,
    withdraw_publication,
)
from tests.factories import (
    BlockFactory,
    ChapterFactory,
    ConceptFactory,
    EditionFactory,
    FundingNoticeFactory,
    PressBlockFactory,
    PressReleaseFactory,
    RenderJobFactory,
)
from tests.publications.sample import make_guideline, make_programme, make_release
from tests.publications.test_pdf import assert_conforms, long_release, page_texts, printed

DAY = datetime.datetime(2016, 5, 3, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def third_of_may(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: DAY)


def published(release):
    """The release as it was approved and published, with its own content."""
    content = {**long_release(asdict(press_release_content(release))), "is_draft": False}
    release.status = PressRelease.Status.PUBLISHED
    release.published_at = DAY
    release.render_job = RenderJobFactory(kind="press-release", content=content)
    release.programme.is_public = True
    release.programme.save()
    release.save()
    return release


@pytest.fixture
def release(db):
    return published(make_release(make_programme()))


def html_of(job):
    return document_html(get_kind(job.kind), job.content, language=job.language)


def flat(text):
    return " ".join(text.replace("\xa0", " ").split())


def pages(job):
    return [flat(text) for text in page_texts(html_of(job))]


def without(words, texts):
    return [number for number, text in enumerate(texts, start=1) if words not in text]


def test_a_published_release_has_no_stamp(release):
    job = print_publication(release, by=None)

    assert "stamp" not in job.content
    assert print_publication(release, by=None) == job


@pytest.mark.slow
def test_a_withdrawn_release_says_so_on_each_page(release):
    withdrawn = withdraw_publication(release, note="Die Zahl war falsch.", by=None)

    job = withdrawn.render_job
    texts = pages(job)
    assert job != release.render_job
    assert len(texts) > 1
    assert without("Zurückgezogen am 3. Mai 2016", texts) == []
    html = flat(html_of(job))
    assert "Diese Pressemitteilung gilt nicht mehr. Die Zahl war falsch." in html
    assert "<title>Zurückgezogen am 3. Mai 2016: " in html
    assert_conforms(printed("press-release", job.content).pdf)


def test_a_stamp_speaks_the_language_of_the_release(release):
    release.language = "en"
    release.save()

    withdrawn = withdraw_publication(release, note="The figure was wrong.", by=None)

    assert without("Withdrawn on 3 May 2016", pages(withdrawn.render_job)) == []


def test_a_withdrawn_release_under_embargo_says_so_on_each_page(release):
    release.render_job.content["embargo"] = "29. April 2016, 10:00 Uhr"
    release.render_job.save()

    withdrawn = withdraw_publication(release, note="Die Zahl war falsch.", by=None)

    assert without("Zurückgezogen am 3. Mai 2016", pages(withdrawn.render_job)) == []


@pytest.mark.slow
def test_a_corrected_release_says_so_and_names_its_correction_once_it_is_published(release):
    draft = correct_press_release(release, note="Es waren 20 Personen.", by=None)
    release.refresh_from_db()

    assert without("Berichtigt am 3. Mai 2016", pages(release.render_job)) == []

    PressRelease.objects.filter(pk=draft.pk).update(
        status=PressRelease.Status.APPROVED,
        approved_at=DAY,
        headline="Richtiggestellt",
        dated_on="2016-05-04",
    )
    publish_publication(draft, by=None)
    release.refresh_from_db()

    texts = pages(release.render_job)
    assert without("Berichtigt durch die Mitteilung vom 4. Mai 2016", texts) == []
    assert (
        "Es gilt die Pressemitteilung „Richtiggestellt“ vom 4. Mai 2016. Es waren 20 Personen."
    ) in flat(html_of(release.render_job))
    assert_conforms(printed("press-release", release.render_job.content).pdf)


def test_a_correction_prints_what_was_wrong(release):
    draft = correct_press_release(release, note="Es waren 20 Personen, nicht 200.", by=None)

    job = print_publication(draft, by=None)

    assert "Es waren 20 Personen, nicht 200." in html_of(job)


def test_a_withdrawn_correction_is_not_named(release):
    draft = correct_press_release(release, note="Es waren 20 Personen.", by=None)
    PressRelease.objects.filter(pk=draft.pk).update(
        status=PressRelease.Status.APPROVED, approved_at=DAY, dated_on="2016-05-04"
    )
    correction = publish_publication(draft, by=None)
    withdraw_publication(correction, note="Auch falsch.", by=None)
    release.refresh_from_db()

    job = print_publication(release, by=None)

    assert job.content["stamp"]["mark"] == "Berichtigt am 3. Mai 2016"


def test_what_was_imported_as_withdrawn_has_no_day(db):
    release = PressReleaseFactory(withdrawn=True)

    job = print_publication(release, by=None)

    assert job.content["stamp"]["mark"] == "Zurückgezogen"


@pytest.mark.slow
def test_a_superseded_edition_names_its_successor_on_each_page(db):
    first = make_guideline(make_programme())
    first.status = first.Status.PUBLISHED
    first.published_at = DAY - datetime.timedelta(days=1)
    first.render_job = RenderJobFactory(
        kind="guideline", content={**asdict(guideline_content(first)), "is_draft": False}
    )
    first.save()
    first.guideline.programme.is_public = True
    first.guideline.programme.save()
    second = EditionFactory(approved=True, guideline=first.guideline, number=first.number + 1)

    publish_publication(second, by=None)

    first.refresh_from_db()
    texts = pages(first.render_job)
    assert without(f"Abgelöst durch die {second.number}. Auflage", texts) == []
    assert "Diese Auflage ist nicht die neueste." in html_of(first.render_job)
    assert_conforms(printed("guideline", first.render_job.content).pdf)

    withdrawn = withdraw_publication(second, note="Kapitel 2 ist überholt.", by=None)
    assert withdrawn.render_job.content["stamp"] == {
        "mark": "Zurückgezogen am 3. Mai 2016",
        "sentence": "Diese Auflage gilt nicht mehr.",
        "note": "Kapitel 2 ist überholt.",
    }


def test_withdrawn_concepts_are_named_in_prints_made_afterwards(db):
    release = PressReleaseFactory(dated_on="2016-05-02")
    FundingNoticeFactory(programme=release.programme)
    concept = ConceptFactory(published=True, run__programme=release.programme)
    PressBlockFactory(release=release, kind=PressBlock.Kind.CONCEPT, concept=concept, text="")
    release = approve_publication(submit_publication(release, by=None), by=None)
    edition = EditionFactory(guideline__programme=release.programme)
    BlockFactory(
        chapter=ChapterFactory(guideline=edition.guideline),
        kind=Block.Kind.CONCEPT,
        concept=concept,
        text="",
    )
    before = html_of(print_publication(release, by=None))
    Concept.objects.filter(pk=concept.pk).update(
        status=Concept.Status.WITHDRAWN, withdrawal_reason="Der Verein hat sich aufgelöst."
    )

    after = html_of(print_publication(release, by=None))

    sentence = "Dieses Konzept wurde zurückgezogen: Der Verein hat sich aufgelöst."
    assert sentence not in before
    assert sentence in after
    assert sentence in html_of(print_publication(edition, by=None))
