import pytest
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from texts.typography import file_size, join_words, tidy_text


@pytest.mark.parametrize(
    ("typed", "set_by_a_typesetter"),
    [
        ('Er sagte "Ja".', "Er sagte „Ja“."),
        ('"Ein Satz", sagte sie.', "„Ein Satz“, sagte sie."),
        ('("Auftakt")', "(„Auftakt“)"),
        ("„Schon gut“", "„Schon gut“"),
        ("”Falsch”", "„Falsch“"),
        ("„Er sagte 'ja'“", "„Er sagte ‚ja‘“"),
        ("Das geht's an", "Das geht’s an"),
        ("Leipzig - Halle", "Leipzig\u00a0– Halle"),
        ("Leipzig -- Halle", "Leipzig\u00a0– Halle"),
        ("2014-2016", "2014–2016"),
        ("2014 - 2016", "2014–2016"),
        ("E-Mail", "E-Mail"),
        ("0341-123456", "0341-123456"),
        ("und so weiter...", "und so weiter…"),
        ("z.B. in Leipzig", "z.\u202fB. in Leipzig"),
        ("z. B. in Leipzig", "z.\u202fB. in Leipzig"),
        ("d.h. und u. a.", "d.\u202fh. und u.\u202fa."),
        ("i. d. R.", "i.\u202fd.\u202fR."),
        ("Haus Steinstraße e.V.", "Haus Steinstraße\u00a0e.\u202fV."),
        ("5 km, 20 %, 3 € und 14 Uhr", "5\u00a0km, 20\u00a0%, 3\u00a0€ und 14\u00a0Uhr"),
        ("5 Menschen", "5 Menschen"),
        ("am 2. Mai 2016", "am 2.\u00a0Mai 2016"),
        ("am 2. Maientag", "am 2. Maientag"),
        ("§ 5 Abs. 2", "§\u00a05 Abs.\u00a02"),
        ("Dr. Müller", "Dr.\u00a0Müller"),
        ("", ""),
        # Codes are left alone; the words around them are not.
        ("Telefon 0341 1234-5678", "Telefon 0341 1234-5678"),
        ("Tel. 1990-2016, Fax: 2014 - 2016", "Tel. 1990-2016, Fax: 2014 - 2016"),
        ("0341 2014-2016", "0341 2014-2016"),
        ("0341 - 123456", "0341 - 123456"),
        ("(0341) 2014-2016 - bitte anrufen", "(0341) 2014-2016\u00a0– bitte anrufen"),
        ("+49 341 1990-2016", "+49 341 1990-2016"),
        ("0341/1990-2016", "0341/1990-2016"),
        ("1234-5678", "1234-5678"),
        ("www.plan--b.de, plan--b", "www.plan--b.de, plan--b"),
        ("Plan--B.de/a...b?c=2014-2016.", "Plan--B.de/a...b?c=2014-2016."),
        ("https://example.org/'x'--Y...z.", "https://example.org/'x'--Y...z."),
        ("presse--mfv@example.org", "presse--mfv@example.org"),
        ("O'Neil--X@example.org", "O'Neil--X@example.org"),
        ('"www.Plan--B.de"', "„www.Plan--B.de“"),
        ("Leitfaden--Entwurf_2014-2016.pdf", "Leitfaden--Entwurf_2014-2016.pdf"),
        ("Az. 2014-2016", "Az. 2014-2016"),
        ("Aktenzeichen: 51.2-2014-2016/3", "Aktenzeichen: 51.2-2014-2016/3"),
        ("Förderkennzeichen 01AB2014-2016", "Förderkennzeichen 01AB2014-2016"),
        ("51-2014-2016", "51-2014-2016"),
        ("ISBN 978-3-2014-2016-0", "ISBN 978-3-2014-2016-0"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN DE89 3704 0044 0532 0130 00"),
        ("DE89 3704 0044 0532 0130 00 m", "DE89 3704 0044 0532 0130 00 m"),
        ("2026-11-30", "2026-11-30"),
        ("DIN 2014-2016", "DIN 2014-2016"),
        ("51° 20' 24\"", "51° 20' 24\""),
        ("\ue000 'ja'", "\ue000 ‚ja‘"),
        ("Leipzig--Halle", "Leipzig–Halle"),
        ("10--12 Uhr", "10–12\u00a0Uhr"),
        ("die '68er", "die ’68er"),
        ("'68 und die '90er-Jahre", "’68 und die ’90er-Jahre"),
        ("die „'68er“", "die „’68er“"),
        ("Wie geht 's? 'ne Frage", "Wie geht ’s? ’ne Frage"),
        ("der Buchstabe 'n'", "der Buchstabe ‚n‘"),
        ("die Zahl '68'", "die Zahl ‚68‘"),
        ("2014-2016.Danach", "2014–2016.Danach"),
    ],
)
def test_tidy_text_sets_german(typed, set_by_a_typesetter):
    assert tidy_text(typed) == set_by_a_typesetter


@pytest.mark.parametrize(
    ("typed", "set_by_a_typesetter"),
    [
        ('He said "yes".', "He said “yes”."),
        ("the „Leitfrage“ of a 'run'", "the “Leitfrage” of a ‘run’"),
        ("„Er sagte ‚ja‘“", "“Er sagte ‘ja’”"),
        ("it's the '90s", "it’s the ’90s"),
        ("2014-2016 - two years", "2014–2016\u00a0– two years"),
        ("z.B. 5 km am 2. Mai", "z.B. 5 km am 2. Mai"),
        (
            "Phone 0341 1234-5678, presse--mfv@example.org",
            "Phone 0341 1234-5678, presse--mfv@example.org",
        ),
    ],
)
def test_tidy_text_sets_english(typed, set_by_a_typesetter):
    assert tidy_text(typed, "en") == set_by_a_typesetter
    assert tidy_text(set_by_a_typesetter, "en") == set_by_a_typesetter


def test_tidy_text_leaves_other_languages_alone():
    assert tidy_text('« Bonjour » - "oui"', "fr") == '« Bonjour » - "oui"'


@given(st.text(alphabet="ab1 .-–\"'„“‚‘()z.B%€\u00a0\u202f", max_size=30) | st.text(max_size=30))
def test_tidy_text_twice_changes_nothing(text):
    assert tidy_text(tidy_text(text)) == tidy_text(text)


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A und B"),
        (["A", "B", "C"], "A, B und C"),
        (["A", "", "C"], "A und C"),
    ],
)
def test_join_words(words, joined):
    assert join_words(words) == joined


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0\u00a0Byte"),
        (999, "999\u00a0Byte"),
        (1_000, "1\u00a0kB"),
        (43_118, "43\u00a0kB"),
        (999_499, "999\u00a0kB"),
        (999_500, "1,0\u00a0MB"),
        (1_240_000, "1,2\u00a0MB"),
    ],
)
def test_file_size(size, text):
    assert file_size(size) == text


def test_file_size_in_english():
    with translation.override("en"):
        assert file_size(1_240_000) == "1.2\u00a0MB"


def test_filters_of_templates():
    template = engines["django"].from_string(
        "{% load typography %}{{ a|tidy_text }} {{ b|join_words }} {{ c|file_size }}"
    )

    assert template.render({"a": '"x"', "b": ["A", "B"], "c": 5}) == "„x“ A und B 5\u00a0Byte"


def test_foreign_phrases_are_set_in_their_own_language():
    text = 'The topic "Zuwanderung - z.B. als „Potenzial“" of Zuwanderungen - see below'

    tidied = tidy_text(
        text, "en", foreign=["Zuwanderung - z.B. als „Potenzial“"], foreign_language="de"
    )

    assert tidied == (
        "The topic “Zuwanderung\u00a0– z.\u202fB. als „Potenzial“” of Zuwanderungen"
        "\u00a0– see below"
    )
