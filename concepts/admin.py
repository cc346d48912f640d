"""The lead's workplace for concepts."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from concepts.models import BuildingBlock, Concept, Revision, SignOff
from concepts.operations import (
    RunNotPublic,
    approve_concept,
    begin_review,
    begin_signing,
    publish_concept,
    reopen_concept,
    return_concept,
    submit_concept,
    withdraw_concept,
)
from desk.actions import object_action
from desk.attention import Attention, register_attention
from programmes.admin import (
    ReadOnlyMixin,
    ScopedModelAdmin,
    ScopedStackedInline,
    ScopedTabularInline,
)
from texts.fields import PlainTextFormField
from texts.order import alphabetical_names

TEXTS = ["summary", "problem", "approach", "addressees", "beneficiaries", "effort", "outlook"]


class WaiverForm(forms.Form):
    waiver_reason = PlainTextFormField(
        label=_("Grund, falls nicht alle mitgezeichnet haben"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("Zum Beispiel: Alle haben die Papierfassung am 5. Mai unterschrieben."),
    )


class NoteForm(forms.Form):
    note = PlainTextFormField(
        label=_("Was das Team ändern soll"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


class ReasonForm(forms.Form):
    reason = PlainTextFormField(
        label=_("Grund, der öffentlich auf der Seite steht"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class BuildingBlockInline(ScopedStackedInline):
    model = BuildingBlock
    # A concept in work may be finished after its run.
    may_be_added_later = True
    fields = [
        ("position", "title"),
        "description",
        ("duration", "group_size"),
        ("material", "trainer"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).order_by("position", "pk")

    def _is_open(self, concept) -> bool:
        return concept is None or concept.status == Concept.Status.DRAFTING

    def has_add_permission(self, request, obj=None):
        return self._is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._is_open(obj) and super().has_delete_permission(request, obj)


class SignOffInline(ReadOnlyMixin, ScopedTabularInline):
    model = SignOff
    fields = ["participation", "status", "comment", "answered_at"]

    def get_queryset(self, request):
        signoffs = super().get_queryset(request).select_related("participation__person")
        return signoffs.order_by(*alphabetical_names("participation__person"), "pk")


class ConceptForm(forms.ModelForm):
    class Meta:
        model = Concept
        fields = ["run", "team", "slug", "title", "is_working_title", "lead_implementer", *TEXTS]


@admin.register(Concept)
class ConceptAdmin(ScopedModelAdmin):
    form = ConceptForm
    list_display = ["title", "run", "team", "lead_implementer", "status", "published_at"]
    list_filter = ["status", "run"]
    list_select_related = ["run", "team", "lead_implementer"]
    search_fields = ["title", "summary", "team__name", "lead_implementer__name"]
    autocomplete_fields = ["run", "team", "lead_implementer"]
    prepopulated_fields = {"slug": ["title"]}
    ordering = ["-run__number", "title", "pk"]
    inlines = [BuildingBlockInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "is_working_title",
                    "slug",
                    "run",
                    "team",
                    "lead_implementer",
                ]
            },
        ),
        (_("Text"), {"fields": [*TEXTS]}),
        (
            _("Verlauf"),
            {
                "classes": ["collapse"],
                "fields": [
                    "status",
                    "submitted_at",
                    "waiver_reason",
                    "review_note",
                    "approved_at",
                    "published_at",
                    "withdrawn_at",
                    "withdrawal_reason",
                ],
            },
        ),
    ]
    readonly_fields = [
        "status",
        "submitted_at",
        "waiver_reason",
        "review_note",
        "approved_at",
        "published_at",
        "withdrawn_at",
        "withdrawal_reason",
    ]
    object_actions = [
        "begin_signing",
        "submit",
        "reopen",
        "begin_review",
        "approve",
        "give_back",
        "publish",
        "withdraw",
    ]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.status == Concept.Status.DRAFTING:
            return fields
        return [*fields, *ConceptForm.Meta.fields]

    def decided_on(self, obj):
        """With the building blocks, and with what the members said to the text."""
        return [
            obj,
            *BuildingBlock.objects.filter(concept=obj).order_by("position", "pk"),
            *SignOff.objects.filter(revision__concept=obj).order_by("pk"),
        ]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    @object_action(
        _("Zur Mitzeichnung geben"),
        permission="concepts.begin_signing_concept",
        shown=lambda concept: concept.allows(Concept.Status.SIGNING),
        question=_("Der Text wird gesperrt. Alle aktiven Mitglieder des Teams zeichnen ihn mit."),
        done=_("Das Konzept ist in der Mitzeichnung; der Text ist gesperrt."),
    )
    def begin_signing(self, request, concept):
        begin_signing(concept, by=request.user)

    @object_action(
        _("Einreichen"),
        permission="concepts.waive_signoffs",
        shown=lambda concept: concept.allows(Concept.Status.SUBMITTED),
        form_class=WaiverForm,
        done=_("Das Konzept ist eingereicht."),
    )
    def submit(self, request, concept, data):
        submit_concept(concept, by=request.user, waiver_reason=data["waiver_reason"])

    @object_action(
        _("Text wieder öffnen"),
        permission="concepts.reopen_concept",
        shown=lambda concept: concept.allows(Concept.Status.DRAFTING),
        question=_(
            "Der Text wird wieder bearbeitbar. Mitzeichnungen und Freigabe gelten dann nicht mehr."
        ),
        done=_("Der Text ist wieder offen."),
    )
    def reopen(self, request, concept):
        reopen_concept(concept, by=request.user)

    @object_action(
        _("Prüfung beginnen"),
        permission="concepts.begin_review_concept",
        shown=lambda concept: concept.allows(Concept.Status.IN_REVIEW),
        done=_("Das Konzept ist in Prüfung."),
        is_for_many=True,
    )
    def begin_review(self, request, concept):
        begin_review(concept, by=request.user)

    @object_action(
        _("Freigeben"),
        permission="concepts.approve_concept",
        shown=lambda concept: concept.allows(Concept.Status.APPROVED),
        question=_("Sie geben das Konzept mit Ihrem Namen frei."),
        done=_("Das Konzept ist freigegeben."),
    )
    def approve(self, request, concept):
        approve_concept(concept, by=request.user)

    @object_action(
        _("Zurückgeben"),
        permission="concepts.return_concept",
        shown=lambda concept: concept.allows(Concept.Status.RETURNED),
        form_class=NoteForm,
        done=_("Das Konzept ist zurückgegeben."),
    )
    def give_back(self, request, concept, data):
        return_concept(concept, note=data["note"], by=request.user)

    @object_action(
        _("Veröffentlichen"),
        permission="concepts.publish_concept",
        shown=lambda concept: concept.allows(Concept.Status.PUBLISHED),
        why_not=lambda concept, user: (
            ""
            if concept.run.is_public and concept.run.programme.is_public
            else RunNotPublic.sentence
        ),
        question=_(
            "Alle können das Konzept dann lesen. Namen erscheinen, soweit Einwilligungen vorliegen."
        ),
        done=_("Das Konzept ist veröffentlicht."),
    )
    def publish(self, request, concept):
        publish_concept(concept, by=request.user)

    @object_action(
        _("Zurückziehen"),
        permission="concepts.withdraw_concept",
        shown=lambda concept: concept.allows(Concept.Status.WITHDRAWN),
        form_class=ReasonForm,
        is_destructive=True,
        question=_("Der Text verschwindet aus der Öffentlichkeit; die Seite nennt Ihren Grund."),
        done=_("Das Konzept ist zurückgezogen."),
    )
    def withdraw(self, request, concept, data):
        withdraw_concept(concept, reason=data["reason"], by=request.user)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyMixin, ScopedModelAdmin):
    list_display = ["concept", "number", "created_at", "created_by"]
    list_filter = ["concept"]
    list_select_related = ["concept", "created_by"]
    search_fields = ["concept__title"]
    ordering = ["-created_at", "-pk"]
    fields = ["concept", "number", "created_at", "created_by", "public_note"]
    inlines = [SignOffInline]


def concepts_waiting(request) -> list[Attention]:
    """Concepts that wait for the lead: to be reviewed, approved or published."""
    from_here = {
        Concept.Status.SUBMITTED: _("Konzepte zur Prüfung"),
        Concept.Status.IN_REVIEW: _("Konzepte in Prüfung"),
        Concept.Status.APPROVED: _("Freigegebene Konzepte vor der Veröffentlichung"),
    }
    concepts = list(
        Concept.objects.administered_by(request.user)
        .filter(status__in=from_here)
        .order_by("submitted_at", "pk")
    )
    found = []
    for status, title in from_here.items():
        rows = [concept for concept in concepts if concept.status == status]
        if rows:
            found.append(_attention(status, title, rows))
    return found


def _attention(status, title, rows) -> Attention:
    changelist = reverse("admin:concepts_concept_changelist")
    return Attention(
        title=title,
        count=len(rows),
        url=f"{changelist}?status__exact={status}",
        items=[
            (str(row), reverse("admin:concepts_concept_change", args=[row.pk])) for row in rows[:5]
        ],
    )


register_attention(concepts_waiting)
