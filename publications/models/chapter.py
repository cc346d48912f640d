"""The chapters of a guideline and the blocks they are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from concepts.models import Concept
from programmes.models import Run
from publications.facts import Facts
from publications.models.quote import Quote
from texts.fields import CleanJSONField, KeyField, LineField
from texts.keys import new_key
from texts.richtext import RichTextField
from workshops.models import Workshop


class Chapter(models.Model):
    """A chapter of a guideline (Kapitel)."""

    class Part(models.TextChoices):
        FRONT = "front", _("Vorspann (ohne Nummer)")
        MAIN = "main", _("Hauptteil (nummeriert)")
        APPENDIX = "appendix", _("Anhang (mit Buchstaben)")

    belongs_to = "guideline"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    guideline = models.ForeignKey(
        "publications.Guideline",
        on_delete=models.CASCADE,
        related_name="chapters",
        verbose_name=_("Leitfaden"),
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    part = LineField(_("Teil"), max_length=8, choices=Part.choices, default=Part.MAIN)
    title = LineField(_("Titel"), max_length=150)
    starts_page = models.BooleanField(_("beginnt auf neuer Seite"), default=True)

    class Meta:
        verbose_name = _("Kapitel")
        verbose_name_plural = _("Kapitel")
        constraints = [models.UniqueConstraint(name="chapter_key", fields=["guideline", "key"])]

    def __str__(self):
        return self.guideline.shown(self.title)

    def facts(self) -> Facts:
        """What its texts may name."""
        return self.guideline.facts()


class BlockKind(models.TextChoices):
    TEXT = "text", _("Text")
    STEPS = "steps", _("Schritte")  # data: [{"title", "text", "decision"}]
    CHECKLIST = "checklist", _("Checkliste")  # data: ["…"]
    TABLE = "table", _("Tabelle")  # data: {"caption", "head": [], "rows": [[]]}
    TIP = "tip", _("Hinweis")
    PITFALL = "pitfall", _("Stolperstein")
    METHOD = "method", _("Methodenkarte")  # data: {"purpose","duration","group","material"}
    GLOSSARY = "glossary", _("Glossar")  # data: [{"term", "meaning"}]
    LITERATURE = "literature", _("Literatur")  # data: ["…"]
    QUOTE = "quote", _("Zitat")
    QUESTION = "question", _("Leitfrage")
    WORKSHOP = "workshop", _("Workshop")
    CONCEPT = "concept", _("Konzept")
    SECTORS = "sectors", _("Bild: Bereiche der Gruppe")
    COURSE = "course", _("Bild: Verlauf des Durchlaufs")
    FIGURES = "figures", _("Angaben mit Quelle")


class Block(models.Model):
    """A piece of a chapter: written text, or what the portal puts in from stored data."""

    Kind = BlockKind

    belongs_to = "chapter"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    chapter = models.ForeignKey(
        Chapter, on_delete=models.CASCADE, related_name="blocks", verbose_name=_("Kapitel")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    kind = LineField(_("Art"), max_length=12, choices=Kind.choices, default=Kind.TEXT)
    heading = LineField(_("Überschrift"), max_length=150, blank=True)
    text = RichTextField(_("Text"), blank=True)
    data = CleanJSONField(_("Angaben"), null=True, blank=True)
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Durchlauf")
    )
    workshop = models.ForeignKey(
        Workshop, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Workshop")
    )
    concept = models.ForeignKey(
        Concept, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Konzept")
    )
    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Zitat")
    )

    class Meta:
        verbose_name = _("Block")
        verbose_name_plural = _("Blöcke")
        constraints = [
            models.UniqueConstraint(name="block_key", fields=["chapter", "key"]),
            models.CheckConstraint(
                name="block_fits_kind",
                condition=(~models.Q(kind=BlockKind.QUOTE) | models.Q(quote__isnull=False))
                & (~models.Q(kind=BlockKind.WORKSHOP) | models.Q(workshop__isnull=False))
                & (~models.Q(kind=BlockKind.CONCEPT) | models.Q(concept__isnull=False)),
                violation_error_message=_("Bitte wählen Sie, was zur Art des Blocks gehört."),
            ),
        ]

    def __str__(self):
        heading = self.chapter.guideline.shown(self.heading) if self.heading else ""
        return heading or self.get_kind_display()
