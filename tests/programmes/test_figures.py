"""Numbers told in public: set in digits, and beside what is recorded."""

import pytest

from programmes.figures import recorded_sentence
from programmes.models import StatedFigure
from tests.factories import ParticipationFactory, RunFactory, StatedFigureFactory


@pytest.mark.parametrize(
    ("value", "digits", "number"),
    [
        ("20", "20", 20),
        (" 20 ", " 20 ", 20),
        ("fünf", "5", 5),
        ("Zwölf", "12", 12),
        ("rund 20", "rund 20", None),
        ("3,5", "3,5", None),
        ("²", "²", None),
    ],
)
def test_a_value_is_set_in_digits(value, digits, number):
    figure = StatedFigure(value=value)

    assert (figure.digits.strip(), figure.number) == (digits.strip(), number)


@pytest.mark.parametrize(
    ("value", "recorded", "sentence"),
    [
        ("20", 8, "Erfasst sind 8 von 20 Teilnehmenden."),
        ("zwanzig", 8, "Erfasst sind 8 von 20 Teilnehmenden."),
        ("20", 20, ""),
        ("20", 22, "Erfasst sind 22 Teilnehmende, öffentlich genannt wurden 20."),
        ("rund 20", 8, ""),
    ],
)
def test_what_is_recorded_is_said_beside_what_was_told(value, recorded, sentence):
    figures = [
        StatedFigure(key="workshops", value="5"),
        StatedFigure(key="teilnehmende", value=value),
    ]

    assert recorded_sentence(figures, recorded) == sentence
    assert recorded_sentence([], recorded) == ""


@pytest.mark.django_db
def test_the_page_of_a_run_says_how_many_are_recorded(client):
    run = RunFactory(public=True)
    ParticipationFactory.create_batch(2, run=run)
    StatedFigureFactory(programme=run.programme, run=run, key="teilnehmende", value="20")
    StatedFigureFactory(programme=run.programme, run=run, key="tage", value="fünf", unit="Tage")

    response = client.get(run.get_absolute_url())

    assert "Erfasst sind 2 von 20 Teilnehmenden." in response.text
    assert '<span class="figure-fact">5</span> Tage' in response.text
