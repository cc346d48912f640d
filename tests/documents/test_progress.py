import pytest
from django.template.loader import render_to_string

from documents.models import RenderJob
from documents.progress import job_progress, percent, sentence
from tests.factories import ArtefactFactory, RenderJobFactory

Status, Stage = RenderJob.Status, RenderJob.Stage


def job(**fields):
    return RenderJob(**{"pk": 7, "title": "Muster", "filename": "muster.pdf", **fields})


@pytest.mark.parametrize(
    ("fields", "hundredths", "words"),
    [
        ({}, 0, "Der Druck wartet auf einen freien Drucker."),
        ({"attempts": 1}, 0, "Der Druck wurde unterbrochen und beginnt gleich von vorn."),
        ({"status": Status.RUNNING}, 2, "Der Druck beginnt."),
        ({"status": Status.RUNNING, "stage": Stage.HTML}, 5, "Schritt: Inhalt"),
        ({"status": Status.RUNNING, "stage": Stage.CSS}, 10, "Schritt: Gestaltung"),
        (
            {"status": Status.RUNNING, "stage": Stage.LAYOUT, "page_count": 1},
            18,
            "Schritt: Umbruch, 1 Seite",
        ),
        (
            {"status": Status.RUNNING, "stage": Stage.LAYOUT, "page_count": 80},
            63,
            "Schritt: Umbruch, 80 Seiten",
        ),
        (
            {"status": Status.RUNNING, "stage": Stage.DRAWING, "page_count": 80},
            75,
            "Schritt: Seiten, 80 Seiten",
        ),
        (
            {"status": Status.RUNNING, "stage": Stage.FINISHING, "page_count": 80},
            90,
            "Schritt: Prüfung, 80 Seiten",
        ),
        (
            {"status": Status.RUNNING, "stage": Stage.STORING, "page_count": 80},
            97,
            "Schritt: Ablage, 80 Seiten",
        ),
        ({"status": Status.DONE}, 100, "Die Druckfassung ist fertig."),
        ({"status": Status.FAILED}, 0, "Der Druck ist fehlgeschlagen."),
    ],
)
def test_progress_in_numbers_and_words(fields, hundredths, words):
    assert percent(job(**fields)) == hundredths
    assert sentence(job(**fields)) == words


def test_progress_never_goes_back():
    steps = [
        percent(job(status=Status.RUNNING, stage=stage, page_count=pages))
        for stage, pages in [
            ("", 0),
            ("html", 0),
            ("css", 0),
            *(("layout", pages) for pages in range(500)),
            ("drawing", 500),
            ("finishing", 500),
            ("storing", 500),
        ]
    ]

    assert steps == sorted(steps)
    assert steps[-1] < 100


def html_of(row, **addresses):
    return render_to_string("documents/_job.html", job_progress(row, **addresses))


@pytest.mark.django_db
def test_an_open_job_shows_a_bar_and_asks_again():
    row = RenderJobFactory(running=True, stage="layout", page_count=12)

    html = html_of(row, poll_url="/druck/", file_url="/datei/")

    assert 'hx-get="/druck/"' in html
    assert 'hx-trigger="every 2s"' in html
    assert f'<label class="kern-label" for="job-{row.pk}-progress">' in html
    assert 'value="37" max="100"' in html
    assert "Schritt: Umbruch, 12 Seiten" in html
    assert "/datei/" not in html


@pytest.mark.django_db
def test_a_finished_job_shows_its_file_and_asks_no_more():
    artefact = ArtefactFactory()

    html = html_of(artefact.job, poll_url="/druck/", file_url="/datei/")

    assert "hx-get" not in html
    assert 'href="/datei/"' in html
    assert f"{artefact.job.filename} (PDF, 12\u00a0kB, 2 Seiten)" in html


@pytest.mark.django_db
def test_a_failed_job_says_why_and_what_to_do():
    row = RenderJobFactory(failed=True, error="Die Schrift kennt <b> nicht.")

    html = html_of(row, poll_url="/druck/", file_url="/datei/")

    assert "hx-get" not in html
    assert "/datei/" not in html
    assert 'role="alert"' in html
    assert "Die Schrift kennt &lt;b&gt; nicht." in html
    assert "drucken Sie erneut" in html
