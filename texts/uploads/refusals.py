"""Why a file is not taken: sentences for the person who uploads, each with a way out."""

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OLD_OFFICE = _(
    "Bitte speichern Sie die Datei im heutigen Format (DOCX, XLSX oder PPTX) oder als PDF."
)
WITH_MACROS = _("Bitte speichern Sie die Datei ohne Makros (DOCX, XLSX oder PPTX).")
TEMPLATE = _("Bitte speichern Sie die Datei als Dokument und nicht als Vorlage.")
FROM_APPLE = _("Bitte exportieren Sie die Datei als PDF oder für Word, PowerPoint oder Excel.")
AS_PDF = _("Bitte speichern oder drucken Sie die Datei als PDF.")
AS_PICTURE = _("Bitte speichern Sie das Bild als PNG oder JPEG.")
ONE_BY_ONE = _("Bitte laden Sie die Dateien daraus einzeln hoch.")
AS_LINK = _("Bitte stellen Sie Aufnahmen ins Netz und schreiben Sie die Adresse in Ihren Text.")
ADVICE = {
    sentence: words.split()
    for sentence, words in (
        (OLD_OFFICE, "doc xls ppt wps"),
        (WITH_MACROS, "docm xlsm pptm xlsb"),
        (TEMPLATE, "dotx xltx potx ppsx ott ots otp dot xlt pot"),
        (FROM_APPLE, "pages numbers key"),
        (AS_PDF, "rtf odg vsdx pub xps eml msg html htm mht csv md tex fodt"),
        (AS_PICTURE, "gif bmp tif tiff svg avif ico psd ai eps dng raw cr2 nef arw"),
        (ONE_BY_ONE, "zip rar 7z gz tar tgz"),
        (AS_LINK, "mp4 mov avi mkv webm mp3 wav m4a ogg flac"),
    )
}


class FileRefused(ValidationError):
    """The file is not one that the portal takes; the message says why."""


def damaged(name: str) -> FileRefused:
    return FileRefused(
        _(
            "„%(name)s“ ist beschädigt und lässt sich nicht öffnen. Bitte speichern Sie die Datei "
            "in ihrem Programm neu und laden Sie sie noch einmal hoch."
        ),
        "damaged",
        {"name": name},
    )


def locked(name: str) -> FileRefused:
    return FileRefused(
        _(
            "„%(name)s“ ist mit einem Kennwort geschützt. Bitte speichern Sie die Datei ohne "
            "Kennwort, damit andere sie lesen können."
        ),
        "locked",
        {"name": name},
    )


def malicious(name: str) -> FileRefused:
    return FileRefused(
        _(
            "In „%(name)s“ steckt ein Schadprogramm. Bitte prüfen Sie Ihr Gerät, und laden Sie "
            "die Datei nicht noch einmal hoch."
        ),
        "malicious",
        {"name": name},
    )


def wrong_content(name: str, extension: str) -> FileRefused:
    return FileRefused(
        _(
            "„%(name)s“ ist keine %(kind)s-Datei, obwohl der Name es sagt. Bitte speichern Sie "
            "sie in ihrem Programm noch einmal in diesem Format, oder laden Sie sie als PDF hoch."
        ),
        "content",
        {"name": name, "kind": extension.upper()},
    )


def unknown_format(name: str, extension: str) -> FileRefused:
    advice = next((sentence for sentence, words in ADVICE.items() if extension in words), None)
    if advice:
        return FileRefused(
            _("„%(name)s“ hat das Format %(kind)s, das hier nicht angenommen wird. %(advice)s"),
            "format",
            {"name": name, "kind": extension.upper(), "advice": advice},
        )
    return FileRefused(
        _(
            "„%(name)s“ hat ein Format, das hier nicht angenommen wird. Möglich sind PDF, "
            "Word, PowerPoint, Excel und OpenDocument ohne Makros, Bilder und einfacher Text."
        ),
        "format",
        {"name": name},
    )


def without_extension(name: str) -> FileRefused:
    return FileRefused(
        _(
            "Dem Namen „%(name)s“ fehlt die Endung, und am Inhalt ist das Format nicht zu "
            "erkennen. Bitte ergänzen Sie die Endung, etwa .docx oder .txt."
        ),
        "format",
        {"name": name},
    )


def active_content(name: str, part: str | Promise, advice: str | Promise) -> FileRefused:
    """`part` is what was found, `advice` a sentence."""
    return FileRefused(
        _("„%(name)s“ enthält %(part)s. Das kann andere gefährden. %(advice)s"),
        "active",
        {"name": name, "part": part, "advice": advice},
    )


def external(name: str, target: str, advice: str | Promise) -> FileRefused:
    """The file would load something when it is opened."""
    return FileRefused(
        _(
            "„%(name)s“ lädt Inhalte aus dem Netz oder von Ihrem Gerät nach („%(target)s“). "
            "%(advice)s"
        ),
        "external",
        {"name": name, "target": target[:80], "advice": advice},
    )


def link_inside(name: str, target: str) -> FileRefused:
    return FileRefused(
        _(
            "„%(name)s“ verweist auf eine Datei in Ihrem Netz oder auf Ihrem Gerät („%(target)s“), "
            "die andere nicht öffnen können. Bitte entfernen Sie den Verweis."
        ),
        "link",
        {"name": name, "target": target[:80]},
    )


def unpacks_too_large(name: str) -> FileRefused:
    return FileRefused(
        _(
            "„%(name)s“ wird beim Entpacken zu groß. Bitte verkleinern Sie die Bilder darin oder "
            "teilen Sie die Datei."
        ),
        "unpacked",
        {"name": name},
    )


def too_many_pixels(name: str, limit: int) -> FileRefused:
    """`limit` in millions of pixels."""
    return FileRefused(
        _("Das Bild „%(name)s“ hat mehr als %(limit)s Millionen Bildpunkte. Bitte verkleinern."),
        "pixels",
        {"name": name, "limit": limit},
    )
