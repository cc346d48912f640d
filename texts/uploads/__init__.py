"""What may be uploaded: the formats of the allow-list, recognised by what is in the file.

Raised texts are sentences for the person who uploads. Limits and refusals follow OWASP ASVS 5.0,
chapter 5. What passed once passes again unchanged: files come back by export and import.
"""

import hashlib
import re
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from texts.uploads.names import clean_name, extension_of, with_extension
from texts.uploads.office import BROKEN_ZIP, OFFICE_TYPES, check_container, kind_of_container
from texts.uploads.pdf import check_pdf
from texts.uploads.pictures import IMAGES, checked_picture
from texts.uploads.refusals import (
    FileRefused,
    malicious,
    unknown_format,
    without_extension,
    wrong_content,
)

__all__ = [
    "ACCEPT",
    "BROKEN_ZIP",
    "MEDIA_TYPES",
    "QUOTA_BYTES",
    "CheckedFile",
    "FileRefused",
    "check_upload",
    "clean_name",
]

QUOTA_BYTES = 500 * 1024 * 1024
MEDIA_TYPES = {
    "pdf": "application/pdf",
    **OFFICE_TYPES,
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "txt": "text/plain",
}
# Other ways to write an extension.
SAME = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "heif": "heic", "text": "txt"}
ACCEPT = ",".join(f".{extension}" for extension in [*MEDIA_TYPES, "heic", *SAME])
# Kinds of HEIF files with pictures in HEVC (ISO/IEC 23008-12), as phones write them.
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


# What every virus scanner must find, so that it can be tried out (eicar.org); in two pieces, so
# that none finds it here.
TEST_VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


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
    name = clean_name(upload.name or "") or "datei"
    size = upload.size or 0
    if not size:
        raise FileRefused(_("Die Datei „%(name)s“ ist leer."), "empty", {"name": name})
    if size > settings.UPLOAD_MAX_BYTES:
        raise FileRefused(
            _("Die Datei „%(name)s“ ist größer als %(limit)s MB."),
            "too_large",
            {"name": name, "limit": settings.UPLOAD_MAX_BYTES // 1024**2},
        )
    if upload.read(len(TEST_VIRUS)) == TEST_VIRUS:
        raise malicious(name)
    name, extension = _name_and_kind(upload, name)
    content, extension = _checked_content(upload, name, extension)
    if SAME.get(extension_of(name), extension_of(name)) != extension:
        name = with_extension(name.rpartition(".")[0], extension)
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    return CheckedFile(name, MEDIA_TYPES[extension], content, content.size, digest)


def _name_and_kind(upload: UploadedFile, name: str) -> tuple[str, str]:
    """What the file is, by its name; a name without extension gets the one of its content.

    Pictures are what they are, whatever their name says: phones and messengers mix them up.
    """
    extension = extension_of(name)
    kind = SAME.get(extension, extension)
    content_kind = _kind_by_start(upload)
    if not extension:
        if content_kind == "zip":
            content_kind = kind_of_container(upload, name)
        if not content_kind:
            raise without_extension(name)
        is_only_extension = name.lower() == content_kind
        return with_extension("" if is_only_extension else name, content_kind), content_kind
    if kind not in MEDIA_TYPES and kind not in IMAGES:
        raise unknown_format(name, extension)
    if kind in IMAGES and content_kind in IMAGES:
        return name, content_kind
    is_as_named = content_kind == ("zip" if kind in OFFICE_TYPES else "" if kind == "txt" else kind)
    # A locked document is no ZIP file; what reads it says so.
    if not is_as_named and not (kind in OFFICE_TYPES and content_kind == "ole"):
        raise wrong_content(name, kind)
    return name, kind


def _kind_by_start(upload: UploadedFile) -> str:
    """What a file is by its first bytes: an extension, `zip`, `ole`, or nothing for the rest."""
    upload.seek(0)
    start = upload.read(16)
    upload.seek(0)
    if start[4:8] == b"ftyp" and start[8:12] in HEIC_BRANDS:
        return "heic"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "webp"
    starts = {
        b"%PDF-": "pdf",
        b"PK\x03\x04": "zip",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
        b"\x89PNG\r\n\x1a\n": "png",
        b"\xff\xd8\xff": "jpg",
    }
    return next((kind for begin, kind in starts.items() if start.startswith(begin)), "")


def _checked_content(upload: UploadedFile, name: str, extension: str) -> tuple[File, str]:
    if extension in IMAGES:
        return checked_picture(upload, name, extension)
    if extension == "txt":
        return _plain_text(upload, name), extension
    if extension == "pdf":
        check_pdf(upload, name)
        return upload, extension
    return check_container(upload, name, extension), extension


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
    raise wrong_content(name, "txt")
