import pytest
from django.apps import apps
from django.db import models

from exchange.kinds import KINDS, LEFT_OUT_MODELS, WRITING_ORDER, kinds
from exchange.kinds.kind import FileContent

ROOMS = {"documents", "people", "programmes", "workshops", "concepts", "publications", "exchange"}
MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in ROOMS | {"home"} and not model._meta.auto_created
]


def classified_fields(kind):
    names = {kind.identity, kind.parent, kind.place, *kind.left_out}
    for entry in kind.entries:
        names.add(entry.field)
        if isinstance(entry, FileContent):
            names.update(entry.measured)
    return names - {""}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_is_exchanged_or_left_out_with_a_reason(model):
    exchanged = [kind for kind in KINDS.values() if kind.model is model]

    assert len(exchanged) + (model._meta.label in LEFT_OUT_MODELS) == 1


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_field_is_classified(kind):
    meta = kind.model._meta
    fields = {field.name for field in [*meta.local_fields, *meta.local_many_to_many]}

    assert classified_fields(kind) == fields


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_field_left_out_has_a_reason(kind):
    assert all(kind.left_out.values())


def test_children_come_after_their_parents_in_the_writing_order():
    places = {kind.name: place for place, kind in enumerate(WRITING_ORDER)}

    assert sorted(places) == sorted(KINDS)
    for kind in kinds():
        for child in kind.children:
            assert places[kind.name] < places[child.name]


def test_every_check_constraint_has_a_german_sentence():
    unnamed = [
        constraint.name
        for kind in KINDS.values()
        for constraint in kind.model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and constraint.violation_error_message == constraint.default_violation_error_message
    ]

    assert sorted(unnamed) == sorted(name for kind in KINDS.values() for name in kind.sentences)


def test_a_locked_kind_has_a_status():
    assert [kind.name for kind in KINDS.values() if kind.locked] == [
        "concept",
        "press_release",
        "edition",
    ]
    assert all(kind.model_field("status") for kind in KINDS.values() if kind.locked)
