"""One operation for each change: nobody writes states, rights or answers past it."""

import ast
from pathlib import Path

import pytest

from tests.test_project import ROOMS

ROOT = Path(__file__).resolve().parent.parent

# What only operations write, because a change of it means more than the column.
STATES = {"status", "release", "withdrawn_at", "has_left"}
RIGHTS = {"is_staff", "is_superuser", "is_active", "may_found_programmes", "may_keep_legal_pages"}
GUARDED = STATES | RIGHTS
# Rows that stand for a decision.
DECISIONS = {"Responsibility", "Consent", "Invitation", "SignOff", "AuditEntry", "TeamMembership"}
# What moves a row to another status.
MOVING = {"move", "move_to", "release"}
WRITING = {"create", "get_or_create", "update_or_create", "bulk_create", "update", "delete"}


def modules():
    """Every module that is not the place where changes are made."""
    for room in (*ROOMS, "lifecycle"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT)
            if {"migrations", "operations", "production"} & set(name.with_suffix("").parts):
                continue
            yield pytest.param(path, id=str(name))


def written(tree):
    """Attributes that are set, columns that are updated and decisions that are made, by line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in GUARDED:
                    yield node.lineno, target.attr
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            call = ast.unparse(node.func)
            keywords = {keyword.arg for keyword in node.keywords}
            if node.func.attr == "update" and keywords & GUARDED:
                yield node.lineno, call
            if node.func.attr in MOVING:
                yield node.lineno, call
            if node.func.attr in WRITING and call.split(".")[0] in DECISIONS:
                yield node.lineno, call


# Where something of the kind is right, and why.
KNOWN = {
    # What is queued moves by one conditional statement each, with the token of the worker.
    "lifecycle/leases.py": {
        "self.filter(status=before).update",
        "self.due().filter(pk=pk).update",
        "self.move",
    },
}


@pytest.mark.parametrize("path", list(modules()))
def test_states_rights_and_decisions_are_written_by_operations(path):
    name = str(path.relative_to(ROOT))
    found = [
        (line, what)
        for line, what in written(ast.parse(path.read_text()))
        if what not in KNOWN.get(name, set())
    ]

    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "user.is_staff = True",
        "run.status = 'running'",
        "run.move_to('running')",
        "rows.move('planned', 'running')",
        "Responsibility.objects.update_or_create(user=user)",
        "rows.update(status='sent')",
        "Consent.objects.create(person=person)",
        "def save():\n    quote.release = 'released'",
    ],
)
def test_a_second_door_is_found(code):
    assert list(written(ast.parse(code)))
