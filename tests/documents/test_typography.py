import pytest
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from documents.typography import file_size, join_words, tidy_text


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
    ],
)
def test_tidy_text_sets_german(typed, set_by_a_typesetter):
    assert tidy_text(typed) == set_by_a_typesetter


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
