"""Office documents: Word, PowerPoint, Excel and OpenDocument, which are ZIP files of XML parts.

What loads things from elsewhere or does something by itself is refused by its name; the reference
to the template that a letter was made from is dropped. Sources: ECMA-376 (parts 1 and 2), OASIS
OpenDocument 1.3, MS-OFFCRYPTO 2.3 for locked documents.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast
from xml.parsers import expat

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from texts.uploads.refusals import (
    OLD_OFFICE,
    FileRefused,
    active_content,
    damaged,
    external,
    link_inside,
    locked,
    unpacks_too_large,
    wrong_content,
)

MAX_ENTRIES = 1_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
# What zipfile reads in one piece, the list of all entries among it.
MAX_DIRECTORY = 256 * 1024
# The text of a document, every element of which is looked at.
MAX_TEXT = 20 * 1024 * 1024
# A part that lists types or relations is small; a large one is made to hurt.
MAX_LISTING = 2 * 1024 * 1024
# A chart brings its table along, and the table may have charts.
MAX_NESTING = 3
BLOCK = 256 * 1024

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
OFFICE_TYPES = {
    "docx": f"{OOXML}.wordprocessingml.document",
    "pptx": f"{OOXML}.presentationml.presentation",
    "xlsx": f"{OOXML}.spreadsheetml.sheet",
    "odt": f"{ODF}.text",
    "ods": f"{ODF}.spreadsheet",
    "odp": f"{ODF}.presentation",
}
MAIN_PARTS = {
    f"{media_type}.main+xml": extension
    for extension, media_type in OFFICE_TYPES.items()
    if media_type.startswith(OOXML)
}
OPEN_DOCUMENTS = {
    media_type: extension
    for extension, media_type in OFFICE_TYPES.items()
    if media_type.startswith(ODF)
}
ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!")
LOCKED_PART = "EncryptedPackage".encode("utf-16-le")

MACROS = _("Makros")
ACTIVEX = _("ein ActiveX-Steuerelement")
OLE = _("ein eingebettetes OLE-Objekt")
DDE = _("ein DDE-Feld, das ein anderes Programm aufruft")
DATA = _("eine Datenverbindung")
CHUNK = _("ein eingebettetes Dokument in fremdem Format")
PROGRAM = _("ein eingebettetes Programm")
APPLET = _("ein eingebettetes Applet")
SCRIPT_LINK = _("einen Verweis, der ein Skript ausführt")
WITHOUT_MACROS = _("Bitte speichern Sie die Datei ohne Makros.")
AS_PICTURE = _("Bitte fügen Sie den Inhalt als Bild oder als Tabelle ein.")
WITHOUT_FIELD = _("Bitte ersetzen Sie das Feld durch seinen Text.")
WITHOUT_CONTROL = _("Bitte entfernen Sie das Steuerelement, oder speichern Sie als PDF.")
WITHOUT_DATA = _("Bitte trennen Sie die Verbindung, und lassen Sie nur die Werte stehen.")
WITHOUT_LINK = _("Bitte entfernen Sie den Verweis.")
SAVE_ANEW = _("Bitte öffnen Sie die Datei in Word und speichern Sie sie neu.")
EMBED = _("Bitte betten Sie Bilder und Vorlagen in die Datei ein.")
CUT_LINKS = _("Bitte löschen Sie die Verknüpfungen („Daten“, „Verknüpfungen bearbeiten“).")
ADVICE: dict[str | Promise, str | Promise] = {
    MACROS: WITHOUT_MACROS,
    ACTIVEX: WITHOUT_CONTROL,
    OLE: AS_PICTURE,
    DDE: WITHOUT_FIELD,
    DATA: WITHOUT_DATA,
    CHUNK: SAVE_ANEW,
    PROGRAM: AS_PICTURE,
    APPLET: AS_PICTURE,
    SCRIPT_LINK: WITHOUT_LINK,
}
ACTIVE_NAMES = (
    (re.compile(r"(^|/)activex/", re.IGNORECASE), ACTIVEX),
    (
        re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/|basic/|scripts/)", re.I),
        MACROS,
    ),
    (re.compile(r"^xl/(connections\.xml|querytables/)", re.IGNORECASE), DATA),
)
# The last word of a relation's type.
ACTIVE_RELATIONS = {
    "oleobject": OLE,
    "control": ACTIVEX,
    "activexcontrolbinary": ACTIVEX,
    "vbaproject": MACROS,
    "xlmacrosheet": MACROS,
    "afchunk": CHUNK,
    "connections": DATA,
    "querytable": DATA,
}
# Elements by their local names, of both families.
ACTIVE_ELEMENTS = {
    "ddeLink": DDE,
    "oleLink": OLE,
    "dde-connection-decl": DDE,
    "dde-link": DDE,
    "dde-source": DDE,
    "object-ole": OLE,
    "applet": APPLET,
    "event-listener": MACROS,
}
# A field that begins with another field hides its own name.
ACTIVE_FIELD = re.compile(r"\s*(ddeauto|dde|link|\0)(?![a-z])", re.IGNORECASE)

# What zipfile raises for a directory that makes no sense; ValueError holds UnicodeDecodeError.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    struct.error,
)


@dataclass(frozen=True)
class Document:
    """An office file that is looked at, and for whom its name is said."""

    container: zipfile.ZipFile
    name: str
    extension: str
    depth: int = 0

    def refuse(self, part: str | Promise) -> FileRefused:
        return active_content(self.name, part, ADVICE[part])


class _TemplateFound(Exception):
    """The document names the template on somebody's drive that it was made from."""


def kind_of_container(upload: UploadedFile, name: str) -> str:
    """The extension of the office document that a ZIP file is, or nothing."""
    try:
        with zipfile.ZipFile(cast(IO[bytes], _LimitedReads(upload, name))) as container:
            _check_entries(container, upload.size or 0, name)
            return _kind_of_document(container, name)
    except BROKEN_ZIP as error:
        raise damaged(name) from error


def check_container(upload: UploadedFile, name: str, extension: str) -> File:
    """Open an office document as far as it takes to know what is in it; return what may be kept."""
    _check_lock(upload, name)
    try:
        _check_document(upload, upload.size or 0, name, extension)
    except _TemplateFound:
        plain = _without_template(upload, name)
        try:
            _check_document(plain, plain.size, name, extension)
        except _TemplateFound as error:
            raise external(name, "Normal.dotm", EMBED) from error
        return plain
    return upload


def _check_lock(upload: UploadedFile, name: str) -> None:
    """A document locked by Office is no ZIP file but an old container around one."""
    upload.seek(0)
    start = upload.read(8)
    upload.seek(0)
    if start != OLE_START:
        return
    if LOCKED_PART in upload.read():
        raise locked(name)
    raise FileRefused(
        _("„%(name)s“ ist eine Datei in einem alten Office-Format. %(advice)s"),
        "content",
        {"name": name, "advice": OLD_OFFICE},
    )


def _check_document(file: File, size: int, name: str, extension: str, depth: int = 0) -> None:
    try:
        with zipfile.ZipFile(cast(IO[bytes], _LimitedReads(file, name))) as container:
            _check_entries(container, size, name)
            found = _kind_of_document(container, name)
            if found != extension and not (depth and found):
                raise wrong_content(name, extension)
            document = Document(container, name, found, depth)
            if found in OPEN_DOCUMENTS.values():
                _check_manifest(document)
            if found != "xlsx" and found != "pptx" and _size_of_text(container) > MAX_TEXT:
                raise unpacks_too_large(name)
            for entry in container.infolist():
                _check_part(document, entry)
    except BROKEN_ZIP as error:
        raise damaged(name) from error


class _LimitedReads:
    """A file that hands zipfile at most as much at once as a list of MAX_ENTRIES entries needs."""

    def __init__(self, file: File, name: str) -> None:
        self.file = file
        self.name = name
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size if 0 <= size <= MAX_DIRECTORY else MAX_DIRECTORY + 1)
        if len(block) > MAX_DIRECTORY:
            raise unpacks_too_large(self.name)
        return block


def _check_entries(container: zipfile.ZipFile, size: int, name: str) -> None:
    entries = container.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > min(MAX_UNPACKED, MAX_RATIO * size):
        raise unpacks_too_large(name)
    names = [entry.filename for entry in entries]
    for pattern, part in ACTIVE_NAMES:
        if any(pattern.search(given) for given in names):
            raise active_content(name, part, ADVICE[part])
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise locked(name)
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        method = entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        escapes = entry.filename.startswith("/") or "\\" in entry.filename
        if is_link or method or escapes or ".." in entry.filename.split("/"):
            raise damaged(name)
    if len(set(names)) != len(names):
        raise damaged(name)


def _size_of_text(container: zipfile.ZipFile) -> int:
    return sum(
        entry.file_size
        for entry in container.infolist()
        if entry.filename.lower().endswith((".xml", ".rdf"))
    )


def _kind_of_document(container: zipfile.ZipFile, name: str) -> str:
    names = container.namelist()
    if "mimetype" in names:
        with container.open("mimetype") as part:
            return OPEN_DOCUMENTS.get(part.read(100).strip().decode("latin-1"), "")
    if "[Content_Types].xml" not in names:
        return ""
    kinds = {
        attributes.get("ContentType", "")
        for tag, attributes in _elements(container, "[Content_Types].xml", name)
        if tag in {"Override", "Default"}
    }
    if any("macroenabled" in kind.lower() for kind in kinds):
        raise active_content(name, MACROS, WITHOUT_MACROS)
    found = [MAIN_PARTS[kind] for kind in kinds if kind in MAIN_PARTS]
    return found[0] if len(found) == 1 else ""


def _check_manifest(document: Document) -> None:
    """An OpenDocument file says in its manifest which parts a password locks."""
    names = document.container.namelist()
    if "encrypted-package" in names:
        raise locked(document.name)
    if "META-INF/manifest.xml" in names:
        tags = _elements(document.container, "META-INF/manifest.xml", document.name)
        if any(tag == "encryption-data" for tag, _attributes in tags):
            raise locked(document.name)


def _check_part(document: Document, entry: zipfile.ZipInfo) -> None:
    """Unpack one part to the end, so that its checksum is compared; look at what it refers to."""
    container, name = document.container, document.name
    if entry.filename.lower().endswith(".rels"):
        for tag, attributes in _elements(container, entry.filename, name):
            if tag == "Relationship":
                _check_relation(document, attributes)
    with container.open(entry) as part:
        block = part.read(BLOCK)
        _check_start(document, entry, block)
        guard = _guard(document, entry, block)
        while block:
            if guard:
                guard.look_at(block)
            block = part.read(BLOCK)


def _check_start(document: Document, entry: zipfile.ZipInfo, start: bytes) -> None:
    """Refuse a part that is a program or an old Office file; look into a document inside."""
    if start.startswith(OLE_START):
        raise document.refuse(OLE)
    if start.startswith(PROGRAM_STARTS):
        raise document.refuse(PROGRAM)
    if start.startswith(ZIP_START):
        if document.depth >= MAX_NESTING:
            raise unpacks_too_large(document.name)
        inner = ContentFile(document.container.read(entry))
        _check_document(inner, inner.size, document.name, "", document.depth + 1)


def _guard(document: Document, entry: zipfile.ZipInfo, start: bytes) -> "_DoctypeGuard | None":
    """What looks at an XML part while it is unpacked. By its content: names may say anything."""
    is_xml = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")
    if not is_xml and not entry.filename.lower().endswith((".xml", ".rels", ".rdf")):
        return None
    if document.extension in OPEN_DOCUMENTS.values():
        return _OpenDocumentGuard(document)
    if document.extension == "docx":
        return _FieldGuard(document)
    if entry.filename.lower().startswith("xl/externallinks/"):
        return _ElementGuard(document)
    return _DoctypeGuard(document)


def _check_relation(document: Document, attributes: dict[str, str]) -> None:
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    target = attributes.get("Target", "")
    if part := ACTIVE_RELATIONS.get(kind):
        raise document.refuse(part)
    if attributes.get("TargetMode", "").lower() != "external":
        return
    if kind == "hyperlink":
        _check_link(document, target)
    elif kind == "attachedtemplate":
        raise _TemplateFound
    else:
        raise external(document.name, target, CUT_LINKS if kind == "externallinkpath" else EMBED)


def _check_link(document: Document, target: str) -> None:
    """A link that somebody has to click leads where everybody may go."""
    lowered = target.strip().lower()
    if lowered.startswith(("javascript:", "data:", "vbscript:")):
        raise document.refuse(SCRIPT_LINK)
    if lowered.startswith(("file:", "\\\\", "//")):
        raise link_inside(document.name, target)


def _elements(
    container: zipfile.ZipFile, part: str, name: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element of a small XML part with its attributes, names without their namespace."""
    if container.getinfo(part).file_size > MAX_LISTING:
        raise unpacks_too_large(name)
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append(
        (tag.rpartition(":")[2], attributes)
    )

    def refuse(*_arguments: object) -> None:
        raise damaged(name)

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(container.read(part), True)
    except expat.ExpatError as error:
        raise damaged(name) from error
    yield from found


class _DoctypeGuard:
    """Refuses an XML part that declares a document type: no office program writes one, and
    entities begin there. It looks only until the first element."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.is_past = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._pass

    def _refuse(self, *_arguments: object) -> None:
        raise damaged(self.document.name)

    def _pass(self, *_arguments: object) -> None:
        self.is_past = True
        self.parser.StartElementHandler = None

    def look_at(self, block: bytes) -> None:
        if self.is_past:
            return
        try:
            self.parser.Parse(block, False)
        except expat.ExpatError as error:
            raise damaged(self.document.name) from error


class _ElementGuard(_DoctypeGuard):
    """Looks at every element: some of them call other programs."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(" ")[2]
        if part := ACTIVE_ELEMENTS.get(local):
            raise self.document.refuse(part)
        self.look_at_element(local, attributes)

    def look_at_element(self, local: str, attributes: dict[str, str]) -> None:
        """What the family of documents asks for besides."""


class _FieldGuard(_ElementGuard):
    """Puts the instructions of Word's fields together, which may lie in pieces and in each other;
    \\0 stands where another field lies inside."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.fields: list[str] = []
        self.is_instruction = False
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def look_at_element(self, local: str, attributes: dict[str, str]) -> None:
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if local == "instrText":
            self.is_instruction = True
            if not self.fields:
                self.fields.append("")
        elif local == "fldSimple":
            self._check(values.get("instr", ""))
        elif local == "fldChar":
            kind = values.get("fldCharType")
            if kind == "begin":
                if self.fields:
                    self.fields[-1] += "\0"
                self.fields.append("")
            elif self.fields:
                self._check(self.fields[-1])
                if kind == "end":
                    self.fields.pop()

    def _end(self, tag: str) -> None:
        if tag.rpartition(" ")[2] == "instrText":
            self.is_instruction = False

    def _text(self, text: str) -> None:
        if self.is_instruction and len(self.fields[-1]) < 10_000:
            self.fields[-1] += text

    def _check(self, instruction: str) -> None:
        if ACTIVE_FIELD.match(instruction):
            raise self.document.refuse(DDE)


class _OpenDocumentGuard(_ElementGuard):
    """Looks where an OpenDocument part points: what it shows lies in the file itself."""

    HREF = "http://www.w3.org/1999/xlink href"
    OUTSIDE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]|(?:\./)*\.\.[/\\])", re.IGNORECASE)
    SCRIPT = re.compile(r"\s*(?:vnd\.sun\.star\.script|macro):", re.IGNORECASE)

    def look_at_element(self, local: str, attributes: dict[str, str]) -> None:
        target = attributes.get(self.HREF)
        if target is None or local == "template":  # what the text was made from is only named
            return
        if self.SCRIPT.match(target):
            raise self.document.refuse(MACROS)
        if local == "a":
            _check_link(self.document, target)
        elif self.OUTSIDE.match(target):
            raise external(self.document.name, target, EMBED)


# Dropping the template

_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*?/>")
_TEMPLATE = re.compile(
    rb"<(?:\w+:)?attachedTemplate\b[^<>]*?(?:/>|>\s*</(?:\w+:)?attachedTemplate>)"
)


def _without_template(upload: UploadedFile, name: str) -> ContentFile:
    """The same document without the name of its template, which nobody else has."""
    upload.seek(0)
    fresh = io.BytesIO()
    with zipfile.ZipFile(upload) as old, zipfile.ZipFile(fresh, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            lowered = entry.filename.lower()
            if lowered.endswith(".rels"):
                content = _RELATION.sub(_kept_relation, content)
            elif lowered == "word/settings.xml":
                content = _TEMPLATE.sub(b"", content)
            new.writestr(entry, content)
    return ContentFile(fresh.getvalue(), name=name)


def _kept_relation(found: re.Match[bytes]) -> bytes:
    is_template = re.search(rb"/attachedTemplate[\"']", found[0], re.IGNORECASE)
    return b"" if is_template else found[0]
