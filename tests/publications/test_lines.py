import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.blocks import validate_block
from publications.lines import UnreadableLine, data_from_lines, lines_from_data

# What a form hands over: no control characters but the line break, no blanks at the ends.
texts = (
    st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \n|\\"), min_size=1)
    .map(str.strip)
    .filter(bool)
)
entries = st.lists(texts, min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("kind", "text", "data"),
    [
        ("checklist", "Raum buchen\n\nEinladung", ["Raum buchen", "Einladung"]),
        (
            "steps",
            "Frage finden | Mit der Verwaltung. | Trägt die Frage?\nLeute finden",
            [
                {
                    "title": "Frage finden",
                    "text": "Mit der Verwaltung.",
                    "decision": "Trägt die Frage?",
                },
                {"title": "Leute finden"},
            ],
        ),
        (
            "table",
            "Aufwand\nWas | Stunden\nVorbereitung | 20\nNachbereitung",
            {
                "caption": "Aufwand",
                "head": ["Was", "Stunden"],
                "rows": [["Vorbereitung", "20"], ["Nachbereitung", ""]],
            },
        ),
        ("method", "zweck | Ideen\nDauer | 30 min", {"purpose": "Ideen", "duration": "30 min"}),
        (
            "glossary",
            "Leitfrage | Was fragt die Stadt?",
            [{"term": "Leitfrage", "meaning": "Was fragt die Stadt?"}],
        ),
        ("literature", r"A\|B: Wege", ["A|B: Wege"]),
        ("text", "egal", None),
    ],
)
def test_lines_are_read(kind, text, data):
    assert data_from_lines(kind, text) == data


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("checklist", "gut\nschlecht | zwei", 2),
        ("steps", "a | b | c | d", 1),
        ("method", "Farbe | rot", 1),
        ("glossary", "a | b | c", 1),
    ],
)
def test_a_line_that_does_not_fit_is_named(kind, text, number):
    with pytest.raises(UnreadableLine) as refusal:
        data_from_lines(kind, text)

    assert refusal.value.number == number


@given(entries)
def test_lists_survive_the_way_there_and_back(data):
    assert data_from_lines("checklist", lines_from_data("checklist", data)) == data


@given(
    st.lists(st.fixed_dictionaries({"title": texts}, optional={"text": texts, "decision": texts}))
)
def test_steps_survive_the_way_there_and_back(data):
    assert data_from_lines("steps", lines_from_data("steps", data)) == data


@given(texts, st.lists(texts, min_size=2, max_size=4), st.data())
def test_tables_survive_the_way_there_and_back(caption, head, draw):
    row = st.lists(texts, min_size=len(head), max_size=len(head))
    rows = draw.draw(st.lists(row, min_size=1, max_size=3))
    data = {"caption": caption, "head": head, "rows": rows}

    assert validate_block("table", data) == []
    assert data_from_lines("table", lines_from_data("table", data)) == data


@given(st.dictionaries(st.sampled_from(["purpose", "duration", "group", "material"]), texts))
def test_methods_survive_the_way_there_and_back(data):
    assert data_from_lines("method", lines_from_data("method", data)) == data
