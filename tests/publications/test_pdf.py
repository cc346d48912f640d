import hashlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pikepdf
import pytest
import weasyprint

from documents.errors import CharacterNotInFont
from documents.fetcher import DocumentFetcher
from documents.kinds import get_kind
from documents.markup import document_html
from documents.models import RenderJob
from documents.production import print_document
from documents.rendering import BASE_URL, pdf_from_html
from documents.verification import check_structure
from exchange.files import parse_file
from exchange.operations import import_programme
from publications.content import guideline_content, press_release_content
from publications.models import Edition, PressBlock, PressRelease
from publications.operations import print_publication
from publications.rendering import (
    course_chart,
    outline,
    press_release_context,
    readable_colour,
    register,
    sectors_chart,
)
from tests.factories import PressBlockFactory, PressReleaseFactory
from tests.publications.sample import make_guideline, make_programme, make_release
from tests.verapdf import failed_rules, syntax_faults
from texts.colours import contrast

pytestmark = pytest.mark.slow  # each is printed, most are judged by veraPDF

FAMILIES = frozenset({"Fira Sans"})
SHEETS = Path(__file__).parents[2] / "static" / "pdf"


@pytest.fixture
def sample(db):
    return make_programme()


@pytest.fixture
def release(sample):
    return asdict(press_release_content(make_release(sample)))


@pytest.fixture
def guideline(sample):
    return asdict(guideline_content(make_guideline(sample)))


def html_of(kind, content):
    return document_html(get_kind(kind), content, language=content["language"])


def printed(kind, content):
    return pdf_from_html(html_of(kind, content), language=content["language"])


def page_texts(html):
    """The words of each page, running heads included, as they were laid out."""
    document = weasyprint.HTML(
        string=html, base_url=BASE_URL, url_fetcher=DocumentFetcher()
    ).render()
    return [" ".join(_texts(page._page_box)) for page in document.pages]


def _texts(box):
    box = getattr(box, "_box", box)
    if hasattr(box, "text"):
        yield box.text
    for child in getattr(box, "children", ()):
        yield from _texts(child)


def assert_conforms(pdf):
    assert failed_rules(pdf) == []
    assert syntax_faults(pdf) == ""
    assert check_structure(pdf, families=FAMILIES) == []


# Press release


def test_a_release_conforms(release):
    assert_conforms(printed("press-release", release).pdf)


def test_a_release_has_what_a_newsroom_expects(release):
    (text,) = page_texts(html_of("press-release", {**release, "is_draft": False}))

    for words in (
        "Metropolregion Mitteldeutschland",
        "Teil der Initiative V FAKTOR",
        "PRESSEMITTEILUNG",
        "Leipzig, 2. Mai 2016",
        "20 Führungskräfte stellen zwei Konzepte vor",
        "Die Leitfrage des Durchlaufs lautet:",
        "„Am Ende zählt, was weitergeht“, so die Projektleitung.",
        "„Expedition Job“",
        "(Arbeitstitel)",
        "Mehr Informationen",
        "Pressekontakt",
        "presse@example.org",
        "Gefördert vom Bund",
        "Zeichen mit Leerzeichen",
        "1 / 1",
    ):
        assert words in " ".join(text.replace("\xa0", " ").split())
    assert "ENTWURF" not in text
    assert "Sperrfrist" not in text


def long_release(release):
    paragraph = {
        "kind": "text",
        "html": "<p>" + "Ein Satz mit sieben Wörtern steht hier. " * 20 + "</p>",
    }
    return {**release, "body": [*release["body"], *[paragraph] * 8]}


WORDS = re.compile("ENTWURF|DRAFT")
DRAFT_IN = {"de": "ENTWURF", "en": "DRAFT"}


def words_for_draft(html):
    """How many pages the document has, and the words for a draft on each."""
    texts = page_texts(html)
    return len(texts), [set(WORDS.findall(text)) for text in texts]


@pytest.mark.parametrize("language", DRAFT_IN)
@pytest.mark.parametrize("embargo", ["", "29. April 2016, 10:00 Uhr"])
def test_a_draft_says_so_on_each_page(release, embargo, language):
    content = {**long_release(release), "embargo": embargo, "language": language}

    pages, words = words_for_draft(html_of("press-release", content))

    assert pages > 1
    assert words == [{DRAFT_IN[language]}] * pages


@pytest.mark.parametrize("sheet", sorted(path.name for path in SHEETS.glob("*.css")))
def test_style_sheets_hold_no_words(sheet):
    """What a style sheet prints itself would be German in an English document."""
    printed_by_css = re.findall(r"content:([^;]*);", (SHEETS / sheet).read_text())

    written = [text for value in printed_by_css for text in re.findall('"([^"]*)"', value)]

    assert [text for text in written if re.search(r"[^\W\d_]", text)] == []


@pytest.mark.parametrize("is_draft", [True, False])
def test_the_embargo_stands_on_each_page(release, is_draft):
    content = {
        **long_release(release),
        "embargo": "29. April 2016, 10:00 Uhr",
        "is_draft": is_draft,
    }

    texts = page_texts(html_of("press-release", content))

    assert len(texts) > 1
    assert [text for text in texts if "Sperrfrist: 29." not in text] == []
    assert_conforms(printed("press-release", content).pdf)


def test_texts_are_escaped(release):
    attack = '<img src="http://example.org/x"> & <b>fett</b>'
    content = {**release, "headline": attack, "lead": attack, "more_information": attack}

    html = html_of("press-release", content)

    assert "<img" not in html
    assert "<b>" not in html
    assert_conforms(printed("press-release", content).pdf)


def test_a_headline_of_ten_thousand_characters_prints(release):
    content = {**release, "headline": "Donaudampfschifffahrtsgesellschaft" * 300}

    assert printed("press-release", content).page_count > 2


def test_what_word_processors_write_prints(release):
    content = {**release, "lead": "E\u2010Mobilität, Ost\u2011West, 5\u202f%, 2\u2009kg"}

    html = html_of("press-release", content)

    assert "E-Mobilität, Ost-West" in html
    assert_conforms(printed("press-release", content).pdf)


def test_an_unknown_character_is_refused_by_name(release):
    with pytest.raises(CharacterNotInFont) as refusal:
        printed("press-release", {**release, "headline": "Wir feiern 🎉"})

    assert "🎉 (U+1F389)" in str(refusal.value)


def test_an_unknown_character_fails_the_job_with_a_sentence(db):
    job = print_publication(PressReleaseFactory(headline="Wir feiern 🎉"), by=None)

    print_document(job.pk)

    job.refresh_from_db()
    assert job.status == RenderJob.Status.FAILED
    assert job.error.startswith("Die Schrift kennt diese Zeichen nicht: 🎉 (U+1F389).")


def test_a_bare_release_conforms(db):
    release = PressReleaseFactory(lead="", place="")
    PressBlockFactory(release=release, kind=PressBlock.Kind.QUESTION, text="")

    assert_conforms(printed("press-release", asdict(press_release_content(release))).pdf)


def test_a_release_in_english(sample):
    content = asdict(press_release_content(make_release(sample, language="en")))

    html = html_of("press-release", content)

    assert '<html lang="en">' in html
    assert_conforms(printed("press-release", content).pdf)


def test_headings_in_the_body_skip_no_level(release):
    html = "<h4>Zuerst</h4><p>Text.</p><h3>Dann</h3><ul><li><h3>Darin</h3></li></ul>"
    content = {**release, "body": [{"kind": "text", "html": html}]}

    assert_conforms(printed("press-release", content).pdf)


def test_rich_text_of_every_kind_conforms(release):
    html = (
        '<p><a href="https://example.org/"><strong>Fett</strong> verwiesen</a>, '
        '<a href="https://example.org/leer"></a> leer.</p><blockquote><p>Zitat</p></blockquote><hr>'
        "<table><tbody><tr><th></th><th>Kopf</th></tr><tr><td>a</td><td>b</td></tr></tbody></table>"
        "<ol><li><p>eins</p><ul><li>darin</li></ul></li></ol><p>H<sub>2</sub>O, m<sup>2</sup></p>"
    )
    content = {**release, "body": [{"kind": "text", "html": html}]}

    assert_conforms(printed("press-release", content).pdf)


# Guideline


def test_a_guideline_with_every_block_conforms(guideline):
    pdf = printed("guideline", guideline).pdf

    assert_conforms(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        titles = [str(item.title) for item in document.open_outline().root]
        tags = {str(item.S) for item in document.objects if _is_tag(item)}
    assert titles[0] == "Gemischte Teams für schwierige Fragen der Stadt"
    assert {"/TOC", "/TOCI", "/Reference", "/Figure", "/Caption", "/Table", "/L"} <= tags


def _is_tag(item):
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"


def test_a_guideline_shows_its_data(guideline):
    text = " ".join(
        " ".join(page_texts(html_of("guideline", guideline))).replace("\xa0", " ").split()
    )

    for words in (
        "Impressum",
        "Gefördert vom Bund",
        "Inhalt",
        "1 Der Weg zum eigenen Team",
        "A Vorlagen",
        "Abbildung 1: Bereiche der zweiten Gruppe",
        "Entscheidung: Trägt die Frage?",
        "Stunden je Rolle",
        "Stolperstein",
        "Leitfrage",
        "Zukunftswerkstatt",
        "Haus Steinstraße e. V.",
        "Konzept (Arbeitstitel)",
        "Basisworkshop Integration",
        "20 Führungskräfte",
        "Quelle: Pressemitteilung zum Abschluss, 2. Mai 2016",
    ):
        assert words.casefold() in text.casefold()


@pytest.mark.parametrize("language", DRAFT_IN)
def test_a_draft_of_a_guideline_says_so_on_each_page(guideline, language):
    pages, words = words_for_draft(html_of("guideline", {**guideline, "language": language}))

    assert pages > 5
    assert words == [{DRAFT_IN[language]}] * pages


def test_an_approved_guideline_does_not(guideline):
    pages, words = words_for_draft(html_of("guideline", {**guideline, "is_draft": False}))

    assert words == [set()] * pages


def test_charts_say_in_words_what_they_show(guideline):
    html = html_of("guideline", guideline)

    assert (
        "<title>Balkendiagramm. Bereiche der zweiten Gruppe: Wirtschaft 6, Verwaltung 4, "
        "Soziales 3, Kultur 2 und Kommunalpolitik 1; zusammen 16.</title>"
    ) in html
    assert "<title>Zeitstrahl. Verlauf des Durchlaufs: 9." in html


def chapter(chapter_id, *blocks, starts_page=True):
    return {
        "id": chapter_id,
        "title": f"Kapitel {chapter_id}",
        "starts_page": starts_page,
        "blocks": list(blocks),
    }


def block(kind, block_id, **fields):
    return {"kind": kind, "id": block_id, "heading": "", "html": "", **fields}


GLOSSARY = block(
    "glossary",
    "g",
    terms=[{"term": "Ämter", "meaning": "Häuser"}, {"term": "Baustein", "meaning": "ein Teil"}],
)


def test_the_register_names_the_places_of_the_terms():
    step = {"number": 2, "title": "Prüfen", "text": "Jeden Baustein.", "decision": "Trägt er?"}
    chapters = [
        chapter("a", block("steps", "s", steps=[step])),
        chapter("b", block("method", "m", heading="Bausteine legen", html="<p>Mit Ämtern.</p>")),
        chapter("c", block("text", "t", html="<p>Ein Baustein in einem Text.</p>")),
        chapter("d", GLOSSARY),
    ]

    assert [
        (entry["term"], [(place["anchor"], place["name"]) for place in entry["places"]])
        for entry in register(chapters)
    ] == [
        ("Ämter", [("m", "Bausteine legen"), ("g-1", "Ämter")]),
        ("Baustein", [("s-2", "Prüfen"), ("m", "Bausteine legen"), ("g-2", "Baustein")]),
        ("Bausteine legen", [("m", "Bausteine legen")]),
    ]


def test_the_register_names_no_page_twice():
    tip = block("tip", "t", html="<p>Ein Baustein genügt.</p>")
    chapters = [chapter("a", tip), chapter("b", GLOSSARY, starts_page=False)]

    (_offices, entry) = register(chapters)

    assert [place["anchor"] for place in entry["places"]] == ["g-2"]


def test_the_register_needs_a_glossary():
    assert register([chapter("a", block("method", "m", heading="Bausteine legen"))]) == []


def test_the_register_prints_the_pages(guideline):
    pages = page_texts(html_of("guideline", guideline))

    register_page = " ".join(pages[-1].split())
    (entry,) = re.findall(r"Baustein , (\d+)(?: , (\d+))?", register_page)
    assert [
        number for number in filter(None, entry) if "Baustein" not in pages[int(number) - 1]
    ] == []


@pytest.mark.parametrize(
    ("sources", "times"), [(("Bericht", "Bericht"), (1, 0)), (("Bericht", "Umfrage"), (1, 1))]
)
def test_figures_of_one_source_name_it_once(guideline, sources, times):
    (figures,) = [
        block
        for chapter in guideline["chapters"]
        for block in chapter["blocks"]
        if block["kind"] == "figures"
    ]
    figures["entries"] = [
        {"label": "Tage", "value": "5", "unit": "", "source": source, "date": ""}
        for source in sources
    ]

    html = html_of("guideline", guideline)

    assert (html.count("Quelle: Bericht"), html.count("Quelle: Umfrage")) == times


def test_an_empty_guideline_conforms(db, sample):
    guideline = make_guideline(sample).guideline
    guideline.chapters.all().delete()
    content = asdict(guideline_content(guideline.editions.get()))

    assert_conforms(printed("guideline", content).pdf)


# Charts


def test_bars_have_a_piece_for_every_person():
    chart = sectors_chart([{"label": "A", "count": 3}, {"label": "B" * 80, "count": 1}])

    assert [len(row["pieces"]) for row in chart["rows"]] == [3, 1]
    assert len(chart["rows"][1]["lines"]) == 2


def test_long_bars_are_drawn_as_one_piece():
    chart = sectors_chart([{"label": "A", "count": 200}, {"label": "B", "count": 1}])

    assert [len(row["pieces"]) for row in chart["rows"]] == [1, 1]
    assert float(chart["rows"][0]["value_x"]) < chart["width"]


def stop(first, last, number=1, title="Tag"):
    exact = first == last
    return {"first_day": first, "last_day": last, "exact": exact, "number": number, "title": title}


def test_the_course_keeps_to_its_lane():
    stops = [stop("2014-01-01", "2014-01-01"), stop("2016-12-31", "2016-12-31", number=0)]

    chart = course_chart(stops, [{"title": "Offen", "number": 2}])

    places = [float(row["x"]) for row in chart["rows"]]
    assert all(chart["lane_x"] <= place <= chart["width"] for place in places)
    assert places[0] < places[1]
    assert [row["shape"] for row in chart["rows"]] == ["circle", "diamond", "none"]
    assert [year["name"] for year in chart["years"]] == ["2014", "2015", "2016"]
    assert sum(1 for month in chart["months"] if month["name"]) <= 10


def test_the_course_of_open_dates_has_no_scale():
    chart = course_chart([], [{"title": "Offen", "number": 2}])

    assert (chart["months"], chart["years"], len(chart["rows"])) == ([], [], 1)


# Rich text and colour


@pytest.mark.parametrize(
    ("html", "levels"),
    [
        ("<p>a</p>", [None]),
        ("<h3>a</h3><p>b</p><h4>c</h4>", [3, None, 4]),
        ("<h4>a</h4><p>b</p>", [3, None]),
        ("<h4>a</h4><h3>b</h3><h4>c</h4>", [3, 3, 4]),
        ("<ul><li><h3>a</h3></li></ul>", [None]),
        ("<h3> </h3><p>b</p>", [None]),
        ("", []),
    ],
)
def test_outline(html, levels):
    assert [part.get("level") for part in outline(html, level=3)] == levels


def test_outline_moves_the_space_before_a_stressed_word_into_it():
    """Else the line before it would break inside its first long word."""
    (part,) = outline("<p>Ein <strong>Wort</strong> und <em>noch</em> eines.</p>", level=3)

    assert part["html"] == "<p>Ein<strong> Wort</strong> und<em> noch</em> eines.</p>"


def test_outline_cleans_what_was_frozen():
    (part,) = outline('<p onclick="x">a<script>b</script></p>', level=3)

    assert part["html"] == "<p>a</p>"


@pytest.mark.parametrize("accent", ["#00507d", "#ffffff", "#ffff00", "#ff0000", "#000000"])
def test_text_in_the_programmes_colour_can_be_read(accent):
    assert contrast(readable_colour(accent), (255, 255, 255)) >= 4.5


def test_the_context_is_pure(release):
    before = json.dumps(release)

    first, second = press_release_context(release), press_release_context(release)

    assert first == second
    assert json.dumps(release) == before


# Same content, same bytes


@pytest.mark.parametrize("kind", ["press-release", "guideline"])
def test_same_content_gives_the_same_bytes_in_two_processes(kind, release, guideline, tmp_path):
    content = {"press-release": release, "guideline": guideline}[kind]
    file = tmp_path / "content.json"
    file.write_text(json.dumps(content))
    program = (
        "import sys, json, hashlib, pathlib, django\n"
        "django.setup()\n"
        "from documents.kinds import get_kind\n"
        "from documents.markup import document_html\n"
        "from documents.rendering import pdf_from_html\n"
        "content = json.loads(pathlib.Path(sys.argv[2]).read_text())\n"
        "html = document_html(get_kind(sys.argv[1]), content, language='de')\n"
        "sys.stdout.write(hashlib.sha256(pdf_from_html(html).pdf).hexdigest())\n"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program, kind, str(file)],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONHASHSEED": "7",
            "TZ": "Asia/Tokyo",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout == hashlib.sha256(printed(kind, content).pdf).hexdigest()


# The example


@pytest.fixture
def example(db, settings):
    content = (settings.BASE_DIR / "example" / "mfv-2016.json").read_bytes()
    import_programme(parse_file(content), by=None)


def words_of(pdf: bytes) -> str:
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def test_the_releases_of_the_example_fill_at_most_two_pages(example):
    for release in PressRelease.objects.all():
        content = asdict(replace(press_release_content(release), is_draft=False))
        result = printed("press-release", content)
        assert result.page_count <= 2
        assert_conforms(result.pdf)


def test_the_guideline_of_the_example_stays_a_booklet(example):
    result = printed("guideline", asdict(guideline_content(Edition.objects.get())))

    # Four sheets at most. Checklists stand in one column: columns double the time of a print.
    assert 10 <= result.page_count <= 16
    assert_conforms(result.pdf)
    # A sentence ends once, whoever writes its full stop; rows of dots lead to page numbers.
    assert re.findall(r".*\w[.]{2}(?![.])", words_of(result.pdf)) == []


LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3


@pytest.mark.parametrize("kind", ["press-release", "guideline"])
def test_long_words_stay_within_the_page(request, kind):
    content = request.getfixturevalue({"press-release": "release"}.get(kind, "guideline"))
    text = (
        f"<p>{LONG_WORD}</p><ul><li><p>{LONG_WORD}</p></li></ul><table><tbody>"
        f"<tr><th>Kopf</th><th>{LONG_WORD}</th></tr><tr><td>a</td><td>{LONG_WORD}</td></tr>"
        "</tbody></table>"
    )
    blocks = [
        block("text", "b1", heading=LONG_WORD, html=text),
        block("checklist", "b2", heading="", html="", points=[LONG_WORD, "kurz"]),
        block(
            "table", "b3", heading="", html="", caption="", head=["A", "B"],
            rows=[["kurz", LONG_WORD]],
        ),
        block("steps", "b4", heading="", html="", steps=[
            {"number": 1, "title": LONG_WORD, "text": LONG_WORD, "decision": LONG_WORD}]),
        block("method", "b5", heading=LONG_WORD, html=text, purpose=LONG_WORD),
        block("glossary", "b6", heading="", html="", terms=[
            {"term": LONG_WORD, "meaning": LONG_WORD}]),
    ]  # fmt: skip
    if kind == "press-release":
        content = {**content, "headline": LONG_WORD, "body": [{"kind": "text", "html": text}]}
    else:
        first = {**chapter("c1", *blocks), "label": "1", "part": "main", "title": LONG_WORD}
        content = {**content, "chapters": [first], "figures": []}

    document = weasyprint.HTML(
        string=html_of(kind, content), base_url=BASE_URL, url_fetcher=DocumentFetcher()
    ).render()

    for page in document.pages:
        boxes = [box for box in page._page_box.descendants() if hasattr(box, "text")]
        assert [box.text for box in boxes if box.position_x + box.width > page.width] == []


# Languages


def test_what_is_in_another_language_is_marked_in_print(release):
    content = {
        **release,
        "language": "en",
        "foreign": ["Zuwanderung als „Potenzial“ nutzen"],
        "foreign_language": "de",
        "headline": "On „Zuwanderung als „Potenzial“ nutzen“",
        "body": [
            {"kind": "text", "html": "<p>See <em>Zuwanderung als „Potenzial“ nutzen</em>.</p>"},
            {
                "kind": "quote",
                "html": "<p>He said „so“:</p>",
                "paragraph": "„Das zählt“, sagt er.",
                "quotation": "„Das zählt.“",
                "attribution": "Er",
                "language": "de",
            },
        ],
        "boilerplates": [
            {"heading": "Über uns", "html": "<p>Wir sind „hier“.</p>", "language": "de"}
        ],
    }

    html = html_of("press-release", content)

    marked = '<span lang="de">Zuwanderung als „Potenzial“ nutzen</span>'
    assert f"{marked}</em>" in html
    assert f"<h1>On “{marked}”</h1>" in html
    assert '<p class="spoken" lang="de">„Das zählt“, sagt er.</p>' in html
    assert "<p>He said “so”:</p>" in html
    assert '<section class="standing" lang="de">' in html
    assert "Wir sind „hier“." in html
    assert_conforms(printed("press-release", content).pdf)


def test_words_are_divided_in_the_language_they_are_in(release):
    word = "Beschäftigungsförderungsgesellschaft "
    content = {**release, "language": "en", "foreign": [], "body": []}
    foreign = {**content, "foreign": [word.strip()], "foreign_language": "de"}
    lead = {"lead": word * 30}

    as_english = page_texts(html_of("press-release", {**content, **lead}))
    as_german = page_texts(html_of("press-release", {**foreign, **lead}))

    assert as_german != as_english
