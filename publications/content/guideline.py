"""What a guideline says, frozen with the approval of its edition."""

from typing import Any

from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext as _

from concepts.models import BuildingBlock, Concept
from documents.order import sort_key
from documents.typography import join_words
from people.models import Person
from programmes.figures import recorded_sentence
from programmes.models import Participation, Programme, Run, StatedFigure
from publications.content.foreign import foreign_phrases
from publications.content.guideline_parts import (
    Author,
    Bar,
    BlockContent,
    BuildingBlockContent,
    ChapterContent,
    ChecklistContent,
    ConceptContent,
    CourseContent,
    Figure,
    FigureEntry,
    FiguresContent,
    GlossaryContent,
    GuestContent,
    GuidelineContent,
    LiteratureContent,
    MethodContent,
    QuestionContent,
    QuoteContent,
    SectorsContent,
    StatedFigureContent,
    Step,
    StepsContent,
    Stop,
    TableContent,
    Term,
    UndatedStop,
    WorkshopContent,
)
from publications.content.phrases import (
    attribution,
    in_quotes,
    quotation,
    quote_paragraph,
    times_in_words,
)
from publications.facts import Facts, funding_notices_on, in_words, question_on
from publications.models import Block, Chapter, Edition, Guideline
from publications.tokens import resolve, resolve_rich
from workshops.models import Event, Guest, Workshop

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
        self.figures: list[FigureEntry] = []
        self.names = _public_names(guideline.programme)

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
            figures=self.figures,
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
                return self._quote(shared, block)
            case Block.Kind.WORKSHOP:
                return self._workshop(shared, block)
            case Block.Kind.CONCEPT:
                return _concept(shared, block.concept, self.names)
            case Block.Kind.QUESTION | Block.Kind.SECTORS | Block.Kind.COURSE | Block.Kind.FIGURES:
                return self._of_run(shared, block.run or self.guideline.run)
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

    # What the portal puts in

    def _quote(self, shared: dict[str, str], block: Block) -> QuoteContent | None:
        if block.quote is None:
            return None
        with translation.override(block.quote.spoken_language):
            return QuoteContent(
                **shared,
                quotation=quotation(block.quote),
                attribution=attribution(block.quote),
                paragraph=quote_paragraph(block.quote),
            )

    def _workshop(self, shared: dict[str, str], block: Block) -> WorkshopContent | None:
        workshop = block.workshop
        if workshop is None:
            return None
        tasks = sorted(workshop.tasks.all(), key=lambda task: (task.position, task.pk))
        return WorkshopContent(
            **shared,
            number=workshop.number,
            title=workshop.title,
            date=in_words(workshop.held_on),
            time=times_in_words(workshop.begins_at, workshop.ends_at),
            venue=workshop.venue,
            moderation=workshop.moderation,
            goal=workshop.goal,
            agenda=workshop.agenda,
            results=workshop.results,
            guests=self._guests(workshop),
            tasks=[task.title for task in tasks if task.is_released],
        )

    def _guests(self, workshop: Workshop) -> list[GuestContent]:
        guests = sorted(workshop.guests.all(), key=lambda guest: (guest.position, guest.pk))
        named = ((self._guest_name(guest), guest.contribution) for guest in guests)
        return [GuestContent(name, contribution) for name, contribution in named if name]

    def _guest_name(self, guest: Guest) -> str:
        """Persons are named when they agreed; else their organisation stands for them."""
        is_named = guest.person and guest.person.key in self.names
        person = guest.person.full_name if guest.person and is_named else ""
        organisation = guest.organisation.name if guest.organisation else ""
        return ", ".join(filter(None, [person, organisation]))

    def _of_run(self, shared: dict[str, str], run: Run | None) -> BlockContent | None:
        match shared["kind"]:
            case Block.Kind.FIGURES:
                entries = _stated_figures(self.guideline.programme, run)
                return FiguresContent(**shared, entries=entries) if entries else None
            case _ if run is None:
                return None
            case Block.Kind.QUESTION:
                return _question(shared, run)
            case Block.Kind.SECTORS:
                return self._sectors(shared, run)
            case _:
                return self._course(shared, run)

    def _sectors(self, shared: dict[str, str], run: Run) -> SectorsContent | None:
        counts = _people_by_sector(run)
        total = sum(count for _label, count in counts)
        if not total:
            return None
        caption = shared["heading"] or _("Bereiche der Gruppe")
        recorded = recorded_sentence(run.figures.all(), total)
        source = _("Teilnahmen am Durchlauf %(run)s, zusammen %(total)s") % {
            "run": in_quotes(run.topic),
            "total": total,
        }
        shown = join_words(f"{label} {count}" for label, count in counts)
        figure = self._figure(
            shared["id"],
            caption=caption,
            # The caption ends the sentence.
            source=f"{source}. {recorded.removesuffix('.')}" if recorded else source,
            alternative=_("Balkendiagramm. %(caption)s: %(shown)s; zusammen %(total)s.")
            % {"caption": caption, "shown": shown, "total": total},
        )
        bars = [Bar(label, count, round(100 * count / total)) for label, count in counts]
        return SectorsContent(**shared, figure=figure, total=total, bars=bars)

    def _course(self, shared: dict[str, str], run: Run) -> CourseContent | None:
        stops, undated = _course(run)
        if not stops and not undated:
            return None
        caption = shared["heading"] or _("Verlauf des Durchlaufs")
        shown = "; ".join(
            [f"{stop.date}: {_stop_name(stop.number, stop.title)}" for stop in stops]
            + [
                _("ohne Datum: %(title)s") % {"title": _stop_name(stop.number, stop.title)}
                for stop in undated
            ]
        )
        figure = self._figure(
            shared["id"],
            caption=caption,
            source=_("Termine des Durchlaufs %(run)s") % {"run": in_quotes(run.topic)},
            alternative=_("Zeitstrahl. %(caption)s: %(shown)s.")
            % {"caption": caption, "shown": shown},
        )
        return CourseContent(**shared, figure=figure, stops=stops, undated=undated)

    def _figure(self, block_id: str, *, caption: str, source: str, alternative: str) -> Figure:
        label = _("Abbildung %(number)s") % {"number": len(self.figures) + 1}
        figure_id = block_id.replace("block-", "abbildung-", 1)
        self.figures.append(FigureEntry(figure_id, label, caption))
        return Figure(figure_id, label, caption, source, alternative)


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _label(part: Chapter.Part, count: int) -> str:
    if part == Chapter.Part.MAIN:
        return str(count)
    if part == Chapter.Part.APPENDIX:
        return LETTERS[count - 1] if count <= len(LETTERS) else f"A{count}"
    return ""


def _stop_name(number: int, title: str) -> str:
    return (
        _("%(number)s. Workshop, %(title)s") % {"number": number, "title": title}
        if number
        else title
    )


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


def _public_names(programme: Programme) -> set[str]:
    """The keys of the persons of the programme who agreed to be named in public."""
    agreed = Person.objects.may_be_named().filter(scope=programme.slug)
    return set(agreed.values_list("key", flat=True))


def _question(shared: dict[str, str], run: Run) -> QuestionContent | None:
    question = question_on(run.questions.all(), None)
    if question is None:
        return None
    stated = _not_in(question.source, in_words(question.stated_on))
    source = ", ".join(filter(None, [question.source, stated]))
    return QuestionContent(**shared, question=question.text, source=source)


def _concept(
    shared: dict[str, str], concept: Concept | None, names: set[str]
) -> ConceptContent | None:
    if concept is None:
        return None
    parts = sorted(concept.blocks.all(), key=lambda part: (part.position, part.pk))
    leading = concept.lead_implementer
    return ConceptContent(
        **shared,
        title=concept.title,
        is_working_title=concept.is_working_title,
        summary=concept.summary,
        problem=concept.problem,
        approach=concept.approach,
        effort=concept.effort,
        outlook=concept.outlook,
        addressees=concept.addressees,
        beneficiaries=concept.beneficiaries,
        lead_implementer=leading.name if leading else "",
        building_blocks=[_building_block(part) for part in parts],
        team=concept.team.name if concept.team else "",
        authors=[_author(author) for author in concept.authors if author["person"] in names],
        run_slug=concept.run.slug,
        slug=concept.slug,
    )


def _building_block(part: BuildingBlock) -> BuildingBlockContent:
    return BuildingBlockContent(
        title=part.title,
        html=part.description,
        duration=part.duration,
        group=part.group_size,
        material=part.material,
        trainer=part.get_trainer_display(),
    )


def _author(stored: dict[str, str]) -> Author:
    return Author(
        name=stored["name"],
        function=stored.get("function", ""),
        organisation=stored.get("organisation", ""),
    )


def _stated_figures(programme: Programme, run: Run | None) -> list[StatedFigureContent]:
    """What was told about the run, then about the programme as a whole."""
    about = Q(run__isnull=True) | Q(run=run) if run else Q(run__isnull=True)
    figures = StatedFigure.objects.filter(about, programme=programme)
    return [
        StatedFigureContent(
            label=figure.label,
            value=figure.digits,
            unit=figure.unit,
            source=figure.source,
            date=_not_in(figure.source, in_words(figure.stated_on)),
        )
        for figure in sorted(figures, key=lambda figure: (figure.run_id is None, figure.pk))
    ]


def _not_in(source: str, when: str) -> str:
    """The date, unless the source says it: „Pressemitteilung vom 2. Mai 2016“."""
    return "" if when in source else when


def _people_by_sector(run: Run) -> list[tuple[str, int]]:
    """How many take part from each sector, in the order of the sectors."""
    rows = (
        Participation.objects.taking_part()
        .filter(run=run, role=Participation.Role.PARTICIPANT)
        .values("sector__name")
        .annotate(count=Count("pk"))
        .order_by("sector__position", "sector__name")
    )
    return [(row["sector__name"] or _("ohne Angabe"), row["count"]) for row in rows]


def _course(run: Run) -> tuple[list[Stop], list[UndatedStop]]:
    """The public days of the run in time, and those whose date is open."""
    workshops = run.workshops.filter(is_public=True).exclude(status=Workshop.Status.CANCELLED)
    events = run.events.filter(is_public=True)
    days: list[Workshop | Event] = [
        *workshops.order_by("number", "pk"),
        # The kick-off is often a workshop and an event on the same day: one mark says it.
        *(
            event
            for event in events.select_related("workshop").order_by("begins_at", "pk")
            if event.workshop is None or event.workshop.held_on != event.held_on
        ),
    ]
    stops, undated = [], []
    for day in days:
        number = day.number if isinstance(day, Workshop) else 0
        if day.held_on is None:
            undated.append(UndatedStop(day.title, number))
            continue
        stops.append(
            Stop(
                kind="workshop" if isinstance(day, Workshop) else day.kind,
                number=number,
                title=day.title,
                date=day.held_on.display(),
                first_day=day.held_on.first_day.isoformat(),
                last_day=day.held_on.last_day.isoformat(),
                exact=day.held_on.is_day,
            )
        )
    return sorted(
        stops, key=lambda stop: (stop.first_day, stop.last_day, stop.number or 99)
    ), undated
