"""What a press release and a guideline say: models in, plain data out."""

from collections.abc import Callable, Mapping
from typing import Any

from publications.content.guideline import guideline_content
from publications.content.guideline_parts import GuidelineContent
from publications.content.press import press_release_content
from publications.content.press_parts import PressReleaseContent
from publications.content.publication import PublicationContent
from publications.content.stamps import stamped
from publications.facts import Facts
from publications.models import Edition, PressRelease, Publication

__all__ = [
    "GuidelineContent",
    "PressReleaseContent",
    "PublicationContent",
    "content_of",
    "guideline_content",
    "press_release_content",
    "stamped",
]

COLLECTORS: Mapping[type[Publication], Callable[[Any, Facts], PublicationContent]] = {
    PressRelease: press_release_content,
    Edition: guideline_content,
}


def content_of(publication: Publication, facts: Facts | None = None) -> PublicationContent:
    """Collect what the publication says. Raises publications.tokens.UnknownToken.

    facts: what its texts may name; they note there which of them they use.
    """
    return COLLECTORS[type(publication)](publication, facts or publication.facts())
