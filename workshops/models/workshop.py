"""Workshops, their guests, events and tasks."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lifecycle.moves import Moves
from people.models import acts_as_superuser
from programmes.models import Organisation, Participation, Person, Run, Team, TeamMembership
from texts.dates import ClockField, ImpreciseDateField, MomentField, refuse_end_before_begin
from texts.fields import KeyField, LineField
from texts.keys import new_key
from texts.richtext import RichTextField


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def visible_to(self, user):
        """Public workshops of public runs; all of the user's runs and programmes."""
        public = models.Q(is_public=True, run__is_public=True, run__programme__is_public=True)
        if not user.is_authenticated:
            return self.filter(public)
        if acts_as_superuser(user):
            return self
        return self.filter(
            public
            | models.Q(run__in=Run.objects.own(user))
            | models.Q(run__in=Run.objects.administered_by(user))
        )

    def administered_by(self, user):
        return self.filter(run__in=Run.objects.administered_by(user))

    def with_guests(self):
        guests = Guest.objects.select_related("person", "organisation")
        return self.prefetch_related(models.Prefetch("guests", guests.order_by("position", "pk")))

    def for_run(self):
        return self.order_by("number", "pk")


class Workshop(Moves):
    """One full day of a run."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("geplant")
        CONFIRMED = "confirmed", _("bestätigt")
        HELD = "held", _("durchgeführt")
        DOCUMENTED = "documented", _("dokumentiert")
        CANCELLED = "cancelled", _("abgesagt")

    NEXT = {
        Status.PLANNED: {Status.CONFIRMED, Status.CANCELLED},
        Status.CONFIRMED: {Status.HELD, Status.CANCELLED},
        Status.HELD: {Status.DOCUMENTED},
        Status.DOCUMENTED: set(),
        Status.CANCELLED: set(),
    }

    class WrongStatus(Moves.WrongStatus):
        sentence = _("Der Workshop ist inzwischen in einem anderen Status.")

    belongs_to = "run"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="workshops", verbose_name=_("Durchlauf")
    )
    number = models.PositiveSmallIntegerField(_("Nummer"))
    title = LineField(_("Titel"), max_length=150)
    held_on = ImpreciseDateField(_("Datum"), null=True, blank=True)
    begins_at = ClockField(_("Beginn"), null=True, blank=True)
    ends_at = ClockField(_("Ende"), null=True, blank=True)
    venue = LineField(_("Ort"), max_length=200, blank=True)
    moderation = LineField(_("Moderation"), max_length=200, blank=True)
    goal = RichTextField(_("Ziel"), blank=True)
    agenda = RichTextField(_("Ablauf"), blank=True)
    results = RichTextField(_("Ergebnisse"), blank=True)
    status = LineField(_("Status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    is_public = models.BooleanField(
        _("öffentlich"),
        default=True,
        help_text=_(
            "Titel, Datum, Ziel, Gäste und Ergebnisse stehen auf der Seite des Durchlaufs."
        ),
    )

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("Workshop")
        verbose_name_plural = _("Workshops")
        constraints = [
            models.UniqueConstraint(name="workshop_key", fields=["run", "key"]),
            models.UniqueConstraint(name="workshop_number", fields=["run", "number"]),
        ]

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def has_taken_place(self) -> bool:
        return self.status in {self.Status.HELD, self.Status.DOCUMENTED}

    def __str__(self):
        return f"{self.number}. {self.title}"

    def clean(self):
        super().clean()
        refuse_end_before_begin(self, "begins_at", "ends_at")


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user):
        """Public ones of public runs; those of the user's runs, a team's only to the team; all of
        the runs one accompanies."""
        public = models.Q(is_public=True, run__is_public=True, run__programme__is_public=True)
        if not user.is_authenticated:
            return self.filter(public)
        if acts_as_superuser(user):
            return self
        own = self.model.objects.filter(run__in=Run.objects.own(user)).meant_for(user)
        return self.filter(
            public
            | models.Q(pk__in=own.values("pk"))
            | models.Q(run__in=Run.objects.accompanied_by(user))
        )

    def meant_for(self, user):
        """What the user is asked to come to: not the dates of teams in which they do not work."""
        return self.filter(
            models.Q(team=None)
            | models.Q(team__in=Team.objects.of(user))
            | models.Q(run__in=Run.objects.accompanied_by(user))
        )

    def for_run(self):
        return self.select_related("team", "workshop").order_by("held_on", "begins_at", "pk")


class Event(models.Model):
    """A date of a run besides its workshops (Termin)."""

    class Kind(models.TextChoices):
        KICKOFF = "kickoff", _("Auftakt")
        MEETING = "meeting", _("Arbeitstreffen")
        CLOSING = "closing", _("Abschluss")
        OTHER = "other", _("Termin")

    belongs_to = "run"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="events", verbose_name=_("Durchlauf")
    )
    workshop = models.ForeignKey(
        Workshop,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("gehört zum Workshop"),
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("Team"),
    )
    kind = LineField(_("Art"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    title = LineField(_("Titel"), max_length=150)
    held_on = ImpreciseDateField(_("Datum"), null=True, blank=True)
    begins_at = ClockField(_("Beginn"), null=True, blank=True)
    ends_at = ClockField(_("Ende"), null=True, blank=True)
    venue = LineField(_("Ort"), max_length=200, blank=True)
    description = RichTextField(_("Beschreibung"), blank=True)
    is_public = models.BooleanField(_("öffentlich"), default=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        constraints = [models.UniqueConstraint(name="event_key", fields=["run", "key"])]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        refuse_end_before_begin(self, "begins_at", "ends_at")


class Guest(models.Model):
    """Whom the group meets in a workshop: a person or an organisation (Akteur/Gast)."""

    belongs_to = "workshop"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    workshop = models.ForeignKey(
        Workshop, on_delete=models.CASCADE, related_name="guests", verbose_name=_("Workshop")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Person")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Organisation"),
    )
    contribution = LineField(_("Beitrag"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Gast")
        verbose_name_plural = _("Gäste")
        constraints = [
            models.UniqueConstraint(name="guest_key", fields=["workshop", "key"]),
            models.CheckConstraint(
                name="guest_is_somebody",
                condition=models.Q(person__isnull=False) | models.Q(organisation__isnull=False),
                violation_error_message=_("Bitte eine Person oder eine Organisation angeben."),
            ),
        ]

    def __str__(self):
        return str(self.person or self.organisation)


class OutputStatus(models.TextChoices):
    DRAFT = "draft", _("Entwurf")
    SUBMITTED = "submitted", _("abgegeben")
    ACCEPTED = "accepted", _("angenommen")
    RETURNED = "returned", _("zur Überarbeitung")


# Others read a returned text no longer: it is being written again.
HANDED_IN = (OutputStatus.SUBMITTED, OutputStatus.ACCEPTED)


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user):
        """The released tasks of the user's runs; all tasks of the runs the user accompanies."""
        if not user.is_authenticated:
            return self.none()
        if acts_as_superuser(user):
            return self
        return self.filter(
            models.Q(workshop__run__in=Run.objects.own(user), is_released=True)
            | models.Q(workshop__run__in=Run.objects.accompanied_by(user))
        )

    def open_for(self, user):
        """What the user, alone or with a team, still has to hand in; the next due date first."""
        active = Participation.objects.of(user).filter(
            status=Participation.Status.ACTIVE, role=Participation.Role.PARTICIPANT
        )
        done = self.model.objects.filter(
            outputs__team=None,
            outputs__participation__in=active,
            outputs__status__in=HANDED_IN,
        )
        teams_done = Team.objects.filter(
            outputs__task=models.OuterRef(models.OuterRef("pk")), outputs__status__in=HANDED_IN
        )
        teams_open = TeamMembership.objects.filter(
            participation__in=active, has_left=False, team__run=models.OuterRef("workshop__run")
        ).exclude(team__in=teams_done.values("pk"))
        return (
            self.filter(is_released=True, workshop__run__in=active.values("run"))
            .exclude(workshop__run__status__in=Run.CLOSED)
            .exclude(workshop__status=Workshop.Status.CANCELLED)
            .filter(
                (models.Q(addressee="each") & ~models.Q(pk__in=done.values("pk")))
                | (models.Q(addressee="team") & models.Exists(teams_open))
            )
            .select_related("workshop__run__programme")
            .order_by(models.F("due_at").asc(nulls_last=True), "workshop__number", "position", "pk")
        )

    def for_run(self):
        return self.select_related("workshop").order_by("workshop__number", "position", "pk")

    def for_page(self):
        return self.select_related("workshop__run__programme")


class Task(models.Model):
    """What participants hand in for a workshop (Aufgabe)."""

    class Addressee(models.TextChoices):
        EACH = "each", _("Einzelaufgabe")
        TEAM = "team", _("Teamaufgabe")

    class Readers(models.TextChoices):
        LEAD = "lead", _("nur Projektleitung und Begleitung")
        TEAM = "team", _("das eigene Team")
        RUN = "run", _("alle im Durchlauf")

    belongs_to = "workshop"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    workshop = models.ForeignKey(
        Workshop, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("Workshop")
    )
    title = LineField(_("Titel"), max_length=150)
    instructions = RichTextField(_("Was zu tun ist"), blank=True)
    addressee = LineField(
        _("Wer gibt ab"), max_length=4, choices=Addressee.choices, default=Addressee.EACH
    )
    readers = LineField(
        _("Wer darf Abgegebenes lesen"),
        max_length=4,
        choices=Readers.choices,
        default=Readers.RUN,
    )
    due_at = MomentField(_("abzugeben bis"), null=True, blank=True)
    is_released = models.BooleanField(
        _("freigeschaltet"), default=True, help_text=_("Teilnehmende sehen die Aufgabe.")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("Aufgabe")
        verbose_name_plural = _("Aufgaben")
        constraints = [models.UniqueConstraint(name="task_key", fields=["workshop", "key"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:task", args=[self.pk])

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now()
