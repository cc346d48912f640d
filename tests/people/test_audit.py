"""The change log reads as German sentences."""

import ast
import itertools
import re

import pytest
from django.conf import settings

from people.models import AuditEntry
from people.operations import record
from people.verbs import VERBS
from tests.factories import RunFactory, UserFactory
from tests.test_project import ROOMS

# What writes an entry, and what moves something on and writes it on the way.
WRITES = re.compile(r"_?record(_\w+)?|_?move_\w+|_end_run|_answer")
VERB = re.compile(r"[a-z_]+")


def recorded_verbs(tree):
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not WRITES.fullmatch(ast.unparse(call.func)):
            continue
        for part in itertools.chain.from_iterable(map(ast.walk, call.args)):
            if isinstance(part, ast.Constant) and VERB.fullmatch(str(part.value)):
                yield part.value


def assigned_verbs(tree):
    """Verbs that are chosen before they are recorded."""
    for assign in ast.walk(tree):
        if isinstance(assign, ast.Assign) and ast.unparse(assign.targets[0]) == "verb":
            choice = assign.value
            assert isinstance(choice, ast.IfExp)
            yield from (choice.body.value, choice.orelse.value)


def test_every_recorded_verb_has_words_and_every_verb_is_recorded():
    trees = [
        ast.parse(path.read_text(encoding="utf-8"))
        for room in ROOMS
        for path in (settings.BASE_DIR / room).rglob("*.py")
    ]
    verbs = {verb for tree in trees for verb in (*recorded_verbs(tree), *assigned_verbs(tree))}

    assert verbs == set(VERBS)


@pytest.mark.django_db
def test_entry_names_what_happened_to_what():
    run = RunFactory(topic="Zuwanderung")

    entry = record("start_run", run, by=UserFactory(), scope=run.programme.slug)

    assert str(entry) == "Zuwanderung: gestartet"
    assert list(AuditEntry.objects.of("programmes.run", run.pk)) == [entry]


def test_unknown_verb_stands_for_itself():
    assert AuditEntry(action="tanzen").action_name == "tanzen"
