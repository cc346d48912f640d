"""Who takes part, and their invitations."""

from datetime import datetime

from django.contrib import admin
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.actions import object_action
from desk.attention import Attention, register_attention
from people.models import Message
from programmes.admin.base import ScopedModelAdmin
from programmes.forms import AddParticipantForm
from programmes.models import Invitation, Organisation, Participation, Programme, Run
from programmes.models.belonging import in_programmes
from programmes.notifications import invitation_mail
from programmes.operations import (
    add_participant,
    add_person,
    complete_participation,
    invite,
    leave_run,
    withdraw_invitation,
)
from texts.order import alphabetical


def invitation_of(participation: Participation) -> Invitation | None:
    return getattr(participation, "invitation", None)


def has_invitation(participation: Participation, *statuses: Invitation.Status) -> bool:
    invitation = invitation_of(participation)
    return invitation is not None and invitation.status in statuses


def moment(value: datetime | None) -> str | None:
    """A moment in words; the admin prints a value of ours as it is."""
    return date_format(localtime(value), "SHORT_DATETIME_FORMAT") if value else None


def cannot_be_invited(participation: Participation, user) -> str:
    if participation.run.has_ended:
        return _("In diesen Durchlauf wird niemand mehr eingeladen.")
    if not participation.person.email:
        return _("Keine E-Mail-Adresse. Tragen Sie sie auf der Seite der Person ein.")
    return ""


def stays_as_it_is(participation: Participation) -> str:
    """Why somebody among many gets no invitation: what they have already goes on."""
    if participation.status == Participation.Status.INVITED:
        invitation = invitation_of(participation)
        is_sent = has_invitation(participation, Invitation.Status.SENT)
        if invitation is not None and is_sent and not invitation.is_over:
            return _("Hat eine offene Einladung bis %(day)s.") % {
                "day": date_format(localtime(invitation.expires_at), "DATE_FORMAT")
            }
        return ""
    return {
        Participation.Status.DECLINED: _("Hat die Einladung abgelehnt."),
        Participation.Status.LEFT: _("Ist ausgeschieden."),
    }.get(Participation.Status(participation.status), _("Ist schon dabei."))


def gets_invited(participation: Participation) -> str:
    """What happens to somebody among many who are invited."""
    address = participation.person.email
    if participation.was_invited:
        return _("neue Einladung an %(address)s") % {"address": address}
    return _("Einladung an %(address)s") % {"address": address}


class InvitationFilter(admin.ChoicesFieldListFilter):
    """The states of the invitation, under a name of their own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = gettext_lazy("Einladung")


@admin.register(Participation)
class ParticipationAdmin(ScopedModelAdmin):
    list_display = ["person", "state", "invitation_status", "sent_at", "sector", "role", "run"]
    list_filter = ["run", "status", ("invitation__status", InvitationFilter), "role", "sector"]
    search_fields = ["person__family_name", "person__given_name", "person__email", "run__topic"]
    ordering = ["run", "person__family_name", "person__given_name", "pk"]
    autocomplete_fields = ["run", "person", "sector"]
    object_actions = ["invite", "withdraw_invitation", "complete", "leave"]

    def decided_on(self, obj):
        """With the address that is written to, and what became of the invitation."""
        invitation = invitation_of(obj)
        return [obj, obj.person, *([invitation] if invitation else [])]

    NEW = [
        (
            None,
            {
                "fields": [("run", "role"), "sector"],
                "description": gettext_lazy(
                    "Nehmen Sie eine Person auf, die schon eingetragen ist, oder geben Sie unten "
                    "eine neue ein."
                ),
            },
        ),
        (gettext_lazy("Schon eingetragen"), {"fields": ["person"]}),
        (
            gettext_lazy("Neue Person"),
            {
                "fields": [
                    "academic_title",
                    ("given_name", "family_name"),
                    ("email", "shares_mailbox"),
                    ("organisation", "function"),
                ]
            },
        ),
        (gettext_lazy("Einladung"), {"fields": ["send_invitation"]}),
    ]
    KNOWN = [
        (None, {"fields": ["run", "person", ("role", "sector"), "position"]}),
        (
            gettext_lazy("Einladung"),
            {"fields": ["invitation_status", "invited_address", "sent_at", "expires_at"]},
        ),
    ]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("person__user", "run__programme__carrier", "sector", "invitation")
        )

    def get_fieldsets(self, request, obj=None):
        return self.KNOWN if obj else self.NEW

    def get_readonly_fields(self, request, obj=None):
        shown = ["invitation_status", "invited_address", "sent_at", "expires_at"]
        return ["run", "person", *shown] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = AddParticipantForm
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["organisation"].queryset = self._organisations(request)
        elif "position" in form.base_fields:
            positions = form.base_fields["position"]
            positions.queryset = positions.queryset.filter(person=obj.person)
        return form

    def _organisations(self, request):
        rows = in_programmes(
            Organisation.objects.all(), Programme.objects.administered_by(request.user)
        )
        return rows.order_by(alphabetical("name"), "pk")

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        data = form.cleaned_data
        person = data["person"] or add_person(
            data["run"].programme,
            academic_title=data["academic_title"],
            given_name=data["given_name"],
            family_name=data["family_name"],
            email=data["email"],
            organisation=data["organisation"],
            function=data["function"],
            by=request.user,
        )
        participation = add_participant(
            data["run"],
            person,
            position=person.positions.order_by("-pk").first(),
            sector=data["sector"],
            role=data["role"],
            by=request.user,
        )
        obj.pk = participation.pk
        obj.person = person
        if data["send_invitation"]:
            invite(participation, by=request.user)

    @admin.display(description=gettext_lazy("Status"), ordering="status")
    def state(self, participation):
        return participation.get_status_display()

    @admin.display(description=gettext_lazy("Einladung"), ordering="invitation__status")
    def invitation_status(self, participation):
        invitation = invitation_of(participation)
        return invitation.get_status_display() if invitation else None

    @admin.display(description=gettext_lazy("ging an"))
    def invited_address(self, participation):
        invitation = invitation_of(participation)
        return invitation.email if invitation else None

    @admin.display(description=gettext_lazy("verschickt am"), ordering="invitation__sent_at")
    def sent_at(self, participation):
        invitation = invitation_of(participation)
        return moment(invitation.sent_at) if invitation else None

    @admin.display(description=gettext_lazy("gilt bis"))
    def expires_at(self, participation):
        invitation = invitation_of(participation)
        return moment(invitation.expires_at) if invitation else None

    def invitation_preview(self, request, participation):
        invitation = invitation_of(participation) or Invitation()
        invitation.participation = participation
        mail = invitation_mail(invitation)
        body = mail.body.replace(Message.LINK_MARK, _("[persönlicher Link]"))
        return _("An: %(address)s\nBetreff: %(subject)s\n\n%(body)s") % {
            "address": participation.person.email,
            "subject": mail.subject,
            "body": body,
        }

    @object_action(
        gettext_lazy("Einladen"),
        permission="programmes.invite_participation",
        shown=lambda participation: participation.status == Participation.Status.INVITED,
        why_not=cannot_be_invited,
        question=gettext_lazy(
            "Die Einladung geht per E-Mail hinaus. War schon eine unterwegs, gilt nur noch der "
            "neue Link."
        ),
        preview="invitation_preview",
        is_for_many=True,
        left_out=stays_as_it_is,
        effect=gets_invited,
    )
    def invite(self, request, participation):
        invitation = invite(participation, by=request.user)
        return _("Die Einladung geht an %(address)s.") % {"address": invitation.email}

    @object_action(
        gettext_lazy("Einladung zurückziehen"),
        permission="programmes.withdraw_invitation",
        shown=lambda participation: has_invitation(participation, Invitation.Status.SENT),
        is_destructive=True,
        is_for_many=True,
        question=gettext_lazy("Der Link in der E-Mail gilt danach nicht mehr."),
        done=gettext_lazy("Die Einladung ist zurückgezogen."),
    )
    def withdraw_invitation(self, request, participation):
        withdraw_invitation(participation.invitation, by=request.user)

    @object_action(
        gettext_lazy("Teilnahme abschließen"),
        permission="programmes.complete_participation",
        shown=lambda participation: participation.allows(Participation.Status.COMPLETED),
        is_for_many=True,
        question=gettext_lazy(
            "Die Person sieht den Durchlauf weiterhin, arbeitet aber nicht mehr mit. Das lässt "
            "sich nicht zurücknehmen."
        ),
        done=gettext_lazy("Die Teilnahme ist abgeschlossen."),
    )
    def complete(self, request, participation):
        complete_participation(participation, by=request.user)

    @object_action(
        gettext_lazy("Scheidet aus"),
        permission="programmes.leave_run",
        shown=lambda participation: participation.allows(Participation.Status.LEFT),
        is_destructive=True,
        question=gettext_lazy(
            "Die Person sieht den Durchlauf nicht mehr und gehört keinem Team mehr an. Was sie "
            "abgegeben hat, bleibt. Das lässt sich nicht zurücknehmen."
        ),
        done=gettext_lazy("Die Person ist ausgeschieden."),
    )
    def leave(self, request, participation):
        leave_run(participation, by=request.user)


@register_attention
def unanswered_invitations(request) -> list[Attention]:
    """Invitations that wait for an answer, and those that ended without one."""
    if not request.user.has_perm("programmes.view_participation"):
        return []
    rows = in_programmes(
        Participation.objects.filter(status=Participation.Status.INVITED, run__status__in=Run.OPEN),
        Programme.objects.administered_by(request.user),
    ).select_related("person", "invitation")
    counts = dict(rows.values_list("invitation__status").annotate(count=Count("pk")).order_by())
    changelist = reverse("admin:programmes_participation_changelist")
    cards = []
    for status, title in [
        (Invitation.Status.DRAFT, gettext_lazy("Noch nicht eingeladen")),
        (Invitation.Status.SENT, gettext_lazy("Einladungen ohne Antwort")),
        (Invitation.Status.EXPIRED, gettext_lazy("Abgelaufene Einladungen")),
    ]:
        if status not in counts:
            continue
        waiting = rows.filter(invitation__status=status).order_by("invitation__sent_at", "pk")
        items = [
            (
                str(participation.person),
                reverse("admin:programmes_participation_change", args=[participation.pk]),
            )
            for participation in waiting[:5]
        ]
        url = f"{changelist}?invitation__status__exact={status}&status__exact=invited"
        cards.append(Attention(title=title, count=counts[status], url=url, items=items))
    return cards
