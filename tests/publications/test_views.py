import datetime
from dataclasses import asdict

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from programmes.models import Programme
from publications.content import press_release_content
from publications.models import Edition, PressRelease
from tests.factories import (
    ArtefactFactory,
    BoilerplateFactory,
    ChapterFactory,
    ConceptFactory,
    EditionFactory,
    EditorFactory,
    FundingNoticeFactory,
    GuidelineFactory,
    GuidingQuestionFactory,
    LeadFactory,
    PressBlockFactory,
    PressContactFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    QuoteFactory,
    ReleaseBoilerplateFactory,
    RenderJobFactory,
    RunFactory,
    StatedFigureFactory,
    UserFactory,
)
from tests.html_check import check_html
from tests.signing_in import log_in, log_in_with_second_factor

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 nur fuer den Test"
HIDDEN = ("draft", "in_approval", "approved", "embargoed")


@pytest.fixture
def programme():
    return ProgrammeFactory(public=True)


def release_in(status, programme, **kwargs):
    traits = {} if status == "draft" else {status: True}
    return PressReleaseFactory(programme=programme, **traits, **kwargs)


def frozen(release):
    """Freeze what the release says now, as its approval does."""
    release.render_job.content = asdict(press_release_content(release))
    release.render_job.save()
    return release


def printed(owner):
    """The owner with a finished print on disk."""
    artefact = ArtefactFactory(job=owner.render_job, size=len(PDF))
    default_storage.delete(artefact.key)
    default_storage.save(artefact.key, ContentFile(PDF))
    return owner


def pdf_url(release):
    return reverse("publications:press_release_pdf", args=[release.programme.slug, release.slug])


def edition_url(edition):
    guideline = edition.guideline
    return reverse(
        "publications:edition_pdf", args=[guideline.programme.slug, guideline.slug, edition.number]
    )


def headlines(response):
    return [
        release.headline for _year, releases in response.context["years"] for release in releases
    ]


# Press room


def test_empty_press_room_offers_the_subscription(client):
    response = client.get(reverse("publications:press_room"))

    check_html(response)
    assert "Noch keine Pressemitteilung" in response.text
    assert "Zurzeit ist kein Pressekontakt angegeben." in response.text


def test_press_room_orders_the_releases_by_year(client, programme):
    for day in ("2015-10-12", "2016-05-02", "2015-12-07"):
        PressReleaseFactory(
            programme=programme,
            published=True,
            headline=day,
            dated_on=datetime.date.fromisoformat(day),
        )

    response = client.get(reverse("publications:press_room"))

    check_html(response)
    assert [year for year, _releases in response.context["years"]] == [2016, 2015]
    assert headlines(response) == ["2016-05-02", "2015-12-07", "2015-10-12"]


@pytest.mark.parametrize("status", [*HIDDEN, "withdrawn"])
def test_press_room_hides_what_is_not_out(client, programme, status):
    release = release_in(status, programme)

    response = client.get(reverse("publications:press_room"))

    assert headlines(response) == []
    assert release.headline not in response.text


def test_press_room_hides_releases_of_hidden_programmes(client, programme):
    release = release_in("published", programme)
    PressContactFactory(programme=programme, name="Stille Stelle")
    Programme.objects.update(is_public=False)

    response = client.get(reverse("publications:press_room"))

    assert release.headline not in response.text
    assert "Stille Stelle" not in response.text


def test_press_room_hides_a_published_release_until_its_embargo_ends(client, programme):
    later = timezone.now() + datetime.timedelta(minutes=1)
    release = release_in("published", programme, embargo_until=later)

    before = client.get(reverse("publications:press_room"))
    PressRelease.objects.update(embargo_until=timezone.now() - datetime.timedelta(minutes=1))
    after = client.get(reverse("publications:press_room"))

    assert headlines(before) == []
    assert headlines(after) == [release.headline]


def test_press_room_shows_staff_every_release_with_its_status(client, programme):
    for status in HIDDEN:
        release_in(status, programme)
    log_in_with_second_factor(client, EditorFactory(programme=programme))

    response = client.get(reverse("publications:press_room"))

    check_html(response)
    assert len(headlines(response)) == 4
    for label in ("Entwurf", "zur Freigabe", "freigegeben", "gesperrt bis zur Frist"):
        assert label in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_press_room_fills_in_what_was_approved(client, programme):
    StatedFigureFactory(programme=programme, key="gruppe", value="20")
    release = release_in("published", programme, headline="{angabe:gruppe} Menschen, eine Frage")
    frozen(release)

    response = client.get(reverse("publications:press_room"))

    assert "20 Menschen, eine Frage" in response.text
    assert "{angabe" not in response.text


@pytest.mark.parametrize("page", ["abc", "-1", "99999999999999999999"])
def test_press_room_answers_odd_page_numbers(client, programme, page):
    release_in("published", programme)

    response = client.get(reverse("publications:press_room"), {"page": page})

    assert response.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_press_room_query_count(client, django_assert_num_queries, programme, count):
    for _ in range(count):
        printed(release_in("published", programme))
        PressContactFactory(programme=programme)

    with django_assert_num_queries(3):
        response = client.get(reverse("publications:press_room"))

    assert len(headlines(response)) == count


# A release


def test_release_shows_everything_that_was_approved(client, programme):
    run = RunFactory(programme=programme, is_public=True)
    GuidingQuestionFactory(run=run, text="Welche Wege?")
    concept = ConceptFactory(run=run, published=True)
    release = release_in("published", programme, run=run, subline="Die Unterzeile")
    release.contacts.add(PressContactFactory(programme=programme, phone="0341 12 34"))
    quote = QuoteFactory(programme=programme, released=True, text="Anfangen zählt")
    PressBlockFactory(release=release, position=1, text="<p>Der Absatz.</p>")
    PressBlockFactory(release=release, position=2, kind="question", text="")
    PressBlockFactory(release=release, position=3, kind="quote", quote=quote, text="")
    PressBlockFactory(release=release, position=4, kind="concept", concept=concept, text="")
    ReleaseBoilerplateFactory(
        release=release,
        position=1,
        boilerplate=BoilerplateFactory(programme=programme, heading="Zum Projekt"),
    )
    notice = FundingNoticeFactory(programme=programme)
    frozen(release)
    shown = (
        "Die Unterzeile",
        release.lead,
        "Leipzig",
        "2. Mai 2016",
        "Der Absatz.",
        '<p class="question">Welche Wege?</p>',
        "„Anfangen zählt“, so die Projektleitung.",
        concept.summary,
        concept.get_absolute_url(),
        "Zum Projekt",
        notice.text,
        "Pressestelle",
        "tel:03411234",
        "Zeichen mit Leerzeichen",
        run.get_absolute_url(),
    )

    response = client.get(release.get_absolute_url())

    check_html(response)
    assert [text for text in shown if text not in response.text] == []


def test_release_shows_what_was_approved_and_not_what_changed_since(client, programme):
    release = frozen(release_in("published", programme, lead="Der freigegebene Vorspann."))
    PressRelease.objects.update(lead="Ein anderer Vorspann.")

    response = client.get(release.get_absolute_url())

    assert "Der freigegebene Vorspann." in response.text
    assert "Ein anderer Vorspann." not in response.text


def test_release_links_no_concept_that_is_not_public(client, programme):
    run = RunFactory(programme=programme, is_public=True)
    draft = ConceptFactory(run=run)
    release = release_in("published", programme, run=run)
    PressBlockFactory(release=release, kind="concept", concept=draft, text="")
    frozen(release)

    response = client.get(release.get_absolute_url())

    check_html(response)
    assert draft.get_absolute_url() not in response.text


@pytest.mark.parametrize("status", HIDDEN)
def test_release_that_is_not_out_is_not_found(client, programme, status):
    release = release_in(status, programme)
    if release.render_job:
        printed(release)

    for user in (None, UserFactory(), LeadFactory()):
        if user:
            log_in(client, user)
        for url in (release.get_absolute_url(), pdf_url(release)):
            response = client.get(url)

            assert response.status_code == 404
            assert response["Cache-Control"] == "private, no-store"
            assert release.headline not in response.text


@pytest.mark.parametrize("status", HIDDEN)
def test_staff_preview_the_release_that_is_not_out(client, programme, status):
    release = release_in(status, programme)
    log_in_with_second_factor(client, EditorFactory(programme=programme))

    response = client.get(release.get_absolute_url())

    check_html(response)
    assert response.status_code == 200
    assert release.headline in response.text
    assert release.get_status_display() in response.text
    assert "Noch nicht öffentlich" in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_preview_shows_the_embargo(client, programme):
    until = datetime.datetime(2030, 4, 29, 8, 0, tzinfo=datetime.UTC)
    release = release_in("embargoed", programme, embargo_until=until)
    frozen(release)
    log_in_with_second_factor(client, LeadFactory(programme=programme))

    response = client.get(release.get_absolute_url())

    assert "29. April 2030, 10:00 Uhr" in response.text


def test_preview_names_the_token_that_is_not_stored(client, programme):
    release = release_in("draft", programme, lead="Es waren {angabe:fehlt}.")
    log_in_with_second_factor(client, LeadFactory(programme=programme))

    response = client.get(release.get_absolute_url())

    check_html(response)
    assert response.status_code == 200
    assert "{angabe:fehlt}" in response.text
    assert "Die Vorschau kommt nicht zustande" in response.text


def test_withdrawn_release_says_why_and_nothing_else(client, programme):
    release = frozen(release_in("withdrawn", programme, subline="Unterzeile", lead="Vorspann alt"))
    printed(release)

    response = client.get(release.get_absolute_url())

    check_html(response)
    assert response.status_code == 200
    assert "Die Veranstaltung entfällt." in response.text
    assert "Vorspann alt" not in response.text
    assert pdf_url(release) not in response.text
    assert client.get(pdf_url(release)).status_code == 404


def test_corrected_release_leads_to_its_correction_and_back(client, programme):
    corrected = frozen(release_in("corrected", programme))
    correction = frozen(release_in("published", programme, corrects=corrected))
    draft = release_in("draft", programme, corrects=corrected)

    old_page = client.get(corrected.get_absolute_url())
    new_page = client.get(correction.get_absolute_url())

    check_html(old_page)
    check_html(new_page)
    assert "Eine Zahl war falsch." in old_page.text
    assert correction.get_absolute_url() in old_page.text
    assert draft.headline not in old_page.text
    assert corrected.get_absolute_url() in new_page.text


@pytest.mark.parametrize("count", [1, 3])
def test_release_query_count(client, django_assert_num_queries, programme, count):
    run = RunFactory(programme=programme, is_public=True)
    release = release_in("published", programme, run=run)
    for _ in range(count):
        concept = ConceptFactory(run=run, published=True)
        PressBlockFactory(release=release, kind="concept", concept=concept, text="")
    printed(frozen(release))

    PressReleaseFactory.create_batch(count, programme=programme, published=True, corrects=release)

    with django_assert_num_queries(3):
        response = client.get(release.get_absolute_url())

    assert len(response.context["concepts"]) == count
    assert len(response.context["corrections"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_draft_query_count(client, django_assert_num_queries, programme, count):
    run = RunFactory(programme=programme, is_public=True)
    release = release_in("draft", programme, run=run)
    for _ in range(count):
        concept = ConceptFactory(run=run, published=True)
        PressBlockFactory(release=release, kind="concept", concept=concept, text="")
        quote = QuoteFactory(programme=programme, released=True)
        PressBlockFactory(release=release, kind="quote", quote=quote, text="")
        boilerplate = BoilerplateFactory(programme=programme)
        ReleaseBoilerplateFactory(release=release, boilerplate=boilerplate)
        release.contacts.add(PressContactFactory(programme=programme))
        FundingNoticeFactory(programme=programme)
    log_in_with_second_factor(client, LeadFactory(programme=programme))
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    # Composed anew from its parts; what is approved is frozen and needs none of them.
    with django_assert_num_queries(20):
        response = client.get(release.get_absolute_url())

    assert len(response.context["content"].contacts) == count


# The printed file


def test_pdf_comes_with_its_name_size_and_tag(client, programme):
    release = printed(release_in("published", programme))
    job = release.render_job

    response = client.get(pdf_url(release))

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{job.filename}"'
    assert response["Content-Length"] == str(len(PDF))
    assert response["ETag"] == f'"{job.artefact.sha256}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies


def test_pdf_is_not_sent_twice(client, programme):
    release = printed(release_in("published", programme))
    tag = f'"{release.render_job.artefact.sha256}"'

    response = client.get(pdf_url(release), headers={"if-none-match": tag})

    assert response.status_code == 304
    assert response["ETag"] == tag


@pytest.mark.parametrize("status", [*HIDDEN, "withdrawn"])
def test_tag_of_a_hidden_pdf_tells_nothing(client, programme, status):
    release = release_in(status, programme)
    if release.render_job is None:
        release.render_job = RenderJobFactory(done=True)
        release.save()
    printed(release)

    response = client.get(
        pdf_url(release), headers={"if-none-match": f'"{release.render_job.artefact.sha256}"'}
    )

    assert response.status_code == 404


def test_pdf_for_staff_stays_private(client, programme):
    release = printed(release_in("approved", programme))
    log_in_with_second_factor(client, EditorFactory(programme=programme))

    response = client.get(pdf_url(release))

    assert b"".join(response.streaming_content) == PDF
    assert response["Cache-Control"] == "private, no-store"


def test_staff_still_get_the_withdrawn_pdf(client, programme):
    release = printed(release_in("withdrawn", programme))
    log_in_with_second_factor(client, LeadFactory(programme=programme))

    response = client.get(pdf_url(release))

    assert b"".join(response.streaming_content) == PDF


def test_pdf_that_is_being_printed_is_not_there_yet(client, programme):
    release = frozen(release_in("published", programme))

    page = client.get(release.get_absolute_url())
    response = client.get(pdf_url(release))

    assert "Die Druckfassung entsteht gerade." in page.text
    check_html(response)
    assert response.status_code == 404
    assert release.get_absolute_url() in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_print_that_failed_is_not_announced(client, programme):
    release = frozen(release_in("published", programme))
    release.render_job.status = "failed"
    release.render_job.save()

    response = client.get(release.get_absolute_url())

    check_html(response)
    assert "Zu dieser Mitteilung gibt es noch keine Druckfassung." in response.text
    assert "entsteht gerade" not in response.text


def test_release_offers_its_file_with_size_and_pages(client, programme):
    release = printed(frozen(release_in("published", programme)))

    response = client.get(release.get_absolute_url())

    assert f'href="{pdf_url(release)}"' in response.text
    assert "2 Seiten" in response.text
    assert "26" in response.text


# How far the print is


def print_url(release):
    return pdf_url(release).replace("/pdf/", "/druck/")


def test_print_progress_is_for_the_staff(client, programme):
    release = release_in("published", programme)

    anonymous = client.get(print_url(release))
    client.force_login(UserFactory())
    outsider = client.get(print_url(release))
    log_in_with_second_factor(client, LeadFactory(programme=programme))
    lead = client.get(print_url(release))

    assert anonymous.status_code == 302
    assert outsider.status_code == 403
    check_html(lead)
    assert lead.status_code == 200
    assert f'hx-get="{print_url(release)}"' in lead.text


def test_print_progress_polls_for_the_fragment_alone(client, programme):
    release = release_in("published", programme)
    log_in_with_second_factor(client, EditorFactory(programme=programme))

    waiting = client.get(print_url(release), headers={"hx-request": "true"})
    release.render_job.status = "done"
    release.render_job.save()
    printed(release)
    done = client.get(print_url(release), headers={"hx-request": "true"})

    check_html(waiting, fragment=True)
    assert "<html" not in waiting.text
    assert "hx-get" not in done.text
    assert pdf_url(release) in done.text
    assert "no-store" in done["Cache-Control"]


def test_print_progress_of_a_draft_without_print(client, programme):
    release = release_in("draft", programme)
    log_in_with_second_factor(client, EditorFactory(programme=programme))

    response = client.get(print_url(release))

    check_html(response)
    assert "Noch nichts gedruckt" in response.text


# Guideline


@pytest.fixture
def guideline(programme):
    return GuidelineFactory(programme=programme, summary="Kurz und gut.")


def published_edition(guideline, **kwargs):
    edition = EditionFactory(guideline=guideline, published=True, **kwargs)
    edition.render_job.content = {
        "chapters": [
            {"label": "", "title": "Vorwort", "part": "front"},
            {"label": "1", "title": "Die ersten Schritte", "part": "main"},
        ]
    }
    edition.render_job.save()
    return edition


def test_empty_guideline_list_offers_the_next_step(client):
    response = client.get(reverse("publications:guideline_list"))

    check_html(response)
    assert "Noch kein Leitfaden veröffentlicht" in response.text


def test_guideline_list_shows_those_with_a_public_edition(client, guideline):
    printed(published_edition(guideline, number=2))
    draft = EditionFactory(guideline=GuidelineFactory(programme=guideline.programme))

    response = client.get(reverse("publications:guideline_list"))

    check_html(response)
    assert guideline.title in response.text
    assert "2. Auflage, Juni 2016" in response.text
    assert draft.guideline.title not in response.text


def test_guideline_shows_the_chapters_as_printed(client, guideline):
    ChapterFactory(guideline=guideline, title="Ein neues Kapitel")
    edition = printed(published_edition(guideline, number=1))

    response = client.get(guideline.get_absolute_url())

    check_html(response)
    assert "Die ersten Schritte" in response.text
    assert "Ein neues Kapitel" not in response.text
    assert f'href="{edition_url(edition)}"' in response.text
    assert "Leitfaden, 1. Auflage, Juni 2016" in response.text


def test_guideline_shows_every_public_edition_and_no_other(client, guideline):
    old = printed(EditionFactory(guideline=guideline, superseded=True, number=1))
    withdrawn = printed(EditionFactory(guideline=guideline, withdrawn=True, number=2))
    printed(published_edition(guideline, number=3))
    draft = EditionFactory(guideline=guideline, number=4)

    response = client.get(guideline.get_absolute_url())

    check_html(response)
    assert "durch eine neue Auflage ersetzt" in response.text
    assert edition_url(old) in response.text
    assert "Ein Kapitel war überholt." in response.text
    assert edition_url(withdrawn) not in response.text
    assert "4. Auflage" not in response.text
    assert client.get(edition_url(draft)).status_code == 404
    assert client.get(edition_url(withdrawn)).status_code == 404


def test_guideline_without_a_public_edition_is_for_the_staff(client, guideline):
    ChapterFactory(guideline=guideline, title="Ein neues Kapitel")
    EditionFactory(guideline=guideline, number=1)

    anonymous = client.get(guideline.get_absolute_url())
    log_in_with_second_factor(client, LeadFactory(programme=guideline.programme))
    lead = client.get(guideline.get_absolute_url())

    assert anonymous.status_code == 404
    check_html(lead)
    assert "Auflage in Arbeit" in lead.text
    assert "Ein neues Kapitel" in lead.text


def test_guideline_whose_editions_are_all_withdrawn_says_so(client, guideline):
    EditionFactory(guideline=guideline, withdrawn=True, number=1)

    response = client.get(guideline.get_absolute_url())

    check_html(response)
    assert "Zurzeit ist keine Auflage gültig." in response.text
    assert "Ein Kapitel war überholt." in response.text


@pytest.mark.parametrize("status", ["draft", "in_approval", "approved"])
def test_edition_that_is_not_out_is_not_found(client, guideline, status):
    published_edition(guideline, number=1)
    traits = {} if status == "draft" else {status: True}
    edition = EditionFactory(guideline=guideline, number=2, **traits)
    if edition.render_job is None:
        edition.render_job = RenderJobFactory(kind="guideline", done=True)
        edition.save()
    printed(edition)
    tag = f'"{edition.render_job.artefact.sha256}"'

    response = client.get(edition_url(edition), headers={"if-none-match": tag})

    assert response.status_code == 404


def test_edition_pdf_is_served_behind_its_gate(client, guideline):
    edition = printed(published_edition(guideline, number=1))

    response = client.get(edition_url(edition))
    Programme.objects.update(is_public=False)
    hidden = client.get(edition_url(edition), headers={"if-none-match": response["ETag"]})

    assert b"".join(response.streaming_content) == PDF
    assert response["Cache-Control"] == "public, no-cache"
    assert hidden.status_code == 404


def test_edition_number_of_another_guideline_is_not_found(client, guideline):
    edition = printed(published_edition(guideline, number=7))
    other = GuidelineFactory(programme=guideline.programme)
    published_edition(other, number=1)

    url = reverse("publications:edition_pdf", args=[guideline.programme.slug, other.slug, 7])

    assert client.get(edition_url(edition)).status_code == 200
    assert client.get(url).status_code == 404


def test_edition_numbers_beyond_the_database_are_not_found(client, guideline):
    published_edition(guideline, number=1)
    url = f"{guideline.get_absolute_url()}{10**30}/pdf/"

    assert client.get(url).status_code == 404


def test_edition_that_is_being_printed_says_so(client, guideline):
    edition = published_edition(guideline, number=1)

    response = client.get(edition_url(edition))

    check_html(response)
    assert response.status_code == 404
    assert guideline.get_absolute_url() in response.text


def test_edition_print_progress_is_for_the_staff(client, guideline):
    edition = published_edition(guideline, number=1)
    url = edition_url(edition).replace("/pdf/", "/druck/")

    client.force_login(UserFactory())
    outsider = client.get(url)
    log_in_with_second_factor(client, LeadFactory(programme=guideline.programme))
    lead = client.get(url)

    assert outsider.status_code == 403
    check_html(lead)
    assert f'hx-get="{url}"' in lead.text


@pytest.mark.parametrize("count", [1, 3])
def test_guideline_list_query_count(client, django_assert_num_queries, programme, count):
    for guideline in GuidelineFactory.create_batch(count, programme=programme):
        printed(published_edition(guideline))

    with django_assert_num_queries(3):
        client.get(reverse("publications:guideline_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_guideline_query_count(client, django_assert_num_queries, guideline, count):
    printed(published_edition(guideline))
    for edition in EditionFactory.create_batch(count, guideline=guideline, superseded=True):
        printed(edition)

    with django_assert_num_queries(3):
        client.get(guideline.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_unpublished_guideline_query_count(client, django_assert_num_queries, guideline, count):
    EditionFactory(guideline=guideline)
    EditionFactory.create_batch(count - 1, guideline=guideline, withdrawn=True)
    ChapterFactory.create_batch(count, guideline=guideline)
    log_in_with_second_factor(client, LeadFactory(programme=guideline.programme))
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(6):
        response = client.get(guideline.get_absolute_url())

    assert len(response.context["outline"]) == count


# Feed and sitemap


@pytest.mark.parametrize("status", [*HIDDEN, "withdrawn"])
def test_feed_and_sitemap_hide_what_is_not_out(client, programme, status):
    shown = frozen(release_in("published", programme))
    hidden = release_in(status, programme)
    later = timezone.now() + datetime.timedelta(hours=1)
    embargoed = release_in("published", programme, embargo_until=later)
    log_in_with_second_factor(client, LeadFactory(programme=programme))

    feed = client.get(reverse("publications:press_feed")).text
    sitemap = client.get("/sitemap-presse.xml").text

    assert f"http://localhost:8000{shown.get_absolute_url()}" in feed
    assert f"{shown.get_absolute_url()}<" in sitemap
    for release in (hidden, embargoed):
        assert release.get_absolute_url() not in feed
        assert release.get_absolute_url() not in sitemap


def test_feed_tells_what_was_approved(client, programme):
    StatedFigureFactory(programme=programme, key="gruppe", value="20")
    frozen(release_in("published", programme, lead="{angabe:gruppe} Menschen."))

    response = client.get(reverse("publications:press_feed"))

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "20 Menschen." in response.text


def test_feed_answers_not_modified_until_something_changes(client, programme):
    release_in("published", programme)
    first = client.get(reverse("publications:press_feed"))
    headers = {"if-none-match": first["ETag"]}

    again = client.get(reverse("publications:press_feed"), headers=headers)
    PressRelease.objects.update(status="withdrawn", public_note="Grund")
    after = client.get(reverse("publications:press_feed"), headers=headers)

    assert again.status_code == 304
    assert after.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_feed_query_count(client, django_assert_num_queries, programme, count):
    for _ in range(count):
        release_in("published", programme)

    with django_assert_num_queries(1):
        client.get(reverse("publications:press_feed"))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("section", ["presse", "leitfaden"])
def test_sitemap_query_count(client, django_assert_num_queries, programme, section, count):
    for guideline in GuidelineFactory.create_batch(count, programme=programme):
        release_in("published", programme)
        published_edition(guideline)

    with django_assert_num_queries(2):
        response = client.get(f"/sitemap-{section}.xml")

    # German and English
    assert response.text.count("<loc>") == 2 * count


def test_sitemap_lists_guidelines_with_a_public_edition(client, guideline):
    published_edition(guideline)
    hidden = GuidelineFactory(programme=guideline.programme)
    EditionFactory(guideline=hidden)

    response = client.get("/sitemap-leitfaden.xml")

    assert f"{guideline.get_absolute_url()}<" in response.text
    assert hidden.get_absolute_url() not in response.text


def test_pages_for_visitors_set_no_cookie(client, programme, guideline):
    release = frozen(release_in("published", programme))
    published_edition(guideline)

    for url in (
        reverse("publications:press_room"),
        reverse("publications:guideline_list"),
        reverse("publications:press_feed"),
        release.get_absolute_url(),
        guideline.get_absolute_url(),
    ):
        response = client.get(url)

        assert response.status_code == 200
        assert not response.cookies
        assert not response.has_header("Cache-Control")


def test_superseded_edition_is_no_longer_the_current_one(client, guideline):
    edition = published_edition(guideline, number=1)
    Edition.objects.filter(pk=edition.pk).update(status=Edition.Status.SUPERSEDED)
    newer = published_edition(guideline, number=2)

    response = client.get(guideline.get_absolute_url())

    assert response.context["current"] == newer
