"""What is quoted, with who the speaker was on the day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lifecycle.moves import Moves
from programmes.models import Person, Programme
from texts.fields import KeyField, LineField, PlainTextField
from texts.keys import new_key


class Quote(Moves):
    """What a person or a role says; who they were on the day is frozen here (Zitat).

    It prints as one paragraph. With `text_after` the attribution stands between both parts:
    „text“, phrase. „text_after“ — else before or after, as `phrase_place` says.
    """

    class Place(models.TextChoices):
        BEFORE = "before", _("vor dem Zitat")
        BETWEEN = "between", _("zwischen den Teilen")
        AFTER = "after", _("nach dem Zitat")

    class Release(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        REQUESTED = "requested", _("angefragt")
        RELEASED = "released", pgettext_lazy("Zitat", "freigegeben")
        RELEASED_CHANGED = "released_changed", _("geändert freigegeben")
        DECLINED = "declined", _("abgelehnt")
        EXPIRED = "expired", _("Anfrage abgelaufen")
        RECORDED = "recorded", _("auf Papier freigegeben")
        HISTORIC = "historic", _("bereits gedruckt")

    NEXT = {
        Release.DRAFT: {Release.REQUESTED, Release.RECORDED, Release.HISTORIC},
        Release.REQUESTED: {
            Release.RELEASED,
            Release.RELEASED_CHANGED,
            Release.DECLINED,
            Release.EXPIRED,
            Release.RECORDED,
            Release.DRAFT,
        },
        Release.RELEASED: {Release.DRAFT},
        Release.RELEASED_CHANGED: {Release.DRAFT},
        Release.DECLINED: {Release.DRAFT},
        Release.EXPIRED: {Release.REQUESTED, Release.DRAFT},
        Release.RECORDED: {Release.DRAFT},
        Release.HISTORIC: set(),
    }
    MAY_BE_PRINTED = {
        Release.RELEASED,
        Release.RELEASED_CHANGED,
        Release.RECORDED,
        Release.HISTORIC,
    }

    STATUS_FIELD = "release"

    class WrongStatus(Moves.WrongStatus):
        sentence = _("Die Freigabe des Zitats ist inzwischen in einem anderen Status.")

    belongs_to = "programme"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="quotes", verbose_name=_("Programm")
    )
    text = PlainTextField(_("Zitat"), help_text=_("Ohne Anführungszeichen."))
    text_after = PlainTextField(
        _("zweiter Teil"), blank=True, help_text=_("Nur wenn die Zuschreibung dazwischen steht.")
    )
    phrase = LineField(
        _("Zuschreibung"),
        max_length=300,
        help_text=_("Zum Beispiel „so die Projektleitung“, „sagt ein Mitglied des Teams“."),
    )
    phrase_place = LineField(
        _("Zuschreibung steht"), max_length=8, choices=Place.choices, default=Place.AFTER
    )
    speaker = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Person")
    )
    speaker_role = LineField(
        _("Rolle"), max_length=150, blank=True, help_text=_("Wenn keine Person genannt wird.")
    )
    function_on_day = LineField(_("Funktion am Tag"), max_length=150, blank=True)
    organisation_on_day = LineField(_("Organisation am Tag"), max_length=200, blank=True)
    language = LineField(
        _("Sprache"),
        max_length=5,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Leer: die Sprache des Programms."),
    )
    release = LineField(
        _("Freigabe"), max_length=16, choices=Release.choices, default=Release.DRAFT
    )

    class Meta:
        verbose_name = _("Zitat")
        verbose_name_plural = _("Zitate")
        constraints = [
            models.UniqueConstraint(name="quote_key", fields=["programme", "key"]),
            models.CheckConstraint(
                name="quote_has_speaker",
                condition=models.Q(speaker__isnull=False) | ~models.Q(speaker_role=""),
                violation_error_message=_("Bitte eine Person oder eine Rolle angeben."),
            ),
            models.CheckConstraint(
                name="quote_between_has_two_parts",
                condition=models.Q(phrase_place="between") & ~models.Q(text_after="")
                | ~models.Q(phrase_place="between") & models.Q(text_after=""),
                violation_error_message=_(
                    "Steht die Zuschreibung dazwischen, braucht das Zitat zwei Teile, sonst einen."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.speaker or self.speaker_role}: {self.text[:60]}"

    @property
    def spoken_language(self) -> str:
        return self.language or self.programme.language

    @property
    def may_be_printed(self) -> bool:
        return self.Release(self.release) in self.MAY_BE_PRINTED
