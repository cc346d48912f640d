"""Persons in the file, and what they belong to."""

from exchange.kinds.kind import ACCOUNT, ROW, Kind, Reference, copied
from people.models import Consent, ConsentPurpose, Organisation, Person, Position, Sector

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
    sentences={"consent_withdrawn_after_given": "Der Widerruf liegt vor der Einwilligung."},
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
