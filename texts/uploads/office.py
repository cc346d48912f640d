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
from typing import IO, cast

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from texts.uploads.active import (
    ACTIVE_NAMES,
    ACTIVE_RELATIONS,
    ADVICE,
    CUT_LINKS,
    EMBED,
    MACROS,
    OLE,
    PROGRAM,
    WITHOUT_MACROS,
    Document,
    check_link,
)
from texts.uploads.refusals import (
    OLD_OFFICE,
    FileRefused,
    active_content,
    damaged,
    external,
    locked,
    unpacks_too_large,
    wrong_content,
)
from texts.uploads.xml_parts import (
    DoctypeGuard,
    ElementGuard,
    FieldGuard,
    OpenDocumentGuard,
    elements_of,
)

MAX_ENTRIES = 1_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
# What zipfile reads in one piece, the list of all entries among it.
MAX_DIRECTORY = 256 * 1024
# The text of a document, every element of which is looked at.
MAX_TEXT = 20 * 1024 * 1024
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
        for tag, attributes in elements_of(container, "[Content_Types].xml", name)
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
        tags = elements_of(document.container, "META-INF/manifest.xml", document.name)
        if any(tag == "encryption-data" for tag, _attributes in tags):
            raise locked(document.name)


def _check_part(document: Document, entry: zipfile.ZipInfo) -> None:
    """Unpack one part to the end, so that its checksum is compared; look at what it refers to."""
    container, name = document.container, document.name
    if entry.filename.lower().endswith(".rels"):
        for tag, attributes in elements_of(container, entry.filename, name):
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


def _guard(document: Document, entry: zipfile.ZipInfo, start: bytes) -> "DoctypeGuard | None":
    """What looks at an XML part while it is unpacked. By its content: names may say anything."""
    is_xml = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")
    if not is_xml and not entry.filename.lower().endswith((".xml", ".rels", ".rdf")):
        return None
    if document.extension in OPEN_DOCUMENTS.values():
        return OpenDocumentGuard(document)
    if document.extension == "docx":
        return FieldGuard(document)
    if entry.filename.lower().startswith("xl/externallinks/"):
        return ElementGuard(document)
    return DoctypeGuard(document)


def _check_relation(document: Document, attributes: dict[str, str]) -> None:
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    target = attributes.get("Target", "")
    if part := ACTIVE_RELATIONS.get(kind):
        raise document.refuse(part)
    if attributes.get("TargetMode", "").lower() != "external":
        return
    if kind == "hyperlink":
        check_link(document, target)
    elif kind == "attachedtemplate":
        raise _TemplateFound
    else:
        raise external(document.name, target, CUT_LINKS if kind == "externallinkpath" else EMBED)


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
