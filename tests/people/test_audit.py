"""The change log reads as German sentences."""

import re
from pathlib import Path

import pytest

from people.models import AuditEntry
from people.models.audit import ACTIONS
from people.operations import record
from tests.factories import RunFactory, UserFactory

ROOMS = ("people", "programmes", "workshops", "concepts", "publications")
VERB = re.compile(r"""\b_?record\(\s*(?:\w+, )?"(\w+)"|\b_move_\w+\(\s*\w+, [\w.]+, "(\w+)\"""")


def recorded_verbs():
    for room in ROOMS:
        for path in Path(room).glob("operations*"):
            files = path.rglob("*.py") if path.is_dir() else [path]
            for file in files:
                for match in VERB.finditer(file.read_text(encoding="utf-8")):
                    yield match[1] or match[2]


def test_every_recorded_verb_has_words():
    verbs = set(recorded_verbs())

    assert {"invite", "start_run", "approve"} <= verbs
    assert verbs - set(ACTIONS) == set()


@pytest.mark.django_db
def test_entry_names_what_happened_to_what():
    run = RunFactory(topic="Zuwanderung")

    entry = record("start_run", run, by=UserFactory(), scope=run.programme.slug)

    assert str(entry) == "Zuwanderung: gestartet"
    assert list(AuditEntry.objects.of("programmes.run", run.pk)) == [entry]


def test_unknown_verb_stands_for_itself():
    assert AuditEntry(action="tanzen").action_name == "tanzen"
