"""Carrier and funders below every page."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from programmes.footer import KEY
from tests.factories import (
    ConceptFactory,
    FundingNoticeFactory,
    OrganisationFactory,
    ParticipationFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    RunFactory,
)
from tests.html_check import check_html
from texts.dates import ImpreciseDate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_footer(empty_cache):
    cache.delete(KEY)


def programme_of(carrier, funding, **fields):
    programme = ProgrammeFactory(public=True, **fields)
    programme.carrier = OrganisationFactory(programme=programme, legal_name=carrier)
    programme.save()
    FundingNoticeFactory(programme=programme, text=funding, period=None)
    return programme


@pytest.fixture
def programme():
    return programme_of("Träger GmbH", "Gefördert vom Bund.")


def footer(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    check_html(response)
    return response.text.partition('<footer class="site-footer">')[2].partition("</footer>")[0]


def test_every_page_names_carrier_and_funders(client, programme):
    run = RunFactory(programme=programme, is_public=True)
    concept = ConceptFactory(run=run, published=True)
    release = PressReleaseFactory(programme=programme, published=True)

    for address in (
        "/",
        "/en/",
        "/impressum/",
        reverse("account_login"),
        reverse("concepts:list"),
        *(row.get_absolute_url() for row in (programme, run, concept, release)),
    ):
        text = footer(client, address)
        assert "Träger GmbH" in text, address
        assert "Gefördert vom Bund." in text, address


def test_page_of_a_programme_names_its_own_only(client, programme):
    other = programme_of("Anderer e. V.", "Gefördert vom Land.")
    RunFactory(programme=other, is_public=True)
    concept = ConceptFactory(run=RunFactory(programme=other, is_public=True), published=True)

    for row in (other, concept.run, concept):
        text = footer(client, row.get_absolute_url())
        assert "Anderer e. V." in text
        assert "Träger GmbH" not in text
        assert "Gefördert vom Bund." not in text
    start = footer(client, "/")
    assert "Anderer e. V." in start
    assert "Träger GmbH" in start


def test_page_of_those_who_take_part_names_the_run_s_own_only(client, programme):
    other = programme_of("Anderer e. V.", "Gefördert vom Land.")
    participation = ParticipationFactory(
        run=RunFactory(programme=other), person__with_account=True, status="active"
    )
    client.force_login(participation.person.user)

    text = footer(client, reverse("workshops:run", args=[other.slug, participation.run.slug]))

    assert "Anderer e. V." in text
    assert "Träger GmbH" not in text


def test_ended_funding_and_hidden_programmes_are_not_named(client, programme):
    FundingNoticeFactory(
        programme=programme, text="Früher gefördert.", period=ImpreciseDate("2014/2016")
    )
    hidden = programme_of("Geheim GmbH", "Gefördert von niemandem.")
    type(hidden).objects.filter(pk=hidden.pk).update(is_public=False)

    text = footer(client, "/")

    assert "Gefördert vom Bund." in text
    for word in ("Früher", "Geheim", "niemandem"):
        assert word not in text


def test_many_programmes_are_one_link(client, programme):
    for number in range(3):
        programme_of(f"Träger {number}", "Gefördert.")

    text = footer(client, "/")

    assert f'href="{reverse("programmes:list")}"' in text
    assert "Träger GmbH" not in text


def test_footer_asks_the_database_once_a_minute(client, programme, django_assert_num_queries):
    client.get("/impressum/")

    with django_assert_num_queries(1):
        client.get("/impressum/")
