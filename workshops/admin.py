"""The lead's workplace for workshops, tasks and what was handed in."""

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.actions import object_action
from desk.attention import Attention, register_attention
from programmes.admin import (
    ReadOnlyMixin,
    ScopedModelAdmin,
    ScopedTabularInline,
    register_run_inline,
)
from texts.templatetags.richtext import rich_text
from workshops.forms import EventForm, ReturnForm
from workshops.models import Event, Guest, Output, Task, Workshop
from workshops.operations import (
    DateMissing,
    ResultsMissing,
    accept_output,
    cancel_workshop,
    confirm_workshop,
    document_workshop,
    hold_workshop,
    return_output,
)


class GuestInline(ScopedTabularInline):
    model = Guest
    # Who was there is said afterwards too.
    may_be_added_later = True
    fields = ["person", "organisation", "contribution", "position"]
    autocomplete_fields = ["person", "organisation"]
    ordering = ["position", "pk"]


class TaskInline(ScopedTabularInline):
    """The tasks in short; each leads to its own page, where it says what is to be done."""

    model = Task
    fields = ["title", "addressee", "due_at", "is_released"]
    ordering = ["position", "pk"]
    show_change_link = True
    view_on_site = False


@register_run_inline
class WorkshopInline(ScopedTabularInline):
    model = Workshop
    fields = ["number", "title", "held_on", "venue", "status"]
    readonly_fields = ["status"]
    ordering = ["number", "pk"]
    show_change_link = True


@admin.register(Workshop)
class WorkshopAdmin(ScopedModelAdmin):
    list_display = ["title", "number", "run", "held_on", "venue", "status"]
    list_filter = ["status", "run"]
    list_select_related = ["run"]
    search_fields = ["title", "run__topic", "venue"]
    ordering = ["run", "number", "pk"]
    autocomplete_fields = ["run"]
    inlines = [GuestInline, TaskInline]
    fieldsets = [
        (None, {"fields": ["run", ("number", "title"), "is_public"]}),
        (
            _("Wann und wo"),
            {"fields": [("held_on", "begins_at", "ends_at"), "venue", "moderation"]},
        ),
        (_("Inhalt"), {"fields": ["goal", "agenda", "results"]}),
    ]
    object_actions = ["confirm", "hold", "document", "cancel"]

    def get_readonly_fields(self, request, obj=None):
        return ["run"] if obj else []

    @object_action(
        _("Termin bestätigen"),
        permission="workshops.confirm_workshop",
        shown=lambda workshop: workshop.allows(Workshop.Status.CONFIRMED),
        why_not=lambda workshop, user: "" if workshop.held_on else DateMissing.sentence,
        done=_("Der Workshop ist bestätigt."),
    )
    def confirm(self, request, workshop):
        confirm_workshop(workshop, by=request.user)

    @object_action(
        _("Hat stattgefunden"),
        permission="workshops.hold_workshop",
        shown=lambda workshop: workshop.allows(Workshop.Status.HELD),
        done=_("Vermerkt: Der Workshop hat stattgefunden."),
    )
    def hold(self, request, workshop):
        hold_workshop(workshop, by=request.user)

    @object_action(
        _("Dokumentation abschließen"),
        permission="workshops.document_workshop",
        shown=lambda workshop: workshop.allows(Workshop.Status.DOCUMENTED),
        why_not=lambda workshop, user: "" if workshop.results else ResultsMissing.sentence,
        done=_("Der Workshop ist dokumentiert."),
    )
    def document(self, request, workshop):
        document_workshop(workshop, by=request.user)

    @object_action(
        pgettext_lazy("Workshop", "Absagen"),
        permission="workshops.cancel_workshop",
        shown=lambda workshop: workshop.allows(Workshop.Status.CANCELLED),
        is_destructive=True,
        question=_(
            "Der Workshop steht dann überall als abgesagt, und zu seinen Aufgaben wird nichts mehr "
            "abgegeben. Das lässt sich nicht zurücknehmen."
        ),
        done=_("Der Workshop ist abgesagt."),
    )
    def cancel(self, request, workshop):
        cancel_workshop(workshop, by=request.user)


@admin.register(Event)
class EventAdmin(ScopedModelAdmin):
    form = EventForm
    list_display = ["title", "kind", "run", "team", "held_on", "venue", "is_public"]
    list_filter = ["kind", "run", "is_public"]
    list_select_related = ["run", "team"]
    search_fields = ["title", "venue", "run__topic"]
    ordering = ["-held_on", "title", "pk"]
    autocomplete_fields = ["run", "team", "workshop"]
    fieldsets = [
        (None, {"fields": ["run", ("kind", "title"), "is_public"]}),
        (_("Wann und wo"), {"fields": [("held_on", "begins_at", "ends_at"), "venue"]}),
        (_("Wofür"), {"fields": ["team", "workshop", "description"]}),
    ]


@admin.register(Task)
class TaskAdmin(ScopedModelAdmin):
    list_display = ["title", "workshop", "addressee", "due_at", "is_released", "handed_in"]
    list_filter = ["workshop__run", "addressee", "is_released"]
    list_select_related = ["workshop__run"]
    search_fields = ["title", "workshop__title", "workshop__run__topic"]
    ordering = ["workshop__run", "workshop__number", "position", "pk"]
    autocomplete_fields = ["workshop"]
    fields = [
        "workshop",
        "title",
        "instructions",
        ("addressee", "readers"),
        ("due_at", "is_released"),
        "position",
    ]

    def get_queryset(self, request):
        handed_in = Count("outputs", filter=~Q(outputs__status=Output.Status.DRAFT))
        return super().get_queryset(request).annotate(handed_in=handed_in)

    def get_readonly_fields(self, request, obj=None):
        # Drafts hang on the task: who hands in for it stays as it was announced.
        return ["workshop", "addressee"] if obj and obj.outputs.exists() else []

    @admin.display(description=_("abgegeben"), ordering="handed_in")
    def handed_in(self, task):
        address = reverse("admin:workshops_output_changelist")
        return format_html(
            '<a href="{}?task__id__exact={}">{}</a>', address, task.pk, task.handed_in
        )


class AdminReturnForm(ReturnForm):
    """As on the page of the run; the version stands in the address."""

    version = None  # type: ignore[assignment]  # how Django takes a field away


@admin.register(Output)
class OutputAdmin(ReadOnlyMixin, ScopedModelAdmin):
    """What was handed in, to read and to answer; drafts exist for their writers only."""

    list_display = ["task", "run", "writer", "status", "is_late", "submitted_at", "answered_at"]
    list_filter = ["status", "is_late", "task__workshop__run", "task", "team"]
    list_select_related = ["task__workshop", "participation__person", "team"]
    search_fields = [
        "task__title",
        "team__name",
        "participation__person__family_name",
        "participation__person__given_name",
    ]
    ordering = ["-submitted_at", "pk"]
    date_hierarchy = "submitted_at"
    fieldsets = [
        (None, {"fields": ["task", "writer", "status", "submitted_at", "is_late"]}),
        (_("Ergebnis"), {"fields": ["text", "files"]}),
        (_("Antwort"), {"fields": ["answer", "answered_at"]}),
    ]
    readonly_fields = ["writer", "text", "files"]
    object_actions = ["accept", "give_back"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).exclude(status=Output.Status.DRAFT)
        return rows.select_related("task__workshop__run__programme", "participation__person")

    def decided_on(self, obj):
        return [obj, *obj.attachments.order_by("pk")]

    @admin.display(description=_("Durchlauf"), ordering="task__workshop__run")
    def run(self, output):
        return output.task.workshop.run

    @admin.display(description=_("von"), ordering="participation__person__family_name")
    def writer(self, output):
        return output.team or output.participation

    @admin.display(description=_("Text"))
    def text(self, output):
        if output.is_being_rewritten:
            return _("Wird gerade überarbeitet; wieder zu lesen, sobald neu abgegeben ist.")
        return format_html('<div class="rich-text">{}</div>', rich_text(output.body) or "–")

    @admin.display(description=_("Dateien"))
    def files(self, output):
        if output.is_being_rewritten:
            return "–"
        rows = [
            (attachment.get_absolute_url(), attachment.name, attachment.description)
            for attachment in output.attachments.for_output()
        ]
        links = format_html_join("", '<li><a href="{}">{}</a> {}</li>', rows)
        return format_html('<div class="rich-text"><ul>{}</ul></div>', links) if rows else "–"

    @object_action(
        _("Annehmen"),
        permission="workshops.accept_output",
        shown=lambda output: output.allows(Output.Status.ACCEPTED),
        done=_("Das Ergebnis ist angenommen."),
    )
    def accept(self, request, output):
        accept_output(output, by=request.user, version=output.version)

    @object_action(
        _("Zur Überarbeitung zurückgeben"),
        permission="workshops.return_output",
        shown=lambda output: output.allows(Output.Status.RETURNED),
        form_class=AdminReturnForm,
        done=_("Zurückgegeben; die Antwort ist per E-Mail unterwegs."),
    )
    def give_back(self, request, output, data):
        return_output(output, by=request.user, version=output.version, answer=data["answer"])


@register_attention
def outputs_to_answer(request):
    """What was handed in and waits for an answer, the oldest first."""
    waiting = (
        Output.objects.administered_by(request.user)
        .waiting_for(request.user)
        .for_listing()
        .order_by("submitted_at", "pk")
    )
    return [
        Attention(
            title=_("Ergebnisse ohne Antwort"),
            count=waiting.count(),
            url=reverse("admin:workshops_output_changelist") + "?status__exact=submitted",
            items=[
                (str(output), reverse("admin:workshops_output_change", args=[output.pk]))
                for output in waiting[:5]
            ],
        )
    ]
