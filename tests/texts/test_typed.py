"""Dates and times: what people write and what the portal shows is read."""

import datetime
from contextlib import suppress

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import formats, timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from publications.content.phrases import day_in_words, moment_in_words, times_in_words
from tests.factories import EventFactory, LeadFactory
from tests.pages import save
from tests.test_project import APPS, ROOMS
from tests.texts.test_dates import imprecise_dates
from tests.texts.test_text import admin_forms, forms_below
from texts import dates, typed
from texts.dates import ImpreciseDate
from workshops.models import Event, Workshop

DATES = {
    "29. April 2016": "2016-04-29",
    "29.\u00a0April 2016": "2016-04-29",
    "29 April 2016": "2016-04-29",
    "29. Apr. 2016": "2016-04-29",
    "29.4.16": "2016-04-29",
    "29.4.2016": "2016-04-29",
    "29. 4. 2016": "2016-04-29",
    "29.4.99": "1999-04-29",
    "29/04/2016": "2016-04-29",
    "April 29, 2016": "2016-04-29",
    "29th April 2016": "2016-04-29",
    "Freitag, 29. April 2016": "2016-04-29",
    "Fr., 29.4.2016": "2016-04-29",
    "Friday, 29 April 2016": "2016-04-29",
    "4/2016": "2016-04",
    "April 2016": "2016-04",
    "Apr. 2016": "2016-04",
    "MÄRZ 2016": "2016-03",
    "Ma\u0308rz 2016": "2016-03",
    "Maerz 2016": "2016-03",
    "Jänner 2016": "2016-01",
    "march 2016": "2016-03",
    "2026-2029": "2026/2029",
    "2026 - 2029": "2026/2029",
    "2026–29": "2026/2029",
    "2014/15": "2014/2015",
    "2014 bis 2016": "2014/2016",
    "2014 to 2016": "2014/2016",
    "von 2014 bis 2016": "2014/2016",
    "vom 1.3.2016 bis zum 3.3.2016": "2016-03-01/2016-03-03",
    "zwischen Januar und April 2016": "2016-01/2016-04",
    "Oktober 2015 bis April 2016": "2015-10/2016-04",
    "Okt. 2015 – Apr. 2016": "2015-10/2016-04",
    "October 2015 to April 2016": "2015-10/2016-04",
    "10/2015-4/2016": "2015-10/2016-04",
    "1.3.2016-3.3.2016": "2016-03-01/2016-03-03",
    "1. bis 3. März 2016": "2016-03-01/2016-03-03",
    "1.–3.3.2016": "2016-03-01/2016-03-03",
    "29.4. – 3.5.2016": "2016-04-29/2016-05-03",
    "28. April bis 3. Mai 2016": "2016-04-28/2016-05-03",
    "März bis Mai 2016": "2016-03/2016-05",
    "Frühjahr 2027": "2027-03/2027-05",
    "Sommer 2027": "2027-06/2027-08",
    "autumn 2027": "2027-09/2027-11",
    "Winter 2026/27": "2026-12/2027-02",
    "Herbst 2026 bis Frühjahr 2027": "2026-09/2027-05",
    "1. Halbjahr 2027": "2027-01/2027-06",
    "2. Quartal 2027": "2027-04/2027-06",
    "Q4 2027": "2027-10/2027-12",
}
REFUSED = {
    "30.2.2016": typed.NoSuchDay,
    "31. April 2016": typed.NoSuchDay,
    "13/2016": typed.NoSuchDay,
    "2016-00": typed.NoSuchDay,
    "29.4.": typed.YearMissing,
    "29. April": typed.YearMissing,
    "April": typed.YearMissing,
    "2016 bis 2015": typed.EndBeforeBegin,
    "2016/15": typed.EndBeforeBegin,
    "April bis März 2016": typed.EndBeforeBegin,
    "gestern": typed.Unreadable,
    "bald bis 2016": typed.Unreadable,
    "2014 bis 2015 bis 2016": typed.Unreadable,
    "Winter 2026/28": typed.Unreadable,
    "٢٠١٦": typed.Unreadable,
}
CLOCKS = {
    "17.00": (17, 0),
    "17:00": (17, 0),
    "9": (9, 0),
    "09": (9, 0),
    "9 Uhr": (9, 0),
    "9.30 Uhr": (9, 30),
    "17 h": (17, 0),
    "17h30": (17, 30),
    "17:00:00": (17, 0),
    "0": (0, 0),
    "5 pm": (17, 0),
    "12 a.m.": (0, 0),
    " 9:05\u00a0Uhr ": (9, 5),
}
MOMENTS = {
    "29.4.2016 17:00": (2016, 4, 29, 17, 0),
    "29.04.2016 17:00:00": (2016, 4, 29, 17, 0),
    "29. April 2016, 17 Uhr": (2016, 4, 29, 17, 0),
    "29. April 2016 um 9.30 Uhr": (2016, 4, 29, 9, 30),
    "29 April 2016, 17:00": (2016, 4, 29, 17, 0),
    "2016-04-29T17:00": (2016, 4, 29, 17, 0),
    "2016-04-29 17:00:00": (2016, 4, 29, 17, 0),
}
languages = st.sampled_from(["de", "en"])
days = st.dates(min_value=datetime.date(1, 1, 1))
minutes = st.builds(datetime.time, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize(("text", "edtf"), DATES.items())
def test_date_is_read_as_people_write_it(text, edtf):
    assert ImpreciseDate.parse(text).text == edtf


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_refusal_of_a_date_names_its_cause(text, reason):
    with pytest.raises(ImpreciseDate.Invalid) as refusal:
        ImpreciseDate.parse(text)

    assert type(refusal.value) is reason
    sentence = str(reason.sentence)
    with pytest.raises(ValidationError) as told:
        dates.ImpreciseDateFormField().clean(text)
    assert told.value.messages == [sentence]


@pytest.mark.parametrize(("text", "clock"), CLOCKS.items())
def test_time_is_read_as_people_write_it(text, clock):
    assert typed.read_clock(text) == datetime.time(*clock)


@pytest.mark.parametrize("text", ["", "25", "9:60", "24:00", "13 pm", "halb neun", "9:0", "9-17"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(typed.NoTime):
        typed.read_clock(text)


@pytest.mark.parametrize(("text", "moment"), MOMENTS.items())
def test_moment_is_read_as_people_write_it(text, moment):
    assert typed.read_moment(text) == datetime.datetime(*moment)  # noqa: DTZ001


@given(st.text(max_size=30) | st.sampled_from(sorted([*DATES, *MOMENTS])).map(lambda t: t[::-1]))
def test_any_text_is_read_or_refused(text):
    for read in (typed.read_date, typed.read_day, typed.read_clock, typed.read_moment):
        with suppress(typed.Unreadable):
            read(text)


@given(imprecise_dates(), languages)
def test_shown_date_is_read_back(date, language):
    first, _, last = date.text.partition("/")
    with translation.override(language):
        shown = str(date)

    assert ImpreciseDate.parse(shown).text == (first if first == last else date.text)


@given(days, minutes, languages)
def test_shown_day_time_and_moment_are_read_back(day, clock, language):
    moment = datetime.datetime.combine(day, clock)
    with translation.override(language):
        shown_days = [day_in_words(day)]
        shown_days += [
            formats.date_format(day, name) for name in ("DATE_FORMAT", "SHORT_DATE_FORMAT")
        ]
        shown_days += [formats.localize_input(day)]
        shown_clocks = [
            formats.time_format(clock),
            formats.localize_input(clock),
            f"{clock:%-H:%M} Uhr",
            times_in_words(clock, None),
        ]
        shown_moments = [
            formats.date_format(moment, name)
            for name in ("DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")
        ]
        shown_moments += [
            formats.localize_input(moment),
            f"{formats.date_format(day)}, {formats.time_format(clock)} Uhr",
        ]

    assert {typed.read_day(shown) for shown in shown_days} == {day}
    assert {typed.read_clock(shown) for shown in shown_clocks} == {clock}
    assert {typed.read_moment(shown) for shown in shown_moments} == {moment}


@given(st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2090, 1, 1)), languages)  # noqa: DTZ001
def test_printed_moment_is_read_back(moment, language):
    moment = timezone.make_aware(moment.replace(second=0, microsecond=0, fold=0))
    with translation.override(language):
        shown = moment_in_words(moment)

    assert typed.read_moment(shown) == timezone.localtime(moment).replace(tzinfo=None)


def test_every_date_and_time_of_a_form_is_read_as_typed():
    bare = set()
    for form in [form for form in forms_below() if form.__module__.split(".")[0] in APPS]:
        for name, field in form.base_fields.items():
            is_when = isinstance(field, forms.DateField | forms.TimeField | forms.DateTimeField)
            if is_when and not isinstance(field, dates.TypedFieldMixin):
                bare.add(f"{form.__qualname__}.{name}")

    assert bare == set()


@pytest.mark.django_db
def test_every_date_and_time_of_the_admin_is_read_as_typed_and_helps_before():
    found, bare, mute = 0, set(), set()
    for form in admin_forms():
        for name, field in form.base_fields.items():
            parts = getattr(field, "fields", [field])
            for part in parts:
                if isinstance(part, forms.DateField | forms.TimeField | forms.DateTimeField):
                    found += 1
                    if not isinstance(part, dates.TypedFieldMixin):
                        bare.add(f"{form._meta.model.__name__}.{name}")
                    if not field.help_text:
                        mute.add(f"{form._meta.model.__name__}.{name}")

    assert found >= 8
    assert (bare, mute) == (set(), set())


def test_day_field_says_what_it_needs():
    with pytest.raises(ValidationError, match="einzelner Tag"):
        dates.DayFormField().clean("April 2016")
    with pytest.raises(ValidationError, match="Tag und Uhrzeit"):
        dates.MomentFormField().clean("29.4.2016")
    assert dates.DayFormField().clean("29. April 2016") == datetime.date(2016, 4, 29)
    assert dates.DayFormField(required=False).clean(" ") is None
    moment = dates.SplitMomentFormField().clean(["29. April 2016", "17 Uhr"])
    assert timezone.localtime(moment).isoformat() == "2016-04-29T17:00:00+02:00"


# The end lies after the begin


def pairs():
    for app in ROOMS:
        for model in apps.get_app_config(app).get_models():
            names = {field.name for field in model._meta.fields}
            if "begins_at" in names:
                yield model


@pytest.mark.parametrize("model", list(pairs()), ids=lambda model: model.__name__)
def test_end_before_begin_is_refused(model):
    row = model(begins_at=datetime.time(17), ends_at=datetime.time(9))

    with pytest.raises(ValidationError) as refusal:
        row.clean()

    assert refusal.value.message_dict == {"ends_at": [str(typed.EndBeforeBegin.sentence)]}
    for begin, end in ((None, datetime.time(9)), (datetime.time(9), None), (datetime.time(9),) * 2):
        model(begins_at=begin, ends_at=end).clean()


def test_pairs_of_begin_and_end_are_found():
    assert set(pairs()) == {Workshop, Event}


@pytest.mark.django_db
def test_admin_takes_times_as_typed_and_refuses_a_workshop_that_ends_before(client, settings):
    settings.STAFF_MFA_REQUIRED = False
    event = EventFactory(begins_at=None, ends_at=None)
    client.force_login(LeadFactory(programme=event.run.programme))
    typed_values = {"held_on": "Frühjahr 2027", "begins_at": "17 Uhr", "ends_at": "9"}

    refused = save(client, event, **typed_values)
    event.refresh_from_db()

    assert "Das Ende liegt vor dem Beginn." in refused.text
    assert 'value="17 Uhr"' in refused.text
    assert event.begins_at is None

    save(client, event, **{**typed_values, "ends_at": "20.30 Uhr"})
    event.refresh_from_db()

    assert (event.held_on.text, event.begins_at, event.ends_at) == (
        "2027-03/2027-05",
        datetime.time(17),
        datetime.time(20, 30),
    )
