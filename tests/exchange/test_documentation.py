import pytest
from jsonschema import Draft202012Validator

from exchange.documentation import PAGE, SCHEMA, page_text, schema_text
from exchange.operations import import_programme
from exchange.schema import exchange_schema
from publications.models import Block, PressRelease
from tests.exchange.conftest import EXAMPLE_DATA, SAMPLE_DATA, source

STALE = "Stale: run ./portal manage describe_exchange_format"


def test_the_schema_is_current():
    assert SCHEMA.read_text() == schema_text(), STALE


def test_the_page_is_current():
    page = PAGE.read_text()

    assert page == page_text(page), STALE


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(exchange_schema())


@pytest.mark.parametrize("data", [EXAMPLE_DATA, SAMPLE_DATA], ids=("example", "sample"))
def test_the_schema_takes_the_files_that_are_shown(data):
    assert list(Draft202012Validator(exchange_schema()).iter_errors(data)) == []


@pytest.mark.django_db
def test_the_sample_of_the_page_can_be_imported(sample):
    import_programme(source(sample), by=None)

    release = PressRelease.objects.get()
    places = release.blocks.exclude(quote=None).order_by("position")
    assert list(places.values_list("quote__phrase_place", flat=True)) == [
        "before",
        "between",
        "after",
    ]
    assert Block.objects.count() == 3
