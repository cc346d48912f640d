"""Programmes, their runs, the persons, and who takes part."""

from programmes.models.consent import Consent, ConsentPurpose, ConsentQuerySet
from programmes.models.participation import (
    Invitation,
    Participation,
    ParticipationQuerySet,
    Team,
    TeamMembership,
    TeamQuerySet,
)
from programmes.models.person import Organisation, Person, PersonQuerySet, Position, Sector
from programmes.models.programme import (
    FundingNotice,
    Programme,
    ProgrammeQuerySet,
    Responsibility,
    StatedFigure,
)
from programmes.models.run import GuidingQuestion, Run, RunQuerySet

__all__ = [
    "Consent",
    "ConsentPurpose",
    "ConsentQuerySet",
    "FundingNotice",
    "GuidingQuestion",
    "Invitation",
    "Organisation",
    "Participation",
    "ParticipationQuerySet",
    "Person",
    "PersonQuerySet",
    "Position",
    "Programme",
    "ProgrammeQuerySet",
    "Responsibility",
    "Run",
    "RunQuerySet",
    "Sector",
    "StatedFigure",
    "Team",
    "TeamMembership",
    "TeamQuerySet",
]
