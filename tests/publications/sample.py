"""A programme with all that a press release and a guideline can show."""

import datetime
from types import SimpleNamespace

from concepts.models import BuildingBlock, Concept
from programmes.models import Run
from publications.models import Block, Chapter, PressBlock, Quote
from tests.factories import (
    BlockFactory,
    BoilerplateFactory,
    BuildingBlockFactory,
    ChapterFactory,
    ConceptFactory,
    ConsentFactory,
    EditionFactory,
    EventFactory,
    FundingNoticeFactory,
    GuestFactory,
    GuidelineFactory,
    GuidingQuestionFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    PressBlockFactory,
    PressContactFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    QuoteFactory,
    ReleaseBoilerplateFactory,
    RunFactory,
    SectorFactory,
    StatedFigureFactory,
    TaskFactory,
    TeamFactory,
    WorkshopFactory,
)
from texts.dates import ImpreciseDate

SECTORS = {"Wirtschaft": 6, "Verwaltung": 4, "Soziales": 3, "Kultur": 2, "Kommunalpolitik": 1}
WORKSHOPS = [
    ("Auftakt", "2015-10-09"),
    ("Zukunftswerkstatt", "2015-11-05"),
    ("Strategiewerkstatt", "2015-12-04"),
    ("Konzeptwerkstatt", "2016-01/2016-04"),
    ("Abschlusswerkstatt", None),
]


def make_programme() -> SimpleNamespace:
    programme = ProgrammeFactory(
        slug="mfv",
        title="Mitarbeiter für Verantwortung",
        short_title="MfV",
        initiative="V FAKTOR",
        website="https://www.example.org/mfv/",
        period=ImpreciseDate("2014/2016"),
        accent_colour="#00507d",
    )
    programme.carrier = OrganisationFactory(
        programme=programme,
        key="traeger",
        name="Metropolregion Mitteldeutschland",
        legal_name="Metropolregion Mitteldeutschland Management GmbH",
    )
    programme.save()
    FundingNoticeFactory(programme=programme, text="Gefördert vom Bund im Rahmen der Stadtpolitik.")
    run = RunFactory(
        programme=programme,
        slug="zuwanderung",
        number=2,
        topic="Zuwanderung als Potenzial nutzen",
        period=ImpreciseDate("2015-10/2016-04"),
        city="Leipzig",
        status=Run.Status.COMPLETED,
    )
    GuidingQuestionFactory(
        run=run,
        text="Wie lassen sich Potenziale heben?",
        stated_on=ImpreciseDate("2015-10"),
        is_current=False,
    )
    GuidingQuestionFactory(
        run=run,
        text="Mit welchen Ansätzen lassen sich Potenziale der Zuwanderung aufzeigen?",
        stated_on=ImpreciseDate("2016-05-02"),
        source="Pressemitteilung zum Abschluss",
    )
    StatedFigureFactory(
        programme=programme,
        run=run,
        key="teilnehmende",
        label="Teilnehmende",
        value="20",
        unit="Führungskräfte",
        stated_on=ImpreciseDate("2016-05-02"),
    )
    StatedFigureFactory(programme=programme, key="laender", label="Bundesländer", value="3")
    for position, (name, count) in enumerate(SECTORS.items()):
        sector = SectorFactory(programme=programme, name=name, position=position)
        ParticipationFactory.create_batch(count, run=run, sector=sector)
    workshops = [
        WorkshopFactory(
            run=run,
            key=f"w{number}",
            number=number,
            title=title,
            held_on=ImpreciseDate(day) if day else None,
            begins_at=datetime.time(9),
            ends_at=datetime.time(17),
            venue="Haus der Stadtgesellschaft",
            moderation="IdeenQuartier",
            goal="<p>Die Gruppe findet ein gemeinsames Bild der Aufgabe.</p>",
            agenda="<ul><li>Ankommen</li><li>Arbeit in fünf Kreisen</li></ul>",
            results="<p>Zwei Vorhaben tragen die Gruppe weiter.</p>",
        )
        for number, (title, day) in enumerate(WORKSHOPS, start=1)
    ]
    EventFactory(
        run=run,
        key="abschluss",
        kind="closing",
        title="Abschlussveranstaltung",
        held_on=ImpreciseDate("2016-04-29"),
        venue="Kuppelhalle",
        is_public=True,
    )
    TaskFactory(workshop=workshops[0], title="Eigene Sicht auf die Stadt beschreiben")
    named = ConsentFactory(
        person=PersonFactory(programme=programme, given_name="Ada", family_name="Beispiel")
    )
    GuestFactory(workshop=workshops[0], person=named.person, organisation=None)
    house = OrganisationFactory(programme=programme, key="haus", name="Haus Steinstraße e.V.")
    GuestFactory(
        workshop=workshops[0],
        person=PersonFactory(programme=programme, family_name="Ungenannt"),
        organisation=house,
        contribution="ein Format aus der Praxis",
    )
    team = TeamFactory(run=run, name="Team Expedition")
    author = {"person": named.person.key, "name": "Ada Beispiel", "function": "Leitung"}
    expedition = ConceptFactory(
        run=run,
        team=team,
        slug="expedition-job",
        title="Expedition Job",
        summary="Vier Tage lang lernen Jugendliche Berufe des Handwerks kennen.",
        problem="<p>Viele Jugendliche kennen die Berufe des Handwerks kaum.</p>",
        approach="<p>Ein Verfahren von vier Tagen führt heran.</p>",
        addressees="Handwerksbetriebe",
        beneficiaries="Kinder und Jugendliche mit Migrationshintergrund",
        effort="<p>Vier Tage und zwei Begleitende.</p>",
        outlook="<p>Die Betriebe tragen es weiter.</p>",
        lead_implementer=house,
        status=Concept.Status.APPROVED,
        authors=[{**author, "organisation": "Musterwerk"}],
    )
    prejudice = ConceptFactory(
        run=run,
        slug="integration-im-betrieb",
        title="Integration im Betrieb",
        is_working_title=True,
        summary="Zwei Bausteine bauen Vorurteile und Hemmungen in Belegschaften ab.",
        addressees="Unternehmen",
        status=Concept.Status.APPROVED,
    )
    for title in ("Aktionstag Integration", "Basisworkshop Integration"):
        BuildingBlockFactory(
            concept=prejudice,
            title=title,
            duration="ein Tag",
            group_size="8 bis 20",
            material="Raum mit Stuhlkreis",
            trainer=BuildingBlock.Trainer.OPTIONAL,
        )
    quote = QuoteFactory(
        programme=programme,
        text="Am Ende zählt, was weitergeht.",
        phrase="so die Projektleitung",
        function_on_day="Projektleitung",
        organisation_on_day="Metropolregion Mitteldeutschland",
        release=Quote.Release.RECORDED,
    )
    return SimpleNamespace(
        programme=programme,
        run=run,
        workshops=workshops,
        expedition=expedition,
        prejudice=prejudice,
        quote=quote,
    )


def make_release(sample: SimpleNamespace, **fields):
    release = PressReleaseFactory(
        **{
            "programme": sample.programme,
            "run": sample.run,
            "slug": "abschluss",
            "dated_on": datetime.date(2016, 5, 2),
            "headline": "{angabe:teilnehmende} stellen {anzahl:konzepte.wort} Konzepte vor",
            "subline": "Der Durchlauf „{durchlauf.thema}“ ist abgeschlossen",
            "lead": "Am {termin:abschluss.datum} endete in {durchlauf.ort} ein halbes Jahr Arbeit.",
            **fields,
        }
    )
    texts = (
        "<p>In {anzahl:workshops.wort} Workshops ging es um <strong>{durchlauf.thema}</strong>.</p>"
    )
    PressBlockFactory(release=release, text=texts)
    PressBlockFactory(release=release, kind=PressBlock.Kind.QUESTION, text="")
    PressBlockFactory(release=release, kind=PressBlock.Kind.QUOTE, quote=sample.quote, text="")
    for concept in (sample.expedition, sample.prejudice):
        PressBlockFactory(release=release, kind=PressBlock.Kind.CONCEPT, concept=concept, text="")
    for heading in ("Zum Modellprojekt „{programm.titel}“", "Zum Projektträger"):
        standing = BoilerplateFactory(
            programme=sample.programme, heading=heading, text="<p>Getragen von {traeger}.</p>"
        )
        ReleaseBoilerplateFactory(release=release, boilerplate=standing)
    release.contacts.add(
        PressContactFactory(
            programme=sample.programme, phone="0341 123", email="presse@example.org"
        )
    )
    return release


BLOCKS = {
    Block.Kind.TEXT: {"heading": "Worum es geht", "text": "<h3>Der Anlass</h3><p>Eine Frage.</p>"},
    Block.Kind.STEPS: {
        "heading": "Schritte",
        "data": [
            {"title": "Frage finden", "text": "Gemeinsam.", "decision": "Trägt die Frage?"},
            {"title": "Leute finden"},
        ],
    },
    Block.Kind.CHECKLIST: {"heading": "Vor dem Start", "data": ["Raum", "Verpflegung"]},
    Block.Kind.TABLE: {
        "heading": "Aufwand",
        "data": {
            "caption": "Stunden je Rolle",
            "head": ["Rolle", "Stunden"],
            "rows": [["Projektleitung", "120"], ["Teilnehmende", "60"]],
        },
    },
    Block.Kind.TIP: {"heading": "Früh einladen", "text": "<p>Drei Monate vorher.</p>"},
    Block.Kind.PITFALL: {"heading": "", "text": "<p>Zu viele Ziele auf einmal.</p>"},
    Block.Kind.METHOD: {
        "heading": "Themenkreise",
        "text": "<p>Fünf Kreise, fünf Fragen.</p>",
        "data": {"purpose": "Sichten sammeln", "duration": "90 Minuten", "material": "Wände"},
    },
    Block.Kind.GLOSSARY: {
        "data": [
            {"term": "Workshop", "meaning": "ein ganzer Tag der Gruppe"},
            {"term": "Ämter", "meaning": "Teile der Verwaltung"},
            {"term": "Baustein", "meaning": "ein Teil, der für sich nutzbar ist"},
        ],
        "text": "",
    },
    Block.Kind.LITERATURE: {"data": ["Muster, A.: Teams. https://www.example.org/teams"]},
    Block.Kind.QUESTION: {"text": ""},
    Block.Kind.SECTORS: {"heading": "Bereiche der zweiten Gruppe", "text": ""},
    Block.Kind.COURSE: {"text": ""},
    Block.Kind.FIGURES: {"heading": "Zahlen", "text": ""},
}


def make_guideline(sample: SimpleNamespace, **fields):
    """A guideline with a block of every kind; returns its first edition, a draft."""
    guideline = GuidelineFactory(
        programme=sample.programme,
        run=sample.run,
        slug="leitfaden",
        title="Gemischte Teams für schwierige Fragen der Stadt",
        subtitle="Wie Sie ein eigenes Projektteam gründen",
        summary="Für alle, die {programm.kurztitel} weiterführen.",
        imprint="<p>Verantwortlich: {traeger}.</p>",
        **fields,
    )
    foreword = ChapterFactory(guideline=guideline, part=Chapter.Part.FRONT, title="Vorwort")
    BlockFactory(chapter=foreword, text="<p>{anzahl:workshops.wort} Tage, eine Frage.</p>")
    main = ChapterFactory(guideline=guideline, title="Der Weg zum eigenen Team", key="weg")
    for kind, values in BLOCKS.items():
        BlockFactory(chapter=main, kind=kind, key=f"b-{kind.value}", **values)
    BlockFactory(chapter=main, kind=Block.Kind.QUOTE, quote=sample.quote, text="")
    workshops = ChapterFactory(guideline=guideline, title="Die Workshops", starts_page=False)
    for workshop in sample.workshops:
        BlockFactory(chapter=workshops, kind=Block.Kind.WORKSHOP, workshop=workshop, text="")
    concepts = ChapterFactory(guideline=guideline, title="Die Konzepte")
    for concept in (sample.expedition, sample.prejudice):
        BlockFactory(chapter=concepts, kind=Block.Kind.CONCEPT, concept=concept, text="")
    appendix = ChapterFactory(guideline=guideline, part=Chapter.Part.APPENDIX, title="Vorlagen")
    BlockFactory(chapter=appendix, text="<p>Zum Weiterverwenden.</p>")
    return EditionFactory(guideline=guideline, number=1)
