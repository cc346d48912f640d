"""The plain data a press release is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from publications.content.phrases import plain_text
from publications.content.publication import PublicationContent


@dataclass(frozen=True)
class Sender:
    carrier: str
    carrier_legal: str
    programme: str
    programme_short: str
    initiative: str
    website: str


@dataclass(frozen=True)
class Paragraphs:
    html: str
    kind: str = "text"

    def words(self) -> list[str]:
        return [plain_text(self.html)]


@dataclass(frozen=True)
class Quotation:
    html: str
    paragraph: str
    quotation: str
    attribution: str
    language: str
    kind: str = "quote"

    def words(self) -> list[str]:
        return [plain_text(self.html), self.paragraph]


@dataclass(frozen=True)
class Question:
    introduction: str
    question: str
    language: str
    kind: str = "question"

    def words(self) -> list[str]:
        return [self.introduction, self.question]


@dataclass(frozen=True)
class ConceptPart:
    title: str
    trainer: str


@dataclass(frozen=True)
class ConceptParagraph:
    """A concept in a few lines; `html`, the release's own words, replaces its summary."""

    title: str
    is_working_title: bool
    html: str
    summary: str
    sentence: str
    addressees: str
    beneficiaries: str
    building_blocks: Sequence[ConceptPart]
    lead_implementer: str
    run_slug: str
    slug: str
    # Of title and summary; the sentence speaks the language of the release.
    language: str
    kind: str = "concept"

    def words(self) -> list[str]:
        return [self.title, plain_text(self.html) or self.summary, self.sentence]


BodyBlock = Paragraphs | Quotation | Question | ConceptParagraph


@dataclass(frozen=True)
class Standing:
    """A boilerplate."""

    heading: str
    html: str
    language: str


@dataclass(frozen=True)
class Contact:
    name: str
    organisation: str
    phone: str
    email: str


@dataclass(frozen=True)
class PressReleaseContent(PublicationContent):
    """A press release as plain data; `characters` counts headline to last block, with spaces."""

    sender: Sender
    place: str
    dated: str
    dated_iso: str
    embargo: str
    embargo_iso: str
    correction: str
    correction_note: str
    headline: str
    subline: str
    lead: str
    body: Sequence[BodyBlock]
    boilerplates: Sequence[Standing]
    contacts: Sequence[Contact]
    more_information: str
    characters: int

    def parts(self) -> Iterator[Any]:
        yield from self.body
        yield from self.boilerplates
