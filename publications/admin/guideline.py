"""The guideline, its chapters and editions in the admin."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from documents.errors import PrintError
from programmes.admin import (
    ReadOnlyMixin,
    ScopedModelAdmin,
    ScopedStackedInline,
    ScopedTabularInline,
    object_action,
)
from publications.admin.approval import ApprovalMixin, must_not_approve_alone
from publications.admin.placeholders import PLACEHOLDERS, FactsFormSet, PlaceholdersMixin
from publications.admin.press import NOT_PUBLIC, PublicNoteForm
from publications.admin.printing import PrintableMixin
from publications.doubts import doubts_about, doubts_about_guideline
from publications.forms import BlockForm, DoubtsForm
from publications.models import Block, Chapter, Edition, Guideline
from publications.operations import (
    ApprovalRefusedError,
    EditionOpenError,
    NoteMissingError,
    ProgrammeNotPublicError,
    approve_publication,
    create_edition,
    print_publication,
    publish_publication,
    reopen_publication,
    return_publication,
    submit_publication,
    withdraw_publication,
)
from publications.tokens import UnknownToken

Status = Edition.Status
MOVED_ON = {Edition.WrongStatus: _("Die Auflage ist inzwischen in einem anderen Status.")}


class ChapterInline(ScopedTabularInline):
    model = Chapter
    fields = ["position", "part", "title", "starts_page"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).order_by("position", "pk")


class EditionInline(ReadOnlyMixin, ScopedTabularInline):
    model = Edition
    fields = ["number", "status", "dated_on"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).order_by("-number")


@admin.register(Guideline)
class GuidelineAdmin(ApprovalMixin, ScopedModelAdmin):
    list_display = ["shown_title", "programme", "run"]
    list_filter = ["programme"]
    list_select_related = ["programme", "run"]
    search_fields = ["title", "subtitle"]
    autocomplete_fields = ["programme", "run"]
    prepopulated_fields = {"slug": ["title"]}
    ordering = ["title", "pk"]
    fields = ["programme", "run", "title", "slug", "subtitle", "language", "summary", "imprint"]
    inlines = [ChapterInline, EditionInline]
    object_actions = ["begin_edition"]

    def decided_on(self, obj):
        """With the editions there are: pressed twice, a button begins one."""
        return [obj, *obj.editions.order_by("number")]

    @admin.display(description=_("Titel"), ordering="title")
    def shown_title(self, guideline) -> str:
        return str(guideline)

    def get_doubts(self, row):
        return doubts_about_guideline(row)

    @object_action(
        _("Neue Auflage beginnen"),
        permission="publications.change_guideline",
    )
    def begin_edition(self, request, guideline):
        try:
            edition = create_edition(guideline, by=request.user)
        except EditionOpenError as refusal:
            messages.warning(request, str(refusal))
            return redirect("admin:publications_edition_change", refusal.edition.pk)
        return _("Die %(number)d. Auflage ist angelegt.") % {"number": edition.number}


class BlockFormSet(FactsFormSet):
    def get_facts(self, row):
        return row.guideline.facts()


class BlockInline(ScopedStackedInline):
    model = Block
    form = BlockForm
    formset = BlockFormSet
    autocomplete_fields = ["run", "workshop", "concept", "quote"]
    fields = [
        ("position", "kind"),
        "heading",
        "text",
        "lines",
        ("run", "workshop"),
        ("concept", "quote"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).order_by("position", "pk")


@admin.register(Chapter)
class ChapterAdmin(ApprovalMixin, PlaceholdersMixin, ScopedModelAdmin):
    list_display = ["shown_title", "guideline", "part", "position"]
    list_filter = ["guideline"]
    list_select_related = ["guideline__programme", "guideline__run"]
    search_fields = ["title"]
    autocomplete_fields = ["guideline"]
    ordering = ["guideline", "position", "pk"]
    fieldsets = [
        (None, {"fields": ["guideline", ("position", "part"), "title", "starts_page"]}),
        PLACEHOLDERS,
    ]
    readonly_fields = ["placeholders"]
    inlines = [BlockInline]

    @admin.display(description=_("Titel"), ordering="title")
    def shown_title(self, chapter) -> str:
        return str(chapter)

    def get_facts(self, row):
        return row.guideline.facts()

    def get_doubts(self, row):
        return doubts_about_guideline(row.guideline)


@admin.register(Edition)
class EditionAdmin(ApprovalMixin, PrintableMixin, ScopedModelAdmin):
    list_display = ["guideline", "number", "dated_on", "status", "printed"]
    list_filter = ["status", "guideline"]
    list_select_related = ["guideline__programme", "guideline__run", "render_job"]
    search_fields = ["guideline__title"]
    autocomplete_fields = ["guideline"]
    ordering = ["guideline", "-number"]
    fields = [
        "guideline",
        "number",
        "dated_on",
        "chapters",
        "printed",
        "submitted_by",
        "approved_by",
        "approved_at",
        "confirmed_doubts",
        "published_at",
        "public_note",
    ]
    readonly_fields = [
        "chapters",
        "printed",
        "submitted_by",
        "approved_by",
        "approved_at",
        "confirmed_doubts",
        "published_at",
        "public_note",
    ]
    object_actions = [
        "print_edition",
        "submit",
        "approve",
        "give_back",
        "reopen",
        "publish",
        "withdraw",
    ]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if obj is None:
            return fields
        locked = [] if obj.status == Status.DRAFT else ["dated_on"]
        return [*fields, "guideline", "number", *locked]

    def get_doubts(self, row):
        return doubts_about(row, by=None)

    @admin.display(description=_("Text"))
    def chapters(self, edition) -> str:
        if edition is None or edition.guideline_id is None:
            return "–"
        url = reverse("admin:publications_guideline_change", args=[edition.guideline_id])
        return format_html('<a href="{}">{}</a>', url, _("Kapitel des Leitfadens"))

    @object_action(
        _("Drucken"), permission="publications.print_edition", refusals={UnknownToken: None}
    )
    def print_edition(self, request, edition):
        print_publication(edition, by=request.user)
        return self.to_print_page(edition)

    @object_action(
        _("Zur Freigabe geben"),
        permission="publications.submit_edition",
        shown=lambda edition: edition.allows(Status.IN_APPROVAL),
        question=_(
            "Freigegeben werden kann nur der Text von jetzt. Nach einer Änderung ist er neu zur "
            "Freigabe zu geben."
        ),
        done=_("Die Auflage wartet auf die Freigabe."),
        refusals={PrintError: None, UnknownToken: None, **MOVED_ON},
    )
    def submit(self, request, edition):
        submit_publication(edition, by=request.user)

    @object_action(
        _("Freigeben"),
        permission="publications.approve_edition",
        shown=lambda edition: edition.allows(Status.APPROVED),
        hindrance=must_not_approve_alone,
        form_class=DoubtsForm,
        question=_("Sie geben die Auflage mit Ihrem Namen frei. Der Inhalt wird festgehalten."),
        done=_("Die Auflage ist freigegeben und wird gedruckt."),
        refusals={ApprovalRefusedError: None, PrintError: None, UnknownToken: None, **MOVED_ON},
    )
    def approve(self, request, edition, data):
        approve_publication(edition, by=request.user, **data)

    @object_action(
        _("Zurückgeben"),
        permission="publications.return_edition",
        shown=lambda edition: edition.status == Status.IN_APPROVAL,
        done=_("Die Auflage ist wieder ein Entwurf."),
        refusals=MOVED_ON,
    )
    def give_back(self, request, edition):
        return_publication(edition, by=request.user)

    @object_action(
        _("Zurück in den Entwurf"),
        permission="publications.reopen_edition",
        shown=lambda edition: edition.is_frozen and edition.allows(Status.DRAFT),
        question=_(
            "Die Freigabe gilt dann nicht mehr, und ihre Druckfassung entfällt. "
            "Der Text ist wieder zu bearbeiten und neu zur Freigabe zu geben."
        ),
        done=_("Die Auflage ist wieder ein Entwurf."),
        refusals=MOVED_ON,
    )
    def reopen(self, request, edition):
        reopen_publication(edition, by=request.user)

    @object_action(
        _("Veröffentlichen"),
        permission="publications.publish_edition",
        shown=lambda edition: edition.allows(Status.PUBLISHED),
        hindrance=lambda edition, user: "" if edition.guideline.programme.is_public else NOT_PUBLIC,
        question=_("Alle können die Auflage dann lesen; die Auflage davor gilt als ersetzt."),
        done=_("Die Auflage ist veröffentlicht."),
        refusals={ProgrammeNotPublicError: NOT_PUBLIC, **MOVED_ON},
    )
    def publish(self, request, edition):
        publish_publication(edition, by=request.user)

    @object_action(
        _("Zurückziehen"),
        permission="publications.withdraw_edition",
        shown=lambda edition: edition.allows(Status.WITHDRAWN),
        form_class=PublicNoteForm,
        is_destructive=True,
        question=_("Die Druckfassung ist nicht mehr abrufbar; die Seite nennt Ihren Hinweis."),
        done=_("Die Auflage ist zurückgezogen."),
        refusals={NoteMissingError: _("Bitte schreiben Sie einen Hinweis."), **MOVED_ON},
    )
    def withdraw(self, request, edition, data):
        withdraw_publication(edition, note=data["note"], by=request.user)
