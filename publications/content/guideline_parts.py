"""The plain data a guideline is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publications.content.publication import PublicationContent


@dataclass(frozen=True)
class BlockContent:
    """What all blocks have, and all there is to text, tip and pitfall."""

    kind: str
    id: str
    heading: str
    html: str
    # Of what the portal puts in; heading and html are in the language of the guideline.
    language: str


@dataclass(frozen=True)
class Step:
    number: int
    title: str
    text: str
    decision: str


@dataclass(frozen=True)
class StepsContent(BlockContent):
    steps: Sequence[Step]


@dataclass(frozen=True)
class ChecklistContent(BlockContent):
    points: Sequence[str]


@dataclass(frozen=True)
class TableContent(BlockContent):
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class MethodContent(BlockContent):
    purpose: str
    duration: str
    group: str
    material: str


@dataclass(frozen=True)
class Term:
    term: str
    meaning: str


@dataclass(frozen=True)
class GlossaryContent(BlockContent):
    terms: Sequence[Term]


@dataclass(frozen=True)
class LiteratureContent(BlockContent):
    entries: Sequence[str]


@dataclass(frozen=True)
class QuoteContent(BlockContent):
    quotation: str
    attribution: str
    paragraph: str


@dataclass(frozen=True)
class QuestionContent(BlockContent):
    question: str
    source: str


@dataclass(frozen=True)
class GuestContent:
    name: str
    contribution: str


@dataclass(frozen=True)
class WorkshopContent(BlockContent):
    number: int
    title: str
    date: str
    time: str
    venue: str
    moderation: str
    goal: str
    agenda: str
    results: str
    guests: Sequence[GuestContent]
    tasks: Sequence[str]


@dataclass(frozen=True)
class BuildingBlockContent:
    title: str
    html: str
    duration: str
    group: str
    material: str
    trainer: str


@dataclass(frozen=True)
class Author:
    name: str
    function: str
    organisation: str


@dataclass(frozen=True)
class ConceptContent(BlockContent):
    title: str
    is_working_title: bool
    summary: str
    problem: str
    approach: str
    effort: str
    outlook: str
    addressees: str
    beneficiaries: str
    lead_implementer: str
    building_blocks: Sequence[BuildingBlockContent]
    team: str
    authors: Sequence[Author]
    run_slug: str
    slug: str


@dataclass(frozen=True)
class Figure:
    """A picture of the list of figures; `alternative` says in words what it shows."""

    id: str
    label: str
    caption: str
    source: str
    alternative: str


@dataclass(frozen=True)
class Bar:
    label: str
    count: int


@dataclass(frozen=True)
class SectorsContent(BlockContent):
    figure: Figure
    total: int
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Stop:
    """A day of the run on the time line; `number` is 0 where it is no workshop."""

    kind: str
    number: int
    title: str
    date: str
    first_day: str
    last_day: str
    exact: bool


@dataclass(frozen=True)
class UndatedStop:
    title: str
    number: int


@dataclass(frozen=True)
class CourseContent(BlockContent):
    figure: Figure
    stops: Sequence[Stop]
    undated: Sequence[UndatedStop]


@dataclass(frozen=True)
class StatedFigureContent:
    label: str
    value: str
    unit: str
    source: str
    date: str


@dataclass(frozen=True)
class FiguresContent(BlockContent):
    entries: Sequence[StatedFigureContent]


@dataclass(frozen=True)
class ChapterContent:
    id: str
    part: str
    label: str
    title: str
    starts_page: bool
    blocks: Sequence[BlockContent]


@dataclass(frozen=True)
class FigureEntry:
    id: str
    label: str
    caption: str


@dataclass(frozen=True)
class GuidelineContent(PublicationContent):
    """A guideline as plain data."""

    subtitle: str
    programme: str
    programme_short: str
    carrier: str
    carrier_legal: str
    initiative: str
    website: str
    run: str
    number: int
    edition: str
    dated: str
    summary: str
    imprint: str
    chapters: Sequence[ChapterContent]
    figures: Sequence[FigureEntry]

    def parts(self) -> Iterator[BlockContent]:
        for chapter in self.chapters:
            yield from chapter.blocks
