"""What a press release and a guideline say: models in, plain data out."""

from publications.content.guideline import guideline_content
from publications.content.guideline_parts import GuidelineContent
from publications.content.press import PressReleaseContent, press_release_content
from publications.content.stamps import stamped_edition, stamped_release

__all__ = [
    "GuidelineContent",
    "PressReleaseContent",
    "guideline_content",
    "press_release_content",
    "stamped_edition",
    "stamped_release",
]
