"""What may be uploaded: the formats of the allow-list, recognised by what is in the file.

Raised texts are sentences for the person who uploads. Limits and refusals follow OWASP ASVS 5.0,
chapter 5; external relations are what makes an office document load things from elsewhere.
"""

import hashlib
import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import IO, cast
from xml.parsers import expat

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps

MAX_NAME = 200
# While it is drawn anew, a picture takes 4 bytes a pixel (100 MB), in WebP 18 (170 MB).
MAX_PIXELS = {"PNG": 25_000_000, "JPEG": 25_000_000, "WEBP": 9_000_000}
MAX_SIDE = 30_000
MAX_ENTRIES = 1_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
# What zipfile reads in one piece, the list of all entries among it.
MAX_DIRECTORY = 256 * 1024
# The text of an OpenDocument file, every element of which is looked at.
MAX_TEXT = 20 * 1024 * 1024
# A part that lists types or relations is small; a large one is made to hurt.
MAX_LISTING = 2 * 1024 * 1024
BLOCK = 256 * 1024
QUOTA_BYTES = 500 * 1024 * 1024

# The check of the size must come before the pixels: Pillow refuses above twice this figure.
Image.MAX_IMAGE_PIXELS = max(MAX_PIXELS.values())
# More would take seconds for a large screenshot.
SAVING = {"PNG": {"compress_level": 2}, "JPEG": {"quality": 88}, "WEBP": {"quality": 88}}
_one_at_a_time = Lock()

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "txt": "text/plain",
}
SAME = {"jpeg": "jpg"}
ACCEPT = ",".join(f".{extension}" for extension in [*MEDIA_TYPES, *SAME])
IMAGES = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
MAIN_PARTS = {
    "docx": MEDIA_TYPES["docx"] + ".main+xml",
    "pptx": MEDIA_TYPES["pptx"] + ".main+xml",
    "xlsx": MEDIA_TYPES["xlsx"] + ".main+xml",
}
MACRO_PARTS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|activex/|basic/|scripts/)", re.I)
# What Pillow raises for broken files besides its own UnidentifiedImageError (an OSError).
BROKEN_IMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    TypeError,
    MemoryError,
    struct.error,
    zlib.error,
)
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


class FileRefused(ValidationError):
    """The file is not one that the portal takes; the message says why."""


@dataclass(frozen=True)
class CheckedFile:
    """An upload that passed: under a clean name, with the type that it really has."""

    name: str
    media_type: str
    content: File
    size: int
    sha256: str


def check_upload(upload: UploadedFile) -> CheckedFile:
    """Return the file as it may be kept. Raises FileRefused with a sentence for people."""
    name = clean_name(upload.name or "")
    size = upload.size or 0
    if not size:
        raise FileRefused(_("Die Datei „%(name)s“ ist leer."), "empty", {"name": name})
    if size > settings.UPLOAD_MAX_BYTES:
        raise FileRefused(
            _("Die Datei „%(name)s“ ist größer als %(limit)s MB."),
            "too_large",
            {"name": name, "limit": settings.UPLOAD_MAX_BYTES // 1024**2},
        )
    extension = _extension(name)
    content = _checked_content(upload, name, extension)
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    return CheckedFile(name, MEDIA_TYPES[extension], content, content.size, digest)


def clean_name(name: str) -> str:
    """The last part of a file name without anything that controls, hides or escapes."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Category C: control characters, marks of writing direction, surrogates, private use.
    name = "".join(char for char in name if not unicodedata.category(char).startswith("C"))
    name = re.sub(r'[<>:"|?*\s]+', " ", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(extension) - 1].strip(' .') or 'datei'}.{extension}"[-MAX_NAME:]


def _extension(name: str) -> str:
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    extension = SAME.get(extension, extension)
    if extension not in MEDIA_TYPES:
        raise FileRefused(
            _(
                "„%(name)s“ hat ein Format, das hier nicht angenommen wird. Möglich sind PDF, "
                "Word, PowerPoint, Excel und OpenDocument ohne Makros, Bilder und einfacher Text."
            ),
            "format",
            {"name": name},
        )
    return extension


def _checked_content(upload: UploadedFile, name: str, extension: str) -> File:
    upload.seek(0)
    start = upload.read(16)
    upload.seek(0)
    if extension != _kind_by_start(start) and not (
        extension in {*MAIN_PARTS, "odt"} and _kind_by_start(start) == "zip"
    ):
        raise _wrong_content(name, extension)
    if extension in IMAGES:
        return _fresh_image(upload, name, extension)
    if extension == "txt":
        return _plain_text(upload, name)
    if extension == "pdf":
        _check_pdf(upload, name)
    else:
        _check_container(upload, name, extension)
    return upload


def _kind_by_start(start: bytes) -> str:
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        return "zip"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if start.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "webp"
    return "txt"


def _wrong_content(name: str, extension: str) -> FileRefused:
    return FileRefused(
        _("„%(name)s“ ist keine %(kind)s-Datei, obwohl der Name es sagt."),
        "content",
        {"name": name, "kind": extension.upper()},
    )


def _damaged(name: str) -> FileRefused:
    return FileRefused(
        _("„%(name)s“ ist beschädigt und lässt sich nicht öffnen."), "damaged", {"name": name}
    )


@contextmanager
def _whole_images() -> Iterator[None]:
    """Refuse cut-off pictures, also in a process where a library has told Pillow to take them.

    One picture at a time: what one takes, the others of the process do not.
    """
    with _one_at_a_time:
        tolerant = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = tolerant


def _fresh_image(upload: UploadedFile, name: str, extension: str) -> ContentFile:
    """The picture drawn anew: only the pixels survive, turned the right way up."""
    kind = IMAGES[extension]
    too_many = FileRefused(
        _("Das Bild „%(name)s“ hat mehr als %(limit)s Millionen Bildpunkte. Bitte verkleinern."),
        "pixels",
        {"name": name, "limit": MAX_PIXELS[kind] // 1_000_000},
    )
    try:
        with _whole_images(), Image.open(upload, formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS[kind] or max(image.size) > MAX_SIDE:
                raise too_many
            # In place and without a second mode: each copy of the pixels counts.
            ImageOps.exif_transpose(image, in_place=True)
            mode = "RGBA" if kind != "JPEG" and image.has_transparency_data else "RGB"
            is_grey = image.mode == "L" and mode == "RGB"
            picture = image if is_grey or image.mode == mode else image.convert(mode)
            picture.info.clear()
            fresh = io.BytesIO()
            picture.save(fresh, kind, **SAVING[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many from error
    except FileRefused:
        raise
    except BROKEN_IMAGE as error:
        raise _damaged(name) from error
    return ContentFile(fresh.getvalue(), name=name)


def _plain_text(upload: UploadedFile, name: str) -> ContentFile:
    """The text in UTF-8, whatever Windows wrote it in; anything binary is refused."""
    raw = upload.read()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text):
            return ContentFile(text.encode(), name=name)
    raise _wrong_content(name, "txt")


def _check_pdf(upload: UploadedFile, name: str) -> None:
    upload.seek(max(0, (upload.size or 0) - 2048))
    if b"%%EOF" not in upload.read(2048):
        raise _damaged(name)


class _ShortReads:
    """A file of which zipfile reads no longer piece than the list of MAX_ENTRIES entries needs."""

    def __init__(self, file: UploadedFile, name: str) -> None:
        self.file = file
        self.name = name
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size if 0 <= size <= MAX_DIRECTORY else MAX_DIRECTORY + 1)
        if len(block) > MAX_DIRECTORY:
            raise _too_large(self.name)
        return block


def _too_large(name: str) -> FileRefused:
    return FileRefused(_("„%(name)s“ wird beim Entpacken zu groß."), "unpacked", {"name": name})


def _check_container(upload: UploadedFile, name: str, extension: str) -> None:
    """Open an office document as far as it takes to know what is in it."""
    try:
        with zipfile.ZipFile(cast(IO[bytes], _ShortReads(upload, name))) as container:
            _check_entries(container, upload.size or 0, name)
            if _kind_of_document(container, name) != extension:
                raise _wrong_content(name, extension)
            if extension == "odt" and _size_of_text(container) > MAX_TEXT:
                raise _too_large(name)
            for entry in container.infolist():
                _check_part(container, entry, name, extension)
    except BROKEN_ZIP as error:
        raise _damaged(name) from error


def _check_entries(container: zipfile.ZipFile, size: int, name: str) -> None:
    entries = container.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > min(MAX_UNPACKED, MAX_RATIO * size):
        raise _too_large(name)
    names = [entry.filename for entry in entries]
    if any(MACRO_PARTS.search(part) for part in names):
        raise FileRefused(
            _("„%(name)s“ enthält Makros. Bitte speichern Sie die Datei ohne Makros."),
            "macros",
            {"name": name},
        )
    for entry in entries:
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        is_encrypted = entry.flag_bits & 0x1
        method = entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        escapes = entry.filename.startswith("/") or "\\" in entry.filename
        if is_link or is_encrypted or method or escapes or ".." in entry.filename.split("/"):
            raise _damaged(name)
    if len(set(names)) != len(names):
        raise _damaged(name)


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
            return "odt" if part.read(100).strip() == MEDIA_TYPES["odt"].encode() else ""
    if "[Content_Types].xml" not in names:
        return ""
    kinds = {
        attributes.get("ContentType", "")
        for tag, attributes in _elements(container, "[Content_Types].xml", name)
        if tag in {"Override", "Default"}
    }
    if any("macroenabled" in kind.lower() for kind in kinds):
        raise FileRefused(
            _("„%(name)s“ enthält Makros. Bitte speichern Sie die Datei ohne Makros."),
            "macros",
            {"name": name},
        )
    found = [extension for extension, kind in MAIN_PARTS.items() if kind in kinds]
    return found[0] if len(found) == 1 else ""


def _check_part(
    container: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, extension: str
) -> None:
    """Unpack one part to the end, so that its checksum is compared; look at what it refers to."""
    lowered = entry.filename.lower()
    if lowered.endswith(".rels"):
        for tag, attributes in _elements(container, entry.filename, name):
            leaves = attributes.get("TargetMode", "").lower() == "external"
            if tag == "Relationship" and leaves and not _is_hyperlink(attributes):
                raise _external(name)
    guard: _DoctypeGuard | None = None
    if lowered.endswith((".xml", ".rels", ".rdf")):
        guard = _LinkGuard(name) if extension == "odt" else _DoctypeGuard(name)
    with container.open(entry) as part:
        while block := part.read(BLOCK):
            if guard:
                guard.look_at(block)


def _external(name: str) -> FileRefused:
    return FileRefused(
        _(
            "„%(name)s“ lädt Inhalte aus dem Netz nach. Bitte betten Sie Bilder und "
            "Vorlagen in die Datei ein."
        ),
        "external",
        {"name": name},
    )


def _is_hyperlink(attributes: dict[str, str]) -> bool:
    is_link = attributes.get("Type", "").endswith("/hyperlink")
    return is_link and _may_be_followed(attributes.get("Target", ""))


def _may_be_followed(target: str) -> bool:
    """Whether a link that somebody has to click leads where it may lead."""
    return (
        not target.strip()
        .lower()
        .startswith(("file:", "\\\\", "//", "javascript:", "data:", "vbscript:"))
    )


def _elements(
    container: zipfile.ZipFile, part: str, name: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element of a small XML part with its attributes, names without their namespace."""
    if container.getinfo(part).file_size > MAX_LISTING:
        raise _too_large(name)
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append(
        (tag.rpartition(":")[2], attributes)
    )

    def refuse(*_arguments: object) -> None:
        raise _damaged(name)

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(container.read(part), True)
    except expat.ExpatError as error:
        raise _damaged(name) from error
    yield from found


class _DoctypeGuard:
    """Refuses an XML part that declares a document type: no office program writes one, and
    entities begin there. It looks only until the first element."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_past = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._pass

    def _refuse(self, *_arguments: object) -> None:
        raise _damaged(self.name)

    def _pass(self, *_arguments: object) -> None:
        self.is_past = True
        self.parser.StartElementHandler = None

    def look_at(self, block: bytes) -> None:
        if self.is_past:
            return
        try:
            self.parser.Parse(block, False)
        except expat.ExpatError as error:
            raise _damaged(self.name) from error


class _LinkGuard(_DoctypeGuard):
    """Looks at every element of an OpenDocument part: what it shows lies in the file itself."""

    HREF = "http://www.w3.org/1999/xlink href"
    OUTSIDE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]|(?:\./)*\.\.[/\\])", re.IGNORECASE)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._look_at_element

    def _look_at_element(self, tag: str, attributes: dict[str, str]) -> None:
        target = attributes.get(self.HREF)
        if target is None:
            return
        match tag.rpartition(" ")[2]:
            case "a":
                is_fine = _may_be_followed(target)
            case "template":  # what the text was made from is only named
                is_fine = True
            case _:
                is_fine = not self.OUTSIDE.match(target)
        if not is_fine:
            raise _external(self.name)
