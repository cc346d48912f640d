"""What veraPDF does not look at, or what must never reach a reader: checked on every file.

veraPDF itself judges in the tests: it needs Java and seconds.
"""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

HEADINGS = {f"/H{level}": level for level in range(1, 7)}
PAGES_WITHOUT_BOOKMARKS = 5
TEXT_OPERATORS = {"Tj", "TJ", "'", '"', "Do"}


def check_structure(pdf: bytes, *, families: frozenset[str]) -> list[str]:
    """Return what is wrong with the accessibility of a printed file, as sentences."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root: Any = document.Root
        if "/StructTreeRoot" not in root or not _entry(root, "/MarkInfo").get("/Marked", False):
            return [_("Die Datei ist nicht ausgezeichnet.")]
        elements = list(_elements(root.StructTreeRoot))
        return [
            *_check_document(document),
            *_check_headings(elements),
            *_check_elements(elements),
            *_check_links(document),
            *_check_content(document),
            *_check_fonts(document, families),
        ]


def _entry(dictionary: Any, name: str) -> Any:
    """A dictionary inside another; an empty one where it is missing."""
    return dictionary.get(name, {})


def _elements(start: Any) -> Iterator[Any]:
    """Yield the structure elements in reading order."""
    waiting = list(reversed(_kids(start)))
    while waiting:
        element = waiting.pop()
        yield element
        waiting += reversed(_kids(element))


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    if not isinstance(kids, pikepdf.Array):
        kids = [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _check_document(document: pikepdf.Pdf) -> Iterator[str]:
    root: Any = document.Root
    if not str(root.get("/Lang", "")):
        yield _("Die Sprache fehlt.")
    if not _entry(root, "/ViewerPreferences").get("/DisplayDocTitle", False):
        yield _("Der Titel wird nicht angezeigt.")
    if not str(document.docinfo.get("/Title", "")).strip():
        yield _("Der Titel fehlt.")
    if len(document.pages) > PAGES_WITHOUT_BOOKMARKS and "/Outlines" not in root:
        yield _("Die Lesezeichen fehlen.")


def _check_headings(elements: list[Any]) -> Iterator[str]:
    levels = [HEADINGS[str(element.S)] for element in elements if str(element.S) in HEADINGS]
    if levels.count(1) != 1:
        yield _("Es gibt %(count)s Hauptüberschriften statt einer.") % {"count": levels.count(1)}
    for before, after in zip([0, *levels], levels, strict=False):
        if after > before + 1:
            yield _("Auf eine Überschrift der Ebene %(before)s folgt Ebene %(after)s.") % {
                "before": before,
                "after": after,
            }


def _check_elements(elements: list[Any]) -> Iterator[str]:
    for element in elements:
        tag = str(element.S)
        if tag == "/Figure" and not str(element.get("/Alt", "")).strip():
            yield _("Ein Bild hat keine Beschreibung.")
        if tag == "/TH" and "/Scope" not in element.get("/A", {}):
            yield _("Eine Kopfzelle sagt nicht, wofür sie gilt.")
        if tag == "/Table" and not any(
            str(child.S) in {"/TD", "/TH"} for child in _elements(element)
        ):
            yield _("Eine Tabelle ist leer.")
        if tag == "/TOCI" and not any(str(child.S) == "/Link" for child in _elements(element)):
            yield _("Ein Eintrag im Inhaltsverzeichnis führt nirgendwohin.")
        if tag == "/LI" and {str(child.S) for child in _kids(element)} - {"/Lbl", "/LBody"}:
            yield _("Ein Listenpunkt ist falsch ausgezeichnet.")
        if tag == "/Caption" and str(element.P.S) not in {"/Figure", "/Table"}:
            yield _("Eine Bildunterschrift gehört zu keinem Bild.")


def _check_links(document: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(document.pages, start=1):
        annotations: Any = page.get("/Annots", [])
        for annotation in annotations:
            spoken = str(annotation.get("/Contents", "")).strip()
            # A chapter may be called as its place in the document is, a page not as its address.
            if not spoken or spoken == str(_entry(annotation, "/A").get("/URI", "")):
                yield _("Ein Verweis auf Seite %(page)s hat keinen sprechenden Namen.") % {
                    "page": number
                }


def _check_content(document: pikepdf.Pdf) -> Iterator[str]:
    """Find text that is neither tagged nor an artifact, or whose tag leads nowhere."""
    mapping = document.Root.StructTreeRoot.ParentTree
    numbers = list(mapping.Nums)
    parents = {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}
    reached = {element.objgen for element in _elements(document.Root.StructTreeRoot)}
    for number, page in enumerate(document.pages, start=1):
        tagged = parents[int(page.StructParents)]
        used, has_bare_text = _content_ids(page)
        if has_bare_text:
            yield _("Auf Seite %(page)s steht Text ohne Auszeichnung.") % {"page": number}
        for content_id in sorted(used):
            element = tagged[content_id] if content_id < len(tagged) else None
            if element is None or element.objgen not in reached:
                yield _("Auf Seite %(page)s führt eine Auszeichnung ins Leere.") % {"page": number}
                break


def _content_ids(page: pikepdf.Page) -> tuple[set[int], bool]:
    used: set[int] = set()
    has_bare_text = False
    depth = 0
    operators = " ".join(["BDC", "BMC", "EMC", *sorted(TEXT_OPERATORS)])
    for instruction in pikepdf.parse_content_stream(page, operators):
        name = str(instruction.operator)
        if name in {"BDC", "BMC"}:
            depth += 1
            if name == "BDC" and "/MCID" in instruction.operands[1]:
                used.add(int(instruction.operands[1].MCID))
        elif name == "EMC":
            depth -= 1
        elif depth == 0:
            has_bare_text = True
    return used, has_bare_text


def _check_fonts(document: pikepdf.Pdf, families: frozenset[str]) -> Iterator[str]:
    found: dict[str, bool] = {}
    for item in document.objects:
        if (
            isinstance(item, pikepdf.Dictionary)
            and item.get("/Type") == pikepdf.Name.FontDescriptor
        ):
            is_embedded = any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            found[str(item.get("/FontFamily", item.FontName))] = is_embedded
    for family, is_embedded in sorted(found.items()):
        if family not in families:
            yield _("Die Schrift „%(family)s“ ist nicht vorgesehen.") % {"family": family}
        if not is_embedded:
            yield _("Die Schrift „%(family)s“ ist nicht eingebettet.") % {"family": family}
