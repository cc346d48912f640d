"""The frame: programmes, their runs, and who takes part."""

from programmes.models.participation import (
    Invitation,
    Participation,
    ParticipationQuerySet,
    Team,
    TeamMembership,
    TeamQuerySet,
)
from programmes.models.programme import (
    FundingNotice,
    Programme,
    ProgrammeQuerySet,
    Responsibility,
    StatedFigure,
)
from programmes.models.run import GuidingQuestion, Run, RunQuerySet

__all__ = [
    "FundingNotice",
    "GuidingQuestion",
    "Invitation",
    "Participation",
    "ParticipationQuerySet",
    "Programme",
    "ProgrammeQuerySet",
    "Responsibility",
    "Run",
    "RunQuerySet",
    "StatedFigure",
    "Team",
    "TeamMembership",
    "TeamQuerySet",
]
