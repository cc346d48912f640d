import io

import pikepdf
import pytest

from documents.markup import document_html
from documents.rendering import pdf_from_html
from documents.verification import check_structure
from tests.documents import samples

FAMILIES = frozenset({"Fira Sans"})
HEAD = (
    '<!doctype html><html lang="de"><head><title>Muster</title>'
    '<link rel="stylesheet" href="static:pdf/base.css"></head><body>'
)


@pytest.fixture(scope="module")
def good():
    body = (
        '<h1>Muster</h1><nav class="toc"><ol><li><a href="#a">A</a></li></ol></nav>'
        '<h2 id="a">A</h2><ul><li>x</li></ul>'
        '<p><a href="https://example.org/">Seite</a></p>'
        '<table><tr><th scope="col">x</th></tr><tr><td>1</td></tr></table>'
        f'<figure><img alt="Punkt" src="{samples.PIXELS}"><figcaption>Bild</figcaption></figure>'
    )
    return pdf_from_html(HEAD + body).pdf


def findings(pdf, families=FAMILIES):
    return check_structure(pdf, families=families)


def elements(document, tag):
    return [
        item
        for item in document.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == tag
    ]


def damaged(pdf, damage):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        damage(document)
        stream = io.BytesIO()
        document.save(stream)
    return stream.getvalue()


def test_a_good_document_has_no_findings(good):
    assert findings(good) == []


def drop_tags(document):
    del document.Root.StructTreeRoot


def drop_language(document):
    del document.Root.Lang


def hide_title(document):
    document.Root.ViewerPreferences.DisplayDocTitle = False


def drop_title(document):
    del document.docinfo["/Title"]


def drop_alternative(document):
    del elements(document, "/Figure")[0].Alt


def drop_scope(document):
    del elements(document, "/TH")[0].A.Scope


def empty_table(document):
    elements(document, "/Table")[0].K = pikepdf.Array()


def drop_contents_link(document):
    elements(document, "/TOCI")[0].K = pikepdf.Array()


def break_list_item(document):
    elements(document, "/LBody")[-1].S = pikepdf.Name.P


def strand_caption(document):
    caption = elements(document, "/Caption")[0]
    caption.P = caption.P.P


def skip_heading(document):
    elements(document, "/H2")[0].S = pikepdf.Name.H3


def second_main_heading(document):
    elements(document, "/H2")[0].S = pikepdf.Name.H1


def silence_links(document):
    for page in document.pages:
        for annotation in page.Annots:
            annotation.Contents = pikepdf.String("")


def raw_link(document):
    for page in document.pages:
        for annotation in page.Annots:
            if "/A" in annotation:
                annotation.Contents = annotation.A.URI


def bare_text(document):
    page = document.pages[0]
    operators = pikepdf.parse_content_stream(page)
    kept = [item for item in operators if str(item.operator) not in {"BDC", "BMC", "EMC"}]
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(kept))


def strand_tag(document):
    heading = elements(document, "/H1")[0]
    heading.K = pikepdf.Array()


def drop_font_file(document):
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            for key in ("/FontFile2", "/FontFile3"):
                if key in item:
                    del item[key]


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (drop_tags, "Die Datei ist nicht ausgezeichnet."),
        (drop_language, "Die Sprache fehlt."),
        (hide_title, "Der Titel wird nicht angezeigt."),
        (drop_title, "Der Titel fehlt."),
        (drop_alternative, "Ein Bild hat keine Beschreibung."),
        (drop_scope, "Eine Kopfzelle sagt nicht, wofür sie gilt."),
        (empty_table, "Eine Tabelle ist leer."),
        (drop_contents_link, "Ein Eintrag im Inhaltsverzeichnis führt nirgendwohin."),
        (break_list_item, "Ein Listenpunkt ist falsch ausgezeichnet."),
        (strand_caption, "Eine Bildunterschrift gehört zu keinem Bild."),
        (skip_heading, "Auf eine Überschrift der Ebene 1 folgt Ebene 3."),
        (second_main_heading, "Es gibt 2 Hauptüberschriften statt einer."),
        (silence_links, "Ein Verweis auf Seite 1 hat keinen sprechenden Namen."),
        (raw_link, "Ein Verweis auf Seite 1 hat keinen sprechenden Namen."),
        (bare_text, "Auf Seite 1 steht Text ohne Auszeichnung."),
        (strand_tag, "Auf Seite 1 führt eine Auszeichnung ins Leere."),
        (drop_font_file, "Die Schrift „Fira Sans“ ist nicht eingebettet."),
    ],
)
def test_each_damage_is_found(good, damage, finding):
    assert finding in findings(damaged(good, damage))


def test_another_font_is_found(good):
    assert findings(good, frozenset({"Serif"})) == ["Die Schrift „Fira Sans“ ist nicht vorgesehen."]


def test_a_long_document_needs_bookmarks(sample_kind):
    html = document_html(sample_kind, samples.full(chapters=6, paragraphs=12), language="de")
    printed = pdf_from_html(html)

    def drop_bookmarks(document):
        del document.Root.Outlines

    assert printed.page_count > 5
    assert findings(printed.pdf) == []
    assert findings(damaged(printed.pdf, drop_bookmarks)) == ["Die Lesezeichen fehlen."]


# What the finisher makes of the tags


@pytest.fixture(scope="module")
def opened(good):
    with pikepdf.open(io.BytesIO(good)) as document:
        yield document


def test_links_say_their_text_or_where_they_lead():
    body = (
        '<h1 id="a">M</h1><p><a href="https://example.org/">Seite des Programms</a> '
        '<a href="https://example.org/x/">https://example.org/x/</a> '
        '<a href="mailto:a@example.org">mailto:a@example.org</a> '
        '<a href="#a" title="Zum Anfang">1</a> '
        f'<a href="https://example.org/"><img alt="Zeichen" src="{samples.PIXELS}"></a></p>'
    )
    with pikepdf.open(io.BytesIO(pdf_from_html(HEAD + body).pdf)) as document:
        spoken = [str(item.Contents) for item in document.pages[0].Annots]

    assert spoken == [
        "Seite des Programms",
        "Internetseite example.org/x",
        "E-Mail an a@example.org",
        "Zum Anfang",
        "Zeichen",
    ]


def test_contents_are_tagged_as_contents(opened):
    (contents,) = elements(opened, "/TOC")
    (entry,) = elements(opened, "/TOCI")
    (reference,) = elements(opened, "/Reference")

    assert (contents, entry) == (entry.P, reference.P)
    assert str(reference.K[0].S) in {"/Link", "/NonStruct"}


def test_a_link_with_a_page_number_has_one_annotation(opened):
    targets = [str(item.get("/Dest", "")) for item in opened.pages[0].Annots]

    assert targets.count("a") == 1


def test_captions_stand_in_their_figures(opened):
    (caption,) = elements(opened, "/Caption")

    assert str(caption.P.S) == "/Figure"
    assert caption in list(caption.P.K)


def test_figures_lie_on_their_page(opened):
    (figure,) = elements(opened, "/Figure")
    left, bottom, right, top = (float(number) for number in figure.A.BBox)
    _left, _bottom, width, height = (float(number) for number in figure.Pg.MediaBox)

    assert 0 < left < right < width
    assert 0 < bottom < top < height


def test_running_heads_are_artifacts(opened):
    instructions = pikepdf.parse_content_stream(opened.pages[0], "BDC")
    artifacts = [item for item in instructions if str(item.operands[0]) == "/Artifact"]

    assert artifacts
    assert all(str(item.operands[1].Type) == "/Pagination" for item in artifacts)
