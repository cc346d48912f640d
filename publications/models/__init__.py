"""What leaves the house: press releases and the guideline."""

from publications.models.guideline import (
    Block,
    Chapter,
    Edition,
    EditionQuerySet,
    Guideline,
    GuidelineQuerySet,
)
from publications.models.press import (
    Boilerplate,
    PressBlock,
    PressContact,
    PressRelease,
    PressReleaseQuerySet,
    Quote,
    ReleaseBoilerplate,
)

__all__ = [
    "Block",
    "Boilerplate",
    "Chapter",
    "Edition",
    "EditionQuerySet",
    "Guideline",
    "GuidelineQuerySet",
    "PressBlock",
    "PressContact",
    "PressRelease",
    "PressReleaseQuerySet",
    "Quote",
    "ReleaseBoilerplate",
]
