"""What WeasyPrint leaves open of PDF/UA-1, added to its objects just before they are written.

It writes one variant per file. Here PDF/A-3a becomes PDF/UA-1 as well: the identification in the
XMP, running heads as artifacts, `Scope` of table heads, speaking links, a marked table of
contents, captions inside their figures.
"""

import re
from collections.abc import Iterator
from typing import Any

import pydyf
from django.utils.translation import gettext as _

# PDF/A demands that every schema it does not know describes itself (ISO 19005-3, 6.6.2.3).
PDFUA_XMP = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\
"""
POINTS_PER_PIXEL = 0.75
SPACE = re.compile(r"\s+")


def finish(document: Any, pdf: pydyf.PDF) -> None:
    """Complete the objects of a rendered document; WeasyPrint's `finisher`."""
    _declare_pdfua(pdf)
    tree = StructureTree(pdf)
    boxes = [box for page in document.pages for box in _boxes(page._page_box)]
    _scope_headers(boxes)
    _speak_links(boxes)
    _unnest_links(pdf, tree)
    _wrap_list_items(tree)
    _mark_contents(document, boxes, tree)
    _move_captions(tree)
    _place_figures(tree)
    _set_running_texts_apart(pdf, tree)


class StructureTree:
    """The tags of the document: elements by their number, and how to walk them."""

    def __init__(self, pdf: pydyf.PDF):
        self.pdf = pdf
        self.root = self.resolve(pdf.catalog["StructTreeRoot"])

    def resolve(self, reference: bytes) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def children(self, element: Any) -> list[Any]:
        kids = (self.resolve(kid) for kid in element["K"] if isinstance(kid, bytes))
        return [kid for kid in kids if kid.get("Type") == "/StructElem"]

    def parent(self, element: Any) -> Any:
        return self.resolve(element["P"])

    def walk(self, start: Any = None) -> Iterator[Any]:
        """Yield every element that a reader reaches, or those below `start`."""
        waiting = self.children(self.root if start is None else start)
        while waiting:
            element = waiting.pop()
            yield element
            waiting += self.children(element)


def _boxes(box: Any) -> Iterator[Any]:
    """Yield a box and all below it; without recursion, and through absolute placeholders."""
    waiting = [box]
    while waiting:
        box = waiting.pop()
        box = getattr(box, "_box", box)
        yield box
        waiting += box.children


def _declare_pdfua(pdf: pydyf.PDF) -> None:
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    (packet,) = metadata.stream
    metadata.stream = [packet.replace(b"</rdf:RDF>", PDFUA_XMP + b"</rdf:RDF>")]


def _scope_headers(boxes: list[Any]) -> None:
    for box in boxes:
        element = getattr(box, "mark", None)
        if element is None:
            continue
        if box.element_tag == "th":
            scope = "/Row" if box.element.get("scope") == "row" else "/Column"
            element["A"]["Scope"] = scope
        elif not element["A"].get("Headers", True):
            del element["A"]["Headers"]


def _speak_links(boxes: list[Any]) -> None:
    for box in boxes:
        if box.link_annotation is not None and box.element is not None:
            box.link_annotation["Contents"] = pydyf.String(_spoken(box.element))


def _spoken(link: Any) -> str:
    """Return what a screen reader says at a link: its title, its text, or its picture's."""
    text = link.get("title") or "".join(link.itertext())
    if not text.strip():
        text = " ".join(image.get("alt", "") for image in link.iter("img"))
    text = SPACE.sub(" ", text).strip()
    address = link.get("href", "")
    if text and text != address:
        return text
    if address.startswith("mailto:"):
        return _("E-Mail an %(address)s") % {"address": address.removeprefix("mailto:")}
    return _("Internetseite %(address)s") % {"address": address.split("://")[-1].rstrip("/")}


def _unnest_links(pdf: pydyf.PDF, tree: StructureTree) -> None:
    """Leave one annotation to a link in which `::after` (a page number) or a word in bold has
    one of its own."""
    superfluous = set()
    for element in list(tree.walk()):
        objects = [kid for kid in element["K"] if _is_object_reference(kid, tree)]
        if objects and _is_inside_link(element, tree):
            superfluous |= {tree.resolve(kid)["Obj"] for kid in objects}
            element["K"] = pydyf.Array(kid for kid in element["K"] if kid not in objects)
            if element["S"] == "/Link":
                element["S"] = "/Span"
    for reference in pdf.page_references:
        page = tree.resolve(reference)
        if "Annots" in page:
            page["Annots"] = pydyf.Array(a for a in page["Annots"] if a not in superfluous)
    keys = {tree.resolve(annotation)["StructParent"] for annotation in superfluous}
    mapping = tree.resolve(tree.root["ParentTree"])
    pairs = zip(mapping["Nums"][::2], mapping["Nums"][1::2], strict=True)
    kept = [pair for pair in pairs if pair[0] not in keys]
    mapping["Nums"] = pydyf.Array(part for pair in kept for part in pair)


def _is_inside_link(element: Any, tree: StructureTree) -> bool:
    while element["S"] != "/Document":
        element = tree.parent(element)
        if element["S"] == "/Link":
            return True
    return False


def _is_object_reference(kid: Any, tree: StructureTree) -> bool:
    return isinstance(kid, bytes) and tree.resolve(kid).get("Type") == "/OBJR"


def _wrap_list_items(tree: StructureTree) -> None:
    """Give every list item a body; WeasyPrint leaves out that of an item with paragraphs."""
    for element in list(tree.walk()):
        if element["S"] != "/LI":
            continue
        labels = [kid for kid in element["K"] if tree.resolve(kid)["S"] == "/Lbl"]
        others = [kid for kid in element["K"] if kid not in labels]
        if all(tree.resolve(kid)["S"] == "/LBody" for kid in others):
            continue
        body = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/LBody",
                "K": pydyf.Array(others),
                "Pg": element["Pg"],
                "P": element.reference,
            }
        )
        tree.pdf.add_object(body)
        for kid in others:
            tree.resolve(kid)["P"] = body.reference
        element["K"] = pydyf.Array([*labels, body.reference])


def _mark_contents(document: Any, boxes: list[Any], tree: StructureTree) -> None:
    """Turn the list in `<nav class="toc">` into TOC, TOCI and Reference."""
    entries = {
        link
        for nav in document._html.etree_element.iter("nav")
        if "toc" in nav.get("class", "").split()
        for link in nav.iter("a")
    }
    annotations = {
        box.link_annotation.number
        for box in boxes
        if box.link_annotation is not None and box.element in entries
    }
    if not annotations:
        return
    names = {"/L": "/TOC", "/LI": "/TOCI", "/LBody": "/Reference"}
    for element in list(tree.walk()):
        if element["S"] == "/Link" and annotations & set(_annotation_numbers(element, tree)):
            ancestor = tree.parent(element)
            while ancestor["S"] in {*names, *names.values(), "/NonStruct", "/Div", "/P", "/Span"}:
                ancestor["S"] = names.get(ancestor["S"], ancestor["S"])
                ancestor = tree.parent(ancestor)
    for element in list(tree.walk()):
        if element["S"] == "/Reference":
            _lift_contents(element, tree)


def _lift_contents(reference: Any, tree: StructureTree) -> None:
    """Move a nested table of contents from the Reference to the entry around it."""
    entry = tree.parent(reference)
    for child in tree.children(reference):
        if child["S"] == "/TOC":
            reference["K"].remove(child.reference)
            entry["K"].append(child.reference)
            child["P"] = entry.reference


def _annotation_numbers(element: Any, tree: StructureTree) -> Iterator[int]:
    for kid in element["K"]:
        if _is_object_reference(kid, tree):
            yield int(tree.resolve(kid)["Obj"].split()[0])


def _move_captions(tree: StructureTree) -> None:
    """Put the caption of a `<figure>` into its Figure; a table has its own inside already."""
    for element in list(tree.walk()):
        if element["S"] == "/Caption" and tree.parent(element)["S"] != "/Table":
            holder = tree.parent(element)
            figures = [child for child in tree.walk(holder) if child["S"] == "/Figure"]
            if figures:
                holder["K"].remove(element.reference)
                figures[0]["K"].append(element.reference)
                element["P"] = figures[0].reference


def _place_figures(tree: StructureTree) -> None:
    """Give figures their place in points from the bottom, not in pixels from the top."""
    for element in tree.walk():
        if element["S"] == "/Figure":
            left, top, right, bottom = element["A"]["BBox"]
            height = tree.resolve(element["Pg"])["MediaBox"][3]
            element["A"]["BBox"] = pydyf.Array(
                (
                    left * POINTS_PER_PIXEL,
                    height - bottom * POINTS_PER_PIXEL,
                    right * POINTS_PER_PIXEL,
                    height - top * POINTS_PER_PIXEL,
                )
            )


def _set_running_texts_apart(pdf: pydyf.PDF, tree: StructureTree) -> None:
    """Make artifacts of the texts in the page margins; WeasyPrint tags them and links no tag."""
    reached = {element.number for element in tree.walk()}
    numbers = tree.resolve(tree.root["ParentTree"])["Nums"]
    by_key = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for reference in pdf.page_references:
        page = tree.resolve(reference)
        elements = by_key[page["StructParents"]]
        stranded = {
            index
            for index, element in enumerate(elements)
            if int(element.split()[0]) not in reached
        }
        for index in stranded:
            # The orphaned tag stays as an empty object: numbers in the file are positions.
            tree.resolve(elements[index]).clear()
            elements[index] = "null"
        _drop_content_ids(tree.resolve(page["Contents"]).stream, stranded)


def _drop_content_ids(stream: list[Any], stranded: set[int]) -> None:
    for position, item in enumerate(stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in stranded:
            stream[position - 1] = "/Artifact"
            stream[position] = pydyf.Dictionary({"Type": "/Pagination"})
