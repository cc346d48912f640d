"""Who takes part in a run, how they came in, and in which team they work."""

from typing import TypeAlias

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lifecycle.moves import Moves
from people.models import acts_as_superuser
from programmes.models.person import Person, Position, Sector
from programmes.models.run import Run
from programmes.models.states import TAKING_PART, ParticipationStatus
from texts.fields import KeyField, LineField, MailAddressField, PlainTextField
from texts.keys import new_key
from texts.order import alphabetical_names


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user):
        """Own participations, those of one's runs, and all of the programmes one administers."""
        if not user.is_authenticated:
            return self.none()
        if acts_as_superuser(user):
            return self
        return self.filter(
            models.Q(run__in=Run.objects.own(user))
            | models.Q(run__in=Run.objects.administered_by(user))
        )

    def of(self, user):
        return self.filter(person__user=user)

    def taking_part(self):
        return self.filter(status__in=TAKING_PART)

    def for_group(self):
        return self.select_related("person", "sector", "position__organisation").order_by(
            *alphabetical_names("person"), "pk"
        )


class Participation(Moves):
    """A person's part in one run (Teilnahme)."""

    class Role(models.TextChoices):
        PARTICIPANT = "participant", _("teilnehmend")
        FACILITATOR = "facilitator", _("begleitend")

    Status: TypeAlias = ParticipationStatus
    TAKING_PART = TAKING_PART

    NEXT = {
        Status.INVITED: {Status.ACTIVE, Status.DECLINED},
        Status.ACTIVE: {Status.COMPLETED, Status.LEFT},
        Status.COMPLETED: set(),
        Status.LEFT: set(),
        Status.DECLINED: set(),
    }

    class WrongStatus(Moves.WrongStatus):
        sentence = _("Die Teilnahme ist inzwischen in einem anderen Status.")

    belongs_to = "run"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="participations", verbose_name=_("Durchlauf")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="participations", verbose_name=_("Person")
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Funktion")
    )
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Bereich")
    )
    role = LineField(_("Rolle"), max_length=12, choices=Role.choices, default=Role.PARTICIPANT)
    status = LineField(_("Status"), max_length=10, choices=Status.choices, default=Status.INVITED)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Teilnahme")
        verbose_name_plural = _("Teilnahmen")
        constraints = [
            models.UniqueConstraint(name="participation_key", fields=["run", "key"]),
            models.UniqueConstraint(name="participation_once", fields=["run", "person"]),
        ]

    def __str__(self):
        return str(self.person)

    # Django leaves a method that is there; the mypy plugin knows only Django's own.
    def get_status_display(self) -> str:  # type: ignore[no-redef]
        """The status in words; „eingeladen“ only once an invitation went out."""
        if self.status == self.Status.INVITED and not self.was_invited:
            return gettext("noch nicht eingeladen")
        return str(self.Status(self.status).label)

    @property
    def was_invited(self) -> bool:
        invitation = getattr(self, "invitation", None)
        return invitation is not None and invitation.status != Invitation.Status.DRAFT


class InvitationStatus(models.TextChoices):
    DRAFT = "draft", _("Entwurf")
    SENT = "sent", _("verschickt")
    ACCEPTED = "accepted", _("angenommen")
    DECLINED = "declined", _("abgelehnt")
    EXPIRED = "expired", _("abgelaufen")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


class Invitation(Moves):
    """A letter that lets one person into one run. The token is stored only as a hash."""

    Status: TypeAlias = InvitationStatus

    NEXT = {
        Status.DRAFT: {Status.SENT},
        Status.SENT: {Status.ACCEPTED, Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN},
        Status.ACCEPTED: set(),
        Status.DECLINED: set(),
        Status.EXPIRED: {Status.SENT},
        Status.WITHDRAWN: {Status.SENT},
    }

    class WrongStatus(Moves.WrongStatus):
        sentence = _("Die Einladung ist inzwischen in einem anderen Status.")

    belongs_to = "participation"

    participation = models.OneToOneField(
        Participation,
        on_delete=models.CASCADE,
        related_name="invitation",
        verbose_name=_("Teilnahme"),
    )
    email = MailAddressField(_("E-Mail-Adresse"))
    status = LineField(_("Status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    token_hash = LineField(max_length=64, unique=True, null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("verschickt am"), null=True, blank=True)
    expires_at = models.DateTimeField(_("gilt bis"), null=True, blank=True)
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Einladung")
        verbose_name_plural = _("Einladungen")
        constraints = [
            models.CheckConstraint(
                name="invitation_sent_has_token",
                condition=~models.Q(status=InvitationStatus.SENT)
                | models.Q(token_hash__isnull=False, expires_at__isnull=False),
            )
        ]

    def __str__(self):
        return self.email

    @property
    def is_over(self) -> bool:
        """Whether the time to answer has passed, also before the row says so."""
        return self.expires_at is None or self.expires_at <= timezone.now()


class TeamQuerySet(models.QuerySet["Team"]):
    def of(self, user):
        """The teams in which the user works now."""
        return self.filter(
            pk__in=TeamMembership.objects.filter(
                participation__person__user=user,
                participation__status__in=TAKING_PART,
                has_left=False,
            ).values("team")
        )

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(run__in=Run.objects.own(user))
            | models.Q(run__in=Run.objects.administered_by(user))
        )


class Team(models.Model):
    """A project group of a run (Team/Projektgruppe)."""

    belongs_to = "run"

    key = KeyField(_("Schlüssel"), max_length=60, default=new_key, editable=False)
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="teams", verbose_name=_("Durchlauf")
    )
    name = LineField(_("Name"), max_length=120)
    purpose = PlainTextField(_("Woran das Team arbeitet"), blank=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("Team")
        verbose_name_plural = _("Teams")
        constraints = [
            models.UniqueConstraint(name="team_key", fields=["run", "key"]),
            models.UniqueConstraint(name="team_name", fields=["run", "name"]),
        ]

    def __str__(self):
        return self.name


class TeamMembership(models.Model):
    """A participation in a team."""

    belongs_to = "team"

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("Team")
    )
    participation = models.ForeignKey(
        Participation,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("Teilnahme"),
    )
    is_speaker = models.BooleanField(_("spricht für das Team"), default=False)
    has_left = models.BooleanField(_("ausgeschieden"), default=False)

    class Meta:
        verbose_name = _("Mitglied im Team")
        verbose_name_plural = _("Mitglieder im Team")
        constraints = [
            models.UniqueConstraint(name="teammembership_once", fields=["team", "participation"])
        ]

    def __str__(self):
        return f"{self.participation} – {self.team}"
