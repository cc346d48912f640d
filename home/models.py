"""The texts that every page's footer leads to."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from texts.dates import DayField
from texts.fields import LineField
from texts.richtext import RichTextField

# How the wordings that come with the portal mark what only its operator knows.
GAPS = ("Bitte tragen Sie", "To be completed")


class LegalPageQuerySet(models.QuerySet["LegalPage"]):
    def public(self):
        return self.filter(is_public=True)

    def shown(self, kind: str):
        """The text of this kind in the active language, else in German: one row at most."""
        language = get_language() or settings.LANGUAGE_CODE
        return self.filter(kind=kind, language__in={language, settings.LANGUAGE_CODE}).order_by(
            models.Case(models.When(language=language, then=0), default=1), "pk"
        )[:1]


class LegalPage(models.Model):
    """Imprint, privacy notice or accessibility statement, in one language."""

    class Kind(models.TextChoices):
        IMPRINT = "imprint", _("Impressum")
        PRIVACY = "privacy", _("Datenschutz")
        ACCESSIBILITY = "accessibility", _("Barrierefreiheit")

    belongs_to = None

    kind = LineField(_("Seite"), max_length=13, choices=Kind.choices)
    language = LineField(
        _("Sprache"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    title = LineField(_("Titel"), max_length=150)
    body = RichTextField(_("Text"))
    is_public = models.BooleanField(
        _("öffentlich"),
        default=False,
        help_text=_(
            "Erst ankreuzen, wenn jemand den Text geprüft hat. Bis dahin steht auf der Seite, "
            "dass er noch geschrieben wird."
        ),
    )
    updated_on = DayField(
        _("Stand"), default=timezone.localdate, help_text=_("Steht unter dem Text.")
    )

    objects = LegalPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Rechtliche Seite")
        verbose_name_plural = _("Rechtliche Seiten")
        constraints = [
            models.UniqueConstraint(name="legalpage_kind_language", fields=["kind", "language"])
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.get_language_display()})"

    def get_absolute_url(self):
        return reverse(f"home:{self.kind}")

    def clean(self):
        super().clean()
        if self.is_public and self.has_gaps:
            raise ValidationError(
                {
                    "is_public": _(
                        "Im Text steht noch „%(gap)s …“. Bitte füllen Sie diese Stellen aus, "
                        "bevor die Seite öffentlich wird."
                    )
                    % {"gap": next(gap for gap in GAPS if gap in self.body)}
                },
                code="gaps",
            )

    @property
    def has_gaps(self) -> bool:
        """Whether the delivered wording still asks for something."""
        return any(gap in self.body for gap in GAPS)
