"""No verb without a door: what somebody may do, a page, a button, a command or the clock does."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from rules.permissions import permissions

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("documents", "people", "programmes", "workshops", "concepts", "publications", "exchange")
APPS = (*ROOMS, "home")

# Operations that nobody reaches yet, and why that is known.
WITHOUT_DOOR = {
    "concepts.operations.answer_signoff": "members sign off where they write their concept",
    "workshops.operations.output.add_attachment": "comes and goes with the text: `save_output`",
    "workshops.operations.output.remove_attachment": "comes and goes with the text: `save_output`",
}
# Rules that no page asks, and why that is known.
NOT_ASKED = {
    "concepts.answer_signoff": "members sign off where they write their concept",
    "concepts.submit_concept": "members hand in where they write their concept",
}
# Pages that ask a wider rule first; the operation then says what is in the way in a sentence.
ASKED_AS = {
    "workshops.submit_output": "workshops.write_output",
    "workshops.return_output": "workshops.answer_output",
}
# Roles that may do something and find no page for it, and why that is known.
WITHOUT_PAGE = {
    ("concepts.begin_signing_concept", "people"): "where the team writes its concept",
    ("concepts.reopen_concept", "people"): "where the team writes its concept",
    ("concepts.submit_concept", "people"): "where the team writes its concept",
    ("concepts.submit_concept", "staff"): "the lead hands in with `waive_signoffs`",
    ("concepts.answer_signoff", "people"): "where the team writes its concept",
}

# The predicates that make a role: staff have the admin, the others have pages.
STAFF = {"leads", "edits", "administers", "leads_somewhere", "may_found", "is_superuser"}
PEOPLE = {"takes_part", "works_in", "hands_in", "is_writer", "facilitates"}
PEOPLE |= {"is_member_of_team", "is_own_signoff"}


# Operations


def sources():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_door(path):
    """Where the world comes in: requests, commands and the clock."""
    parts = set(path.relative_to(ROOT).with_suffix("").parts)
    return bool(parts & {"views", "admin", "commands", "beat", "tasks", "middleware", "feeds"})


@cache
def parsed(path):
    return ast.parse(path.read_text())


def named_in(node, known):
    """What of `known` (local name → full name) the code below a node uses, not only imports."""
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and item.id in known:
            yield known[item.id]
        if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name):
            module = known.get(item.value.id)
            if module:
                yield f"{module}.{item.attr}"


def names_of(path):
    """The names of a module that mean a function or a module of ours, with their full names."""
    tree, module = parsed(path), module_name(path)
    known = {}
    for item in tree.body:
        if isinstance(item, ast.FunctionDef | ast.ClassDef):
            known[item.name] = f"{module}.{item.name}"
        if isinstance(item, ast.ImportFrom) and item.module:
            for alias in item.names:
                known[alias.asname or alias.name] = f"{item.module}.{alias.name}"
    return known


def call_graph():
    """For every function and class of ours what it uses; and what the doors use as modules."""
    graph, doors = {}, set()
    for path in sources():
        known, module = names_of(path), module_name(path)
        if path.name == "__init__.py":
            # What a package takes from its modules has a second name.
            graph |= {f"{module}.{name}": {meant} for name, meant in known.items()}
        for item in parsed(path).body:
            if isinstance(item, ast.Import | ast.ImportFrom):
                continue
            used = set(named_in(item, known))
            if isinstance(item, ast.FunctionDef | ast.ClassDef):
                name = f"{module}.{item.name}"
                graph.setdefault(name, set()).update(used - {name})
                # What a registry is told by a decorator is called through it.
                if is_door(path) or any(map(_registers, item.decorator_list)):
                    doors.add(name)
            elif is_door(path):
                doors |= used
    return graph, doors


def _registers(decorator):
    return ast.unparse(decorator).startswith("register_")


def reached(graph, start):
    found, waiting = set(), list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(graph.get(name, ()))
    return found


def operations():
    for path in sources():
        module = module_name(path)
        if module.split(".")[1:2] != ["operations"]:
            continue
        for item in parsed(path).body:
            if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
                yield f"{module}.{item.name}"


def test_every_operation_is_reached_from_a_door():
    graph, doors = call_graph()

    unreached = set(operations()) - reached(graph, doors)

    assert unreached <= set(WITHOUT_DOOR)


def test_the_walk_sees_an_operation_that_nobody_calls():
    graph, doors = call_graph()
    for name in ("programmes.operations.leave_run", "publications.operations.quote.decline_quote"):
        callers = {caller for caller, used in graph.items() if name in used}
        assert callers
        without = {caller: used - {name} for caller, used in graph.items()}

        assert name not in reached(without, doors - {name})


# Rules


def steps():
    """The permissions that are more than those for the rows themselves."""
    return sorted(
        name for name in permissions if not re.search(r"\.(view|add|change|delete)_", name)
    )


def roles(name):
    """Which kinds of people a rule lets in, read from the predicates that it is made of."""
    words = set(re.findall(r"(?<![~\w])\w+", permissions[name].name))
    found = set()
    if words & STAFF:
        found.add("staff")
    if words & PEOPLE:
        found.add("people")
    return found


@cache
def asked():
    """Where each permission is asked: in the admin, or on pages of the portal."""
    places = {}
    for path in [*sources(), *(ROOT / "templates").rglob("*.html")]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "admin" in parts:
            kind = "staff"
        elif "views" in parts or path.suffix == ".html":
            kind = "people"
        else:
            continue
        for name in re.findall(r"[\"']([a-z]+\.[a-z_]+)[\"']", path.read_text()):
            places.setdefault(name, set()).add(kind)
    for name, wider in ASKED_AS.items():
        places.setdefault(name, set()).update(places[wider])
    return places


def test_every_rule_names_people_that_are_known_here():
    assert [name for name in steps() if not roles(name)] == []


def test_every_rule_is_asked_somewhere():
    assert {name for name in steps() if name not in asked()} <= set(NOT_ASKED)


@pytest.mark.parametrize("name", steps())
def test_every_role_that_a_rule_lets_in_has_a_page_for_it(name):
    places = asked().get(name, set())
    # Staff read the pages of the portal too; the others never reach the admin.
    doors = places | ({"staff"} if "people" in places else set())

    missing = {role for role in roles(name) - doors if (name, role) not in WITHOUT_PAGE}

    assert missing == set()


def test_roles_are_read_from_the_predicates():
    assert roles("workshops.accept_output") == {"staff", "people"}
    assert roles("workshops.submit_output") == {"people"}
    assert roles("programmes.start_run") == {"staff"}
    assert roles("concepts.begin_signing_concept") == {"staff", "people"}
