"""What does something by itself is refused by its name; what only looks like it is taken."""

import io
import time
import zipfile

import pikepdf
import pytest

from tests.texts import uploads
from tests.texts.uploads import (
    HTML,
    container,
    from_template,
    odt,
    odt_text,
    office,
    office_parts,
    pdf,
    pdf_with,
    pdf_with_file,
    relationships,
    upload,
    word,
    word_field,
)
from texts.uploads import MEDIA_TYPES, FileRefused, check_upload

WORD_PART = (
    b'<w:x xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b'<w:fldSimple w:instr="DDE x"/></w:x>'
)
SCRIPT = "<</S/JavaScript/JS(app.alert\\(1\\))>>"


def with_relation(kind, target="a.bin", extension="docx", **more):
    folder = {"docx": "word", "xlsx": "xl", "pptx": "ppt"}[extension]
    part = f"{folder}/_rels/a.xml.rels"
    return office(extension, **{part: relationships((kind, target, "")), **more})


def nested_scripts(document):
    """A script in an action behind an action behind a page, in a compressed object."""
    last = document.make_indirect(pikepdf.Object.parse(SCRIPT.encode()))
    first = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([0]), Next=last)
    document.pages[0].AA = pikepdf.Dictionary(O=first)


# Name, content, and the part that the sentence names.
ACTIVE = {
    "pdf with a script at its opening": ("a.pdf", pdf_with("/OpenAction", SCRIPT), "JavaScript"),
    "pdf with a script by an escaped name": (
        "a.pdf",
        pdf_with("/OpenAction", "<</S/Java#53cript/J#53(x)>>"),
        "JavaScript",
    ),
    "pdf with scripts by name": (
        "a.pdf",
        pdf_with("/Names", f"<</JavaScript<</Names[(a){SCRIPT}]>>>>"),
        "JavaScript",
    ),
    "pdf with a script in a field": (
        "a.pdf",
        pdf_with("/AcroForm", f"<</Fields[<</FT/Tx/AA<</K{SCRIPT}>>>>]>>"),
        "JavaScript",
    ),
    "pdf with a script deep inside": (
        "a.pdf",
        pdf(nested_scripts, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "JavaScript",
    ),
    "pdf that starts a program": (
        "a.pdf",
        pdf_with("/OpenAction", "<</S/Launch/F(cmd.exe)>>"),
        "ein Programm oder eine Datei öffnet",
    ),
    "pdf that goes into a file inside": (
        "a.pdf",
        pdf_with("/OpenAction", "<</S/GoToE/T<</R/C>>>>"),
        "ein Programm oder eine Datei öffnet",
    ),
    "pdf with a program": ("a.pdf", pdf_with_file("a.exe", b"MZ"), "angehängte Datei"),
    "pdf with a program behind a dot": ("a.pdf", pdf_with_file("a.exe. ", b"MZ"), "angehängte"),
    "pdf with a page": ("a.pdf", pdf_with_file("a.html", HTML), "angehängte Datei"),
    "pdf with a film": ("a.pdf", pdf_with("/X", "<</Subtype/RichMedia>>"), "Filme"),
    "pdf with a 3D model": ("a.pdf", pdf_with("/X", "<</Subtype/3D>>"), "3D-Modelle"),
    "pdf with XFA": ("a.pdf", pdf_with("/AcroForm", "<</XFA[(a)(b)]>>"), "XFA"),
    "docx with DDE": ("a.docx", word_field('DDEAUTO c:\\cmd.exe "/k calc"'), "DDE"),
    "docx with DDE in pieces": ("a.docx", word_field(" D", "DE", " excel a"), "DDE"),
    "docx with DDE in a simple field": ("a.docx", word('<w:fldSimple w:instr="dde x"/>'), "DDE"),
    "docx with a name made by another field": (
        "a.docx",
        word(
            '<w:fldChar w:fldCharType="begin"/><w:fldChar w:fldCharType="begin"/>'
            '<w:instrText>QUOTE 68 68 69</w:instrText><w:fldChar w:fldCharType="end"/>'
            '<w:instrText> c:\\cmd.exe</w:instrText><w:fldChar w:fldCharType="end"/>'
        ),
        "DDE",
    ),
    "docx with DDE in a part by another name": (
        "a.docx",
        office(**{"word/kopf.dat": WORD_PART}),
        "DDE",
    ),
    "docx with a link to a table": ("a.docx", word_field("LINK Excel.Sheet.12 a"), "DDE"),
    "docx with an OLE object": ("a.docx", with_relation("oleObject"), "OLE"),
    "docx with an OLE file without relation": (
        "a.docx",
        office(**{"word/embeddings/x.bin": uploads.OLE_START + b"x" * 600}),
        "OLE",
    ),
    "docx with a program": ("a.docx", office(**{"word/media/x.png": b"MZ\x90"}), "Programm"),
    "docx with a page inside": ("a.docx", with_relation("aFChunk"), "fremdem Format"),
    "docx with a control": ("a.docx", with_relation("control"), "ActiveX"),
    "docx with a table with macros": (
        "a.docx",
        office(**{"word/embeddings/t.xlsx": office("xlsx", **{"xl/vbaProject.bin": b"x"})}),
        "Makros",
    ),
    "docx in a docx in a docx": (
        "a.docx",
        office(**{"word/a.docx": office(**{"word/a.docx": word_field("DDE x")})}),
        "DDE",
    ),
    "xlsx with DDE": (
        "a.xlsx",
        office("xlsx", **{"xl/externalLinks/externalLink1.xml": b"<e><ddeLink/></e>"}),
        "DDE",
    ),
    "xlsx with an OLE link": (
        "a.xlsx",
        office("xlsx", **{"xl/externalLinks/externalLink1.xml": b"<e><oleLink/></e>"}),
        "OLE",
    ),
    "xlsx with old macros": (
        "a.xlsx",
        office("xlsx", **{"xl/macrosheets/sheet1.xml": b"<x/>"}),
        "Makros",
    ),
    "xlsx with a connection": (
        "a.xlsx",
        office("xlsx", **{"xl/connections.xml": b"<x/>"}),
        "Datenverbindung",
    ),
    "pptx with an OLE object": ("a.pptx", with_relation("oleObject", extension="pptx"), "OLE"),
    "odt with DDE": ("a.odt", odt_text("<text:dde-connection-decl/>"), "DDE"),
    "ods with DDE": ("a.ods", odt("spreadsheet", **{"content.xml": b"<t><dde-link/></t>"}), "DDE"),
    "odt with an OLE object": ("a.odt", odt_text('<draw:object-ole xlink:href="./O"/>'), "OLE"),
    "odt with a listener": ("a.odt", odt_text("<text:event-listener/>"), "Makros"),
    "odp with an applet": (
        "a.odp",
        odt("presentation", **{"content.xml": b"<t><applet/></t>"}),
        "Applet",
    ),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_active_content_is_refused_by_its_name(case):
    name, content, part = ACTIVE[case]

    with pytest.raises(FileRefused) as refusal:
        check_upload(upload(name, content))

    [sentence] = refusal.value.messages
    assert f"„{name}“ enthält" in sentence
    assert part in sentence
    # What was found, why it matters, and what to do.
    assert sentence.count(". ") == 2
    assert "Bitte" in sentence


def chart(**more):
    table = office("xlsx")
    return with_relation(
        "package",
        "../embeddings/Table1.xlsx",
        "pptx",
        **{"ppt/embeddings/Table1.xlsx": table, **more},
    )


FINE = {
    "a.pdf": pdf_with("/OpenAction", "<</S/GoTo/D[0/Fit]>>"),
    "link.pdf": pdf_with("/X", "<</Subtype/Link/A<</S/URI/URI(https://example.org/)>>>>"),
    "words.pdf": pdf_with("/X", "(/JavaScript /Launch DDEAUTO)"),
    "invoice.pdf": pdf_with_file("factur-x.xml", b"<x/>"),
    "owner.pdf": pdf(encryption=pikepdf.Encryption(owner="x", user="")),
    "form.pdf": pdf_with("/AcroForm", "<</Fields[<</FT/Tx/T(Name)>>]>>"),
    "fields.docx": word_field("DATE", ' \\@ "dd.MM.yyyy"'),
    "contents.docx": word_field("HYPERLINK", ' "https://example.org/dde"'),
    "linked.docx": word("<w:instrText> LINKED </w:instrText>"),
    "words.docx": word("<w:t>DDEAUTO c:\\cmd.exe</w:t>"),
    "chart.pptx": chart(),
    "scripts.odt": odt_text("<office:scripts/>"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_only_looks_active_is_taken(name):
    file = check_upload(upload(name, FINE[name]))

    assert (file.name, file.content.read()) == (name, FINE[name])


@pytest.mark.parametrize(("size", "word"), [(1_000, "JavaScript"), (300_000_000, "beschädigt")])
def test_script_in_a_stream_too_large_to_unpack_is_not_taken(size, word):
    content = uploads.pdf_with_hidden_object(SCRIPT.encode(), size)
    begin = time.process_time()

    with pytest.raises(FileRefused, match=word):
        check_upload(upload("a.pdf", content))

    assert time.process_time() - begin < 3


def test_pdf_of_many_objects_is_looked_through_in_time():
    def change(document):
        rows = [document.make_indirect(pikepdf.Dictionary(A=number)) for number in range(60_000)]
        rows.append(document.make_indirect(pikepdf.Object.parse(SCRIPT.encode())))
        document.Root.X = pikepdf.Array(rows)

    content = pdf(change)
    begin = time.process_time()

    with pytest.raises(FileRefused, match="JavaScript"):
        check_upload(upload("a.pdf", content))

    assert time.process_time() - begin < 2


def test_pdf_that_cannot_be_looked_through_is_refused():
    whole = pdf_with("/X", "(Guten Tag)")
    broken = whole.replace(b"(Guten Tag)", b"[" * 600 + SCRIPT.encode() + b"]" * 600)

    with pytest.raises(FileRefused, match="beschädigt"):
        check_upload(upload("a.pdf", broken))


# Locked, and from companies


def locked_odt(part, content):
    return odt(**{part: content, "content.xml": b"\x8f\x01 locked"})


LOCKED = {
    "docx": ("a.docx", uploads.locked_by_office()),
    "xlsx": ("a.xlsx", uploads.locked_by_office()),
    "pptx": ("a.pptx", uploads.locked_by_office()),
    "odt": (
        "a.odt",
        locked_odt(
            "META-INF/manifest.xml",
            b'<m:manifest xmlns:m="m"><m:encryption-data/></m:manifest>',
        ),
    ),
    "odt of today": ("a.odt", locked_odt("encrypted-package", b"\x01")),
    "zip": ("a.docx", uploads.encrypted()),
    "pdf": ("a.pdf", pdf(encryption=pikepdf.Encryption(owner="geheim", user="geheim"))),
}


@pytest.mark.parametrize("case", LOCKED)
def test_locked_file_is_said_to_be_locked(case):
    name, content = LOCKED[case]

    with pytest.raises(FileRefused) as refusal:
        check_upload(upload(name, content))

    assert refusal.value.messages == [
        f"„{name}“ ist mit einem Kennwort geschützt. Bitte speichern Sie die Datei ohne "
        "Kennwort, damit andere sie lesen können."
    ]


@pytest.mark.parametrize(
    "target", ["file:///C:/Vorlagen/Brief.dotx", "\\\\server\\Vorlagen\\B.dotx", "https://e.org/v"]
)
def test_name_of_the_template_is_dropped(target):
    content = from_template(target)

    file = check_upload(upload("brief.docx", content))

    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file.content) as after:
        assert after.namelist() == before.namelist()
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
        assert changed == {"word/settings.xml", "word/_rels/settings.xml.rels"}
        assert b"attachedTemplate" not in after.read("word/settings.xml")
        assert b"<w:zoom" in after.read("word/settings.xml")
        assert b"Relationship " not in after.read("word/_rels/settings.xml.rels")


def test_template_that_cannot_be_dropped_is_refused():
    relations = relationships(("attachedTemplate", "https://e.org/v", "External"))
    in_utf_16 = relations.replace(b'"1.0"', b'"1.0" encoding="UTF-16"').decode().encode("utf-16")

    with pytest.raises(FileRefused, match="Netz"):
        check_upload(upload("a.docx", office(**{"word/_rels/a.rels": in_utf_16})))


@pytest.mark.parametrize(("extension", "kind"), [("ods", "spreadsheet"), ("odp", "presentation")])
def test_tables_and_slides_of_open_document_are_taken(extension, kind):
    file = check_upload(upload(f"a.{extension}", odt(kind)))

    assert file.media_type == MEDIA_TYPES[extension]


def test_link_to_ones_own_drive_is_named():
    with pytest.raises(FileRefused) as refusal:
        check_upload(
            upload(
                "a.docx",
                office(
                    **{
                        "word/_rels/document.xml.rels": relationships(
                            ("hyperlink", "file:///H:/Plan.xlsx", "External")
                        )
                    }
                ),
            )
        )

    assert "„file:///H:/Plan.xlsx“" in refusal.value.messages[0]


def test_linked_table_of_excel_is_told_how_to_be_cut():
    part = {
        "xl/externalLinks/_rels/externalLink1.xml.rels": relationships(
            ("externalLinkPath", "Quartal.xlsx", "External")
        )
    }

    with pytest.raises(FileRefused, match="Verknüpfungen bearbeiten"):
        check_upload(upload("a.xlsx", office("xlsx", **part)))


# Names as people and programs give them: what was typed, what is in it, what it is called then.
NAMES = {
    "none": ("Bericht", pdf(), "Bericht.pdf"),
    "none, Word": ("Bericht", office(), "Bericht.docx"),
    "none, OpenDocument": ("Bericht", odt("spreadsheet"), "Bericht.ods"),
    "a date at the end": ("Protokoll 3.11.2026", office(), "Protokoll 3.11.2026.docx"),
    "a dot at the end": ("Bericht.", pdf(), "Bericht.pdf"),
    "only an extension": (".pdf", pdf(), "datei.pdf"),
    "capitals": ("BERICHT.PDF", pdf(), "BERICHT.PDF"),
    "many dots": ("v1..2.final.docx", office(), "v1..2.final.docx"),
    "decomposed": ("Gro\u0308ße.docx", office(), "Größe.docx"),
    "right to left": ("rechnung\u202efdp.docx", office(), "rechnungfdp.docx"),
    "a line break": ("a\r\nb.docx", office(), "ab.docx"),
    "a bell": ("a\x07b.pdf", pdf(), "ab.pdf"),
    "no width": ("a\u200bb.pdf", pdf(), "ab.pdf"),
    "a path": ("C:\\Users\\Ina\\a.docx", office(), "a.docx"),
    "very long": ("ä" * 300 + ".docx", office(), "ä" * 195 + ".docx"),
    "very long without extension": ("x" * 300, pdf(), "x" * 196 + ".pdf"),
    "emoji": ("Idee 💡.docx", office(), "Idee 💡.docx"),
    "spaces before the extension": ("Bericht .docx", office(), "Bericht.docx"),
    "nothing": ("\u202e", pdf(), "datei.pdf"),
}


@pytest.mark.parametrize("case", NAMES)
def test_odd_name_is_taken(case):
    typed, content, name = NAMES[case]

    file = check_upload(upload(typed, content))

    assert (file.name, file.content.read()) == (name, content)
    # The name that came out is one that goes in.
    assert check_upload(upload(file.name, content)).name == name


def test_test_file_of_virus_scanners_is_refused_without_one():
    half, rest = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

    with pytest.raises(FileRefused, match="Schadprogramm"):
        check_upload(upload("a.txt", half + rest))


def test_parts_of_a_document_are_read_to_the_end():
    content = container(office_parts(), method=zipfile.ZIP_STORED)

    assert check_upload(upload("a.docx", content)).size == len(content)
