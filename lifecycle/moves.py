"""Moving from status to status, only as the table of the model says."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models

from lifecycle.refusals import Refusal


class Moves(models.Model):
    """A row whose status only an operation moves, along NEXT."""

    # Every change of status there is. What is not here cannot happen.
    NEXT: ClassVar[Mapping[Any, Collection[Any]]]
    STATUS_FIELD: ClassVar[str] = "status"

    class WrongStatus(Refusal):
        """The row is not in a status that allows what was asked for."""

    class Meta:
        abstract = True

    @classmethod
    def check_move(cls, before: str, after: str) -> None:
        """Raise WrongStatus for a change that NEXT does not have."""
        if after not in cls.NEXT[before]:
            raise cls.WrongStatus(before=before, after=after)

    def allows(self, status: str) -> bool:
        return status in self.NEXT[getattr(self, self.STATUS_FIELD)]

    def move_to(self, status: str) -> None:
        """Set the status, without saving. Raises WrongStatus."""
        self.check_move(getattr(self, self.STATUS_FIELD), status)
        setattr(self, self.STATUS_FIELD, status)
