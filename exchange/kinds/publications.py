"""Press releases and guidelines in the file."""

from typing import Any

from exchange.kinds.kind import ACCOUNT, ROW, Copied, Faults, Kind, Reference, References, copied
from exchange.problems import place_in
from publications.blocks import BLOCK_DATA, validate_block
from publications.models import (
    Block,
    Boilerplate,
    Chapter,
    Edition,
    Guideline,
    PressBlock,
    PressContact,
    PressRelease,
    Quote,
    ReleaseBoilerplate,
)

PRINT = "print jobs belong to a portal; what was approved is frozen again at the import"
APPROVED = "what the approval confirmed is told by the portal in which it was given"
SUBMITTED = "what waits for an approval is given for it again where it is approved"
APPROVAL = {
    "submitted_by": ACCOUNT,
    "submitted_sha256": SUBMITTED,
    "approved_by": ACCOUNT,
    "approval_doubts": APPROVED,
    "approval_reason": APPROVED,
    "render_job": PRINT,
}


def _check_data(values: dict[str, Any], data: dict[str, Any]) -> Faults:
    """What the data of a block holds depends on the kind of block."""
    if "kind" not in values:
        return []
    return [
        (place_in("data", place), sentence)
        for place, sentence in validate_block(values["kind"], data.get("data"))
    ]


BOILERPLATE = Kind(
    name="boilerplate",
    model=Boilerplate,
    plural="boilerplates",
    parent="programme",
    entries=copied("heading text language"),
    texts=("heading", "text"),
)

PRESS_CONTACT = Kind(
    name="press_contact",
    model=PressContact,
    plural="press_contacts",
    parent="programme",
    entries=(*copied("name"), Reference("organisation", to="organisation"), *copied("phone email")),
)

QUOTE = Kind(
    name="quote",
    model=Quote,
    plural="quotes",
    parent="programme",
    entries=(
        *copied("text text_after language phrase phrase_place"),
        Reference("speaker", to="person"),
        *copied("speaker_role function_on_day organisation_on_day release"),
    ),
    note="Each quote prints as one paragraph. Its text has no quotation marks; the portal sets "
    "them and the attribution (`phrase`).",
)

PRESS_BLOCK = Kind(
    name="press_block",
    model=PressBlock,
    plural="blocks",
    parent="release",
    place="position",
    is_key_optional=True,
    entries=(
        *copied("kind text"),
        Reference("quote", to="quote"),
        Reference("concept", to="concept", within="runs"),
    ),
    texts=PressBlock.TEXTS_WITH_TOKENS,
    note="The body of the release, in order: free text, quotes, the guiding question, concepts.",
)

RELEASE_BOILERPLATE = Kind(
    name="release_boilerplate",
    model=ReleaseBoilerplate,
    plural="boilerplates",
    identity="boilerplate",
    parent="release",
    place="position",
    is_key_only=True,
    entries=(Reference("boilerplate", to="boilerplate"),),
)

PRESS_RELEASE = Kind(
    name="press_release",
    model=PressRelease,
    plural="press_releases",
    identity="slug",
    parent="programme",
    order=("dated_on", "slug"),
    entries=(
        Reference("run", to="run"),
        *copied("kind language place dated_on headline subline lead"),
        References("contacts", to="press_contact"),
        *copied("more_information embargo_until status approved_at published_at"),
        *copied("corrected_at withdrawn_at"),
        Reference("corrects", to="press_release"),
        *copied("public_note"),
    ),
    children=(PRESS_BLOCK, RELEASE_BOILERPLATE),
    left_out={"id": ROW, **APPROVAL},
    locked=frozenset(PressRelease.FROZEN),
    open_fields=frozenset(
        {"status", "embargo_until", "published_at", "corrected_at", "withdrawn_at", "public_note"}
    ),
    sentences={
        "pressrelease_published_has_date": (
            "Eine veröffentlichte Mitteilung braucht published_at und dated_on."
        ),
        "pressrelease_embargoed_has_date": "Eine gesperrte Mitteilung braucht embargo_until.",
        "pressrelease_ended_has_note": (
            "Eine berichtigte oder zurückgezogene Mitteilung braucht public_note."
        ),
    },
    texts=PressRelease.TEXTS_WITH_TOKENS,
    has_facts=True,
)

BLOCK = Kind(
    name="block",
    model=Block,
    plural="blocks",
    parent="chapter",
    place="position",
    is_key_optional=True,
    entries=(
        *copied("kind heading text"),
        Copied("data", shape={"type": ["object", "array", "null"]}),
        Reference("run", to="run"),
        Reference("workshop", to="workshop", within="runs"),
        Reference("concept", to="concept", within="runs"),
        Reference("quote", to="quote"),
    ),
    conditions={
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"properties": {"data": shape}, "required": ["data"]},
            }
            for kind, shape in BLOCK_DATA.items()
        ]
    },
    check=_check_data,
    texts=("heading", "text", "data"),
)

CHAPTER = Kind(
    name="chapter",
    model=Chapter,
    plural="chapters",
    parent="guideline",
    place="position",
    is_key_optional=True,
    entries=copied("part title starts_page"),
    children=(BLOCK,),
    texts=("title",),
)

EDITION = Kind(
    name="edition",
    model=Edition,
    plural="editions",
    identity="number",
    parent="guideline",
    entries=copied("dated_on status approved_at published_at withdrawn_at public_note"),
    left_out={"id": ROW, **APPROVAL},
    locked=frozenset(Edition.FROZEN),
    open_fields=frozenset({"status", "published_at", "withdrawn_at", "public_note"}),
    sentences={
        "edition_published_has_date": "Eine veröffentlichte Auflage braucht published_at.",
        "edition_withdrawn_has_note": "Eine zurückgezogene Auflage braucht public_note.",
    },
)

GUIDELINE = Kind(
    name="guideline",
    model=Guideline,
    plural="guidelines",
    identity="slug",
    parent="programme",
    entries=(Reference("run", to="run"), *copied("title subtitle language summary imprint")),
    children=(CHAPTER, EDITION),
    texts=("summary", "imprint"),
    has_facts=True,
)
