"""The values that are objects or lists themselves: a block's data, authors, a frozen text."""

from typing import Any

from django.db import models

from concepts.models import BuildingBlock, Concept
from concepts.operations import BLOCK_FIELDS, TEXT_FIELDS
from documents.richtext import RichTextField
from publications.models import Block

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
NEEDED: Shape = {"type": "string", "minLength": 1}


def _object(required: dict[str, Shape], optional: dict[str, Shape] | None = None) -> Shape:
    shape: Shape = {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }
    if required:
        shape["required"] = list(required)
    return shape


def _list(items: Shape) -> Shape:
    return {"type": "array", "items": items, "minItems": 1}


# What `data` of a block holds, kind by kind; kinds that are not here have none.
BLOCK_DATA: dict[str, Shape] = {
    Block.Kind.STEPS.value: _list(_object({"title": NEEDED}, {"text": TEXT, "decision": TEXT})),
    Block.Kind.CHECKLIST.value: _list(NEEDED),
    Block.Kind.TABLE.value: _object(
        {"caption": NEEDED, "head": _list(NEEDED), "rows": _list(_list(TEXT))}
    ),
    Block.Kind.METHOD.value: _object(
        {}, {"purpose": TEXT, "duration": TEXT, "group": TEXT, "material": TEXT}
    ),
    Block.Kind.GLOSSARY.value: _list(_object({"term": NEEDED, "meaning": NEEDED})),
    Block.Kind.LITERATURE.value: _list(NEEDED),
}
AUTHORS: Shape = {
    "type": "array",
    "items": _object({"person": NEEDED, "name": NEEDED}, {"function": TEXT, "organisation": TEXT}),
}


def _frozen(model: type[models.Model], names: tuple[str, ...]) -> dict[str, Shape]:
    fields = [model._meta.get_field(name) for name in names]
    return {
        field.name: {"type": "boolean"} if isinstance(field, models.BooleanField) else TEXT
        for field in fields
    }


FROZEN_TEXT: Shape = _object(
    {},
    {
        **_frozen(Concept, TEXT_FIELDS),
        "lead_implementer": TEXT,
        "blocks": {"type": "array", "items": _object({}, _frozen(BuildingBlock, BLOCK_FIELDS))},
    },
)
FROZEN_RICH = frozenset(
    name
    for model, names in ((Concept, TEXT_FIELDS), (BuildingBlock, BLOCK_FIELDS))
    for name in names
    if isinstance(model._meta.get_field(name), RichTextField)
)

SHAPES: dict[str, Shape] = {
    "publications.Block.data": {"type": ["object", "array", "null"]},
    "concepts.Concept.authors": AUTHORS,
    "concepts.Revision.content": FROZEN_TEXT,
}


def of(field: models.Field) -> Shape:
    return SHAPES[f"{field.model._meta.label}.{field.name}"]


def in_order(value: Any, shape: Shape) -> Any:
    """The value with its names in the order of the shape: PostgreSQL keeps none."""
    if isinstance(value, list):
        return [in_order(entry, shape.get("items", {})) for entry in value]
    if not isinstance(value, dict):
        return value
    known = shape.get("properties", {})
    names = [name for name in known if name in value] + sorted(set(value) - set(known))
    return {name: in_order(value[name], known.get(name, {})) for name in names}
