"""Standing texts at the end of releases."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models import Programme
from publications.facts import collect_facts
from publications.tokens import shown
from texts.fields import KeyField, LineField
from texts.keys import new_key
from texts.richtext import RichTextField


class Boilerplate(models.Model):
    """A standing text at the end of releases: „Zum Modellprojekt …“ (Abbinder)."""

    belongs_to = "programme"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="boilerplates", verbose_name=_("Programm")
    )
    heading = LineField(_("Überschrift"), max_length=150)
    text = RichTextField(_("Text"))
    # Empty: that of the programme.
    language = LineField(
        _("Sprache"),
        max_length=5,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Leer: die Sprache des Programms."),
    )

    class Meta:
        verbose_name = _("Abbinder")
        verbose_name_plural = _("Abbinder")
        constraints = [models.UniqueConstraint(name="boilerplate_key", fields=["programme", "key"])]

    def __str__(self):
        return shown(self.heading, lambda names: collect_facts(self.programme, names=names))

    @property
    def spoken_language(self) -> str:
        return self.language or self.programme.language
