"""Why a print is refused: each reason has a name and a sentence for the person who asked.

A PrintError lies in the document: printing it again would end the same way, so it fails the
job at once. Anything else (a lost worker, a full disk) is tried again.
"""

from django.utils.translation import gettext_lazy as _

from lifecycle.refusals import Refusal


class PrintError(Refusal):
    """The document cannot be printed as it is."""


class UnknownKind(PrintError):
    sentence = _("Die Dokumentart „%(kind)s“ ist hier nicht bekannt.")


class HtmlTooLong(PrintError):
    sentence = _("Der Inhalt ist zu lang: %(size)s Zeichen, erlaubt sind %(limit)s.")


class TooManyElements(PrintError):
    sentence = _("Der Inhalt hat zu viele Bestandteile: %(count)s, erlaubt sind %(limit)s.")


class NestedTooDeep(PrintError):
    sentence = _(
        "Der Inhalt ist zu tief verschachtelt: %(depth)s Ebenen, erlaubt sind %(limit)s. "
        "Bitte lösen Sie Listen oder Tabellen auf, die ineinander stehen."
    )


class SpanTooLarge(PrintError):
    sentence = _(
        "Eine Tabelle verbindet zu viele Zellen: %(span)s, erlaubt sind %(limit)s. "
        "Bitte teilen Sie die Tabelle."
    )


class TooManyRows(PrintError):
    sentence = _(
        "Eine Tabelle hat zu viele Zeilen: %(rows)s, erlaubt sind %(limit)s. "
        "Bitte teilen Sie die Tabelle."
    )


class TableInTable(PrintError):
    sentence = _(
        "Eine Tabelle steht in einer anderen Tabelle. Bitte stellen Sie sie nebeneinander."
    )


class ElementNotPrintable(PrintError):
    sentence = _("Das Element <%(element)s> ist in Druckfassungen nicht vorgesehen.")


class LinkNotPrintable(PrintError):
    sentence = _(
        "Der Verweis „%(address)s“ ist nicht erlaubt: "
        "nur http, https, mailto und Ziele im Dokument."
    )


class AddressRefused(PrintError):
    sentence = _("„%(address)s“ wird nicht geladen: %(reason)s")


class ImageTooLarge(PrintError):
    sentence = _(
        "Das Bild „%(name)s“ ist zu groß: %(width)s × %(height)s Bildpunkte, "
        "erlaubt sind zusammen %(limit)s."
    )


class ImageUnreadable(PrintError):
    sentence = _("Das Bild „%(name)s“ lässt sich nicht lesen: Erlaubt sind PNG und JPEG.")


class CharacterNotInFont(PrintError):
    sentence = _(
        "Die Schrift kennt diese Zeichen nicht: %(characters)s. Das erste steht in „%(place)s“. "
        "Bitte ersetzen Sie die Zeichen, zum Beispiel durch Wörter."
    )


class TooManyPages(PrintError):
    sentence = _("Das Dokument wird zu lang: mehr als %(limit)s Seiten.")


class PrinterWarned(PrintError):
    sentence = _("Der Umbruch meldet Fehler in der Vorlage oder im Inhalt: %(warnings)s")


class NotConforming(PrintError):
    sentence = _("Die Druckfassung ist nicht barrierefrei: %(findings)s")


class TooLong(PrintError):
    """More processor time than a document of this length may take."""

    sentence = _(
        "Der Druck brauchte mehr als %(limit)s Sekunden Rechenzeit, so viel wie ein Text dieser "
        "Länge höchstens bekommt, und wurde abgebrochen. Bitte teilen Sie große Tabellen."
    )


class TooSlow(PrintError):
    """The clock ran out before the processor time did: the machine is busy."""

    sentence = _(
        "Der Druck war nach %(limit)s Minuten noch nicht fertig und wurde abgebrochen: Der Server "
        "ist überlastet. Bitte drucken Sie später noch einmal."
    )


class TooMuchMemory(PrintError):
    sentence = _("Der Druck brauchte zu viel Speicher und wurde abgebrochen.")


class Unexpected(PrintError):
    """Nobody knew this could happen: kept on the row, and tried again."""

    sentence = _("Beim Druck trat ein unerwarteter Fehler auf (%(error)s).")


class TemplateChanged(PrintError):
    """This worker has other templates than the process that took the request: a deployment."""

    sentence = _("Die Vorlage hat sich seit der Anforderung geändert. Bitte drucken Sie erneut.")


class WorkerLost(PrintError):
    """Not certainly the document's fault; kept on the row when the attempts are used up."""

    sentence = _("Der Drucker ist %(attempts)s-mal mitten in der Arbeit ausgefallen.")
