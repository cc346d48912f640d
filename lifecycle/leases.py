"""Queues in the database: one worker at a time holds a row, for the length of a lease.

The row is the truth, the message to the workers only a hint. Every change is one conditional
UPDATE: whoever comes second finds nothing to change. The clock is the database's: those of the
machines differ.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as BrokerError

from lifecycle.moves import Moves

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound="Leased")


class LeasedQuerySet(models.QuerySet[Row]):
    def move(self, before: str, after: str, **fields: Any) -> int:
        """Move those of these rows that are `before`; return how many. Raises WrongStatus."""
        self.model.check_move(before, after)
        return self.filter(status=before).update(status=after, **fields)

    def due(self) -> Self:
        """What a worker may claim now."""
        return self.filter(status=self.model.WAITING)

    def lost(self) -> Self:
        """What a worker holds whose lease is over."""
        return self.filter(status=self.model.AT_WORK, lease_until__lte=Now())

    def not_announced(self) -> Self:
        """What no message announces: one that old (30 s) is lost, or one more does no harm."""
        long_ago = Now() - timedelta(seconds=1.5 * settings.SWEEP_SECONDS)
        never = Q(("announced_at", None), (f"{self.model.WAITS_SINCE}__lt", long_ago))
        return self.filter(Q(announced_at__lt=long_ago) | never)

    def claim(self, pk: int, lease: timedelta, **fields: Any) -> UUID | None:
        """Hold a row that is due; return the token to end it with, or None."""
        token = uuid4()
        claimed = (
            self.due()
            .filter(pk=pk)
            .update(
                status=self.model.AT_WORK,
                token=token,
                lease_until=Now() + lease,
                attempts=F("attempts") + 1,
                **fields,
            )
        )
        return token if claimed else None

    def held(self, pk: int, token: UUID) -> Self:
        """The row, as long as whoever has this token holds it."""
        return self.filter(pk=pk, token=token, status=self.model.AT_WORK)

    def release(self, status: str, **fields: Any) -> int:
        """Move rows that are held to this status, with nobody working on them."""
        return self.move(self.model.AT_WORK, status, **{**self.model.RELEASED, **fields})


class Leased(Moves):
    """A row that waits until a worker claims it."""

    WAITING: ClassVar[str]
    AT_WORK: ClassVar[str]
    # The field that says since when a row waits.
    WAITS_SINCE: ClassVar[str]
    # What a row that nobody holds says about who holds it.
    RELEASED: ClassVar[dict[str, Any]] = {"token": None, "lease_until": None}

    announced_at = models.DateTimeField(_("gemeldet am"), null=True, blank=True)
    token = models.UUIDField(_("Griff"), null=True, blank=True)
    lease_until = models.DateTimeField(_("vergeben bis"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)

    class Meta:
        abstract = True


def send_hint(send: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Send the message that a row waits; a broker that is away only delays."""
    try:
        send(*args, **kwargs)
    except (BrokerError, OSError) as error:
        logger.warning("%s could not be announced: %s", kwargs, error)
        return False
    return True
