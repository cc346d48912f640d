"""Mutated files: an import either succeeds or refuses with sentences; nothing in between."""

import copy

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.operations import import_programme
from exchange.problems import ImportRefused
from tests.exchange.conftest import SAMPLE_DATA, count, source

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            "2016-02-30",
            "9999-12-31T23:59:59-12:00",
            "{angabe:x}",
            "{0.__class__}",
            "<p>",
            "<table><td>",
            "2025/auftakt",
            "erika",
            "published",
            "x" * 5_000,
        ]
    ),
    st.lists(st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


def places(value, path=()):
    if path:
        yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for name, entry in entries:
        if isinstance(entry, dict | list):
            yield from places(entry, (*path, name))
        else:
            yield (*path, name)


PLACES = sorted(places(SAMPLE_DATA), key=repr)


@st.composite
def mutated(draw):
    data = copy.deepcopy(SAMPLE_DATA)
    for _step in range(draw(st.integers(1, 3))):
        *steps, last = draw(st.sampled_from(PLACES))
        parent = data
        try:
            for step in steps:
                parent = parent[step]
            match draw(st.sampled_from(["replace", "delete", "double", "rename"])):
                case "replace":
                    parent[last] = draw(JUNK)
                case "delete":
                    del parent[last]
                case "double" if isinstance(parent, list):
                    parent.append(copy.deepcopy(parent[last]))
                case "rename" if isinstance(parent, dict):
                    parent[draw(st.text(max_size=8))] = parent.pop(last)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
    return data


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=mutated())
def test_a_mutated_file_is_imported_or_refused(data):
    with transaction.atomic():
        problems, changes = outcome(data)
        if problems:
            assert set(count("stadtlabor").values()) == {0}
        else:
            assert changes
            assert outcome(data) == ([], False)
        transaction.set_rollback(True)


def outcome(data):
    try:
        return [], bool(import_programme(source(data), by=None))
    except ImportRefused as refusal:
        return refusal.problems, False
