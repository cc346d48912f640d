"""When people meet and what comes out."""

from workshops.models.output import Attachment, AttachmentQuerySet, Output, OutputQuerySet
from workshops.models.workshop import (
    Event,
    EventQuerySet,
    Guest,
    Task,
    TaskQuerySet,
    Workshop,
    WorkshopQuerySet,
)

__all__ = [
    "Attachment",
    "AttachmentQuerySet",
    "Event",
    "EventQuerySet",
    "Guest",
    "Output",
    "OutputQuerySet",
    "Task",
    "TaskQuerySet",
    "Workshop",
    "WorkshopQuerySet",
]
