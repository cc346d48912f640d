"""The admin of releases and the guideline: what the lead reads and may still do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from publications.models import PressRelease
from tests.factories import (
    BlockFactory,
    LeadFactory,
    PressBlockFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    RunFactory,
    StatedFigureFactory,
)
from tests.pages import admin_url, read_change_form
from tests.signing_in import log_in_with_second_factor
from texts.dates import ImpreciseDate

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory(title="Stadt am Tisch")


@pytest.fixture
def lead(client, programme):
    return log_in_with_second_factor(client, LeadFactory(programme=programme))


def page(client, row):
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    response = client.get(reverse(name, args=[row.pk]))
    assert response.status_code == 200
    return response.text


def test_published_release_is_read_as_text_and_offers_no_saving(lead, programme):
    release = PressReleaseFactory(programme=programme, published=True)
    PressBlockFactory(release=release, text="<p>Ein <strong>Absatz</strong>.</p>")

    text = page(lead, release)

    assert '<div class="rich-text"><p>Ein <strong>Absatz</strong>.</p></div>' in text
    assert 'name="_save"' not in text
    assert 'name="_continue"' not in text


def test_draft_is_edited_and_saved(lead, programme):
    release = PressReleaseFactory(programme=programme)
    PressBlockFactory(release=release, text="<p>Ein Absatz.</p>")

    text = page(lead, release)

    assert 'name="_save"' in text
    assert 'name="blocks-0-text"' in text


def test_release_lists_what_may_be_named(lead, programme):
    run = RunFactory(programme=programme, topic="Leere Läden")
    release = PressReleaseFactory(programme=programme, run=run)

    text = page(lead, release)

    assert "<code>{programm.titel}</code></th><td>Stadt am Tisch</td>" in text
    assert "<code>{durchlauf.thema}</code></th><td>Leere Läden</td>" in text


def test_release_shows_where_a_fact_comes_from(lead, programme):
    run = RunFactory(programme=programme, number=3, topic="Leere Läden")
    other = RunFactory(programme=programme, number=2, topic="Zuwanderung")
    StatedFigureFactory(
        programme=programme,
        run=other,
        key="gruppe",
        value="20",
        source="Bericht",
        stated_on=ImpreciseDate("2016-05-02"),
    )
    StatedFigureFactory(programme=programme, key="laender", value="3", source="Satzung von 2014")

    text = " ".join(page(lead, PressReleaseFactory(programme=programme, run=run)).split())

    assert (
        "<code>{durchlauf:2.angabe:gruppe}</code></th><td>20</td> "
        "<td>Durchlauf 2: Zuwanderung</td> <td>Bericht, 2. Mai 2016</td>" in text
    )
    assert "{angabe:gruppe}" not in text
    assert (
        "<code>{angabe:laender}</code></th><td>3</td> "
        "<td>Programm</td> <td>Satzung von 2014</td>" in text
    )
    assert "{durchlauf:3.thema}" not in text


def test_chapter_lists_what_may_be_named(lead, programme):
    block = BlockFactory(chapter__guideline__programme=programme)

    text = page(lead, block.chapter)

    assert "<code>{programm.titel}</code></th><td>Stadt am Tisch</td>" in text


def test_unknown_placeholder_names_the_one_that_is_meant(lead, programme):
    fields = {
        "programme": programme.pk,
        "kind": PressRelease.Kind.OTHER,
        "language": "de",
        "headline": "{programm.titl} beginnt",
        "slug": "beginnt",
        "lead": "Worum es geht.",
        **{f"blocks-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")},
        **{f"releaseboilerplate_set-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")},
    }

    response = lead.post(reverse("admin:publications_pressrelease_add"), fields)

    assert "Gemeint ist vielleicht: {programm.titel}." in response.text
    assert 'value="{programm.titl} beginnt"' in response.text
    assert PressRelease.objects.count() == 0


def queries_of_saving(lead, release):
    """How many queries it takes to save the page with each paragraph changed."""
    data = read_change_form(lead, release)
    for name in [name for name in data if name.startswith("blocks-") and name.endswith("-text")]:
        if "__prefix__" not in name:
            data[name] = f"<p>{name} im {{programm.titel}}.</p>"
    with CaptureQueriesContext(connection) as queries:
        assert lead.post(admin_url(release), data).status_code == 302
    return len(queries)


def test_saving_many_paragraphs_collects_the_facts_once(lead, programme):
    few, many = (PressReleaseFactory(programme=programme) for _ in range(2))
    for release, number in ((few, 2), (many, 42)):
        for position in range(number):
            PressBlockFactory(release=release, position=position, text="<p>Absatz.</p>")

    # A row is read with its parents, compared and written; with facts of its own it took 20.
    per_row = (queries_of_saving(lead, many) - queries_of_saving(lead, few)) / 40

    assert per_row <= 10
