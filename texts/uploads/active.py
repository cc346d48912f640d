"""What in an office document does something by itself, by the names it goes by."""

import re
import zipfile
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from texts.uploads.refusals import (
    FileRefused,
    active_content,
    link_inside,
)

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


@dataclass(frozen=True)
class Document:
    """An office file that is looked at, and for whom its name is said."""

    container: zipfile.ZipFile
    name: str
    extension: str
    depth: int = 0

    def refuse(self, part: str | Promise) -> FileRefused:
        return active_content(self.name, part, ADVICE[part])


def check_link(document: Document, target: str) -> None:
    """A link that somebody has to click leads where everybody may go."""
    lowered = target.strip().lower()
    if lowered.startswith(("javascript:", "data:", "vbscript:")):
        raise document.refuse(SCRIPT_LINK)
    if lowered.startswith(("file:", "\\\\", "//")):
        raise link_inside(document.name, target)
