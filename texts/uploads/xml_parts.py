"""XML parts of office documents, looked at while they are unpacked."""

import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from texts.uploads.active import (
    ACTIVE_ELEMENTS,
    ACTIVE_FIELD,
    DDE,
    EMBED,
    MACROS,
    Document,
    check_link,
)
from texts.uploads.refusals import (
    damaged,
    external,
    unpacks_too_large,
)

# A part that lists types or relations is small; a large one is made to hurt.
MAX_LISTING = 2 * 1024 * 1024


def elements_of(
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


class DoctypeGuard:
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


class ElementGuard(DoctypeGuard):
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


class FieldGuard(ElementGuard):
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


class OpenDocumentGuard(ElementGuard):
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
            check_link(self.document, target)
        elif self.OUTSIDE.match(target):
            raise external(self.document.name, target, EMBED)
