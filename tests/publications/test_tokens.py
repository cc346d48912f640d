import datetime
import re

import pytest

from programmes.models import Programme
from publications.facts import Fact, Facts, collect_facts
from publications.tokens import UnknownToken, resolve, resolve_rich, unknown_tokens
from tests.factories import (
    ConceptFactory,
    GuidingQuestionFactory,
    ProgrammeFactory,
    RunFactory,
    StatedFigureFactory,
    WorkshopFactory,
)
from tests.publications.sample import make_programme
from texts.dates import ImpreciseDate

FACTS = Facts({"programm.titel": Fact("A & B <C>"), "angabe:zahl": Fact("20 Personen")})


@pytest.fixture
def sample(db):
    return make_programme()


def test_tokens_are_filled_in():
    assert resolve("{programm.titel}: {angabe:zahl}", FACTS) == "A & B <C>: 20 Personen"


def test_values_are_escaped_in_rich_text():
    html = resolve_rich("<p>{programm.titel}</p>", FACTS)

    assert html == "<p>A &amp; B &lt;C&gt;</p>"


@pytest.mark.parametrize("text", ["{ programm.titel }", "{}", "{1}", "{", "ohne", "{a\nb}"])
def test_what_is_no_token_stays_as_it_is(text):
    assert resolve(text, FACTS) == text


@pytest.mark.parametrize(
    "text", ["{programm.titl}", "{programm.__class__}", "{Programm.titel}", "{durchlauf.thema}"]
)
def test_unknown_tokens_are_refused(text):
    with pytest.raises(UnknownToken) as refusal:
        resolve(text, FACTS)

    assert refusal.value.names == [text.strip("{}")]
    assert text in str(refusal.value)


def test_a_value_is_not_filled_in_again():
    facts = Facts({"a": Fact("{b}"), "b": Fact("zu weit")})

    assert resolve("{a}", facts) == "{b}"


def test_a_token_torn_apart_by_markup_is_unknown():
    assert unknown_tokens("<p>{programm.<em>titel</em>}</p>", FACTS) == ["programm.titel"]


def test_the_sentence_names_each_token_once_and_what_may_be_meant():
    with pytest.raises(UnknownToken) as refusal:
        resolve("{programm.titl} {programm.titl} {xyz}", FACTS)

    assert str(refusal.value) == (
        "Zu diesen Platzhaltern ist nichts gespeichert: {programm.titl}, {xyz}. "
        "Gemeint ist vielleicht: {programm.titel}."
    )


def test_facts_of_a_run(sample):
    values = collect_facts(sample.programme, run=sample.run).values

    expected = {
        "programm.titel": "Mitarbeiter für Verantwortung",
        "programm.kurztitel": "MfV",
        "programm.initiative": "V FAKTOR",
        "programm.laufzeit": "2014 bis 2016",
        "programm.webseite": "https://www.example.org/mfv/",
        "traeger": "Metropolregion Mitteldeutschland",
        "foerderhinweis": "Gefördert vom Bund im Rahmen der Stadtpolitik.",
        "durchlauf.thema": "Zuwanderung als Potenzial nutzen",
        "durchlauf.zeitraum": "Oktober 2015 bis April 2016",
        "durchlauf.ort": "Leipzig",
        "leitfrage": "Mit welchen Ansätzen lassen sich Potenziale der Zuwanderung aufzeigen?",
        "angabe:teilnehmende": "20 Führungskräfte",
        "angabe:teilnehmende.wert": "20",
        "workshop:w2.titel": "Zukunftswerkstatt",
        "workshop:w2.datum": "5. November 2015",
        "workshop:w4.datum": "Januar 2016 bis April 2016",
        "termin:abschluss.titel": "Abschlussveranstaltung",
        "termin:abschluss.datum": "29. April 2016",
        "termin:abschluss.ort": "Kuppelhalle",
        "konzept:expedition-job.titel": "Expedition Job",
        "konzept:expedition-job.federfuehrung": "Haus Steinstraße e.V.",
        "organisation:haus": "Haus Steinstraße e.V.",
        "anzahl:workshops": "5",
        "anzahl:workshops.wort": "fünf",
        "anzahl:konzepte": "2",
        "anzahl:konzepte.wort": "zwei",
    }
    assert {name: values.get(name) for name in expected} == expected


def test_an_unknown_date_is_no_fact(sample):
    assert "workshop:w5.datum" not in collect_facts(sample.programme, run=sample.run).values


def test_facts_speak_the_language_of_the_text(sample):
    values = collect_facts(sample.programme, run=sample.run, language="en").values

    assert values["termin:abschluss.datum"] != ""
    assert "April" in values["termin:abschluss.datum"]


def test_without_a_run_the_programme_is_counted(sample):
    WorkshopFactory(run=RunFactory(programme=sample.programme, number=1))

    values = collect_facts(sample.programme).values

    assert values["anzahl:workshops"] == "6"
    assert "durchlauf.thema" not in values


def test_the_own_run_wins_over_another_with_the_same_key(sample):
    other = RunFactory(programme=sample.programme, number=1)
    WorkshopFactory(run=other, key="w1", title="Anderer Auftakt")
    ConceptFactory(run=other, slug="expedition-job", title="Anderes Konzept")

    values = collect_facts(sample.programme, run=sample.run).values

    assert values["workshop:w1.titel"] == "Auftakt"
    assert values["konzept:expedition-job.titel"] == "Expedition Job"
    assert (
        collect_facts(sample.programme, run=other).values["workshop:w1.titel"] == "Anderer Auftakt"
    )


RUN_BOUND = [
    "durchlauf.thema",
    "durchlauf.zeitraum",
    "durchlauf.ort",
    "leitfrage",
    "angabe:teilnehmende",
    "angabe:teilnehmende.wert",
    "workshop:w2.titel",
    "workshop:w2.datum",
    "termin:abschluss.titel",
    "termin:abschluss.datum",
    "termin:abschluss.ort",
    "konzept:expedition-job.titel",
    "konzept:expedition-job.federfuehrung",
]


@pytest.mark.parametrize("name", RUN_BOUND)
@pytest.mark.parametrize("has_run", [True, False])
def test_what_belongs_to_another_run_is_written_out(sample, name, has_run):
    other = RunFactory(programme=sample.programme, number=3, topic="", city="", period=None)
    facts = collect_facts(sample.programme, run=other if has_run else None)
    own = collect_facts(sample.programme, run=sample.run)
    written_out = f"durchlauf:2.{name.removeprefix('durchlauf.')}"

    with pytest.raises(UnknownToken) as refusal:
        resolve(f"{{{name}}}", facts)

    assert f"{{{written_out}}}" in str(refusal.value)
    assert resolve(f"{{{written_out}}}", facts) == resolve(f"{{{name}}}", own)
    assert resolve(f"{{{written_out}}}", own) == resolve(f"{{{name}}}", own)
    assert facts.known[written_out].run == sample.run


def test_every_kind_of_token_of_a_run_is_tested(sample):
    known = collect_facts(sample.programme, run=sample.run).known
    kinds = {re.sub(r":[^.]+", "", name) for name, fact in known.items() if fact.run}

    tested = {re.sub(r":[^.]+", "", name) for name in RUN_BOUND}
    short = {name for name in kinds if not name.startswith("durchlauf.") or name in tested}
    assert short == tested | {"anzahl", "anzahl.wort"}


def test_each_run_tells_its_own_number(sample):
    other = RunFactory(programme=sample.programme, number=3)
    StatedFigureFactory(programme=sample.programme, run=other, key="teilnehmende", value="17")
    StatedFigureFactory(programme=sample.programme, key="teilnehmende", value="57")

    def told(run, name="{angabe:teilnehmende.wert}"):
        return resolve(name, collect_facts(sample.programme, run=run))

    assert (told(sample.run), told(other), told(None)) == ("20", "17", "57")
    assert told(sample.run, "{durchlauf:3.angabe:teilnehmende.wert}") == "17"
    assert told(sample.run, "{programm.angabe:teilnehmende.wert}") == "57"


def test_a_run_without_an_own_number_takes_the_one_of_the_programme(sample):
    other = RunFactory(programme=sample.programme, number=3)

    fact = collect_facts(sample.programme, run=other).known["angabe:laender.wert"]

    assert (fact.value, fact.run) == ("3", None)


def test_counts_belong_to_the_run_and_to_the_programme(sample):
    other = RunFactory(programme=sample.programme, number=3)
    ConceptFactory(run=other, title="In Arbeit")
    ConceptFactory(run=other, title="Fertig", approved=True)

    values = collect_facts(sample.programme, run=other).values

    counts = [f"{prefix}anzahl:konzepte" for prefix in ("", "durchlauf:2.", "programm.")]
    assert [values[name] for name in counts] == ["1", "2", "3"]


def test_only_what_the_names_need_is_collected(sample, django_assert_num_queries):
    programme = Programme.objects.select_related("carrier").get()

    with django_assert_num_queries(0):
        facts = collect_facts(programme, run=sample.run, names=["programm.titel", "traeger"])

    assert facts.values["programm.titel"] == "Mitarbeiter für Verantwortung"


@pytest.mark.parametrize("name", [*RUN_BOUND, "anzahl:workshops", "person:xy", "foerderhinweis"])
def test_what_the_names_need_is_what_all_know(sample, name):
    everything = collect_facts(sample.programme, run=sample.run).values
    names = [name, f"durchlauf:2.{name.removeprefix('durchlauf.')}"]

    for wanted in names:
        some = collect_facts(sample.programme, run=sample.run, names=[wanted]).values
        assert some.get(wanted) == everything.get(wanted)


def test_nothing_of_another_programme_is_a_fact(sample):
    StatedFigureFactory(programme=ProgrammeFactory(), key="fremd")

    assert "angabe:fremd" not in collect_facts(sample.programme).values


@pytest.mark.parametrize(
    ("day", "wording"),
    [
        (None, "Mit welchen Ansätzen lassen sich Potenziale der Zuwanderung aufzeigen?"),
        ("2016-05-02", "Mit welchen Ansätzen lassen sich Potenziale der Zuwanderung aufzeigen?"),
        ("2015-10-09", "Wie lassen sich Potenziale heben?"),
        ("2014-01-01", "Mit welchen Ansätzen lassen sich Potenziale der Zuwanderung aufzeigen?"),
    ],
)
def test_the_question_is_worded_as_on_the_day(sample, day, wording):
    on = datetime.date.fromisoformat(day) if day else None

    assert collect_facts(sample.programme, run=sample.run, on=on).values["leitfrage"] == wording


def test_a_wording_without_a_day_is_in_force_always(sample):
    sample.run.questions.all().delete()
    GuidingQuestionFactory(
        run=sample.run, text="Alt?", stated_on=ImpreciseDate("2015"), is_current=False
    )
    GuidingQuestionFactory(run=sample.run, text="Neu?")

    values = collect_facts(sample.programme, run=sample.run, on=datetime.date(2015, 12, 1)).values

    assert values["leitfrage"] == "Neu?"


@pytest.mark.parametrize("count", [1, 3])
def test_facts_query_count(db, django_assert_num_queries, count):
    run = RunFactory()
    WorkshopFactory.create_batch(count, run=run)
    ConceptFactory.create_batch(count, run=run)
    StatedFigureFactory.create_batch(count, programme=run.programme)

    with django_assert_num_queries(9):
        collect_facts(run.programme, run=run)
