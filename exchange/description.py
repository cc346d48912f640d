"""What an exchange file holds: one table, from which import, export, schema and documentation come.

Every field of every model of the exchanged apps has its line here; a test fails for one without.
The types of the values are not repeated: they follow from the model's fields.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from django.db import models

from concepts.models import BuildingBlock, Concept, Revision, SignOff
from people.models import Consent, ConsentPurpose, Organisation, Person, Position, Sector
from programmes.models import (
    FundingNotice,
    GuidingQuestion,
    Invitation,
    Participation,
    Programme,
    Run,
    StatedFigure,
    Team,
    TeamMembership,
)
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
from workshops.models import Attachment, Event, Guest, Output, Task, Workshop

FORMAT = "mfv-portal/programme"
VERSION = 1

ROW = "the number of the row in its database"
ACCOUNT = "accounts belong to a portal and do not travel"
SAVES = "counts the saves in one portal; a change by an import counts too"
SCAN = "each portal scans for itself what it takes"
PRINT = "print jobs belong to a portal; what was approved is frozen again at the import"
APPROVED = "what the approval confirmed is told by the portal in which it was given"
SUBMITTED = "what waits for an approval is given for it again where it is approved"

# Models of the portal that an exchange file does not hold, with the reason.
LEFT_OUT_MODELS = {
    "documents.RenderJob": PRINT,
    "documents.Artefact": "printed files are made again from the same content",
    "people.User": ACCOUNT,
    "people.Message": "mails were written by one portal to its own people",
    "people.AuditEntry": "the change log tells what happened in one portal",
    "programmes.Responsibility": ACCOUNT + "; import_programme --lead names who leads",
    "home.LegalPage": "legal texts belong to the portal, not to a programme",
}


@dataclass(frozen=True)
class Copied:
    """A field whose value stands in the file."""

    field: str
    note: str = ""
    # The database fills it in when the file does not say; then it counts as unchanged.
    is_filled_in: bool = False
    # Written as another value, because what it says is only true in the portal it was said in.
    written_as: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """A foreign key, written as the key of its target.

    `within` says where the key is unique: in the programme, in the same run, in any run (written
    as run/key), or in the target of another reference of the same row.
    """

    field: str
    to: str
    within: str = "programme"
    note: str = ""


@dataclass(frozen=True)
class References:
    """Targets of a many-to-many relation, written as a list of keys."""

    field: str
    to: str
    note: str = ""


@dataclass(frozen=True)
class FileContent:
    """A file: the name under which it lies in the archive, and what was measured of it."""

    field: str
    measured: tuple[str, ...]
    note: str = ""


Entry = Copied | Reference | References | FileContent


@dataclass(frozen=True)
class Kind:
    """One kind of object in the file and the model behind it."""

    name: str
    model: type[models.Model]
    # The name under which its parent lists it.
    plural: str
    # The field that holds the identity among the siblings: key, slug, number, or a reference.
    identity: str
    # The field that points to the parent; `scope` holds the slug of the programme.
    parent: str
    entries: tuple[Entry, ...]
    children: tuple["Kind", ...] = ()
    left_out: dict[str, str] = dataclasses.field(default_factory=dict)
    # The field that is the place in the list; without one, lists are sorted by `order`.
    place: str = ""
    order: tuple[str, ...] = ()
    # A reference that belongs to the identity: siblings may share a key if this differs.
    identity_with: str = ""
    # Nothing refers to it: without a key, its number in the list is its key.
    is_key_optional: bool = False
    # A parent has at most one: an object instead of a list.
    is_single: bool = False
    # Nothing but the identity is said: the list holds texts instead of objects.
    is_bare: bool = False
    # In these states, neither the row nor its children change; fields of `open_fields` do.
    locked: frozenset[str] = frozenset()
    open_fields: frozenset[str] = frozenset()
    note: str = ""

    @property
    def verbose_name(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def verbose_plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def model_field(self, name: str) -> Any:
        return self.model._meta.get_field(name)

    def entry(self, field_name: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.field == field_name), None)

    @property
    def identity_reference(self) -> Reference | None:
        entry = self.entry(self.identity)
        return entry if isinstance(entry, Reference) else None

    @property
    def is_scoped(self) -> bool:
        return self.parent == "scope"


def copied(names: str) -> tuple[Copied, ...]:
    return tuple(Copied(name) for name in names.split())


SECTOR = Kind(
    name="sector",
    model=Sector,
    plural="sectors",
    identity="key",
    parent="scope",
    place="position",
    entries=copied("name"),
    left_out={"id": ROW},
    note="The parts of the city's life from which people come, in the order of lists.",
)

ORGANISATION = Kind(
    name="organisation",
    model=Organisation,
    plural="organisations",
    identity="key",
    parent="scope",
    order=("key",),
    entries=(
        *copied("name short_name legal_name"),
        Reference("sector", to="sector"),
        *copied("city website about"),
    ),
    left_out={"id": ROW},
)

CONSENT_PURPOSE = Kind(
    name="consent_purpose",
    model=ConsentPurpose,
    plural="consent_purposes",
    identity="key",
    parent="scope",
    order=("key",),
    entries=copied("name wording version"),
    left_out={"id": ROW},
    note="The portal itself asks for `public-name`: the name may stand in public and in print.",
)

POSITION = Kind(
    name="position",
    model=Position,
    plural="positions",
    identity="key",
    parent="person",
    order=("key",),
    entries=(Reference("organisation", to="organisation"), *copied("title held")),
    left_out={"id": ROW},
)

CONSENT = Kind(
    name="consent",
    model=Consent,
    plural="consents",
    identity="key",
    parent="person",
    order=("given_at", "key"),
    is_key_optional=True,
    entries=(
        Reference("purpose", to="consent_purpose"),
        *copied("purpose_version channel given_at withdrawn_at"),
    ),
    left_out={"id": ROW},
)

PERSON = Kind(
    name="person",
    model=Person,
    plural="persons",
    identity="key",
    parent="scope",
    order=("key",),
    entries=copied("academic_title given_name family_name email phone"),
    children=(POSITION, CONSENT),
    left_out={"id": ROW, "user": ACCOUNT},
)

FUNDING_NOTICE = Kind(
    name="funding_notice",
    model=FundingNotice,
    plural="funding_notices",
    identity="key",
    parent="programme",
    place="position",
    is_key_optional=True,
    entries=(Reference("funder", to="organisation"), *copied("framework text language period")),
    left_out={"id": ROW},
)

FIGURE = Kind(
    name="figure",
    model=StatedFigure,
    plural="figures",
    identity="key",
    parent="programme",
    identity_with="run",
    order=("key", "run_id"),
    entries=(
        Reference("run", to="run"),
        *copied("label value unit source stated_on"),
    ),
    left_out={"id": ROW},
    note="A number as it was told in public. Texts about its run, or about the programme, name it "
    "as `{angabe:KEY}`; others as `{durchlauf:NUMBER.angabe:KEY}`.",
)

QUESTION = Kind(
    name="question",
    model=GuidingQuestion,
    plural="questions",
    identity="key",
    parent="run",
    order=("stated_on", "key"),
    is_key_optional=True,
    entries=copied("text stated_on source is_current"),
    left_out={"id": ROW},
    note="The wordings of the guiding question; exactly one is the current one.",
)

INVITATION = Kind(
    name="invitation",
    model=Invitation,
    plural="invitation",
    identity="participation",
    parent="participation",
    is_single=True,
    entries=(
        Copied("email"),
        Copied(
            "status",
            note="A letter that is out is written as `expired`: its link only works where it "
            "was made. `sent` cannot be imported.",
            written_as={"sent": "expired"},
        ),
        *copied("sent_at expires_at answered_at"),
    ),
    left_out={"id": ROW, "token_hash": "a secret of the portal that sent the letter"},
)

PARTICIPATION = Kind(
    name="participation",
    model=Participation,
    plural="participations",
    identity="key",
    parent="run",
    order=("key",),
    entries=(
        Reference("person", to="person"),
        Reference("position", to="position", within="person"),
        Reference("sector", to="sector"),
        *copied("role status"),
    ),
    children=(INVITATION,),
    left_out={"id": ROW},
)

MEMBERSHIP = Kind(
    name="membership",
    model=TeamMembership,
    plural="members",
    identity="participation",
    parent="team",
    order=("participation__key",),
    entries=(
        Reference("participation", to="participation", within="run"),
        *copied("is_speaker has_left"),
    ),
    left_out={"id": ROW},
)

TEAM = Kind(
    name="team",
    model=Team,
    plural="teams",
    identity="key",
    parent="run",
    place="position",
    entries=copied("name purpose"),
    children=(MEMBERSHIP,),
    left_out={"id": ROW},
)

GUEST = Kind(
    name="guest",
    model=Guest,
    plural="guests",
    identity="key",
    parent="workshop",
    place="position",
    is_key_optional=True,
    entries=(
        Reference("person", to="person"),
        Reference("organisation", to="organisation"),
        *copied("contribution"),
    ),
    left_out={"id": ROW},
    note="A person, an organisation, or both.",
)

ATTACHMENT = Kind(
    name="attachment",
    model=Attachment,
    plural="attachments",
    identity="key",
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
    identity="key",
    parent="task",
    order=("key",),
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
)

TASK = Kind(
    name="task",
    model=Task,
    plural="tasks",
    identity="key",
    parent="workshop",
    place="position",
    is_key_optional=True,
    entries=copied("title instructions addressee readers due_at is_released"),
    children=(OUTPUT,),
    left_out={"id": ROW},
)

WORKSHOP = Kind(
    name="workshop",
    model=Workshop,
    plural="workshops",
    identity="key",
    parent="run",
    order=("number",),
    entries=copied(
        "number title held_on begins_at ends_at venue moderation goal agenda results status "
        "is_public"
    ),
    children=(GUEST, TASK),
    left_out={"id": ROW},
)

EVENT = Kind(
    name="event",
    model=Event,
    plural="events",
    identity="key",
    parent="run",
    order=("held_on", "begins_at", "key"),
    entries=(
        *copied("kind title held_on begins_at ends_at venue"),
        Reference("workshop", to="workshop", within="run"),
        Reference("team", to="team", within="run"),
        *copied("description is_public"),
    ),
    left_out={"id": ROW},
)

BUILDING_BLOCK = Kind(
    name="building_block",
    model=BuildingBlock,
    plural="building_blocks",
    identity="key",
    parent="concept",
    place="position",
    is_key_optional=True,
    entries=copied("title description duration group_size material trainer"),
    left_out={"id": ROW},
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
    left_out={"id": ROW},
)

REVISION = Kind(
    name="revision",
    model=Revision,
    plural="revisions",
    identity="number",
    parent="concept",
    order=("number",),
    entries=copied("created_at public_note content"),
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
    order=("slug",),
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
        ),
    ),
    children=(BUILDING_BLOCK, REVISION),
    left_out={"id": ROW},
    locked=frozenset({"published", "withdrawn"}),
    open_fields=frozenset({"status", "withdrawn_at", "withdrawal_reason"}),
)

RUN = Kind(
    name="run",
    model=Run,
    plural="runs",
    identity="slug",
    parent="programme",
    order=("number",),
    entries=copied("number topic period city summary outcome status is_public"),
    children=(QUESTION, PARTICIPATION, TEAM, WORKSHOP, EVENT, CONCEPT),
    left_out={"id": ROW},
)

BOILERPLATE = Kind(
    name="boilerplate",
    model=Boilerplate,
    plural="boilerplates",
    identity="key",
    parent="programme",
    order=("key",),
    entries=copied("heading text language"),
    left_out={"id": ROW},
)

PRESS_CONTACT = Kind(
    name="press_contact",
    model=PressContact,
    plural="press_contacts",
    identity="key",
    parent="programme",
    order=("key",),
    entries=(*copied("name"), Reference("organisation", to="organisation"), *copied("phone email")),
    left_out={"id": ROW},
)

QUOTE = Kind(
    name="quote",
    model=Quote,
    plural="quotes",
    identity="key",
    parent="programme",
    order=("key",),
    entries=(
        *copied("text text_after language phrase phrase_place"),
        Reference("speaker", to="person"),
        *copied("speaker_role function_on_day organisation_on_day release"),
    ),
    left_out={"id": ROW},
    note="Each quote prints as one paragraph. Its text has no quotation marks; the portal sets "
    "them and the attribution (`phrase`).",
)

PRESS_BLOCK = Kind(
    name="press_block",
    model=PressBlock,
    plural="blocks",
    identity="key",
    parent="release",
    place="position",
    is_key_optional=True,
    entries=(
        *copied("kind text"),
        Reference("quote", to="quote"),
        Reference("concept", to="concept", within="runs"),
    ),
    left_out={"id": ROW},
    note="The body of the release, in order: free text, quotes, the guiding question, concepts.",
)

RELEASE_BOILERPLATE = Kind(
    name="release_boilerplate",
    model=ReleaseBoilerplate,
    plural="boilerplates",
    identity="boilerplate",
    parent="release",
    place="position",
    is_bare=True,
    entries=(Reference("boilerplate", to="boilerplate"),),
    left_out={"id": ROW},
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
    left_out={
        "id": ROW,
        "submitted_by": ACCOUNT,
        "submitted_sha256": SUBMITTED,
        "approved_by": ACCOUNT,
        "approval_doubts": APPROVED,
        "approval_reason": APPROVED,
        "render_job": PRINT,
    },
    locked=frozenset(PressRelease.FROZEN),
    open_fields=frozenset(
        {"status", "embargo_until", "published_at", "corrected_at", "withdrawn_at", "public_note"}
    ),
)

BLOCK = Kind(
    name="block",
    model=Block,
    plural="blocks",
    identity="key",
    parent="chapter",
    place="position",
    is_key_optional=True,
    entries=(
        *copied("kind heading text data"),
        Reference("run", to="run"),
        Reference("workshop", to="workshop", within="runs"),
        Reference("concept", to="concept", within="runs"),
        Reference("quote", to="quote"),
    ),
    left_out={"id": ROW},
)

CHAPTER = Kind(
    name="chapter",
    model=Chapter,
    plural="chapters",
    identity="key",
    parent="guideline",
    place="position",
    is_key_optional=True,
    entries=copied("part title starts_page"),
    children=(BLOCK,),
    left_out={"id": ROW},
)

EDITION = Kind(
    name="edition",
    model=Edition,
    plural="editions",
    identity="number",
    parent="guideline",
    order=("number",),
    entries=copied("dated_on status approved_at published_at withdrawn_at public_note"),
    left_out={
        "id": ROW,
        "submitted_by": ACCOUNT,
        "submitted_sha256": SUBMITTED,
        "approved_by": ACCOUNT,
        "approval_doubts": APPROVED,
        "approval_reason": APPROVED,
        "render_job": PRINT,
    },
    locked=frozenset(Edition.FROZEN),
    open_fields=frozenset({"status", "published_at", "withdrawn_at", "public_note"}),
)

GUIDELINE = Kind(
    name="guideline",
    model=Guideline,
    plural="guidelines",
    identity="slug",
    parent="programme",
    order=("slug",),
    entries=(Reference("run", to="run"), *copied("title subtitle language summary imprint")),
    children=(CHAPTER, EDITION),
    left_out={"id": ROW},
)

PROGRAMME = Kind(
    name="programme",
    model=Programme,
    plural="",
    identity="slug",
    parent="",
    entries=(
        *copied("title short_title initiative"),
        Reference("carrier", to="organisation"),
        *copied(
            "period city summary description website language accent_colour is_public "
            "lead_approves_alone"
        ),
    ),
    children=(
        SECTOR,
        ORGANISATION,
        CONSENT_PURPOSE,
        PERSON,
        FUNDING_NOTICE,
        FIGURE,
        RUN,
        BOILERPLATE,
        PRESS_CONTACT,
        QUOTE,
        PRESS_RELEASE,
        GUIDELINE,
    ),
    left_out={"id": ROW},
)


def kinds(top: Kind = PROGRAMME) -> Iterator[Kind]:
    """All kinds, parents before children, in the order of the file."""
    yield top
    for child in top.children:
        yield from kinds(child)


KINDS = {kind.name: kind for kind in kinds()}
PARENTS = {child.name: kind for kind in KINDS.values() for child in kind.children}


def _order() -> tuple[Kind, ...]:
    needs: dict[str, set[str]] = {}
    for kind in KINDS.values():
        needs[kind.name] = {
            entry.to
            for entry in kind.entries
            if isinstance(entry, Reference | References) and entry.to != kind.name
        }
        if kind.parent and not kind.is_scoped:
            needs[kind.name].add(PARENTS[kind.name].name)
    return tuple(KINDS[name] for name in TopologicalSorter(needs).static_order())


# Every kind after those whose rows it points to.
WRITING_ORDER = _order()
