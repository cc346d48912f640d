"""Every status there is and every change between them: the table of the architecture."""

import ast
import itertools
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from concepts.models import Concept, SignOff
from documents.models import RenderJob
from frame.templatetags.portal import TONES
from people.models import Message
from programmes.models import Invitation, Participation, Run
from publications.models import Edition, PressRelease, Quote
from workshops.models import Output, Workshop

STATES = {
    Run: """
        planned -> running cancelled
        running -> completed cancelled
        completed -> archived
        archived ->
        cancelled ->
    """,
    Invitation: """
        draft -> sent
        sent -> accepted declined expired withdrawn
        accepted ->
        declined ->
        expired -> sent
        withdrawn -> sent
    """,
    Participation: """
        invited -> active declined
        active -> completed left
        completed ->
        left ->
        declined ->
    """,
    Workshop: """
        planned -> confirmed cancelled
        confirmed -> held cancelled
        held -> documented
        documented ->
        cancelled ->
    """,
    Output: """
        draft -> submitted
        submitted -> accepted returned draft
        accepted ->
        returned -> submitted
    """,
    Concept: """
        drafting -> signing
        signing -> drafting submitted
        submitted -> in_review
        in_review -> returned approved
        returned -> drafting
        approved -> published drafting
        published -> withdrawn
        withdrawn ->
    """,
    SignOff: """
        open -> signed declined
        signed ->
        declined ->
    """,
    Quote: """
        draft -> requested recorded historic
        requested -> released released_changed declined expired recorded draft
        released -> draft
        released_changed -> draft
        declined -> draft
        expired -> requested draft
        recorded -> draft
        historic ->
    """,
    PressRelease: """
        draft -> in_approval
        in_approval -> draft approved
        approved -> embargoed published draft
        embargoed -> published draft
        published -> corrected withdrawn
        corrected -> withdrawn
        withdrawn ->
    """,
    Edition: """
        draft -> in_approval
        in_approval -> draft approved
        approved -> published draft
        published -> superseded withdrawn
        superseded ->
        withdrawn ->
    """,
    RenderJob: """
        pending -> running
        running -> done failed pending
        done ->
        failed -> pending
    """,
    Message: """
        pending -> sending
        sending -> sent failed pending
        sent ->
        failed -> pending
    """,
}


def rows(model):
    for line in STATES[model].strip().splitlines():
        status, _, following = line.strip().partition(" ->")
        yield status, set(following.split())


def status_field(model):
    return "release" if model is Quote else "status"


def pairs():
    for model in STATES:
        table = dict(rows(model))
        for before, after in itertools.product(table, repeat=2):
            yield pytest.param(
                model,
                before,
                after,
                after in table[before],
                id=f"{model.__name__}-{before}-{after}",
            )


@pytest.mark.parametrize("model", STATES, ids=lambda model: model.__name__)
def test_next_is_the_table_of_the_architecture(model):
    table = {
        str(status): {str(after) for after in following} for status, following in model.NEXT.items()
    }

    assert table == dict(rows(model))
    assert list(table) == [value for value, _ in model._meta.get_field(status_field(model)).choices]


@pytest.mark.parametrize(("model", "before", "after", "is_allowed"), list(pairs()))
def test_move_to_allows_only_what_the_table_has(model, before, after, is_allowed):
    field = status_field(model)
    row = model(**{field: before})
    choices = type(next(iter(model.NEXT)))

    if is_allowed:
        row.move_to(choices(after))
        assert getattr(row, field) == after
    else:
        with pytest.raises(model.WrongStatus):
            row.move_to(choices(after))
        assert getattr(row, field) == before


# A status in code is a member of its table, never a string.

FIELDS = {"status", "release"}
VALUES = {str(status) for model in STATES for status in model.NEXT}


def named(node):
    return getattr(node, "attr", getattr(node, "id", ""))


def status_strings(tree):
    """Where a status is compared, looked up or listed as a string: its line and the string."""
    for node in ast.walk(tree):
        match node:
            case ast.Call():
                places = [
                    keyword.value
                    for keyword in node.keywords
                    if keyword.arg and FIELDS & set(keyword.arg.split("__"))
                ]
            case ast.Compare() if named(node.left) in FIELDS:
                places = node.comparators
            case ast.Dict():
                places = [
                    value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant) and key.value in FIELDS
                ]
            case ast.Assign() if isinstance(node.value, ast.List | ast.Tuple | ast.Set):
                parts = [getattr(part, "value", "") for part in node.value.elts]
                # Members of a table are pairs of a value and its words.
                places = [node.value] if parts and set(map(str, parts)) <= VALUES else []
            case _:
                places = []
        for place in places:
            for part in ast.walk(place):
                if isinstance(part, ast.Constant) and part.value in VALUES:
                    yield part.lineno, part.value


def app_modules():
    folders = [Path(app.path) for app in apps.get_app_configs()]
    for folder in folders:
        if folder.parent != settings.BASE_DIR:
            continue
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                yield pytest.param(path, id=str(path.relative_to(settings.BASE_DIR)))


@pytest.mark.parametrize("path", list(app_modules()))
def test_no_status_is_a_string(path):
    assert list(status_strings(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        "runs.filter(status='running')",
        "Q(outputs__status__in=['submitted', x])",
        "run.status in {'planned', x}",
        "create(defaults={'status': 'draft'})",
        "SHARED = ('submitted', 'accepted')",
    ],
)
def test_a_status_as_a_string_is_found(code):
    assert list(status_strings(ast.parse(code)))


def test_templates_and_tones_know_only_statuses_that_exist():
    compared = re.compile(r"""\.(?:status|release) ?[!=]= ?"(\w*)\"""")
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    named = {status for path in templates for status in compared.findall(path.read_text())}

    assert {"accepted", "running"} <= named
    assert named | set().union(*TONES.values()) <= VALUES
