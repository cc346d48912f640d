import copy
import json
import re
from pathlib import Path

import pytest

from exchange.content import rows_of
from exchange.files import ExchangeFile
from exchange.kinds import WRITING_ORDER
from programmes.models import Programme
from publications.models import PressRelease

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "example" / "mfv-2016.json"
PAGE = ROOT / "docs" / "exchange-format.md"
EXAMPLE_DATA = json.loads(EXAMPLE.read_text())
SAMPLE_DATA = json.loads(
    re.search(r"<!-- sample -->\n```json\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
)


@pytest.fixture
def example():
    """The data of the example, to be changed at will."""
    return copy.deepcopy(EXAMPLE_DATA)


@pytest.fixture
def sample():
    """The small complete file of the documentation."""
    return copy.deepcopy(SAMPLE_DATA)


def source(data, **files):
    return ExchangeFile(data, files)


def empty(slug):
    """Take the programme out of the database, as if the portal had never known it."""
    PressRelease.objects.filter(programme__slug=slug).update(corrects=None)
    Programme.objects.filter(slug=slug).update(carrier=None)
    for kind in reversed(WRITING_ORDER):
        rows_of(kind, slug).delete()


def count(slug):
    return {kind.name: rows_of(kind, slug).count() for kind in WRITING_ORDER}
