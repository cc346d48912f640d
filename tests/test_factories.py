"""Every factory and every trait makes a row that the database accepts and that is valid."""

import inspect

import pytest
from factory import Trait
from factory.django import DjangoModelFactory

from programmes.models.belonging import belongs_to_programmes, programme_of
from tests import factories

FACTORIES = [
    item
    for item in vars(factories).values()
    if inspect.isclass(item)
    and issubclass(item, DjangoModelFactory)
    and item is not DjangoModelFactory
]
TRAITS = [
    (item, name)
    for item in FACTORIES
    for name, value in item._meta.parameters.items()
    if isinstance(value, Trait)
]


@pytest.mark.django_db
@pytest.mark.parametrize("item", FACTORIES, ids=lambda item: item.__name__)
def test_factory_makes_a_valid_row(item):
    row = item()

    row.refresh_from_db()
    row.full_clean()
    if belongs_to_programmes(type(row)) and type(row).__name__ != "Message":
        assert programme_of(row) is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("item", "trait"), TRAITS, ids=lambda part: getattr(part, "__name__", part)
)
def test_trait_makes_a_valid_row(item, trait):
    row = item(**{trait: True})

    row.refresh_from_db()
    row.full_clean()
