"""Press releases, boilerplates and contacts in the admin."""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.utils.translation import gettext_lazy as _

from desk.actions import object_action
from programmes.admin import ScopedModelAdmin, ScopedStackedInline, ScopedTabularInline
from publications.admin.placeholders import PLACEHOLDERS, FactsFormSet, PlaceholdersMixin
from publications.admin.publication import (
    IN_WORDS,
    DraftOnlyMixin,
    PublicationAdmin,
    is_draft,
)
from publications.forms import PressBlockForm, PressReleaseForm, PublicNoteForm
from publications.models import (
    Boilerplate,
    PressBlock,
    PressContact,
    PressRelease,
    ReleaseBoilerplate,
)
from publications.operations import correct_press_release, embargo_press_release


class PressBlockInline(DraftOnlyMixin, ScopedStackedInline):
    model = PressBlock
    form = PressBlockForm
    formset = FactsFormSet
    autocomplete_fields = ["quote", "concept"]
    fields = [("position", "kind"), "text", ("quote", "concept")]
    ordering = ["position", "pk"]


class ReleaseBoilerplateInline(DraftOnlyMixin, ScopedTabularInline):
    model = ReleaseBoilerplate
    autocomplete_fields = ["boilerplate"]
    fields = ["position", "boilerplate"]
    ordering = ["position", "pk"]


@admin.register(PressRelease)
class PressReleaseAdmin(PlaceholdersMixin, PublicationAdmin):
    form = PressReleaseForm
    list_display = ["shown_headline", "run", "kind", "dated_on", "status", "printed"]
    list_filter = ["status", "kind", "run"]
    list_select_related = ["programme", "run", "render_job"]
    search_fields = ["headline", "lead"]
    autocomplete_fields = ["programme", "run", "contacts"]
    prepopulated_fields = {"slug": ["headline"]}
    ordering = ["-dated_on", "-pk"]
    inlines = [PressBlockInline, ReleaseBoilerplateInline]
    fieldsets = [
        (None, {"fields": ["programme", "run", "kind", "language", "printed"]}),
        (
            _("Text"),
            {
                "fields": ["headline", "slug", "subline", ("place", "dated_on"), "lead"],
                "description": _(
                    "Gespeicherte Angaben setzen Sie als Platzhalter ein, zum Beispiel "
                    "{programm.titel}, {leitfrage}, {angabe:KURZNAME}, {konzept:KURZNAME.titel}."
                ),
            },
        ),
        PLACEHOLDERS,
        (_("Am Ende"), {"fields": ["contacts", "more_information", "embargo_until"]}),
        (
            _("Verlauf"),
            {
                "classes": ["collapse"],
                "fields": [*PublicationAdmin.history_fields, "corrects", "public_note"],
            },
        ),
    ]
    readonly_fields = ["placeholders", *PublicationAdmin.readonly_fields, "corrects"]
    words = {
        "print_document": {"permission": "publications.print_pressrelease"},
        "submit": {
            "permission": "publications.submit_pressrelease",
            "question": _("Der Text wird gesperrt, bis jemand freigibt oder zurückgibt."),
            "done": _("Die Mitteilung wartet auf die Freigabe."),
        },
        "approve": {
            "permission": "publications.approve_pressrelease",
            "question": _(
                "Sie geben die Mitteilung mit Ihrem Namen frei. Der Inhalt wird festgehalten."
            ),
            "done": _("Die Mitteilung ist freigegeben und wird gedruckt."),
        },
        "give_back": {
            "permission": "publications.return_pressrelease",
            "done": _("Die Mitteilung ist wieder ein Entwurf."),
        },
        "reopen": {
            "permission": "publications.reopen_pressrelease",
            "done": _("Die Mitteilung ist wieder ein Entwurf."),
        },
        "embargo": {
            "permission": "publications.embargo_pressrelease",
            "question": _("Nach Ablauf der Sperrfrist erscheint die Mitteilung von selbst."),
            "done": _("Die Mitteilung erscheint nach Ablauf der Sperrfrist."),
        },
        "publish": {
            "permission": "publications.publish_pressrelease",
            "question": _(
                "Alle können die Mitteilung dann lesen, frühestens nach ihrer Sperrfrist."
            ),
            "done": _("Die Mitteilung ist veröffentlicht."),
        },
        "correct": {
            "permission": "publications.correct_pressrelease",
            "question": _(
                "Die Mitteilung wird als berichtigt gekennzeichnet; ein neuer Entwurf entsteht."
            ),
        },
        "withdraw": {
            "permission": "publications.withdraw_pressrelease",
            "question": _(
                "Der Text verschwindet aus der Öffentlichkeit; die Seite nennt Ihren Hinweis."
            ),
            "done": _("Die Mitteilung ist zurückgezogen."),
        },
    }
    object_actions = [*words]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if is_draft(obj) else [*fields, *flatten_fieldsets(self.fieldsets)]

    def decided_on(self, obj):
        """With all that stands on the paper below the row."""
        return [
            obj,
            *obj.blocks.order_by("position", "pk"),
            *obj.release_boilerplates.order_by("position", "pk"),
            *obj.contacts.order_by("pk"),
        ]

    @admin.display(description=_("Überschrift"), ordering="headline")
    def shown_headline(self, release) -> str:
        return release.shown_headline

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    @object_action(
        _("Bis zur Sperrfrist zurückhalten"),
        permission=IN_WORDS,
        shown=lambda release: release.allows(release.Status.EMBARGOED) and release.embargo_until,
    )
    def embargo(self, request, release):
        embargo_press_release(release, by=request.user)

    @object_action(
        _("Berichtigen"),
        permission=IN_WORDS,
        shown=lambda release: release.allows(release.Status.CORRECTED),
        form_class=PublicNoteForm,
    )
    def correct(self, request, release, data):
        draft = correct_press_release(release, note=data["note"], by=request.user)
        return _("Der Entwurf der Berichtigung heißt „%(slug)s“.") % {"slug": draft.slug}


@admin.register(Boilerplate)
class BoilerplateAdmin(ScopedModelAdmin):
    list_display = ["__str__", "programme"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["heading"]
    autocomplete_fields = ["programme"]
    ordering = ["heading", "pk"]
    fields = ["programme", "heading", "text", "language"]


@admin.register(PressContact)
class PressContactAdmin(ScopedModelAdmin):
    list_display = ["name", "organisation", "phone", "email"]
    list_filter = ["programme"]
    list_select_related = ["organisation"]
    search_fields = ["name", "email"]
    autocomplete_fields = ["programme", "organisation"]
    ordering = ["name", "pk"]
    fields = ["programme", "name", "organisation", "phone", "email"]
