"""What leaves the house: press releases and the guideline."""

from publications.models.boilerplate import Boilerplate
from publications.models.chapter import Block, Chapter
from publications.models.guideline import (
    Edition,
    EditionQuerySet,
    Guideline,
    GuidelineQuerySet,
)
from publications.models.press import (
    PressBlock,
    PressRelease,
    PressReleaseQuerySet,
    ReleaseBoilerplate,
)
from publications.models.press_contact import PressContact
from publications.models.publication import Publication, PublicationQuerySet
from publications.models.quote import Quote

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
    "Publication",
    "PublicationQuerySet",
    "Quote",
    "ReleaseBoilerplate",
]
