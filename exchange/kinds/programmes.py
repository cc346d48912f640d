"""The programme at the top of the file, its runs, and who takes part in them."""

from exchange.kinds.concepts import CONCEPT
from exchange.kinds.kind import ROW, Copied, Kind, Reference, copied
from exchange.kinds.persons import CONSENT_PURPOSE, ORGANISATION, PERSON, SECTOR
from exchange.kinds.publications import BOILERPLATE, GUIDELINE, PRESS_CONTACT, PRESS_RELEASE, QUOTE
from exchange.kinds.workshops import EVENT, WORKSHOP
from people.operations import forget_links
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

FUNDING_NOTICE = Kind(
    name="funding_notice",
    model=FundingNotice,
    plural="funding_notices",
    parent="programme",
    place="position",
    is_key_optional=True,
    entries=(Reference("funder", to="organisation"), *copied("framework text language period")),
)

FIGURE = Kind(
    name="figure",
    model=StatedFigure,
    plural="figures",
    parent="programme",
    identity_with="run",
    order=("key", "run_id"),
    entries=(
        Reference("run", to="run"),
        *copied("label value unit source stated_on"),
    ),
    note="A number as it was told in public. Texts about its run, or about the programme, name it "
    "as `{angabe:KEY}`; others as `{durchlauf:NUMBER.angabe:KEY}`.",
)

QUESTION = Kind(
    name="question",
    model=GuidingQuestion,
    plural="questions",
    parent="run",
    order=("stated_on", "key"),
    is_key_optional=True,
    entries=copied("text stated_on source is_current"),
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
            written_as={Invitation.Status.SENT.value: Invitation.Status.EXPIRED.value},
        ),
        *copied("sent_at expires_at answered_at"),
    ),
    left_out={"id": ROW, "token_hash": "a secret of the portal that sent the letter"},
    after={"status": forget_links},
    sentences={
        "invitation_sent_has_token": "Eine verschickte Einladung lässt sich nicht einlesen."
    },
)

PARTICIPATION = Kind(
    name="participation",
    model=Participation,
    plural="participations",
    parent="run",
    entries=(
        Reference("person", to="person"),
        Reference("position", to="position", within="person"),
        Reference("sector", to="sector"),
        *copied("role status"),
    ),
    children=(INVITATION,),
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
)

TEAM = Kind(
    name="team",
    model=Team,
    plural="teams",
    parent="run",
    place="position",
    entries=copied("name purpose"),
    children=(MEMBERSHIP,),
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
)
