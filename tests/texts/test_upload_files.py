import time
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.texts import uploads
from tests.texts.uploads import (
    HTML,
    PDF,
    SVG,
    container,
    content_types,
    odt,
    odt_text,
    office,
    office_parts,
    picture,
    png_that_claims,
    relationships,
    upload,
)
from texts.uploads import MEDIA_TYPES, FileRefused, check_upload, clean_name

GOOD = {
    "bericht.pdf": (PDF, MEDIA_TYPES["pdf"]),
    "notizen.docx": (office("docx"), MEDIA_TYPES["docx"]),
    "folien.pptx": (office("pptx"), MEDIA_TYPES["pptx"]),
    "tabelle.xlsx": (office("xlsx"), MEDIA_TYPES["xlsx"]),
    "text.odt": (odt(), MEDIA_TYPES["odt"]),
    "verweise.odt": (
        odt_text(
            '<text:a xlink:href="https://example.org/">x</text:a><text:a xlink:href="#oben"/>'
            '<draw:image xlink:href="Pictures/1.png"/><draw:object xlink:href="./Object 1"/>'
            '<draw:image xlink:href=""/>'
            '<meta:template xlink:href="file:///C:/Vorlagen/Brief.ott"/>'
        ),
        MEDIA_TYPES["odt"],
    ),
    "bild.png": (picture("PNG"), MEDIA_TYPES["png"]),
    "foto.jpg": (picture("JPEG"), MEDIA_TYPES["jpg"]),
    "FOTO.JPEG": (picture("JPEG"), MEDIA_TYPES["jpg"]),
    "bild.webp": (picture("WEBP"), MEDIA_TYPES["webp"]),
    "liste.txt": ("Größe: 3 €\n".encode(), MEDIA_TYPES["txt"]),
    "verweise.docx": (
        office(
            "docx",
            **{
                "word/_rels/document.xml.rels": relationships(
                    ("hyperlink", "https://example.org/", "External"),
                    ("hyperlink", "mailto:a@example.org", "External"),
                    ("image", "media/image1.png", ""),
                )
            },
        ),
        MEDIA_TYPES["docx"],
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_check_upload_takes_what_is_on_the_list(name):
    content, media_type = GOOD[name]

    file = check_upload(upload(name, content))

    assert (file.name, file.media_type) == (name, media_type)
    assert file.size == len(file.content.read())


def external(kind, target, part="word/_rels/document.xml.rels"):
    return office("docx", **{part: relationships((kind, target, "External"))})


# Name, content, and a word of the sentence that people read.
HOSTILE = {
    "empty": ("leer.pdf", b"", "leer"),
    "no extension and no known content": ("bericht", b"\x01\x02\x03", "fehlt die Endung"),
    "text without extension": ("notiz", b"Guten Tag", "fehlt die Endung"),
    "page without extension": ("seite", HTML, "fehlt die Endung"),
    "old Word": ("brief.doc", uploads.OLE_START, "im heutigen Format"),
    "old Word named docx": ("brief.docx", uploads.OLE_START + b"x" * 600, "alten Office-Format"),
    "archive": ("alles.7z", b"7z", "einzeln"),
    "film": ("film.mov", b"x", "Adresse"),
    "Pages": ("text.pages", office(), "exportieren"),
    "program without extension": ("setup", b"MZ\x90\x00", "fehlt die Endung"),
    "program": ("setup.exe", b"MZ\x90\x00", "Format"),
    "program named pdf": ("rechnung.pdf", b"MZ\x90\x00", "keine PDF"),
    "page": ("seite.html", HTML, "Format"),
    "page named png": ("seite.png", HTML, "keine PNG"),
    "page named pdf": ("seite.pdf", HTML, "keine PDF"),
    "page before a pdf": ("seite.pdf", HTML + PDF, "keine PDF"),
    "svg": ("bild.svg", SVG, "Format"),
    "svg named png": ("bild.png", SVG, "keine PNG"),
    "svg named jpg": ("bild.jpg", SVG, "keine JPG"),
    "gif": ("bild.gif", b"GIF89a/*", "Format"),
    "gif and script named jpg": ("bild.jpg", b"GIF89a/*" + HTML, "keine JPG"),
    "pdf named docx": ("text.docx", PDF, "keine DOCX"),
    "pdf without end": ("text.pdf", b"%PDF-1.7\n" + b"x" * 5000, "beschädigt"),
    "png of 2.5 billion pixels": ("gross.png", png_that_claims(50_000, 50_000), "Bildpunkte"),
    "png of 60 million pixels": ("gross.png", png_that_claims(10_000, 6_000), "Bildpunkte"),
    "png of 26 million pixels": ("gross.png", png_that_claims(6_500, 4_000), "mehr als 25"),
    "webp of 13 million pixels": (
        "gross.webp",
        picture("WEBP", (4_400, 3_000), lossless=True, method=0),
        "mehr als 12 Millionen",
    ),
    "png of one line": ("lang.png", png_that_claims(1_000_000, 1), "Bildpunkte"),
    "png without pixels": ("leer.png", png_that_claims(0, 0), "beschädigt"),
    "png cut off": ("halb.png", picture("PNG", (400, 400))[:200], "beschädigt"),
    "jpg cut off": ("halb.jpg", picture("JPEG", (400, 400))[:300], "beschädigt"),
    "jpg of noise": ("kaputt.jpg", b"\xff\xd8\xff" + bytes(range(256)) * 20, "beschädigt"),
    "webp of noise": ("kaputt.webp", b"RIFF\x10\0\0\0WEBPVP8 " + b"\xff" * 50, "beschädigt"),
    "fits named png": ("stern.png", b"SIMPLE  =                    T", "keine PNG"),
    "binary named txt": ("daten.txt", b"abc\x00\x01\x02", "keine TXT"),
    "pdf named txt": ("daten.txt", PDF, "keine TXT"),
    "zip": ("alles.zip", office(), "Format"),
    "zip named docx": ("alles.docx", container({"a.txt": b"a"}), "keine DOCX"),
    "docx named xlsx": ("text.xlsx", office("docx"), "keine XLSX"),
    "docx named odt": ("text.odt", office("docx"), "keine ODT"),
    "odt named docx": ("text.docx", odt(), "keine DOCX"),
    "zip without directory": ("text.docx", office()[:-30], "beschädigt"),
    "zip with a broken checksum": (
        "text.docx",
        container(office_parts(), method=zipfile.ZIP_STORED).replace(b"Guten Tag", b"Guten Tax"),
        "beschädigt",
    ),
    "docx with macros": ("text.docx", office(**{"word/vbaProject.bin": b"x"}), "Makros"),
    "docx with macros in capitals": ("t.docx", office(**{"word/VBAPROJECT.BIN": b"x"}), "Makros"),
    "docx with ActiveX": ("text.docx", office(**{"word/activeX/a.xml": b"<x/>"}), "ActiveX"),
    "docm named docx": (
        "text.docx",
        container(
            {
                **office_parts(),
                "[Content_Types].xml": content_types(uploads.MACRO_TYPE, "word/document.xml"),
            }
        ),
        "Makros",
    ),
    "docm": ("text.docm", office(), "ohne Makros"),
    "odt with macros": ("text.odt", odt(**{"Basic/Standard/Module1.xml": b"<x/>"}), "Makros"),
    "odt with scripts": ("text.odt", odt(**{"Scripts/python/a.py": b"x"}), "Makros"),
    "picture from the net": ("text.docx", external("image", "https://evil.example/a.png"), "Netz"),
    "object from a share": ("text.docx", external("oleObject", "file://evil/a"), "OLE"),
    "link to a share": ("text.docx", external("hyperlink", "file://evil/a"), "Netz"),
    **{
        f"odt with {element} to {target}": (
            "text.odt",
            odt_text(f'<{element} xlink:href="{target}"/>', part),
            "Netz",
        )
        for element, target, part in [
            ("draw:image", "https://evil.example/a.png", "content.xml"),
            ("draw:image", " HTTPS://evil.example/a.png", "styles.xml"),
            ("draw:image", "//evil.example/a.png", "Object 1/content.xml"),
            ("draw:image", "\\\\evil\\a.png", "content.xml"),
            ("draw:image", "../a.png", "content.xml"),
            ("draw:image", "./../a.png", "content.xml"),
            ("draw:image", "/etc/passwd", "content.xml"),
            ("draw:plugin", "file:///etc/passwd", "content.xml"),
            ("text:section-source", "https://evil.example/a.odt", "content.xml"),
            ("text:a", "file://evil/a", "content.xml"),
        ]
    },
    "odt with a script behind an event": (
        "text.odt",
        odt_text('<text:x xlink:href="vnd.sun.star.script:a?language=Basic"/>'),
        "Makros",
    ),
    "odt with a script behind a link": (
        "text.odt",
        odt_text('<text:a xlink:href="javascript:alert(1)"/>'),
        "Skript",
    ),
    "odt with a picture by another prefix": (
        "text.odt",
        odt(
            **{
                "content.xml": b'<x xmlns:q="http://www.w3.org/1999/xlink">'
                b'<y q:href="https://evil.example/"/></x>'
            }
        ),
        "Netz",
    ),
    "odt with 30 MB of text": (
        "text.odt",
        odt(**{"content.xml": b"<t>" + bytes(range(128, 256)) * 240_000}),
        "Entpacken",
    ),
    "relation in a header": (
        "text.docx",
        external("frame", "https://evil.example/", "word/_rels/header1.xml.rels"),
        "Netz",
    ),
    "relation in UTF-16": (
        "text.docx",
        office(
            **{
                "word/_rels/a.xml.rels": (
                    '<?xml version="1.0" encoding="UTF-16"?><r><Relationship Type="x/image" '
                    'Target="https://evil.example/" TargetMode="External"/></r>'
                ).encode("utf-16")
            }
        ),
        "Netz",
    ),
    "entities that grow": (
        "text.docx",
        office(**{"word/styles.xml": uploads.ENTITIES}),
        "beschädigt",
    ),
    "entity of a file": (
        "text.docx",
        office(**{"word/styles.xml": uploads.EXTERNAL_ENTITY}),
        "beschädigt",
    ),
    "entities in the list of types": (
        "text.docx",
        container({**office_parts(), "[Content_Types].xml": uploads.ENTITIES}),
        "beschädigt",
    ),
    "zip bomb": ("b.docx", office(**{"word/media/a.bin": b"\0" * 150_000_000}), "Entpacken"),
    "1,100 entries": (
        "viele.docx",
        office(**{f"word/media/{number}.bin": b"" for number in range(1_100)}),
        "Entpacken",
    ),
    "100,000 entries": ("viele.docx", uploads.many_entries(100_000), "Entpacken"),
    "list of relations of 3 MB": (
        "text.docx",
        container(
            {**office_parts(), "word/_rels/a.rels": zlib.compress(b"") + bytes(range(256)) * 12_000}
        ),
        "Entpacken",
    ),
    "size that lies": ("text.docx", uploads.with_false_size(), "beschädigt"),
    "symlink": ("text.docx", uploads.with_symlink(), "beschädigt"),
    "encrypted": ("text.docx", uploads.encrypted(), "Kennwort"),
    "path upwards": ("text.docx", office(**{"../../etc/cron.d/x": b"x"}), "beschädigt"),
    "absolute path": ("text.docx", office(**{"/etc/cron.d/x": b"x"}), "beschädigt"),
    "same name twice": ("text.docx", uploads.twice_the_same_name(), "beschädigt"),
    "lzma": ("text.docx", container(office_parts(), method=zipfile.ZIP_LZMA), "beschädigt"),
    "right to left": ("rechnung\u202efdp.exe", b"MZ", "Format"),
    "null byte in the name": ("rechnung.exe\x00.pdf", b"MZ", "keine PDF"),
    "program behind a semicolon": ("rechnung.pdf;.exe", PDF, "Format"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_check_upload_refuses_hostile_file(case):
    name, content, word = HOSTILE[case]
    begin = time.monotonic()

    with pytest.raises(FileRefused) as refusal:
        check_upload(upload(name, content))

    assert word in refusal.value.messages[0]
    assert time.monotonic() - begin < 3


def test_the_list_of_a_container_is_not_read_when_it_is_long():
    file = upload("viele.docx", uploads.many_entries(100_000))
    tracemalloc.start()

    with pytest.raises(FileRefused, match="Entpacken"):
        check_upload(file)

    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_check_upload_refuses_file_over_the_limit(settings):
    settings.UPLOAD_MAX_BYTES = 1024**2

    with pytest.raises(FileRefused, match="größer als 1 MB"):
        check_upload(upload("gross.txt", b"x" * (1024**2 + 1)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_is_kept_in_utf_8(encoding):
    file = check_upload(upload("liste.txt", "Größe".encode(encoding)))

    assert file.content.read() == "Größe".encode()


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\a.txt", "a.txt"),
        ("C:\\Users\\Ina\\Notiz.docx", "Notiz.docx"),
        ("rechnung\u202etxt.pdf", "rechnungtxt.pdf"),
        ("a\r\nX-Injected: 1.pdf", "aX-Injected 1.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("  viel   Platz .pdf", "viel Platz.pdf"),
        ("...pdf", "pdf"),
        (".pdf", "pdf"),
        ('<b>"x"|y?*.pdf', "b x y.pdf"),
        ("Gro\u0308ße.pdf", "Größe.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("", ""),
    ],
)
def test_clean_name(typed, clean):
    assert clean_name(typed) == clean


@given(st.text(max_size=400))
def test_clean_name_is_short_plain_and_stays_as_it_is(typed):
    clean = clean_name(typed)

    assert len(clean) <= 200
    assert not set(clean) & set('/\\<>:"|?*\0\r\n\u202e')
    assert clean_name(clean) == clean


@given(st.binary(max_size=2_000), st.sampled_from(sorted(MEDIA_TYPES)))
def test_noise_is_refused_or_harmless(noise, extension):
    starts = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "txt": b""}
    content = starts.get(extension, b"PK\x03\x04") + noise

    try:
        file = check_upload(upload(f"a.{extension}", content))
    except FileRefused:
        return

    assert file.media_type == MEDIA_TYPES[extension]


@given(st.integers(0, 600), st.integers(0, 255))
def test_document_with_one_wrong_byte_is_refused_or_harmless(position, value):
    content = bytearray(office())
    content[position % len(content)] = value

    try:
        file = check_upload(upload("a.docx", bytes(content)))
    except FileRefused:
        return

    assert file.media_type == MEDIA_TYPES["docx"]
