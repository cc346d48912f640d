"""What a guideline shows of a run: its question, sectors, course and stated figures."""

from django.db.models import Q
from django.utils.translation import gettext as _

from programmes.figures import people_by_sector, recorded_sentence
from programmes.models import Participation, Programme, Run, StatedFigure
from publications.content.guideline_parts import (
    Bar,
    BlockContent,
    CourseContent,
    Figure,
    FigureEntry,
    FiguresContent,
    QuestionContent,
    SectorsContent,
    StatedFigureContent,
    Stop,
    UndatedStop,
)
from publications.content.phrases import in_quotes
from publications.facts import in_words, question_on
from publications.models import Block
from texts.typography import join_words
from workshops.models import Event, Workshop


class Figures:
    """Numbers the figures as they come."""

    def __init__(self) -> None:
        self.entries: list[FigureEntry] = []

    def add(self, block_id: str, *, caption: str, source: str, alternative: str) -> Figure:
        label = _("Abbildung %(number)s") % {"number": len(self.entries) + 1}
        figure_id = block_id.replace("block-", "abbildung-", 1)
        self.entries.append(FigureEntry(figure_id, label, caption))
        return Figure(figure_id, label, caption, source, alternative)


def run_content(
    shared: dict[str, str], programme: Programme, run: Run | None, figures: Figures
) -> BlockContent | None:
    """Return what a block of its kind shows of the run; None where there is nothing to show."""
    match shared["kind"]:
        case Block.Kind.FIGURES:
            entries = _stated_figures(programme, run)
            return FiguresContent(**shared, entries=entries) if entries else None
        case _ if run is None:
            return None
        case Block.Kind.QUESTION:
            return _question(shared, run)
        case Block.Kind.SECTORS:
            return _sectors(shared, run, figures)
        case _:
            return _course(shared, run, figures)


def _question(shared: dict[str, str], run: Run) -> QuestionContent | None:
    question = question_on(run.questions.all(), None)
    if question is None:
        return None
    stated = _not_in(question.source, in_words(question.stated_on))
    source = ", ".join(filter(None, [question.source, stated]))
    return QuestionContent(**shared, question=question.text, source=source)


def _stated_figures(programme: Programme, run: Run | None) -> list[StatedFigureContent]:
    """The figures of the run, then those of the programme as a whole."""
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


def _sectors(shared: dict[str, str], run: Run, figures: Figures) -> SectorsContent | None:
    participants = run.participations.filter(role=Participation.Role.PARTICIPANT).taking_part()
    counts = people_by_sector(participants.select_related("sector"))
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
    figure = figures.add(
        shared["id"],
        caption=caption,
        # The caption ends the sentence.
        source=f"{source}. {recorded.removesuffix('.')}" if recorded else source,
        alternative=_("Balkendiagramm. %(caption)s: %(shown)s; zusammen %(total)s.")
        % {"caption": caption, "shown": shown, "total": total},
    )
    bars = [Bar(label, count) for label, count in counts]
    return SectorsContent(**shared, figure=figure, total=total, bars=bars)


def _course(shared: dict[str, str], run: Run, figures: Figures) -> CourseContent | None:
    stops, undated = _days(run)
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
    figure = figures.add(
        shared["id"],
        caption=caption,
        source=_("Termine des Durchlaufs %(run)s") % {"run": in_quotes(run.topic)},
        alternative=_("Zeitstrahl. %(caption)s: %(shown)s.") % {"caption": caption, "shown": shown},
    )
    return CourseContent(**shared, figure=figure, stops=stops, undated=undated)


def _stop_name(number: int, title: str) -> str:
    return (
        _("%(number)s. Workshop, %(title)s") % {"number": number, "title": title}
        if number
        else title
    )


def _days(run: Run) -> tuple[list[Stop], list[UndatedStop]]:
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
