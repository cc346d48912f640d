"""PDF: what would do something by itself is refused by its name.

Every object of the file is looked at, reachable or not (ISO 32000-2: 12.6 actions, 12.7.8 XFA,
13.7 rich media, 7.11.4 embedded files).
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

import pikepdf
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pikepdf.settings import qpdf_limit_errors, set_qpdf_limits

from texts.uploads.refusals import FileRefused, active_content, damaged, locked

MAX_OBJECTS = 300_000
# How qpdf says that it gave up on a stream of objects.
UNREAD = "error decoding stream data"
# One unpacked stream; a page picture in print quality takes a fifth of it.
MAX_STREAM = 200 * 1024 * 1024
# For the whole process, and before its threads open a file.
set_qpdf_limits(
    doc_max_warnings=100,
    flate_max_memory=MAX_STREAM,
    run_length_max_memory=MAX_STREAM,
    png_max_memory=MAX_STREAM,
    tiff_max_memory=MAX_STREAM,
)

# Files in a PDF that only hold data, as e-invoices and our own guideline have them.
HARMLESS_WORDS = "pdf xml json csv txt md png jpg jpeg webp docx xlsx pptx odt ods odp"
HARMLESS_ATTACHMENTS = frozenset(f".{word}" for word in HARMLESS_WORDS.split())
SCRIPT = _("JavaScript")
LAUNCH = _("eine Aktion, die ein Programm oder eine Datei öffnet")
PROGRAM = _("eine angehängte Datei, die ein Programm sein kann")
MEDIA = _("eingebettete Filme, Töne oder 3D-Modelle")
XFA = _("ein XFA-Formular, das Programmteile enthält")
ACTIONS = {
    "/JavaScript": SCRIPT,
    "/Launch": LAUNCH,
    "/ImportData": LAUNCH,
    "/GoToE": LAUNCH,
    "/Rendition": MEDIA,
    "/RichMediaExecute": MEDIA,
}
KEYS = {"/JS": SCRIPT, "/JavaScript": SCRIPT, "/XFA": XFA, "/RichMediaContent": MEDIA}
# One of these names stands in every object that is refused.
SUSPICIOUS = re.compile(
    rb"/(?:JS|JavaScript|Launch|ImportData|GoToE|Rendition|RichMedia\w*|XFA|3D|Movie|Screen|EF)"
)
SUBTYPES = {"/RichMedia": MEDIA, "/3D": MEDIA, "/Movie": MEDIA, "/Screen": MEDIA}


def check_pdf(upload: UploadedFile, name: str) -> None:
    """Raises FileRefused for a PDF that is damaged, locked, or active."""
    upload.seek(max(0, (upload.size or 0) - 2048))
    if b"%%EOF" not in upload.read(2048):
        raise damaged(name)
    upload.seek(0)
    limits_hit = qpdf_limit_errors()
    try:
        with pikepdf.open(cast(BinaryIO, upload), suppress_warnings=True) as document:
            part = next(_active_parts(document, name), None)
            warnings = [str(warning) for warning in document.get_warnings()]
    except pikepdf.PasswordError as error:
        raise locked(name) from error
    except FileRefused:
        raise
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, MemoryError) as error:
        raise damaged(name) from error
    # What would not unpack was not looked at; a reader with more memory might see what it hides.
    is_whole = not any(UNREAD in warning for warning in warnings)
    if not part and (not is_whole or qpdf_limit_errors() != limits_hit):
        raise damaged(name)
    if part:
        raise active_content(
            name, part, _("Bitte drucken Sie sie als PDF („Drucken“, „Als PDF speichern“).")
        )
    upload.seek(0)


def _active_parts(document: pikepdf.Pdf, name: str) -> Iterator[str | Promise]:
    count = 0
    for start in document.objects:
        if not _may_be_active(start):
            continue
        waiting: list[Any] = [start]
        while waiting:
            found = waiting.pop()
            count += 1
            if count > 20 * MAX_OBJECTS:
                raise damaged(name)
            if isinstance(found, pikepdf.Array):
                waiting += [item for item in found.as_list() if _is_inside(item)]
            elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                entries = found.stream_dict if isinstance(found, pikepdf.Stream) else found
                yield from _active_entries(entries)
                waiting += [value for _key, value in entries.items() if _is_inside(value)]


def _may_be_active(start: Any) -> bool:
    """A quick look at the object as it is written; names stand there without their escapes."""
    if isinstance(start, pikepdf.Stream):
        start = start.stream_dict
    is_nested = isinstance(start, pikepdf.Array | pikepdf.Dictionary)
    return is_nested and bool(SUSPICIOUS.search(start.unparse(resolved=True)))


def _is_inside(value: Any) -> bool:
    """Whether it is an array or dictionary that no other object of the file is."""
    is_nested = isinstance(value, pikepdf.Array | pikepdf.Dictionary)
    return is_nested and not value.is_indirect


def _active_entries(entries: Any) -> Iterator[str | Promise]:
    keys = entries.keys()
    yield from (part for key, part in KEYS.items() if key in keys)
    if "/S" in keys and (part := ACTIONS.get(_name(entries["/S"]))):
        yield part
    if "/Subtype" in keys and (part := SUBTYPES.get(_name(entries["/Subtype"]))):
        yield part
    if "/EF" in keys:
        names = [str(entries[key]) for key in ("/F", "/UF", "/DOS", "/Unix", "/Mac") if key in keys]
        endings = {PurePosixPath(given.strip(" .\0").lower()).suffix for given in names}
        if not endings or not endings <= HARMLESS_ATTACHMENTS:
            yield PROGRAM


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""
