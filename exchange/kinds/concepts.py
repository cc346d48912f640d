"""Concepts in the file, with their revisions and sign-offs."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from concepts.models import BuildingBlock, Concept, Revision, SignOff
from concepts.operations import BLOCK_FIELDS, TEXT_FIELDS
from exchange.kinds.kind import ACCOUNT, ROW, Copied, Faults, Kind, Reference, Shape, copied
from exchange.problems import ValueRefused, joined
from exchange.richtext import read_rich_text
from texts.richtext import RichTextField

TEXT: Shape = {"type": "string"}
NEEDED: Shape = {"type": "string", "minLength": 1}
AUTHORS: Shape = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"person": NEEDED, "name": NEEDED, "function": TEXT, "organisation": TEXT},
        "additionalProperties": False,
        "required": ["person", "name"],
    },
}


def _frozen(
    model: type[models.Model], names: tuple[str, ...], more: dict[str, Shape] | None = None
) -> Shape:
    fields = [model._meta.get_field(name) for name in names]
    properties = {
        field.name: {"type": "boolean"} if isinstance(field, models.BooleanField) else TEXT
        for field in fields
    }
    return {
        "type": "object",
        "properties": properties | (more or {}),
        "additionalProperties": False,
    }


FROZEN_TEXT = _frozen(
    Concept,
    TEXT_FIELDS,
    {
        "lead_implementer": TEXT,
        "blocks": {"type": "array", "items": _frozen(BuildingBlock, BLOCK_FIELDS)},
    },
)
RICH = {
    name
    for model, names in ((Concept, TEXT_FIELDS), (BuildingBlock, BLOCK_FIELDS))
    for name in names
    if isinstance(model._meta.get_field(name), RichTextField)
}


def _clean_content(values: dict[str, Any], _data: dict[str, Any]) -> Faults:
    """The texts of a revision are shown like those of the concept: same allow-list."""
    return list(_clean_frozen(values.get("content"), "content"))


def _clean_frozen(frozen: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(frozen, list):
        for index, entry in enumerate(frozen):
            yield from _clean_frozen(entry, joined(place, index))
    elif isinstance(frozen, dict):
        for name, value in frozen.items():
            if name in RICH:
                try:
                    frozen[name] = read_rich_text(value)
                except ValueRefused as error:
                    yield joined(place, name), str(error)
            else:
                yield from _clean_frozen(value, joined(place, name))


BUILDING_BLOCK = Kind(
    name="building_block",
    model=BuildingBlock,
    plural="building_blocks",
    parent="concept",
    place="position",
    is_key_optional=True,
    entries=copied("title description duration group_size material trainer"),
)

SIGNOFF = Kind(
    name="signoff",
    model=SignOff,
    plural="signoffs",
    identity="participation",
    parent="revision",
    order=("participation__key",),
    entries=(
        Reference("participation", to="participation", within="run"),
        *copied("status comment answered_at"),
    ),
)

REVISION = Kind(
    name="revision",
    model=Revision,
    plural="revisions",
    identity="number",
    parent="concept",
    entries=(
        *copied("created_at public_note"),
        Copied("content", shape=FROZEN_TEXT),
    ),
    check=_clean_content,
    children=(SIGNOFF,),
    left_out={"id": ROW, "created_by": ACCOUNT},
    note="The text of the concept as it was given to its members to sign.",
)

CONCEPT = Kind(
    name="concept",
    model=Concept,
    plural="concepts",
    identity="slug",
    parent="run",
    entries=(
        *copied("title is_working_title"),
        Reference("team", to="team", within="run"),
        Reference("lead_implementer", to="organisation"),
        *copied("summary problem approach addressees beneficiaries effort outlook status"),
        *copied("waiver_reason review_note submitted_at approved_at published_at"),
        *copied("withdrawn_at withdrawal_reason"),
        Copied(
            "authors",
            note="The team as on the day of publication. A published concept shows this list, "
            "not today's members.",
            shape=AUTHORS,
            keys={"person": "person"},
        ),
    ),
    children=(BUILDING_BLOCK, REVISION),
    locked=frozenset({Concept.Status.PUBLISHED, Concept.Status.WITHDRAWN}),
    open_fields=frozenset({"status", "withdrawn_at", "withdrawal_reason"}),
    sentences={
        "concept_published_has_date": "Ein veröffentlichtes Konzept braucht published_at.",
        "concept_withdrawn_has_reason": "Ein zurückgezogenes Konzept braucht withdrawal_reason.",
    },
)
