"""Persons in the file, and what they belong to."""

from exchange.kinds.kind import ACCOUNT, ROW, Kind, Reference, copied
from programmes.models import Consent, ConsentPurpose, Organisation, Person, Position, Sector
from programmes.operations import tell_of_withdrawal

SECTOR = Kind(
    name="sector",
    model=Sector,
    plural="sectors",
    parent="programme",
    place="position",
    entries=copied("name"),
    note="The parts of the city's life from which people come, in the order of lists.",
)

ORGANISATION = Kind(
    name="organisation",
    model=Organisation,
    plural="organisations",
    parent="programme",
    entries=(
        *copied("name short_name legal_name"),
        Reference("sector", to="sector"),
        *copied("city website about"),
    ),
)

CONSENT_PURPOSE = Kind(
    name="consent_purpose",
    model=ConsentPurpose,
    plural="consent_purposes",
    parent="programme",
    entries=copied("name wording version"),
    note="The portal itself asks for `public-name`: the name may stand in public and in print.",
)

POSITION = Kind(
    name="position",
    model=Position,
    plural="positions",
    parent="person",
    entries=(Reference("organisation", to="organisation"), *copied("title held")),
)

CONSENT = Kind(
    name="consent",
    model=Consent,
    plural="consents",
    parent="person",
    order=("given_at", "key"),
    is_key_optional=True,
    entries=(
        Reference("purpose", to="consent_purpose"),
        *copied("purpose_version channel given_at withdrawn_at"),
    ),
    after={"withdrawn_at": tell_of_withdrawal},
    sentences={"consent_withdrawn_after_given": "Der Widerruf liegt vor der Einwilligung."},
)

PERSON = Kind(
    name="person",
    model=Person,
    plural="persons",
    parent="programme",
    entries=copied("academic_title given_name family_name email phone"),
    children=(POSITION, CONSENT),
    left_out={"id": ROW, "user": ACCOUNT},
)
