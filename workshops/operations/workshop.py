"""Workshops: confirmed, held, documented, called off."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lifecycle.refusals import Refusal
from people.models import User
from people.operations import record
from workshops.models import Workshop


class DateMissing(Refusal):
    """A workshop without a date cannot be confirmed."""

    sentence = _("Es fehlt noch ein Datum.")


class ResultsMissing(Refusal):
    """A workshop without results is not documented."""

    sentence = _("Es fehlen noch die Ergebnisse.")


@transaction.atomic
def confirm_workshop(workshop: Workshop, *, by: User) -> Workshop:
    """The date stands. The caller has checked the permission.

    Raises Workshop.WrongStatus, DateMissing.
    """
    workshop = _move_workshop(workshop, Workshop.Status.CONFIRMED, "confirm", by=by)
    if not workshop.held_on:
        raise DateMissing
    return workshop


@transaction.atomic
def hold_workshop(workshop: Workshop, *, by: User) -> Workshop:
    """The workshop took place."""
    return _move_workshop(workshop, Workshop.Status.HELD, "hold", by=by)


@transaction.atomic
def document_workshop(workshop: Workshop, *, by: User) -> Workshop:
    """The results of the workshop are written down.

    Raises Workshop.WrongStatus, ResultsMissing.
    """
    workshop = _move_workshop(workshop, Workshop.Status.DOCUMENTED, "document", by=by)
    if not workshop.results:
        raise ResultsMissing
    return workshop


@transaction.atomic
def cancel_workshop(workshop: Workshop, *, by: User) -> Workshop:
    """The workshop will not take place."""
    return _move_workshop(workshop, Workshop.Status.CANCELLED, "cancel", by=by)


def _move_workshop(workshop: Workshop, status: Workshop.Status, verb: str, *, by: User) -> Workshop:
    workshop = (
        Workshop.objects.select_for_update(of=("self",))
        .select_related("run__programme")
        .get(pk=workshop.pk)
    )
    workshop.move_to(status)
    workshop.save(update_fields=["status"])
    record(verb, workshop, by=by, scope=workshop.run.programme.slug)
    return workshop
