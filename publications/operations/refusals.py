"""Why a step of a publication is refused."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publications.doubts import Doubt
from publications.models import Edition
from publications.models.guideline import already_open


class ApprovalRefusedError(Exception):
    """Something stands against the approval; `str()` is a sentence."""


class IncompleteError(ApprovalRefusedError):
    """The release lacks what a printed one needs; `fields` names it."""

    def __init__(self, fields: list[str]):
        super().__init__(fields)
        self.fields = fields

    def __str__(self) -> str:
        return _("Vor der Freigabe fehlt noch: %(fields)s.") % {"fields": ", ".join(self.fields)}


class DraftsOnlyError(ApprovalRefusedError):
    """The text shows what only drafts may show; `names` lists it."""

    sentence: Promise

    def __init__(self, names: list[str]):
        super().__init__(names)
        self.names = names

    def __str__(self) -> str:
        return str(self.sentence) % {"names": "; ".join(self.names)}


class QuotesOpenError(DraftsOnlyError):
    """Quotes that were not released."""

    sentence = gettext_lazy("Diese Zitate sind noch nicht freigegeben: %(names)s")


class ConceptsOpenError(DraftsOnlyError):
    """Concepts that are not approved, or withdrawn."""

    sentence = gettext_lazy("Diese Konzepte sind nicht freigegeben: %(names)s")


class ConsentsMissingError(DraftsOnlyError):
    """Persons who did not agree to be named."""

    sentence = gettext_lazy("Diese Personen haben nicht eingewilligt, genannt zu werden: %(names)s")


class WorkshopsHiddenError(DraftsOnlyError):
    """Workshops that are for the group only."""

    sentence = gettext_lazy("Diese Workshops sind nicht öffentlich: %(names)s")


class TokensLeftError(DraftsOnlyError):
    """Braces where no facts are filled in, in a quote or a concept for example."""

    sentence = gettext_lazy(
        "An dieser Stelle wird kein Platzhalter ersetzt, er würde so gedruckt: %(names)s"
    )


class ChangedSinceSubmissionError(ApprovalRefusedError):
    """The text is not the one that was given for approval."""

    def __str__(self) -> str:
        return _(
            "Seit der Abgabe zur Freigabe geändert: bitte zurückgeben und neu zur Freigabe geben."
        )


class DoubtsOpenError(ApprovalRefusedError):
    """Somebody must confirm these doubts, with a reason."""

    def __init__(self, doubts: list[Doubt]):
        super().__init__(doubts)
        self.doubts = doubts

    def __str__(self) -> str:
        return _("Bitte bestätigen Sie die Bedenken und nennen Sie den Grund: %(doubts)s") % {
            "doubts": " ".join(doubt.sentence for doubt in self.doubts)
        }


class TrialFailedError(ApprovalRefusedError):
    """The print of what was submitted failed; the printer's reason says why."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return _(
            "Der Probedruck ist fehlgeschlagen: %(reason)s Geben Sie den Text zum Ändern zurück, "
            "oder drucken Sie noch einmal."
        ) % {"reason": self.reason}


class NoteMissingError(Exception):
    """This step needs a public note."""


class EditionOpenError(Exception):
    """The guideline has an edition that somebody works on; `edition` is it."""

    def __init__(self, edition: Edition):
        super().__init__(edition)
        self.edition = edition

    def __str__(self) -> str:
        return already_open(self.edition)


class EmbargoOverError(Exception):
    """The embargo is missing or lies in the past."""


class ProgrammeNotPublicError(Exception):
    """Nobody could read it: the programme has no public page."""
