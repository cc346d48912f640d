"""Collecting the facts that a text about a programme may name.

What belongs to a run is named as it is for this run only; another run's with its number.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from concepts.models import Concept
from programmes.models import (
    FundingNotice,
    GuidingQuestion,
    Organisation,
    Person,
    Programme,
    Run,
    StatedFigure,
)
from publications.facts.fact import Count, Fact, Facts
from texts.dates import ImpreciseDate
from texts.order import alphabetical
from texts.typography import join_words
from workshops.models import Event, Workshop

RUN_PREFIX = re.compile(r"durchlauf:[0-9]+\.")
PROGRAMME_PREFIX = re.compile(r"programm\.(?=angabe:|anzahl:)")
# What counts as a concept and may be published: what is decided, not what is being written.
DECIDED_CONCEPTS = (Concept.Status.APPROVED, Concept.Status.PUBLISHED)
NUMBER_WORDS = (
    gettext_lazy("null"),
    gettext_lazy("ein"),
    gettext_lazy("zwei"),
    gettext_lazy("drei"),
    gettext_lazy("vier"),
    gettext_lazy("fünf"),
    gettext_lazy("sechs"),
    gettext_lazy("sieben"),
    gettext_lazy("acht"),
    gettext_lazy("neun"),
    gettext_lazy("zehn"),
    gettext_lazy("elf"),
    gettext_lazy("zwölf"),
)


def collect_facts(
    programme: Programme,
    *,
    run: Run | None = None,
    on: date | None = None,
    language: str | None = None,
    names: Iterable[str] | None = None,
) -> Facts:
    """Collect what a text about this programme, or this run of it, may name.

    A fact belongs to the programme or to a run. Those of the own run are named as they are; those
    of every run with its number before them: `{durchlauf:2.angabe:teilnehmende}`.

    on: chooses the guiding question and the funding notices in force on the day; today without.
    names: collect only what these tokens may need.
    """
    with translation.override(language or programme.language):
        return Facts(_Collector(programme, run, on, names).collect())


class _Collector:
    """One query per kind of row, however many runs there are."""

    def __init__(
        self,
        programme: Programme,
        run: Run | None,
        on: date | None,
        names: Iterable[str] | None,
    ):
        self.programme, self.run, self.on = programme, run, on
        named = None if names is None else list(names)
        self.needed = None if named is None else {_head(name) for name in named}
        others = named is None or run is None or any(map(RUN_PREFIX.match, named))
        self.runs = list(programme.runs.order_by("number", "pk")) if others else []
        if run is not None and not others:
            self.runs = [run]
        self.of_programme: dict[str, Fact] = {}
        self.of_runs: dict[int, dict[str, Fact]] = {run.pk: {} for run in self.runs}

    def collect(self) -> dict[str, Fact]:
        if self._needs("programm", "traeger", "foerderhinweis"):
            self._collect_programme()
        if self._needs("durchlauf", "leitfrage"):
            self._collect_runs()
        if self._needs("workshop", "anzahl"):
            self._collect_workshops()
        if self._needs("termin"):
            self._collect_events()
        if self._needs("konzept", "anzahl"):
            self._collect_concepts()
        if self._needs("organisation"):
            for organisation in Organisation.objects.filter(programme=self.programme):
                self._add(None, f"organisation:{organisation.key}", organisation.name, language="")
        if self._needs("person"):
            for person in Person.objects.filter(programme=self.programme).with_public_name():
                row = None if person.may_be_named else person
                self._add(None, f"person:{person.key}", person.full_name, row=row, language="")
        if self._needs("angabe"):
            self._collect_figures()
        return self._named()

    def _named(self) -> dict[str, Fact]:
        """Everything under the names that a text may write, the own run's short ones first."""
        own = self.of_runs.get(self.run.pk, {}) if self.run else {}
        named = {**self.of_programme, **own}
        for name, fact in self.of_programme.items():
            if name.startswith(("angabe:", "anzahl:")):
                named[f"programm.{name}"] = replace(fact, is_alias=name not in own)
        for run in self.runs:
            for name, fact in self.of_runs[run.pk].items():
                long = f"durchlauf:{run.number}.{name.removeprefix('durchlauf.')}"
                named[long] = replace(fact, is_alias=name in own and fact.run == self.run)
        return named

    def _needs(self, *heads: str) -> bool:
        return self.needed is None or not self.needed.isdisjoint(heads)

    def _add(self, run_id: int | None, name: str, value: str, **about: Any) -> None:
        """Keep the fact; without a value it is none.

        Where nothing else is said, stored words are in the language of the programme.
        """
        if not value:
            return
        about.setdefault("language", self.programme.language)
        if run_id is None:
            self.of_programme[name] = Fact(value, **about)
        elif run_id in self.of_runs:
            run = next(run for run in self.runs if run.pk == run_id)
            self.of_runs[run_id][name] = Fact(value, run=run, **about)

    def _collect_programme(self) -> None:
        programme = self.programme
        self._add(None, "programm.titel", programme.title, is_name=True)
        self._add(None, "programm.kurztitel", programme.short_title, language="")
        self._add(None, "programm.initiative", programme.initiative, is_name=True)
        self._add(None, "programm.laufzeit", in_words(programme.period), language="")
        self._add(None, "programm.webseite", programme.website, language="")
        carrier = programme.carrier.name if programme.carrier else ""
        self._add(None, "traeger", carrier, language="")
        if self._needs("foerderhinweis"):
            notices = funding_notices_on(programme, self.on)
            self._add(
                None,
                "foerderhinweis",
                " ".join(notice.text for notice in notices),
                source=join_words(str(notice.funder) for notice in notices),
                language=next((notice.spoken_language for notice in notices), ""),
            )

    def _collect_runs(self) -> None:
        for run in self.runs:
            self._add(run.pk, "durchlauf.thema", run.topic)
            self._add(run.pk, "durchlauf.zeitraum", in_words(run.period), language="")
            self._add(run.pk, "durchlauf.ort", run.city, language="")
        if not self._needs("leitfrage"):
            return
        wordings: dict[int, list[GuidingQuestion]] = {}
        for wording in GuidingQuestion.objects.filter(run__in=self.runs).order_by("pk"):
            wordings.setdefault(wording.run_id, []).append(wording)
        for run_id, questions in wordings.items():
            question = question_on(questions, self.on)
            if question:
                self._add(
                    run_id,
                    "leitfrage",
                    question.text,
                    source=question.source,
                    stated_on=question.stated_on,
                )

    def _collect_workshops(self) -> None:
        counted: dict[int, int] = {run.pk: 0 for run in self.runs}
        for workshop in Workshop.objects.filter(run__in=self.runs).order_by("pk"):
            self._add(workshop.run_id, f"workshop:{workshop.key}.titel", workshop.title)
            self._add(
                workshop.run_id,
                f"workshop:{workshop.key}.datum",
                in_words(workshop.held_on),
                language="",
            )
            counted[workshop.run_id] += workshop.status != Workshop.Status.CANCELLED
        self._add_counts("workshops", {pk: Count(count) for pk, count in counted.items()})

    def _collect_events(self) -> None:
        for event in Event.objects.filter(run__in=self.runs).order_by("pk"):
            self._add(event.run_id, f"termin:{event.key}.titel", event.title)
            self._add(
                event.run_id, f"termin:{event.key}.datum", in_words(event.held_on), language=""
            )
            self._add(event.run_id, f"termin:{event.key}.ort", event.venue, language="")

    def _collect_concepts(self) -> None:
        counted = {run.pk: Count(0) for run in self.runs}
        concepts = Concept.objects.filter(run__in=self.runs).select_related("lead_implementer")
        for concept in concepts.order_by(alphabetical("title"), "pk"):
            is_decided = concept.status in DECIDED_CONCEPTS
            row = None if is_decided else concept
            leading = concept.lead_implementer.name if concept.lead_implementer else ""
            name = f"konzept:{concept.slug}"
            self._add(concept.run_id, f"{name}.titel", concept.title, row=row)
            self._add(concept.run_id, f"{name}.federfuehrung", leading, row=row, language="")
            if is_decided:
                counted[concept.run_id] += Count(1)
            elif concept.status != Concept.Status.WITHDRAWN:
                counted[concept.run_id] += Count(0, (concept.title,))
        self._add_counts("konzepte", counted)

    def _add_counts(self, what: str, counted: dict[int, Count]) -> None:
        if not self._needs("anzahl"):
            return
        self._add_count(None, what, sum(counted.values(), Count(0)))
        for run_id, count in counted.items():
            self._add_count(run_id, what, count)

    def _add_count(self, run_id: int | None, what: str, count: Count) -> None:
        is_word = count.number < len(NUMBER_WORDS)
        word = str(NUMBER_WORDS[count.number]) if is_word else str(count.number)
        self._add(run_id, f"anzahl:{what}", str(count.number), count=count, language="")
        self._add(run_id, f"anzahl:{what}.wort", word, count=count, language="")

    def _collect_figures(self) -> None:
        for figure in StatedFigure.objects.filter(programme=self.programme).order_by("pk"):
            about = {"source": figure.source, "stated_on": figure.stated_on}
            value = f"{figure.value} {figure.unit}".strip()
            for name, text in (("", value), (".wert", figure.value)):
                language = {} if re.search(r"[^\W\d_]", text) else {"language": ""}
                self._add(figure.run_id, f"angabe:{figure.key}{name}", text, **about, **language)


def _head(name: str) -> str:
    """The kind of fact that a token names: `durchlauf:2.angabe:laenge` names an „angabe“."""
    rest = RUN_PREFIX.sub("", name)
    head = re.split(r"[:.]", PROGRAMME_PREFIX.sub("", rest), maxsplit=1)[0]
    return "durchlauf" if rest != name and head in {"thema", "zeitraum", "ort"} else head


def question_on(questions: Iterable[GuidingQuestion], on: date | None) -> GuidingQuestion | None:
    """Return the wording in force on the day; without a day, the one in force now."""
    wordings = sorted(
        questions, key=lambda question: (question.stated_on or ImpreciseDate("0001"), question.pk)
    )
    current = next((wording for wording in wordings if wording.is_current), None)
    if on is None or (current and _is_stated_by(current, on)):
        return current or (wordings[-1] if wordings else None)
    stated = [wording for wording in wordings if wording.stated_on and _is_stated_by(wording, on)]
    return stated[-1] if stated else current


def _is_stated_by(question: GuidingQuestion, day: date) -> bool:
    return question.stated_on is None or question.stated_on.first_day <= day


def funding_notices_on(programme: Programme, on: date | None) -> list[FundingNotice]:
    """The notices that hold on the day, or today, in their order."""
    day = on or timezone.localdate()
    notices = programme.funding_notices.select_related("funder").order_by("position", "pk")
    return [notice for notice in notices if notice.holds_on(day)]


def in_words(when: ImpreciseDate | None) -> str:
    return when.display() if when else ""
