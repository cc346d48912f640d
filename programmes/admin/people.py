"""The admin of persons, consents, mails and the change log: all end at the user's programmes."""

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.actions import object_action
from desk.attention import Attention, register_attention
from people.models import AuditEntry, Message
from people.operations import resend_message
from programmes.admin.base import (
    ChosenProgrammeAdmin,
    ChosenProgrammeForm,
    ReadOnlyMixin,
    ScopedModelAdmin,
    ScopedTabularInline,
)
from programmes.forms import (
    ConsentForm,
    SharedMailboxField,
    WithdrawConsentForm,
    WordingForm,
    namesake_of_address,
)
from programmes.models import (
    Consent,
    ConsentPurpose,
    ConsentQuerySet,
    Organisation,
    Person,
    Position,
    Programme,
    Sector,
)
from programmes.operations import give_consent, reword_purpose, withdraw_consent
from programmes.rules import is_on_record


class PositionInline(ScopedTabularInline):
    model = Position
    fields = ["title", "organisation", "held"]
    autocomplete_fields = ["organisation"]


class ConsentInline(ReadOnlyMixin, ScopedTabularInline):
    """What the person agreed to; the buttons above give and withdraw."""

    model = Consent
    readonly_fields = ["purpose", "purpose_version", "channel", "given_at", "withdrawn_at"]
    fields = [*readonly_fields]

    def get_queryset(self, request):
        return cast(ConsentQuerySet, super().get_queryset(request)).for_listing()


STAYS = gettext_lazy(
    "Diese Person hat eingewilligt oder gehört zu einem Durchlauf. Das bleibt nachvollziehbar; "
    "darum lässt sie sich nicht löschen."
)


class PersonForm(ChosenProgrammeForm):
    """Asks before one address becomes that of two people."""

    shares_mailbox = SharedMailboxField()

    def clean(self):
        data = super().clean()
        is_new = "email" in self.changed_data and not self.cleaned_data.get("shares_mailbox")
        if is_new and self.instance.programme_id:
            email = self.cleaned_data.get("email", "")
            question = namesake_of_address(self.instance.programme, email, known=self.instance)
            if question:
                self.add_error("email", question)
        return data


@admin.register(Person)
class PersonAdmin(ChosenProgrammeAdmin):
    form = PersonForm
    list_display = ["family_name", "given_name", "email", "has_account", "is_nameable"]
    search_fields = ["family_name", "given_name", "email"]
    ordering = ["family_name", "given_name", "pk"]
    fieldsets = [
        (None, {"fields": ["academic_title", ("given_name", "family_name")]}),
        (gettext_lazy("Erreichbar unter"), {"fields": [("email", "phone"), "shares_mailbox"]}),
        (gettext_lazy("Konto"), {"fields": ["user"]}),
    ]
    inlines = [PositionInline, ConsentInline]
    object_actions = ["record_consent", "record_withdrawal"]

    def decided_on(self, obj):
        return [obj, *Consent.objects.filter(person=obj).order_by("pk")]

    def get_queryset(self, request):
        return super().get_queryset(request).with_public_name().select_related("user")

    def get_readonly_fields(self, request, obj=None):
        # The account comes with the answer to an invitation.
        return ["user"]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets[:-1]
        if is_on_record(request.user, obj):
            fieldsets.append((gettext_lazy("Löschen"), {"fields": [], "description": STAYS}))
        return fieldsets

    def get_inlines(self, request, obj):
        return self.inlines if obj else [PositionInline]

    def get_deleted_objects(self, objs, request):
        rows, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        # What stands in the way says more than that somebody may not.
        return rows, counts, set() if protected else forbidden, protected

    @admin.display(description=gettext_lazy("Konto"), boolean=True)
    def has_account(self, person):
        return person.user_id is not None

    @admin.display(description=gettext_lazy("darf genannt werden"), boolean=True)
    def is_nameable(self, person):
        return person.may_be_named

    @object_action(
        gettext_lazy("Einwilligung eintragen"),
        permission="programmes.record_consent",
        form_class=ConsentForm,
        question=gettext_lazy(
            "Nur eintragen, was die Person erklärt hat. Papier und E-Mail bewahren Sie auf."
        ),
        done=gettext_lazy("Die Einwilligung ist eingetragen."),
    )
    def record_consent(self, request, person, data):
        give_consent(person, data["purpose"], channel=data["channel"], by=request.user)

    @object_action(
        gettext_lazy("Widerruf eintragen"),
        permission="programmes.record_consent",
        shown=lambda person: Consent.objects.in_force().filter(person=person).exists(),
        form_class=WithdrawConsentForm,
        is_destructive=True,
        question=gettext_lazy(
            "Der Name verschwindet sofort von den Seiten, auf denen er mit dieser Einwilligung "
            "steht. Was schon gedruckt ist, bleibt."
        ),
        done=gettext_lazy("Der Widerruf ist eingetragen."),
    )
    def record_withdrawal(self, request, person, data):
        withdraw_consent(person, data["purpose"], by=request.user)


@admin.register(Position)
class PositionAdmin(ScopedModelAdmin):
    """Only for choosing in other forms; positions are entered with the person."""

    list_display = ["title", "organisation", "person"]
    list_select_related = ["organisation", "person"]
    search_fields = ["title", "person__family_name", "organisation__name"]
    ordering = ["person__family_name", "pk"]
    autocomplete_fields = ["person", "organisation"]
    fields = ["person", "organisation", "title", "held"]

    def has_module_permission(self, request):
        return False


@admin.register(Organisation)
class OrganisationAdmin(ChosenProgrammeAdmin):
    list_display = ["name", "short_name", "sector", "city"]
    list_filter = ["sector"]
    list_select_related = ["sector"]
    search_fields = ["name", "short_name", "legal_name"]
    ordering = ["name", "pk"]
    autocomplete_fields = ["sector"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    ("short_name", "legal_name"),
                    ("sector", "city"),
                    "website",
                    "about",
                ]
            },
        )
    ]


@admin.register(Sector)
class SectorAdmin(ChosenProgrammeAdmin):
    list_display = ["name", "position"]
    search_fields = ["name"]
    ordering = ["programme", "position", "name", "pk"]
    fieldsets = [(None, {"fields": [("name", "position")]})]


@admin.register(ConsentPurpose)
class ConsentPurposeAdmin(ChosenProgrammeAdmin):
    list_display = ["name", "version"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    fieldsets = [(None, {"fields": ["name", "wording", "version"]})]
    object_actions = ["reword"]

    def get_readonly_fields(self, request, obj=None):
        # People agreed to these words; other words are a new version.
        return ["wording", "version"] if obj else ["version"]

    @object_action(
        gettext_lazy("Neuer Wortlaut"),
        permission="programmes.reword_consentpurpose",
        form_class=WordingForm,
        question=gettext_lazy(
            "Frühere Einwilligungen gelten weiter für den Wortlaut, der damals zu lesen war."
        ),
        done=gettext_lazy("Ab jetzt wird nach dem neuen Wortlaut gefragt."),
    )
    def reword(self, request, purpose, data):
        reword_purpose(purpose, data["wording"], by=request.user)


def of_led_programmes(rows: QuerySet, user) -> QuerySet:
    """Outbox and change log are for leads; technical care sees also what is of no programme."""
    if user.is_superuser:
        return rows
    return rows.filter(scope__in=Programme.objects.led_by(user).values("slug"))


def link_is_gone(message: Message, user) -> str:
    if message.has_lost_link:
        return _("Der Link in dieser E-Mail gilt nicht mehr. Bitte laden Sie neu ein.")
    return ""


@admin.register(Message)
class MessageAdmin(ReadOnlyMixin, ScopedModelAdmin):
    """The outbox: every mail before and after sending."""

    list_display = ["subject", "recipient", "status", "created_at", "sent_at"]
    list_filter = ["status"]
    search_fields = ["subject", "recipient"]
    ordering = ["-created_at", "-pk"]
    date_hierarchy = "created_at"
    fields = [
        "recipient",
        "subject",
        "body",
        "status",
        "attempts",
        "error",
        "created_at",
        "sent_at",
        "language",
    ]
    object_actions = ["resend"]

    def get_queryset(self, request):
        rows = admin.ModelAdmin.get_queryset(self, request)
        return of_led_programmes(rows, request.user)

    @object_action(
        gettext_lazy("Erneut senden"),
        permission="people.resend_message",
        shown=lambda message: message.status == Message.Status.FAILED,
        why_not=link_is_gone,
        done=gettext_lazy("Die E-Mail wird noch einmal versucht."),
    )
    def resend(self, request, message):
        resend_message(message, by=request.user)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyMixin, ScopedModelAdmin):
    """The change log: read only."""

    list_display = ["at", "actor", "what_happened", "object_label"]
    list_select_related = ["actor"]
    search_fields = ["object_label", "action", "actor__email"]
    ordering = ["-at", "-pk"]
    date_hierarchy = "at"
    fields = ["at", "actor", "what_happened", "object_label", "object_kind", "details"]
    readonly_fields = ["what_happened"]

    def get_queryset(self, request):
        rows = admin.ModelAdmin.get_queryset(self, request)
        return of_led_programmes(rows, request.user)

    @admin.display(description=gettext_lazy("Vorgang"), ordering="action")
    def what_happened(self, entry):
        return entry.action_name


@register_attention
def failed_mails(request) -> list[Attention]:
    if not request.user.has_perm("people.view_message"):
        return []
    messages = of_led_programmes(Message.objects.for_listing(), request.user)
    failed = messages.filter(status=Message.Status.FAILED)
    return [
        Attention(
            title=gettext_lazy("Nicht zustellbare E-Mails"),
            count=failed.count(),
            url=f"{reverse('admin:people_message_changelist')}?status__exact=failed",
            items=[
                (
                    f"{message.recipient}: {message.subject}",
                    reverse("admin:people_message_change", args=[message.pk]),
                )
                for message in failed[:5]
            ],
        )
    ]
