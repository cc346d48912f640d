"""Tokens: a text names a stored fact as `{programm.titel}`, so that no number is typed twice.

A token is a brace, a letter, and all up to the closing brace; „{ x }“ is no token. Texts are
never given to `str.format`: a token could reach into objects there.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape

from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from concepts.models import Concept
from documents.dates import ImpreciseDate
from people.models import Organisation, Person
from programmes.models import FundingNotice, GuidingQuestion, Programme, Run, StatedFigure
from publications.models import Edition, Guideline, PressRelease
from workshops.models import Event, Workshop

TOKEN = re.compile(r"\{(?P<name>[^\W\d_][^{}<>\n]{0,120})\}")
# What counts as a concept and may go out: what is decided, not what is being written.
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


class UnknownToken(Exception):
    """A text names facts that are not stored; `names` lists them, `str()` is a sentence."""

    def __init__(self, names: Iterable[str], known: Iterable[str] = ()):
        self.names = list(names)
        self.known = sorted(known)
        super().__init__(self.names)

    def __str__(self) -> str:
        listed = ", ".join(f"{{{name}}}" for name in self.names)
        sentence = ngettext(
            "Zu diesem Platzhalter ist nichts gespeichert: %(names)s.",
            "Zu diesen Platzhaltern ist nichts gespeichert: %(names)s.",
            len(self.names),
        ) % {"names": listed}
        similar = [
            f"{{{match}}}"
            for name in self.names
            for match in difflib.get_close_matches(name, self.known, n=1, cutoff=0.75)
        ]
        if similar:
            sentence += " " + _("Gemeint ist vielleicht: %(names)s.") % {
                "names": ", ".join(dict.fromkeys(similar))
            }
        return sentence


@dataclass(frozen=True)
class Facts:
    """What tokens may name, in words of one language; `values` has no empty ones.

    `drafts_only` has the rows behind those names that may not go out yet: persons who did not
    agree to be named, concepts that are not approved. `used` collects the names filled in.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    drafts_only: Mapping[str, Person | Concept] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        return name in self.values

    def too_early(self, model: type[Person | Concept]) -> list[str]:
        """What texts named of this kind although it may not go out yet."""
        named = [row for name, row in self.drafts_only.items() if name in self.used]
        return list(dict.fromkeys(str(row) for row in named if isinstance(row, model)))


# Filling in


def unknown_tokens(text: str, facts: Facts) -> list[str]:
    """Return the names in the text that are not known, each once, in order.

    In rich text, a token torn apart by markup counts as unknown: it would print as it stands.
    """
    torn = set(TOKEN.findall(strip_tags(text))) - set(TOKEN.findall(text))
    unknown = [name for name in TOKEN.findall(text) if not facts.has(name)]
    return list(dict.fromkeys([*unknown, *sorted(torn)]))


def resolve(text: str, facts: Facts) -> str:
    """Return the plain text with its tokens filled in. Raises UnknownToken."""
    return _fill_in(text, facts, str)


def resolve_rich(html: str, facts: Facts) -> str:
    """Return the rich text with its tokens filled in, their values escaped. Raises UnknownToken."""
    return _fill_in(html, facts, escape)


def _fill_in(text: str, facts: Facts, write: Callable[[str], str]) -> str:
    if unknown := unknown_tokens(text, facts):
        raise UnknownToken(unknown, facts.values)
    facts.used.update(TOKEN.findall(text))
    return TOKEN.sub(lambda match: write(facts.values[match["name"]]), text)


# Collecting


def facts_of_release(release: PressRelease) -> Facts:
    """What the texts of this release may name, as of its date."""
    return collect_facts(
        release.programme, run=release.run, on=release.dated_on, language=release.language
    )


def facts_of_guideline(guideline: Guideline) -> Facts:
    return collect_facts(guideline.programme, run=guideline.run, language=guideline.language)


def facts_of_edition(edition: Edition) -> Facts:
    return facts_of_guideline(edition.guideline)


def collect_facts(
    programme: Programme,
    *,
    run: Run | None = None,
    on: date | None = None,
    language: str | None = None,
) -> Facts:
    """Collect what a text about this programme, or this run of it, may name.

    `on` chooses the wording of the guiding question that was in force on the day.
    """
    drafts_only: dict[str, Person | Concept] = {}
    with translation.override(language or programme.language):
        values = {
            **_programme_facts(programme),
            **_run_facts(run, on),
            **_named(programme, run),
            **_concepts(programme, run, drafts_only),
            **_persons(programme, drafts_only),
            **_figures(programme),
            **_counts(programme, run),
        }
    return Facts({name: value for name, value in values.items() if value}, drafts_only)


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


def in_words(when: ImpreciseDate | None) -> str:
    return when.display() if when else ""


def _programme_facts(programme: Programme) -> dict[str, str]:
    notices = FundingNotice.objects.filter(programme=programme).order_by("position", "pk")
    return {
        "programm.titel": programme.title,
        "programm.kurztitel": programme.short_title,
        "programm.initiative": programme.initiative,
        "programm.laufzeit": in_words(programme.period),
        "programm.webseite": programme.website,
        "traeger": programme.carrier.name if programme.carrier else "",
        "foerderhinweis": " ".join(notice.text for notice in notices),
    }


def _run_facts(run: Run | None, on: date | None) -> dict[str, str]:
    if run is None:
        return {}
    question = question_on(run.questions.all(), on)
    return {
        "durchlauf.thema": run.topic,
        "durchlauf.zeitraum": in_words(run.period),
        "durchlauf.ort": run.city,
        "leitfrage": question.text if question else "",
    }


def _named(programme: Programme, run: Run | None) -> dict[str, str]:
    """The rows that texts name by their key; the run's own win over those of other runs."""
    values: dict[str, str] = {}
    workshops = Workshop.objects.filter(run__programme=programme)
    for workshop in _own_first(workshops, run):
        values.setdefault(f"workshop:{workshop.key}.titel", workshop.title)
        values.setdefault(f"workshop:{workshop.key}.datum", in_words(workshop.held_on))
    for event in _own_first(Event.objects.filter(run__programme=programme), run):
        values.setdefault(f"termin:{event.key}.titel", event.title)
        values.setdefault(f"termin:{event.key}.datum", in_words(event.held_on))
        values.setdefault(f"termin:{event.key}.ort", event.venue)
    for organisation in Organisation.objects.filter(scope=programme.slug):
        values[f"organisation:{organisation.key}"] = organisation.name
    return values


def _concepts(
    programme: Programme, run: Run | None, drafts_only: dict[str, Person | Concept]
) -> dict[str, str]:
    values: dict[str, str] = {}
    concepts = Concept.objects.filter(run__programme=programme).select_related("lead_implementer")
    for concept in _own_first(concepts, run):
        name, leading = f"konzept:{concept.slug}", concept.lead_implementer
        if f"{name}.titel" in values:
            continue
        values[f"{name}.titel"] = concept.title
        values[f"{name}.federfuehrung"] = leading.name if leading else ""
        if concept.status not in DECIDED_CONCEPTS:
            drafts_only |= {f"{name}.titel": concept, f"{name}.federfuehrung": concept}
    return values


def _persons(programme: Programme, drafts_only: dict[str, Person | Concept]) -> dict[str, str]:
    values: dict[str, str] = {}
    for person in Person.objects.filter(scope=programme.slug).with_public_name():
        values[f"person:{person.key}"] = person.full_name
        if not person.may_be_named:
            drafts_only[f"person:{person.key}"] = person
    return values


def _own_first(rows, run):
    """The rows of the run, then those of the newest other runs."""
    return sorted(
        rows.select_related("run").order_by("pk"),
        key=lambda row: (run is None or row.run_id != run.pk, -row.run.number),
    )


def _figures(programme: Programme) -> dict[str, str]:
    values = {}
    for figure in StatedFigure.objects.filter(programme=programme):
        values[f"angabe:{figure.key}"] = f"{figure.value} {figure.unit}".strip()
        values[f"angabe:{figure.key}.wert"] = figure.value
    return values


def _counts(programme: Programme, run: Run | None) -> dict[str, str]:
    workshops = Workshop.objects.filter(run__programme=programme)
    concepts = Concept.objects.filter(run__programme=programme, status__in=DECIDED_CONCEPTS)
    if run:
        workshops, concepts = workshops.filter(run=run), concepts.filter(run=run)
    counts = {
        "workshops": workshops.exclude(status=Workshop.Status.CANCELLED).count(),
        "konzepte": concepts.count(),
    }
    values = {}
    for name, count in counts.items():
        values[f"anzahl:{name}"] = str(count)
        values[f"anzahl:{name}.wort"] = (
            str(NUMBER_WORDS[count]) if count < len(NUMBER_WORDS) else str(count)
        )
    return values
