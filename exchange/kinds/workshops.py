"""Workshops in the file: days, guests, tasks, and what was handed in."""

from exchange.kinds.kind import ROW, Copied, FileContent, Kind, Reference, copied
from workshops.models import Attachment, Event, Guest, Output, Task, Workshop

SAVES = "counts the saves in one portal; a change by an import counts too"
SCAN = "each portal scans for itself what it takes"

GUEST = Kind(
    name="guest",
    model=Guest,
    plural="guests",
    parent="workshop",
    place="position",
    is_key_optional=True,
    entries=(
        Reference("person", to="person"),
        Reference("organisation", to="organisation"),
        *copied("contribution"),
    ),
    note="A person, an organisation, or both.",
)

ATTACHMENT = Kind(
    name="attachment",
    model=Attachment,
    plural="attachments",
    parent="output",
    order=("uploaded_at", "key"),
    is_key_optional=True,
    entries=(
        FileContent(
            "file",
            measured=("media_type", "size", "sha256"),
            note="The name of the file in the ZIP. `media_type`, `size` and `sha256` are found "
            "out; where they are said, they must be right.",
        ),
        *copied("name description"),
        Copied("uploaded_at", is_filled_in=True),
    ),
    left_out={"id": ROW, "scan": SCAN, "scanned_at": SCAN},
)

OUTPUT = Kind(
    name="output",
    model=Output,
    plural="outputs",
    parent="task",
    is_key_optional=True,
    entries=(
        Reference("participation", to="participation", within="run"),
        Reference("team", to="team", within="run"),
        *copied("body status"),
        Copied("saved_at", is_filled_in=True),
        *copied("submitted_at is_late answered_at answer"),
    ),
    children=(ATTACHMENT,),
    left_out={"id": ROW, "version": SAVES},
    sentences={"output_submitted_has_date": "Ein abgegebenes Ergebnis braucht submitted_at."},
)

TASK = Kind(
    name="task",
    model=Task,
    plural="tasks",
    parent="workshop",
    place="position",
    is_key_optional=True,
    entries=copied("title instructions addressee readers due_at is_released"),
    children=(OUTPUT,),
)

WORKSHOP = Kind(
    name="workshop",
    model=Workshop,
    plural="workshops",
    parent="run",
    order=("number",),
    entries=copied(
        "number title held_on begins_at ends_at venue moderation goal agenda results status "
        "is_public"
    ),
    children=(GUEST, TASK),
)

EVENT = Kind(
    name="event",
    model=Event,
    plural="events",
    parent="run",
    order=("held_on", "begins_at", "key"),
    entries=(
        *copied("kind title held_on begins_at ends_at venue"),
        Reference("workshop", to="workshop", within="run"),
        Reference("team", to="team", within="run"),
        *copied("description is_public"),
    ),
)
