import hashlib
import io
import os
import subprocess
import sys

import pikepdf
import pytest
from django.utils import translation

from documents import limits
from documents.errors import (
    AddressRefused,
    CharacterNotInFont,
    PrinterWarned,
    TooManyPages,
    Unexpected,
)
from documents.markup import document_html
from documents.rendering import pdf_from_html
from documents.verification import check_structure
from tests.documents import samples
from tests.verapdf import failed_rules, syntax_faults

FAMILIES = frozenset({"Fira Sans"})
HEAD = (
    '<!doctype html><html lang="de"><head><title>Muster</title>'
    '<link rel="stylesheet" href="static:pdf/base.css"></head><body><h1>Muster</h1>'
)


@pytest.fixture
def full(sample_kind):
    html = document_html(sample_kind, samples.full(), language="de")
    return pdf_from_html(html, attachments=sample_kind.attachments({"blueprint": "{}"}))


def fonts(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(item.FontFamily)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        }


@pytest.mark.slow
def test_every_element_passes_verapdf_and_the_own_checks(full):
    assert failed_rules(full.pdf) == []
    assert syntax_faults(full.pdf) == ""
    assert check_structure(full.pdf, families=FAMILIES) == []


def test_only_the_declared_family_is_embedded(full):
    assert fonts(full.pdf) == {"Fira Sans"}


def test_document_html_has_title_language_and_dates(sample_kind):
    html = document_html(sample_kind, samples.full(), language="en")

    assert '<html lang="en">' in html
    assert "<title>Muster mit allen Bestandteilen</title>" in html
    assert '<meta name="dcterms.created" content="2016-05-02">' in html
    assert '<link rel="stylesheet" href="static:pdf/base.css">' in html


def test_document_html_escapes_what_people_wrote(sample_kind):
    html = document_html(sample_kind, samples.small(text="<script>x</script>"), language="de")

    assert "&lt;script&gt;x&lt;/script&gt;" in html


def test_document_is_printed_in_its_own_language(sample_kind):
    html = document_html(sample_kind, samples.full(), language="de")

    with translation.override("en"):
        english = pdf_from_html(html, language="de")

    assert english == pdf_from_html(html, language="de")


def test_draft_says_so_on_each_page(sample_kind):
    html = document_html(sample_kind, samples.full(is_draft=True), language="de")

    printed = pdf_from_html(html)

    texts = [page_text(printed.pdf, number) for number in range(printed.page_count)]
    assert printed.page_count > 1
    assert all("ENTWURF" in text for text in texts)


def test_approved_document_says_no_draft(full):
    assert "ENTWURF" not in "".join(page_text(full.pdf, page) for page in range(full.page_count))


def page_text(pdf, number):
    answer = subprocess.run(
        ["pdftotext", "-f", str(number + 1), "-l", str(number + 1), "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return answer.stdout.decode()


def test_progress_tells_stages_and_pages(sample_kind):
    html = document_html(sample_kind, samples.full(), language="de")
    told = []

    printed = pdf_from_html(html, progress=lambda stage, pages: told.append((stage, pages)))

    assert list(dict.fromkeys(stage for stage, _pages in told)) == [
        "html",
        "css",
        "layout",
        "drawing",
    ]
    assert told[-1] == ("drawing", printed.page_count)


@pytest.mark.slow
def test_same_content_gives_the_same_bytes_in_two_processes(full):
    program = (
        "import sys, hashlib, django\n"
        "django.setup()\n"
        "from documents.kinds import get_kind\n"
        "from documents.markup import document_html\n"
        "from documents.rendering import pdf_from_html\n"
        "from tests.documents import samples\n"
        "kind = get_kind('sample')\n"
        "html = document_html(kind, samples.full(), language='de')\n"
        "printed = pdf_from_html(html, attachments=kind.attachments({'blueprint': '{}'}))\n"
        "sys.stdout.write(hashlib.sha256(printed.pdf).hexdigest())\n"
    )

    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
                "PYTHONHASHSEED": seed,
                "TZ": zone,
            },
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }

    assert digests == {hashlib.sha256(full.pdf).hexdigest()}


def test_file_carries_its_attachment(full):
    with pikepdf.open(io.BytesIO(full.pdf)) as document:
        attachments = {
            name: spec.get_file().read_bytes() for name, spec in document.attachments.items()
        }

    assert list(attachments.values()) == [b"{}"]


@pytest.mark.parametrize(
    "body",
    [
        '<p><a href="#missing">Verweis</a></p>',
        f'<p><img src="{samples.PIXELS}"></p>',
    ],
    ids=["target", "no alt"],
)
@pytest.mark.expects_error_log
def test_a_warning_of_the_layout_engine_ends_the_print(body):
    with pytest.raises(PrinterWarned):
        pdf_from_html(HEAD + body)


def test_a_lost_style_sheet_ends_the_print():
    html = HEAD.replace("pdf/base.css", "pdf/missing.css")

    with pytest.raises(AddressRefused, match=r"static:pdf/missing\.css"):
        pdf_from_html(html)


def test_a_character_without_a_glyph_is_named():
    with pytest.raises(CharacterNotInFont, match=r"🎈 \(U\+1F388\), 😀 \(U\+1F600\)"):
        pdf_from_html(HEAD + "<p>🎈 erledigt 😀</p>")


def test_special_spaces_and_hyphens_need_no_glyph():
    printed = pdf_from_html(HEAD + "<p>z.\u202fB. 5\u00a0km Silben\u00adtrennung\u200b\u2009!</p>")

    assert fonts(printed.pdf) == {"Fira Sans"}


def test_a_document_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(limits, "MAX_PAGES", 2)

    with pytest.raises(TooManyPages):
        pdf_from_html(HEAD + "<p>Satz</p>" * 200)


def test_an_error_inside_the_fetcher_is_not_swallowed(monkeypatch):
    monkeypatch.setattr("documents.assets.read", None)

    with pytest.raises(Unexpected):
        pdf_from_html(HEAD)
