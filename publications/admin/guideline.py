"""The guideline, its chapters and editions in the admin."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from desk.actions import object_action
from programmes.admin import (
    ReadOnlyMixin,
    ScopedModelAdmin,
    ScopedStackedInline,
    ScopedTabularInline,
)
from publications.admin.doubts import DoubtsMixin
from publications.admin.placeholders import PLACEHOLDERS, FactsFormSet, PlaceholdersMixin
from publications.admin.publication import PublicationAdmin, is_draft
from publications.doubts import doubts_about_guideline
from publications.forms import BlockForm
from publications.models import Block, Chapter, Edition, Guideline
from publications.operations import EditionOpen, create_edition


class ChapterInline(ScopedTabularInline):
    model = Chapter
    fields = ["position", "part", "title", "starts_page"]
    show_change_link = True
    ordering = ["position", "pk"]


class EditionInline(ReadOnlyMixin, ScopedTabularInline):
    model = Edition
    fields = ["number", "status", "dated_on"]
    show_change_link = True
    ordering = ["-number"]


@admin.register(Guideline)
class GuidelineAdmin(DoubtsMixin, ScopedModelAdmin):
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
        except EditionOpen as refusal:
            messages.warning(request, str(refusal))
            return redirect("admin:publications_edition_change", refusal.edition.pk)
        return _("Die %(number)d. Auflage ist angelegt.") % {"number": edition.number}


class BlockInline(ScopedStackedInline):
    model = Block
    form = BlockForm
    formset = FactsFormSet
    autocomplete_fields = ["run", "workshop", "concept", "quote"]
    fields = [
        ("position", "kind"),
        "heading",
        "text",
        "lines",
        ("run", "workshop"),
        ("concept", "quote"),
    ]
    ordering = ["position", "pk"]


@admin.register(Chapter)
class ChapterAdmin(DoubtsMixin, PlaceholdersMixin, ScopedModelAdmin):
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

    def get_doubts(self, row):
        return doubts_about_guideline(row.guideline)


@admin.register(Edition)
class EditionAdmin(PublicationAdmin):
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
        *PublicationAdmin.history_fields,
        "public_note",
    ]
    readonly_fields = ["chapters", *PublicationAdmin.readonly_fields]
    words = {
        "print_document": {"permission": "publications.print_edition"},
        "submit": {
            "permission": "publications.submit_edition",
            "question": _(
                "Freigegeben werden kann nur der Text von jetzt. Nach einer Änderung ist er neu "
                "zur Freigabe zu geben."
            ),
            "done": _("Die Auflage wartet auf die Freigabe."),
        },
        "approve": {
            "permission": "publications.approve_edition",
            "question": _(
                "Sie geben die Auflage mit Ihrem Namen frei. Der Inhalt wird festgehalten."
            ),
            "done": _("Die Auflage ist freigegeben und wird gedruckt."),
        },
        "give_back": {
            "permission": "publications.return_edition",
            "done": _("Die Auflage ist wieder ein Entwurf."),
        },
        "reopen": {
            "permission": "publications.reopen_edition",
            "done": _("Die Auflage ist wieder ein Entwurf."),
        },
        "publish": {
            "permission": "publications.publish_edition",
            "question": _(
                "Alle können die Auflage dann lesen; die Auflage davor gilt als ersetzt."
            ),
            "done": _("Die Auflage ist veröffentlicht."),
        },
        "withdraw": {
            "permission": "publications.withdraw_edition",
            "question": _(
                "Die Druckfassung ist nicht mehr abrufbar; die Seite nennt Ihren Hinweis."
            ),
            "done": _("Die Auflage ist zurückgezogen."),
        },
    }
    object_actions = [*words]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if obj is None:
            return fields
        return [*fields, "guideline", "number", *([] if is_draft(obj) else ["dated_on"])]

    @admin.display(description=_("Text"))
    def chapters(self, edition) -> str:
        if edition is None or edition.guideline_id is None:
            return "–"
        url = reverse("admin:publications_guideline_change", args=[edition.guideline_id])
        return format_html('<a href="{}">{}</a>', url, _("Kapitel des Leitfadens"))
