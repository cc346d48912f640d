import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from texts.dates import (
    ImpreciseDate,
    ImpreciseDateField,
    ImpreciseDateFormField,
    first_days_of_months,
)

days = st.dates(min_value=datetime.date(1, 1, 1))
parts = days.flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)


@st.composite
def imprecise_dates(draw):
    first = draw(parts)
    if draw(st.booleans()):
        return ImpreciseDate(first)
    last = draw(parts)
    dates = sorted([ImpreciseDate(first), ImpreciseDate(last)], key=lambda date: date.first_day)
    return ImpreciseDate(f"{dates[0].text}/{dates[1].text}")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("2016-04-29", "2016-04-29"),
        ("2016-04", "2016-04"),
        ("2016", "2016"),
        ("2015-10/2016-04", "2015-10/2016-04"),
        ("29.4.2016", "2016-04-29"),
        ("29.04.2016", "2016-04-29"),
        (" 29.04.2016 ", "2016-04-29"),
        ("4/2016", "2016-04"),
        ("04/2016", "2016-04"),
        ("4.2016", "2016-04"),
        ("10/2015 – 4/2016", "2015-10/2016-04"),
        ("10/2015 - 4/2016", "2015-10/2016-04"),
        ("10/2015–4/2016", "2015-10/2016-04"),
        ("10/2015 bis 4/2016", "2015-10/2016-04"),
        ("2014 bis 2016", "2014/2016"),
        ("2014/2016", "2014/2016"),
        ("1.1.2016 – 30.4.2016", "2016-01-01/2016-04-30"),
        ("2016/2016-04-29", "2016/2016-04-29"),
    ],
)
def test_parse_reads_german_and_edtf(typed, text):
    assert ImpreciseDate.parse(typed).text == text


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "bis",
        "2016-13",
        "2016-02-30",
        "30.2.2016",
        "13/2016",
        "16",
        "0000",
        "2016-1-1",
        "2016/2015",
        "2014/2015/2016",
        "2014 bis 2015 bis 2016",
        "gestern",
        "2016-04-29T10:00",
        "٢٠١٦",
        "1.1.",
        "2015 –",
    ],
)
def test_parse_refuses_what_is_no_date(typed):
    with pytest.raises(ImpreciseDate.Invalid):
        ImpreciseDate.parse(typed)


@given(st.text(max_size=25))
def test_parse_of_any_text_ends_in_a_date_or_in_invalid(text):
    try:
        date = ImpreciseDate.parse(text)
    except ImpreciseDate.Invalid:
        return
    assert date.first_day <= date.last_day


@given(imprecise_dates())
def test_a_date_survives_text_form_and_database(date):
    form_field = ImpreciseDateFormField()

    assert ImpreciseDate.parse(date.text) == date
    assert form_field.clean(form_field.prepare_value(date)) == date
    assert not form_field.has_changed(date, form_field.prepare_value(date))
    assert ImpreciseDateField().from_db_value(date.text, None, None) == date


@given(imprecise_dates())
def test_days_lie_within_the_date(date):
    assert date.first_day <= date.last_day
    assert len(date.text) <= 21


@given(days, days)
def test_stored_text_sorts_by_time(one, other):
    dates = [ImpreciseDate.from_day(one), ImpreciseDate.from_day(other)]

    assert sorted(dates) == sorted(dates, key=lambda date: date.first_day)


@pytest.mark.parametrize(
    ("text", "german", "english"),
    [
        ("2016-05-02", "2. Mai 2016", "2 May 2016"),
        ("2016-03", "März 2016", "March 2016"),
        ("2016", "2016", "2016"),
        ("2015-10/2016-04", "Oktober 2015 bis April 2016", None),
        ("2014/2016", "2014 bis 2016", None),
        ("2016/2016", "2016", "2016"),
    ],
)
def test_a_date_in_words(text, german, english):
    assert str(ImpreciseDate(text)) == german
    if english and len(text) < 10:
        with translation.override("en"):
            assert str(ImpreciseDate(text)) == english


def test_facts_of_a_date():
    span = ImpreciseDate("2015-10/2016-02")

    assert (span.first_day, span.last_day) == (
        datetime.date(2015, 10, 1),
        datetime.date(2016, 2, 29),
    )
    assert (span.is_span, span.is_day) == (True, False)
    assert ImpreciseDate("2016-02-29").is_day
    assert ImpreciseDate("2016").last_day == datetime.date(2016, 12, 31)


# The fields


def test_form_field_says_what_it_understands():
    with pytest.raises(ValidationError, match=r"29\.4\.2016"):
        ImpreciseDateFormField().clean("irgendwann")


def test_form_field_knows_empty():
    assert ImpreciseDateFormField(required=False).clean("") is None
    assert ImpreciseDateFormField(required=False).prepare_value("29.4.") == "29.4."


@pytest.mark.parametrize(
    ("initial", "data", "has_changed"),
    [
        (ImpreciseDate("2016"), "2016", False),
        (ImpreciseDate("2016-04"), "4/2016", False),
        (ImpreciseDate("2016"), "2017", True),
        (ImpreciseDate("2016"), "unsinn", True),
        (None, "", False),
    ],
)
def test_form_field_notices_changes(initial, data, has_changed):
    assert ImpreciseDateFormField(required=False).has_changed(initial, data) is has_changed


def test_model_field_stores_text_and_gives_dates():
    field = ImpreciseDateField(null=True)

    assert field.to_python("29.4.2016") == ImpreciseDate("2016-04-29")
    assert field.get_prep_value("29.4.2016") == "2016-04-29"
    assert field.get_prep_value(ImpreciseDate("2016")) == "2016"
    assert field.get_prep_value("") is None
    assert field.from_db_value(None, None, None) is None
    with pytest.raises(ValidationError):
        field.to_python("unsinn")


def test_model_field_is_plain_to_migrations_and_forms():
    field = ImpreciseDateField("Datum", null=True, blank=True)
    field.set_attributes_from_name("day")

    _name, path, _args, kwargs = field.deconstruct()
    form_field = field.formfield()

    assert path == "texts.dates.ImpreciseDateField"
    assert kwargs == {"verbose_name": "Datum", "null": True, "blank": True}
    assert isinstance(form_field, ImpreciseDateFormField)
    assert isinstance(form_field, forms.CharField)
    assert not form_field.required


def test_model_field_serialises_as_text():
    class Row:
        day = ImpreciseDate("2016-04")

    field = ImpreciseDateField()
    field.attname = "day"

    assert field.value_to_string(Row()) == "2016-04"
    assert issubclass(ImpreciseDateField, models.CharField)


def test_months_begin_before_the_first_day_and_end_after_the_last():
    months = first_days_of_months(datetime.date(2015, 11, 30), datetime.date(2016, 1, 1))

    assert [str(day) for day in months] == ["2015-11-01", "2015-12-01", "2016-01-01", "2016-02-01"]
