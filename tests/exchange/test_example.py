"""The example is the programme of facts.md: what is known of it, and nobody's words."""

import re

import pytest

from concepts.models import Concept
from exchange.operations import import_programme
from programmes.models import Person, Programme, Run
from publications.models import Block, Chapter, PressBlock, PressRelease, Quote
from tests.exchange.conftest import EXAMPLE, EXAMPLE_DATA, source

REAL = {"joerg-mueller", "reinhard-woelpert"}


@pytest.fixture
def mfv(db):
    import_programme(source(EXAMPLE_DATA), by=None)
    return Programme.objects.get(slug="mfv")


def test_the_programme_and_its_runs(mfv):
    first, second = Run.objects.order_by("number")

    assert (mfv.title, mfv.initiative) == ("Mitarbeiter für Verantwortung", "V FAKTOR")
    assert mfv.carrier.legal_name == "Metropolregion Mitteldeutschland Management GmbH"
    assert mfv.website.startswith("https://www.v-faktor-mitteldeutschland.com/")
    assert (first.topic, first.period.text, first.workshops.count()) == (
        "Schulabbrecherquote senken!",
        "2014-09/2015-06",
        5,
    )
    assert second.topic == "Zuwanderung als Potenzial nutzen"
    assert [w.held_on.text for w in second.workshops.order_by("number")] == [
        "2015-10-09",
        "2015-11-05",
        "2015-12-04",
        "2016-01/2016-04",
        "2016-01/2016-04",
    ]
    closing = second.events.get(kind="closing")
    assert (closing.held_on.text, closing.venue) == (
        "2016-04-29",
        "Kuppelhalle der Leipziger Volkszeitung",
    )
    assert not first.concepts.exists()


def test_figures_have_their_source(mfv):
    figure = mfv.figures.get(key="teilnehmende")

    assert (figure.value, figure.source) == ("20", "Pressemitteilung vom 2. Mai 2016")
    assert not mfv.figures.filter(source="").exists()


def test_the_question_has_a_history(mfv):
    raised, shown = Run.objects.get(number=2).questions.order_by("stated_on")

    assert "heben" in raised.text
    assert "aufzeigen" in shown.text
    assert (raised.is_current, shown.is_current) == (False, True)


def test_both_concepts_are_published(mfv):
    expedition, other = Concept.objects.order_by("slug")

    assert (expedition.title, str(expedition.lead_implementer)) == (
        "Expedition Job",
        "Haus Steinstraße e.V.",
    )
    assert expedition.blocks.count() == 4
    assert other.is_working_title
    assert list(other.blocks.order_by("position").values_list("title", flat=True)) == [
        "Aktionstag Integration",
        "Basisworkshop Integration",
    ]


def test_nobody_real_is_quoted_and_the_rest_is_invented(mfv):
    people = Person.objects.filter(programme__slug="mfv")

    assert not Quote.objects.exclude(speaker=None).exists()
    assert set(people.filter(email="").values_list("key", flat=True)) == REAL
    assert all(p.email.endswith("@example.org") for p in people.exclude(key__in=REAL))
    assert not people.filter(key__in=REAL, consents__isnull=False).exists()


def test_the_guideline_has_every_kind_of_block(mfv):
    assert set(Block.objects.values_list("kind", flat=True)) == set(Block.Kind.values)


def test_the_guideline_leads_from_the_question_to_the_hand_over(mfv):
    chapters = Chapter.objects.order_by("position")

    assert list(chapters.values_list("part", "title")) == [
        ("front", "Vorwort"),
        ("front", "Das Wichtigste auf einer Seite"),
        ("main", "Warum und wann – und wann nicht"),
        ("main", "Zehn Schritte zum eigenen Projektteam"),
        ("main", "Die fünf Workshops"),
        ("main", "Zwischen den Workshops"),
        ("main", "Zwei Konzepte aus Leipzig"),
        ("main", "Wirkung und Fortführung"),
        ("main", "Aufwand"),
        ("appendix", "Vorlagen"),
        ("appendix", "Methodenkarten"),
        ("appendix", "Glossar"),
        ("appendix", "Literatur"),
    ]
    (steps,) = Block.objects.filter(kind=Block.Kind.STEPS)
    assert len([step for step in steps.data if step["decision"]]) == 10


def test_each_workshop_has_plan_material_pitfall_and_checklist(mfv):
    blocks = Block.objects.filter(chapter__key="workshops").order_by("position")

    kinds = [block.kind for block in blocks]

    assert kinds == ["course", *["workshop", "table", "text", "pitfall", "checklist"] * 5]
    texts = [block.text for block in blocks if block.kind == "text"]
    assert [text for text in texts if "Material:" not in text or "Ergebnis:" not in text] == []


def test_what_was_signed_is_what_the_concepts_say(mfv):
    for concept in Concept.objects.all():
        signed = concept.revisions.get().content

        for name in ("title", "summary", "problem", "approach", "effort", "outlook"):
            assert signed[name] == getattr(concept, name)


def test_the_press_releases_say_the_facts_by_tokens(mfv):
    kickoff, result = PressRelease.objects.order_by("dated_on")

    assert (kickoff.kind, kickoff.dated_on.isoformat()) == ("kickoff", "2015-10-09")
    assert (result.place, result.dated_on.isoformat()) == ("Leipzig", "2016-05-02")
    assert result.render_job.content["lead"].startswith("Wie findet das Handwerk")
    assert "20 Teilnehmende" in result.render_job.content["lead"]
    assert "20 Teilnehmende" not in result.lead


def test_what_the_kickoff_says_of_the_first_run_is_written_out(mfv):
    (text,) = PressBlock.objects.filter(text__contains="Programmtagen").values_list(
        "text", flat=True
    )
    content = PressRelease.objects.get(kind="kickoff").render_job.content

    assert text.count("{durchlauf:1.angabe:") == 2
    assert "an fünf Programmtagen in drei Arbeitsgruppen" in content["body"][-1]["html"]


def test_the_sentences_have_no_filler():
    text = EXAMPLE.read_text()

    assert not re.findall(r"Lorem|TODO|XXX|Blindtext|\bselbstverständlich\b", text)
