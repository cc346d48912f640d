"""A run of a programme and the question that it works on."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lifecycle.moves import Moves
from people.models import acts_as_superuser
from programmes.models.programme import Programme, Responsibility
from programmes.models.states import TAKING_PART
from texts.dates import ImpreciseDateField
from texts.fields import KeyField, LineField, PlainTextField
from texts.keys import new_key
from texts.richtext import RichTextField


class RunQuerySet(models.QuerySet["Run"]):
    def public(self):
        return self.filter(is_public=True, programme__is_public=True)

    def visible_to(self, user):
        """The runs that exist for this user. Every view starts here."""
        public = models.Q(is_public=True, programme__is_public=True)
        if not user.is_authenticated:
            return self.filter(public)
        if acts_as_superuser(user):
            return self
        own = self.model.objects.own(user).values("pk")
        administered = Responsibility.objects.of(user).values("programme")
        return self.filter(public | models.Q(pk__in=own) | models.Q(programme__in=administered))

    def own(self, user):
        """The runs in which the user takes or took part, as participant or facilitator."""
        return self.filter(
            pk__in=self.model.objects.filter(
                participations__person__user=user,
                participations__status__in=TAKING_PART,
            ).values("pk")
        )

    def administered_by(self, user):
        if acts_as_superuser(user):
            return self
        return self.filter(programme__in=Responsibility.objects.of(user).values("programme"))

    def accompanied_by(self, user):
        """The runs that the user sees whole: as staff of the programme or as facilitator."""
        facilitated = self.model.objects.filter(
            participations__person__user=user,
            participations__status__in=TAKING_PART,
            participations__role="facilitator",
        )
        return self.filter(
            models.Q(pk__in=facilitated.values("pk"))
            | models.Q(programme__in=Responsibility.objects.of(user).values("programme"))
        )

    def with_question(self):
        """Each run with the wording of its question that holds, as `current_questions`."""
        current = GuidingQuestion.objects.filter(is_current=True)
        return self.prefetch_related(
            models.Prefetch("questions", current, to_attr="current_questions")
        )

    def for_listing(self):
        return self.select_related("programme").order_by("-period", "-number", "pk")


class Run(Moves):
    """One run: a group, a question, five workshops, concepts (Durchlauf)."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("geplant")
        RUNNING = "running", _("läuft")
        COMPLETED = "completed", _("abgeschlossen")
        ARCHIVED = "archived", _("archiviert")
        CANCELLED = "cancelled", _("abgesagt")

    NEXT = {
        Status.PLANNED: {Status.RUNNING, Status.CANCELLED},
        Status.RUNNING: {Status.COMPLETED, Status.CANCELLED},
        Status.COMPLETED: {Status.ARCHIVED},
        Status.ARCHIVED: set(),
        Status.CANCELLED: set(),
    }

    # A run that ended takes nothing new; what was begun in a completed one may be finished.
    OPEN = frozenset({Status.PLANNED, Status.RUNNING})
    CLOSED = frozenset({Status.ARCHIVED, Status.CANCELLED})

    class WrongStatus(Moves.WrongStatus):
        sentence = _("Der Durchlauf ist inzwischen in einem anderen Status.")

    belongs_to = "programme"

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="runs", verbose_name=_("Programm")
    )
    slug = KeyField(_("Kurzname in Adressen"), max_length=60)
    number = models.PositiveSmallIntegerField(_("Nummer"), default=1)
    topic = LineField(_("Thema"), max_length=200)
    period = ImpreciseDateField(_("Zeitraum"), null=True, blank=True)
    city = LineField(_("Ort"), max_length=100, blank=True)
    summary = RichTextField(_("Worum es geht"), blank=True)
    outcome = RichTextField(_("Was herauskam"), blank=True)
    status = LineField(_("Status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    is_public = models.BooleanField(
        _("öffentlich"), default=False, help_text=_("Der Durchlauf hat eine öffentliche Seite.")
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("Durchlauf")
        verbose_name_plural = _("Durchläufe")
        constraints = [
            models.UniqueConstraint(name="run_slug", fields=["programme", "slug"]),
            models.UniqueConstraint(name="run_number", fields=["programme", "number"]),
        ]

    def __str__(self):
        return self.topic

    def get_absolute_url(self):
        return reverse("home:run", args=[self.programme.slug, self.slug])

    @property
    def has_ended(self) -> bool:
        return self.status not in self.OPEN


class GuidingQuestion(models.Model):
    """One wording of the run's question; its wording changes between publications (Leitfrage)."""

    belongs_to = "run"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, related_name="questions", verbose_name=_("Durchlauf")
    )
    text = PlainTextField(_("Wortlaut"))
    stated_on = ImpreciseDateField(_("Stand"), null=True, blank=True)
    source = LineField(_("Quelle"), max_length=200, blank=True)
    is_current = models.BooleanField(_("gilt"), default=True)

    class Meta:
        verbose_name = _("Leitfrage")
        verbose_name_plural = _("Leitfragen")
        constraints = [
            models.UniqueConstraint(name="guidingquestion_key", fields=["run", "key"]),
            models.UniqueConstraint(
                name="guidingquestion_one_current",
                fields=["run"],
                condition=models.Q(is_current=True),
            ),
        ]

    def __str__(self):
        return self.text
