import datetime
import json
from dataclasses import asdict

import pytest

from programmes.models import Consent, FundingNotice
from publications.blocks import validate_block
from publications.content import guideline_content, press_release_content
from publications.content.guideline_parts import Author
from publications.content.phrases import plain_text, quotation, quote_paragraph
from publications.models import Block, Chapter, Edition, PressBlock, PressRelease, Quote
from publications.tokens import UnknownToken
from tests.factories import (
    BlockFactory,
    ChapterFactory,
    EditionFactory,
    EventFactory,
    FundingNoticeFactory,
    GuidelineFactory,
    ParticipationFactory,
    PressBlockFactory,
    PressReleaseFactory,
    RunFactory,
)
from tests.publications.sample import BLOCKS, make_guideline, make_programme, make_release
from texts.dates import ImpreciseDate


@pytest.fixture
def sample(db):
    return make_programme()


# Press releases


def test_a_release_says_what_is_stored(sample):
    content = press_release_content(make_release(sample))

    assert content.headline == content.title == "20 Führungskräfte stellen zwei Konzepte vor"
    assert content.subline == "Der Durchlauf „Zuwanderung als Potenzial nutzen“ ist abgeschlossen"
    assert content.lead == "Am 29. April 2016 endete in Leipzig ein halbes Jahr Arbeit."
    assert (content.place, content.dated, content.created) == (
        "Leipzig",
        "2. Mai 2016",
        "2016-05-02",
    )
    assert content.sender.carrier_legal == "Metropolregion Mitteldeutschland Management GmbH"
    assert content.funding == ["Gefördert vom Bund im Rahmen der Stadtpolitik."]
    assert content.more_information == "https://www.example.org/mfv/"
    assert [contact.phone for contact in content.contacts] == ["0341 123"]
    assert [standing.heading for standing in content.boilerplates] == [
        "Zum Modellprojekt „Mitarbeiter für Verantwortung“",
        "Zum Projektträger",
    ]


def test_the_body_of_a_release(sample):
    content = press_release_content(make_release(sample))

    text, question, quote, expedition, prejudice = content.body
    assert text.html == (
        "<p>In fünf Workshops ging es um <strong>Zuwanderung als Potenzial nutzen</strong>.</p>"
    )
    assert question.question.startswith("Mit welchen Ansätzen")
    assert quote.paragraph == "„Am Ende zählt, was weitergeht“, so die Projektleitung."
    assert quote.attribution == "Projektleitung, Metropolregion Mitteldeutschland"
    assert expedition.sentence == (
        "Adressaten sind Handwerksbetriebe. Begünstigte sind Kinder und Jugendliche mit "
        "Migrationshintergrund. Federführung: Haus Steinstraße e.V."
    )
    assert (expedition.is_working_title, prejudice.is_working_title) == (False, True)
    assert (
        "Die Bausteine „Aktionstag Integration“ und „Basisworkshop Integration“ sind "
        "mit oder ohne Trainerinnen und Trainer nutzbar."
    ) in prejudice.sentence


def test_content_is_plain_json(sample):
    release = asdict(press_release_content(make_release(sample)))
    guideline = asdict(guideline_content(make_guideline(sample)))

    assert json.loads(json.dumps(release)) == release
    assert json.loads(json.dumps(guideline)) == guideline


def test_characters_are_counted_without_boilerplates(db):
    release = PressReleaseFactory(headline="Zwei Wörter", lead="Vorspann.")
    PressBlockFactory(release=release, text="<p>Ein &amp; zwei.</p><p>Drei.</p>")

    content = press_release_content(release)

    assert content.characters == len("Zwei Wörter Vorspann. Ein & zwei. Drei.")


@pytest.mark.parametrize(
    ("status", "is_draft"),
    [
        (PressRelease.Status.DRAFT, True),
        (PressRelease.Status.IN_APPROVAL, True),
        (PressRelease.Status.APPROVED, False),
        (PressRelease.Status.PUBLISHED, False),
        (PressRelease.Status.WITHDRAWN, False),
    ],
)
def test_a_release_is_a_draft_until_it_is_approved(db, status, is_draft):
    release = PressReleaseFactory()
    release.status = status

    assert press_release_content(release).is_draft == is_draft


def test_a_bare_release(db):
    release = PressReleaseFactory(
        headline="Nur das", lead="", place="", programme__website="", programme__carrier=None
    )
    PressBlockFactory(release=release, kind=PressBlock.Kind.QUESTION, text="")

    content = press_release_content(release)

    assert (content.body, content.dated, content.created, content.embargo) == ([], "", "", "")
    assert (content.more_information, content.funding, content.contacts) == ("", [], [])
    assert content.author == release.programme.title


def test_an_unknown_token_refuses_the_release(sample):
    release = make_release(sample, lead="In {anzahl:workshop} Tagen.")

    with pytest.raises(UnknownToken) as refusal:
        press_release_content(release)

    assert "{anzahl:workshop}" in str(refusal.value)


def test_the_words_of_others_are_not_filled_in(sample):
    sample.quote.text = "Ich sage {traeger}."
    sample.quote.save()
    sample.expedition.summary = "Ein Konzept {mit} Klammern."
    sample.expedition.save()

    content = press_release_content(make_release(sample))

    assert "{traeger}" in content.body[2].paragraph
    assert content.body[3].summary == "Ein Konzept {mit} Klammern."


def test_own_words_replace_the_summary_of_a_concept(sample):
    release = make_release(sample)
    release.blocks.filter(concept=sample.expedition).update(text="<p>Eigene Worte.</p>")

    content = press_release_content(release)

    assert content.body[3].words()[1] == "Eigene Worte."


def test_the_embargo_is_said_in_the_portals_time(sample):
    moment = datetime.datetime(2016, 4, 29, 8, 0, tzinfo=datetime.UTC)

    content = press_release_content(make_release(sample, embargo_until=moment))

    assert content.embargo == "29. April 2016, 10:00 Uhr"


def test_a_correction_names_what_it_corrects(sample):
    wrong = make_release(sample, slug="falsch", headline="Drei Konzepte")
    content = press_release_content(PressReleaseFactory(programme=sample.programme, corrects=wrong))

    assert content.correction == (
        "Diese Mitteilung berichtigt die Pressemitteilung „Drei Konzepte“ vom 2. Mai 2016."
    )


@pytest.mark.parametrize(
    ("dated_on", "funding"),
    [
        ("2013-12-31", ["Immer gefördert."]),
        ("2014-01-01", ["Gefördert bis 2016.", "Immer gefördert."]),
        ("2016-12-31", ["Gefördert bis 2016.", "Immer gefördert."]),
        ("2026-11-30", ["Immer gefördert."]),
        (None, ["Immer gefördert."]),
    ],
)
def test_a_funding_notice_counts_in_its_period(sample, dated_on, funding):
    FundingNotice.objects.all().delete()
    period = ImpreciseDate("2014/2016")
    FundingNoticeFactory(programme=sample.programme, text="Gefördert bis 2016.", period=period)
    FundingNoticeFactory(programme=sample.programme, text="Immer gefördert.", position=1)
    day = datetime.date.fromisoformat(dated_on) if dated_on else None
    release = make_release(sample, dated_on=day, more_information="{foerderhinweis}")
    edition = make_guideline(sample)
    edition.dated_on = ImpreciseDate(dated_on) if dated_on else None

    content = press_release_content(release)

    assert content.funding == funding
    assert content.more_information == " ".join(funding)
    assert guideline_content(edition).funding == funding


def test_what_a_boilerplate_says_of_the_funding_is_not_said_twice(sample):
    release = make_release(sample)
    standing = release.release_boilerplates.first().boilerplate
    standing.text = "<p>Getragen von vielen. {foerderhinweis}</p>"
    standing.save()

    assert press_release_content(release).funding == []


def test_a_release_in_english_speaks_english(sample):
    content = press_release_content(make_release(sample, language="en"))

    assert content.language == "en"
    assert content.body[2].paragraph == "„Am Ende zählt, was weitergeht“, so die Projektleitung."
    assert content.body[2].language == "de"

    Quote.objects.update(text="What lasts counts.", phrase="says the lead", language="en")
    content = press_release_content(make_release(sample, language="en", slug="zweite"))

    assert content.body[2].paragraph == "“What lasts counts,” says the lead."
    assert content.body[2].language == "en"


def test_a_quote_that_was_printed_keeps_its_full_stop(sample):
    Quote.objects.update(text="Am Ende zählt, was weitergeht.", release="historic")

    content = press_release_content(make_release(sample))

    assert content.body[2].paragraph == "„Am Ende zählt, was weitergeht.“, so die Projektleitung."


def test_a_release_needs_the_same_queries_with_more_blocks(sample, django_assert_max_num_queries):
    release = make_release(sample)
    for _number in range(3):
        PressBlockFactory(
            release=release, kind=PressBlock.Kind.CONCEPT, concept=sample.prejudice, text=""
        )

    with django_assert_max_num_queries(20):
        press_release_content(release)


def test_the_sectors_say_how_many_are_recorded_of_those_told(sample):
    content = guideline_content(make_guideline(sample))
    blocks = [block for chapter in content.chapters for block in chapter.blocks]
    (sectors,) = [block for block in blocks if block.kind == "sectors"]
    (figures,) = [block for block in blocks if block.kind == "figures"]

    assert sectors.figure.source == (
        "Teilnahmen am Durchlauf „Zuwanderung als Potenzial nutzen“, zusammen 16. "
        "Erfasst sind 16 von 20 Teilnehmenden"
    )
    assert [entry.value for entry in figures.entries] == ["20", "3"]


# Quotes: one paragraph each, whatever was typed


@pytest.mark.parametrize(
    ("text", "after", "phrase", "place", "paragraph"),
    [
        ("Wir gehen weiter.", "", "so die Projektleitung", "after",
         "„Wir gehen weiter“, so die Projektleitung."),
        ("Wir gehen weiter", "", "so die Projektleitung.", "after",
         "„Wir gehen weiter“, so die Projektleitung."),
        ("Wer macht mit?", "", "fragt ein Mitglied", "after",
         "„Wer macht mit?“, fragt ein Mitglied."),
        ("„Wir gehen weiter.“", "", ", so die Leitung", "after",
         "„Wir gehen weiter“, so die Leitung."),
        ("Wir gehen weiter.", "", "die Projektleitung sagt:", "before",
         "Die Projektleitung sagt: „Wir gehen weiter.“"),
        ("Wir gehen weiter", "", "Die Leitung sagt", "before",
         "Die Leitung sagt: „Wir gehen weiter.“"),
        ("Es war gut.", "Es geht weiter.", "so die Leitung", "between",
         "„Es war gut“, so die Leitung. „Es geht weiter.“"),
        ("Am Anfang war es fremd", "am Ende vertraut.", "so ein Mitglied", "between",
         "„Am Anfang war es fremd“, so ein Mitglied, „am Ende vertraut.“"),
        ('Ich nenne es "Mut".', "", "so die Leitung", "after",
         "„Ich nenne es ‚Mut‘“, so die Leitung."),
        ("Das „Wir“ zählt.", "", "so die Leitung", "after",
         "„Das ‚Wir‘ zählt“, so die Leitung."),
    ],
)  # fmt: skip
def test_quote_paragraph(text, after, phrase, place, paragraph):
    quote = Quote(text=text, text_after=after, phrase=phrase, phrase_place=place)

    assert quote_paragraph(quote) == paragraph


@pytest.mark.parametrize(
    ("text", "after", "spoken"),
    [
        ("Es war gut.", "", "„Es war gut.“"),
        ("Es war gut", "", "„Es war gut.“"),
        ("Es war gut", "Es geht weiter.", "„Es war gut. Es geht weiter.“"),
        ("Erst fremd", "dann vertraut", "„Erst fremd dann vertraut.“"),
    ],
)
def test_quotation_without_attribution(text, after, spoken):
    assert quotation(Quote(text=text, text_after=after)) == spoken


def test_plain_text_parts_words_at_blocks():
    assert (
        plain_text("<h3>Eins</h3><p>zwei<br>drei</p><ul><li>vier</li></ul>")
        == "Eins zwei drei vier"
    )


# Guidelines


def test_a_guideline_says_what_is_stored(sample):
    edition = make_guideline(sample)
    edition.dated_on = ImpreciseDate("2016-06")

    content = guideline_content(edition)

    assert content.edition == "1. Auflage, Juni 2016"
    assert (content.created, content.is_draft) == ("2016-06-01", True)
    assert content.summary == "Für alle, die MfV weiterführen."
    assert content.imprint == "<p>Verantwortlich: Metropolregion Mitteldeutschland.</p>"
    assert [(chapter.label, chapter.title) for chapter in content.chapters] == [
        ("", "Vorwort"),
        ("1", "Der Weg zum eigenen Team"),
        ("2", "Die Workshops"),
        ("3", "Die Konzepte"),
        ("A", "Vorlagen"),
    ]
    assert [(figure.label, figure.caption) for figure in content.figures] == [
        ("Abbildung 1", "Bereiche der zweiten Gruppe"),
        ("Abbildung 2", "Verlauf des Durchlaufs"),
    ]


def test_chapters_stand_front_main_appendix(db):
    guideline = GuidelineFactory()
    for part in (
        Chapter.Part.APPENDIX,
        Chapter.Part.MAIN,
        Chapter.Part.FRONT,
        Chapter.Part.APPENDIX,
    ):
        ChapterFactory(guideline=guideline, part=part)

    content = guideline_content(EditionFactory(guideline=guideline))

    assert [chapter.label for chapter in content.chapters] == ["", "1", "A", "B"]


def test_there_is_a_block_of_every_kind(sample):
    content = guideline_content(make_guideline(sample))

    kinds = {block.kind for chapter in content.chapters for block in chapter.blocks}
    assert kinds == set(Block.Kind.values)


def blocks_of(content, kind):
    return [block for chapter in content.chapters for block in chapter.blocks if block.kind == kind]


def test_sectors_are_counted_from_who_takes_part(sample):
    ParticipationFactory(run=sample.run, invited=True)
    ParticipationFactory(run=sample.run, facilitator=True)
    ParticipationFactory(run=sample.run, left=True)

    (block,) = blocks_of(guideline_content(make_guideline(sample)), "sectors")

    assert [(bar.label, bar.count) for bar in block.bars] == [
        ("Wirtschaft", 6),
        ("Verwaltung", 4),
        ("Soziales", 3),
        ("Kultur", 2),
        ("Kommunalpolitik", 1),
    ]
    assert "Wirtschaft 6, Verwaltung 4" in block.figure.alternative


def test_the_course_shows_days_in_time_and_open_dates(sample):
    EventFactory(run=sample.run, title="Geheim", is_public=False)
    EventFactory(
        run=sample.run,
        title="Auftakt des Durchlaufs",
        is_public=True,
        workshop=sample.workshops[0],
        held_on=sample.workshops[0].held_on,
    )

    (block,) = blocks_of(guideline_content(make_guideline(sample)), "course")

    assert [(stop.title, stop.exact) for stop in block.stops] == [
        ("Auftakt", True),
        ("Zukunftswerkstatt", True),
        ("Strategiewerkstatt", True),
        ("Konzeptwerkstatt", False),
        ("Abschlussveranstaltung", True),
    ]
    assert [(stop.title, stop.number) for stop in block.undated] == [("Abschlusswerkstatt", 5)]
    assert "ohne Datum: 5. Workshop, Abschlusswerkstatt" in block.figure.alternative


def test_guests_are_named_when_they_agreed(sample):
    workshop = blocks_of(guideline_content(make_guideline(sample)), "workshop")[0]

    assert [(guest.name, guest.contribution) for guest in workshop.guests] == [
        ("Ada Beispiel", ""),
        ("Haus Steinstraße e.V.", "ein Format aus der Praxis"),
    ]


def test_a_withdrawn_consent_takes_the_name_away(sample):
    consent = Consent.objects.get()
    consent.withdrawn_at = consent.given_at
    consent.save()

    content = guideline_content(make_guideline(sample))

    assert [guest.name for guest in blocks_of(content, "workshop")[0].guests] == [
        "Haus Steinstraße e.V."
    ]
    assert blocks_of(content, "concept")[0].authors == []


def test_authors_are_named_as_on_the_day(sample):
    concept = blocks_of(guideline_content(make_guideline(sample)), "concept")[0]

    assert concept.authors == [Author("Ada Beispiel", "Leitung", "Musterwerk")]


def test_terms_stand_in_german_order(sample):
    (block,) = blocks_of(guideline_content(make_guideline(sample)), "glossary")

    assert [term.term for term in block.terms] == ["Ämter", "Baustein", "Workshop"]


def test_figures_name_their_source(sample):
    (block,) = blocks_of(guideline_content(make_guideline(sample)), "figures")

    assert [(entry.value, entry.unit, entry.source, entry.date) for entry in block.entries] == [
        ("20", "Führungskräfte", "Pressemitteilung zum Abschluss", "2. Mai 2016"),
        ("3", "", "Pressemitteilung zum Abschluss", ""),
    ]


def test_a_guideline_without_a_run_leaves_out_what_it_would_show(db):
    chapter = ChapterFactory()
    for kind in (Block.Kind.SECTORS, Block.Kind.COURSE, Block.Kind.QUESTION, Block.Kind.FIGURES):
        BlockFactory(chapter=chapter, kind=kind, text="")

    content = guideline_content(EditionFactory(guideline=chapter.guideline))

    assert content.chapters[0].blocks == []


def test_a_run_without_people_and_days_shows_no_picture(db):
    run = RunFactory()
    chapter = ChapterFactory(guideline__programme=run.programme, guideline__run=run)
    for kind in (Block.Kind.SECTORS, Block.Kind.COURSE):
        BlockFactory(chapter=chapter, kind=kind, text="")

    content = guideline_content(EditionFactory(guideline=chapter.guideline))

    assert (content.chapters[0].blocks, content.figures) == ([], [])


@pytest.mark.parametrize("kind", [Block.Kind.STEPS, Block.Kind.TABLE, Block.Kind.GLOSSARY])
@pytest.mark.parametrize("data", [None, [], {}, "falsch", [1, None, "x"], {"head": 3, "rows": [4]}])
def test_broken_data_of_a_block_does_not_break_the_guideline(db, kind, data):
    block = BlockFactory(kind=kind, data=data)

    guideline_content(EditionFactory(guideline=block.chapter.guideline))


def test_an_unknown_token_in_the_data_refuses_the_guideline(db):
    block = BlockFactory(kind=Block.Kind.CHECKLIST, data=["Raum für {wen}"])

    with pytest.raises(UnknownToken):
        guideline_content(EditionFactory(guideline=block.chapter.guideline))


def test_an_edition_is_a_draft_until_it_is_approved(db):
    edition = EditionFactory()
    drafts = []
    for status in Edition.Status:
        edition.status = status
        if guideline_content(edition).is_draft:
            drafts.append(status)

    assert drafts == [Edition.Status.DRAFT, Edition.Status.IN_APPROVAL]


def test_a_guideline_needs_the_same_queries_with_more_blocks(sample, django_assert_max_num_queries):
    edition = make_guideline(sample)

    with django_assert_max_num_queries(35):
        guideline_content(edition)


# Data of blocks


@pytest.mark.parametrize(
    "block", [(kind, values["data"]) for kind, values in BLOCKS.items() if "data" in values]
)
def test_valid_data(block):
    assert validate_block(*block) == []


@pytest.mark.parametrize(
    ("kind", "data", "places"),
    [
        ("steps", {}, [""]),
        ("steps", [], [""]),
        ("steps", ["x"], ["[0]"]),
        ("steps", [{"title": "a", "texte": "b"}], ["[0].texte"]),
        ("steps", [{"title": "a"}, {"text": 3}], ["[1].title", "[1].text"]),
        ("checklist", ["a", "", 3], ["[1]", "[2]"]),
        ("checklist", ["a"] * 201, [""]),
        ("table", {"head": ["a"], "rows": [["1"]]}, ["caption"]),
        ("table", {"caption": "c", "head": ["a", "b"], "rows": [["1"], ["", ""]]},
         ["rows[0]", "rows[1][0]"]),
        ("table", {"caption": "c", "head": ["a"] * 9, "rows": [["1"] * 9]}, ["head"]),
        ("table", [], [""]),
        ("method", {"dauer": "1"}, ["dauer"]),
        ("glossary", [{"term": "a"}], ["[0].meaning"]),
        ("text", ["x"], [""]),
        ("unsinn", None, [""]),
    ],
)  # fmt: skip
def test_invalid_data(kind, data, places):
    assert [place for place, _sentence in validate_block(kind, data)] == places


@pytest.mark.parametrize("kind", ["text", "quote", "workshop", "sectors"])
def test_kinds_without_data(kind):
    assert validate_block(kind, None) == []
