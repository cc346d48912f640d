"""What happens to workshops and to what people hand in."""

from workshops.operations.answer import AnswerMissing, accept_output, return_output
from workshops.operations.output import (
    DueDatePassed,
    NothingToSubmit,
    NotInTeam,
    NotTakingPart,
    QuotaExceeded,
    TaskClosed,
    TooManyFiles,
    add_attachment,
    remove_attachment,
    save_and_submit_output,
    save_output,
    start_output,
    submit_output,
    unsubmit_output,
)
from workshops.operations.scan import announce_scan, sweep_scans
from workshops.operations.workshop import (
    DateMissing,
    ResultsMissing,
    cancel_workshop,
    confirm_workshop,
    document_workshop,
    hold_workshop,
)

__all__ = [
    "AnswerMissing",
    "DateMissing",
    "DueDatePassed",
    "NotInTeam",
    "NotTakingPart",
    "NothingToSubmit",
    "QuotaExceeded",
    "ResultsMissing",
    "TaskClosed",
    "TooManyFiles",
    "accept_output",
    "add_attachment",
    "announce_scan",
    "cancel_workshop",
    "confirm_workshop",
    "document_workshop",
    "hold_workshop",
    "remove_attachment",
    "return_output",
    "save_and_submit_output",
    "save_output",
    "start_output",
    "submit_output",
    "sweep_scans",
    "unsubmit_output",
]
