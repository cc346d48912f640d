"""Why a step of a publication is refused."""

from django.utils.translation import gettext_lazy as _

from lifecycle.refusals import Refusal
from publications.doubts import Doubt
from publications.models import Edition
from publications.models.guideline import already_open


class ApprovalRefused(Refusal):
    """Something stands against the approval."""


class Incomplete(ApprovalRefused):
    """What only a draft may leave empty; `fields` names it."""

    sentence = _("Vor der Freigabe fehlt noch: %(fields)s.")

    def __init__(self, fields: list[str]):
        super().__init__(fields=", ".join(fields))
        self.fields = fields


class ForDraftsOnly(ApprovalRefused):
    """The text shows what only drafts may show; `names` lists it."""

    def __init__(self, names: list[str]):
        super().__init__(names="; ".join(names))
        self.names = names


class QuotesOpen(ForDraftsOnly):
    """Quotes that were not released."""

    sentence = _("Diese Zitate sind noch nicht freigegeben: %(names)s")


class ConceptsOpen(ForDraftsOnly):
    """Concepts that are not approved, or withdrawn."""

    sentence = _("Diese Konzepte sind nicht freigegeben: %(names)s")


class ConsentsMissing(ForDraftsOnly):
    """Persons who did not agree to be named."""

    sentence = _("Diese Personen haben nicht eingewilligt, genannt zu werden: %(names)s")


class WorkshopsHidden(ForDraftsOnly):
    """Workshops that are for the group only."""

    sentence = _("Diese Workshops sind nicht öffentlich: %(names)s")


class TokensLeft(ForDraftsOnly):
    """Braces where no facts are filled in, in a quote or a concept for example."""

    sentence = _("An dieser Stelle wird kein Platzhalter ersetzt, er würde so gedruckt: %(names)s")


class ChangedSinceSubmission(ApprovalRefused):
    """The text is not the one that was given for approval."""

    sentence = _(
        "Seit der Abgabe zur Freigabe geändert: bitte zurückgeben und neu zur Freigabe geben."
    )


class DoubtsOpen(ApprovalRefused):
    """Somebody must confirm these doubts, with a reason."""

    sentence = _("Bitte bestätigen Sie die Bedenken und nennen Sie den Grund: %(doubts)s")

    def __init__(self, doubts: list[Doubt]):
        super().__init__(doubts=" ".join(doubt.sentence for doubt in doubts))


class TrialFailed(ApprovalRefused):
    """The print of what was submitted failed; the printer's reason says why."""

    sentence = _(
        "Der Probedruck ist fehlgeschlagen: %(reason)s Geben Sie den Text zum Ändern zurück, "
        "oder drucken Sie noch einmal."
    )


class NoteMissing(Refusal):
    """This step needs a public note."""

    sentence = _("Bitte schreiben Sie einen Hinweis.")


class EditionOpen(Refusal):
    """The guideline has an edition that somebody works on; `edition` is it."""

    def __init__(self, edition: Edition):
        super().__init__(already_open(edition))
        self.edition = edition


class EmbargoOver(Refusal):
    """The embargo is missing or lies in the past."""

    sentence = _("Die Sperrfrist ist schon abgelaufen.")


class ProgrammeNotPublic(Refusal):
    """Nobody could read it: the programme has no public page."""

    sentence = _("Das Programm ist noch nicht öffentlich.")
