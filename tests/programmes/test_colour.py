import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.colour import NIGHT, NIGHT_SURFACE, accent_sheet
from tests.factories import (
    ConceptFactory,
    EditionFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    RunFactory,
)
from texts.colours import WHITE, contrast

AA_TEXT = 4.5
channels = st.integers(0, 255)


def colours_of(sheet):
    found = re.findall(r"--(accent[\w-]*): #([0-9a-f]{6});", sheet)
    values = [(name, tuple(bytes.fromhex(digits))) for name, digits in found]
    return dict(values[:3]), dict(values[3:])


@given(st.tuples(channels, channels, channels))
def test_every_colour_becomes_readable_in_both_themes(colour):
    day, night = colours_of(accent_sheet("#{:02x}{:02x}{:02x}".format(*colour)))

    assert contrast(day["accent"], WHITE) >= AA_TEXT
    assert contrast(day["accent"], day["accent-soft"]) >= AA_TEXT
    for ground in (NIGHT, NIGHT_SURFACE, night["accent-soft"]):
        assert contrast(night["accent"], ground) >= AA_TEXT


def test_readable_colour_stays_as_it_is():
    assert "--accent: #8a1f5c;" in accent_sheet("#8a1f5c")


SHEET = '<link rel="stylesheet" href="/farbe/8a1f5c.css">'
LISTS = ("/", "/programme/", "/durchlaeufe/", "/konzepte/", "/presse/", "/leitfaden/")


def publish(**kwargs):
    """A programme with one thing of each kind on the public lists."""
    programme = ProgrammeFactory(public=True, **kwargs)
    run = RunFactory(programme=programme, is_public=True)
    concept = ConceptFactory(run=run, team=None, published=True)
    release = PressReleaseFactory(programme=programme, published=True)
    edition = EditionFactory(guideline__programme=programme, published=True)
    return [programme, run, concept, release, edition.guideline]


@pytest.mark.django_db
def test_pages_of_a_programme_bring_its_colour(client):
    pages = publish(accent_colour="#8a1f5c")

    for page in pages:
        assert SHEET in client.get(page.get_absolute_url()).text


@pytest.mark.django_db
@pytest.mark.parametrize("path", LISTS)
def test_list_has_the_colour_of_its_only_programme(client, path):
    publish(accent_colour="#8a1f5c")
    alone = client.get(path).text
    publish()

    assert SHEET in alone
    assert "/farbe/" not in client.get(path).text


@pytest.mark.django_db
def test_usual_colour_needs_no_sheet(client):
    programme = ProgrammeFactory(public=True)

    assert "/farbe/" not in client.get(programme.get_absolute_url()).text


def test_sheet_may_be_kept(client):
    response = client.get("/farbe/8a1f5c.css")

    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert "--accent: #8a1f5c;" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["8A1F5C", "red", "8a1f5c00", "8a1f5%3B"])
def test_no_other_name_is_a_colour(client, name):
    assert client.get(f"/farbe/{name}.css").status_code == 404
