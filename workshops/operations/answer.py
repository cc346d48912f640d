"""Outputs, as those see them who accompany the run: accepted or returned."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lifecycle.refusals import Refusal
from people.models import User
from workshops.models import Output
from workshops.notifications import notify_writers_of_return, writers_of
from workshops.operations.output import check_open, lock_output, record_output


class AnswerMissing(Refusal):
    """A returned output needs a sentence that says what is asked for."""

    sentence = _("Bitte schreiben Sie, was überarbeitet werden soll.")


@transaction.atomic
def accept_output(output: Output, *, by: User, version: int, answer: str = "") -> Output:
    """Take the output as it was read, in this version, with or without a word to its writers.

    Raises Output.WrongStatus, Output.StaleVersion, TaskClosed.
    """
    return _answer(output, Output.Status.ACCEPTED, "accept", answer, version=version, by=by)


@transaction.atomic
def return_output(output: Output, *, by: User, version: int, answer: str) -> Output:
    """Ask the writers to write again; they read the answer in a mail and beside their text.

    Raises Output.WrongStatus, Output.StaleVersion, AnswerMissing, TaskClosed.
    """
    if not answer.strip():
        raise AnswerMissing
    output = _answer(output, Output.Status.RETURNED, "return", answer, version=version, by=by)
    notify_writers_of_return(output, list(writers_of(output)))
    return output


def _answer(
    output: Output, status: Output.Status, verb: str, answer: str, *, version: int, by: User
) -> Output:
    output = lock_output(output)
    check_open(output.task)
    output.move_to(status)
    if output.version != version:
        # Taken back, changed and handed in again since the page was opened.
        raise Output.StaleVersion
    output.answer = answer.strip()
    output.answered_at = timezone.now()
    output.save(update_fields=["status", "answer", "answered_at"])
    record_output(output, verb, by=by)
    return output
