"""What a guideline says, frozen with the approval of its edition."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from publications.content.foreign import foreign_phrases
from publications.content.guideline_parts import (
    BlockContent,
    ChapterContent,
    ChecklistContent,
    GlossaryContent,
    GuidelineContent,
    LiteratureContent,
    MethodContent,
    Step,
    StepsContent,
    TableContent,
    Term,
)
from publications.content.guideline_records import (
    concept_content,
    public_names,
    quote_content,
    workshop_content,
)
from publications.content.guideline_run import Figures, run_content
from publications.facts import Facts, funding_notices_on, in_words
from publications.models import Block, Chapter, Edition, Guideline
from publications.tokens import resolve, resolve_rich
from texts.order import sort_key

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What these show is stored in the language of the programme.
STORED = {Block.Kind.QUESTION, Block.Kind.WORKSHOP, Block.Kind.CONCEPT, Block.Kind.FIGURES}
PARTS = [Chapter.Part.FRONT, Chapter.Part.MAIN, Chapter.Part.APPENDIX]


def guideline_content(edition: Edition, facts: Facts | None = None) -> GuidelineContent:
    """Collect what the edition says, in its language. Raises publications.tokens.UnknownToken.

    Only those are named who agree to it now. An approved edition stays as it was approved, on
    paper and in its file, when somebody withdraws that later; pages show no names from it.

    facts: those of the guideline; its texts note there which of them they use.
    """
    with translation.override(edition.guideline.language):
        facts = facts or edition.facts()
        return _Collector(edition.guideline, facts).collect(edition)


class _Collector:
    """Walks the chapters once; numbers the figures as they come."""

    def __init__(self, guideline: Guideline, facts: Facts):
        self.guideline = guideline
        self.facts = facts
        self.figures = Figures()
        self.names = public_names(guideline.programme)

    def collect(self, edition: Edition) -> GuidelineContent:
        guideline, programme = self.guideline, self.guideline.programme
        carrier = programme.carrier
        dated = in_words(edition.dated_on)
        numbered = _("%(number)s. Auflage") % {"number": edition.number}
        topic = guideline.run.topic if guideline.run else ""
        chapters = self._chapters()
        notices = funding_notices_on(programme, edition.day)
        texts = {
            "title": self._text(guideline.title),
            "subtitle": self._text(guideline.subtitle),
            "summary": self._text(guideline.summary),
            "imprint": resolve_rich(guideline.imprint, self.facts),
        }
        foreign = foreign_phrases(self.facts, guideline.language, notices)
        return GuidelineContent(
            **texts,
            description=texts["summary"] or texts["subtitle"],
            author=carrier.name if carrier else programme.title,
            keywords=[word for word in (_("Leitfaden"), programme.short_title, topic) if word],
            created=edition.dated_on.first_day.isoformat() if edition.dated_on else "",
            language=guideline.language,
            is_draft=not edition.is_frozen,
            accent=programme.accent_colour,
            programme=programme.title,
            programme_short=programme.short_title,
            carrier=carrier.name if carrier else "",
            carrier_legal=carrier.legal_name if carrier else "",
            initiative=programme.initiative,
            website=programme.website,
            run=topic,
            number=edition.number,
            edition=", ".join(filter(None, [numbered, dated])),
            dated=dated,
            funding=[notice.text for notice in notices],
            chapters=chapters,
            figures=self.figures.entries,
            foreign=foreign.phrases,
            foreign_language=foreign.language,
        )

    def _text(self, text: object) -> str:
        return resolve(text, self.facts) if isinstance(text, str) else ""

    def _chapters(self) -> list[ChapterContent]:
        chapters = sorted(
            self.guideline.chapters.order_by("position", "pk"),
            key=lambda chapter: PARTS.index(Chapter.Part(chapter.part)),
        )
        blocks = _blocks_by_chapter(self.guideline)
        counts = dict.fromkeys(PARTS, 0)
        collected = []
        for chapter in chapters:
            part = Chapter.Part(chapter.part)
            counts[part] += 1
            collected.append(
                ChapterContent(
                    id=f"kapitel-{chapter.key}",
                    part=part.value,
                    label=_label(part, counts[part]),
                    title=self._text(chapter.title),
                    starts_page=chapter.starts_page,
                    blocks=[
                        content
                        for block in blocks.get(chapter.pk, [])
                        if (content := self._block(block, f"{chapter.key}-{block.key}"))
                    ],
                )
            )
        return collected

    def _block(self, block: Block, key: str) -> BlockContent | None:
        """Return the content of the block; None where there is nothing to show."""
        shared = {
            "kind": block.kind,
            "id": f"block-{key}",
            "heading": self._text(block.heading),
            "html": resolve_rich(block.text, self.facts),
            "language": self._language(block),
        }
        match block.kind:
            case Block.Kind.STEPS:
                return StepsContent(**shared, steps=self._steps(block.data))
            case Block.Kind.CHECKLIST:
                return ChecklistContent(**shared, points=self._lines(block.data))
            case Block.Kind.LITERATURE:
                return LiteratureContent(**shared, entries=self._lines(block.data))
            case Block.Kind.TABLE:
                return self._table(shared, block.data)
            case Block.Kind.METHOD:
                return MethodContent(
                    **shared, **self._named(block.data, "purpose", "duration", "group", "material")
                )
            case Block.Kind.GLOSSARY:
                return GlossaryContent(**shared, terms=self._terms(block.data))
            case Block.Kind.QUOTE:
                return quote_content(shared, block.quote) if block.quote else None
            case Block.Kind.WORKSHOP:
                workshop = block.workshop
                return workshop_content(shared, workshop, self.names) if workshop else None
            case Block.Kind.CONCEPT:
                concept = block.concept
                return concept_content(shared, concept, self.names) if concept else None
            case Block.Kind.QUESTION | Block.Kind.SECTORS | Block.Kind.COURSE | Block.Kind.FIGURES:
                run = block.run or self.guideline.run
                return run_content(shared, self.guideline.programme, run, self.figures)
            case _:
                return BlockContent(**shared) if shared["html"] or shared["heading"] else None

    def _language(self, block: Block) -> str:
        if block.quote and block.kind == Block.Kind.QUOTE:
            return block.quote.spoken_language
        return (
            self.guideline.programme.language if block.kind in STORED else self.guideline.language
        )

    # What was written in the block

    def _lines(self, data: Any) -> list[str]:
        return [text for line in _list(data) if (text := self._text(line))]

    def _named(self, data: Any, *names: str) -> dict[str, str]:
        entry = data if isinstance(data, dict) else {}
        return {name: self._text(entry.get(name)) for name in names}

    def _steps(self, data: Any) -> list[Step]:
        return [
            Step(number=number, **self._named(entry, "title", "text", "decision"))
            for number, entry in enumerate(_list(data), start=1)
        ]

    def _terms(self, data: Any) -> list[Term]:
        terms = [Term(**self._named(entry, "term", "meaning")) for entry in _list(data)]
        return sorted(terms, key=lambda term: sort_key(term.term))

    def _table(self, shared: dict[str, str], data: Any) -> TableContent | None:
        table = data if isinstance(data, dict) else {}
        head = [self._text(cell) for cell in _list(table.get("head"))]
        if not head:
            return None
        rows = [[self._text(cell) for cell in _list(row)] for row in _list(table.get("rows"))]
        return TableContent(
            **shared,
            caption=self._text(table.get("caption")),
            head=head,
            rows=[(row + [""] * len(head))[: len(head)] for row in rows],
        )


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _label(part: Chapter.Part, count: int) -> str:
    if part == Chapter.Part.MAIN:
        return str(count)
    if part == Chapter.Part.APPENDIX:
        return LETTERS[count - 1] if count <= len(LETTERS) else f"A{count}"
    return ""


def _blocks_by_chapter(guideline: Guideline) -> dict[int, list[Block]]:
    blocks = (
        Block.objects.filter(chapter__guideline=guideline)
        .select_related(
            "run",
            "quote__speaker",
            "quote__programme",
            "workshop",
            "concept__run",
            "concept__team",
            "concept__lead_implementer",
        )
        .prefetch_related(
            "concept__blocks",
            "workshop__tasks",
            "workshop__guests__person",
            "workshop__guests__organisation",
        )
        .order_by("position", "pk")
    )
    grouped: dict[int, list[Block]] = {}
    for block in blocks:
        grouped.setdefault(block.chapter_id, []).append(block)
    return grouped
