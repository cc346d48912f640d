"""Press releases, boilerplates and contacts in the admin."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from documents.errors import PrintError
from documents.text import PlainTextFormField
from programmes.admin import (
    ScopedModelAdmin,
    ScopedStackedInline,
    ScopedTabularInline,
    object_action,
)
from publications.admin.approval import ApprovalMixin, must_not_approve_alone
from publications.admin.placeholders import PLACEHOLDERS, FactsFormSet, PlaceholdersMixin
from publications.admin.printing import PrintableMixin
from publications.doubts import doubts_about
from publications.forms import DoubtsForm, PressBlockForm, PressReleaseForm
from publications.models import (
    Boilerplate,
    PressBlock,
    PressContact,
    PressRelease,
    ReleaseBoilerplate,
)
from publications.operations import (
    ApprovalRefusedError,
    EmbargoOverError,
    NoteMissingError,
    ProgrammeNotPublicError,
    approve_publication,
    correct_press_release,
    embargo_press_release,
    print_publication,
    publish_publication,
    reopen_publication,
    return_publication,
    submit_publication,
    withdraw_publication,
)
from publications.tokens import UnknownToken

Status = PressRelease.Status
MOVED_ON = {PressRelease.WrongStatus: _("Die Mitteilung ist inzwischen in einem anderen Status.")}
NOT_PUBLIC = _("Das Programm ist noch nicht öffentlich.")


class PublicNoteForm(forms.Form):
    note = PlainTextFormField(
        label=_("Hinweis, der öffentlich auf der Seite steht"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class DraftOnlyMixin:
    """Parts of a text that is locked once it left the draft."""

    def _is_open(self, item) -> bool:
        return item is None or item.status == item.Status.DRAFT

    def has_add_permission(self, request, obj=None):
        return self._is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._is_open(obj) and super().has_delete_permission(request, obj)


class PressBlockFormSet(FactsFormSet):
    def get_facts(self, row):
        return row.facts()


class PressBlockInline(DraftOnlyMixin, ScopedStackedInline):
    model = PressBlock
    form = PressBlockForm
    formset = PressBlockFormSet
    autocomplete_fields = ["quote", "concept"]
    fields = [("position", "kind"), "text", ("quote", "concept")]

    def get_queryset(self, request):
        return super().get_queryset(request).order_by("position", "pk")


class ReleaseBoilerplateInline(DraftOnlyMixin, ScopedTabularInline):
    model = ReleaseBoilerplate
    autocomplete_fields = ["boilerplate"]
    fields = ["position", "boilerplate"]

    def get_queryset(self, request):
        return super().get_queryset(request).order_by("position", "pk")


@admin.register(PressRelease)
class PressReleaseAdmin(ApprovalMixin, PlaceholdersMixin, PrintableMixin, ScopedModelAdmin):
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
                "fields": [
                    "submitted_by",
                    "approved_by",
                    "approved_at",
                    "confirmed_doubts",
                    "published_at",
                    "corrects",
                    "public_note",
                ],
            },
        ),
    ]
    readonly_fields = [
        "placeholders",
        "printed",
        "submitted_by",
        "approved_by",
        "approved_at",
        "confirmed_doubts",
        "published_at",
        "corrects",
        "public_note",
    ]
    object_actions = [
        "print_release",
        "submit",
        "approve",
        "give_back",
        "reopen",
        "embargo",
        "publish",
        "correct",
        "withdraw",
    ]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.status == Status.DRAFT:
            return fields
        return [*fields, *PressReleaseForm.Meta.fields]

    def decided_on(self, obj):
        """With all that stands on the paper below the row."""
        return [
            obj,
            *obj.blocks.order_by("position", "pk"),
            *obj.release_boilerplates.order_by("position", "pk"),
            *obj.contacts.order_by("pk"),
        ]

    def get_facts(self, row):
        return row.facts()

    def get_doubts(self, row):
        return doubts_about(row, by=None)

    @admin.display(description=_("Überschrift"), ordering="headline")
    def shown_headline(self, release) -> str:
        return release.shown_headline

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    @object_action(
        _("Drucken"),
        permission="publications.print_pressrelease",
        refusals={UnknownToken: None},
    )
    def print_release(self, request, release):
        print_publication(release, by=request.user)
        return self.to_print_page(release)

    @object_action(
        _("Zur Freigabe geben"),
        permission="publications.submit_pressrelease",
        shown=lambda release: release.allows(Status.IN_APPROVAL),
        question=_("Der Text wird gesperrt, bis jemand freigibt oder zurückgibt."),
        done=_("Die Mitteilung wartet auf die Freigabe."),
        refusals={PrintError: None, UnknownToken: None, **MOVED_ON},
    )
    def submit(self, request, release):
        submit_publication(release, by=request.user)

    @object_action(
        _("Freigeben"),
        permission="publications.approve_pressrelease",
        shown=lambda release: release.allows(Status.APPROVED),
        hindrance=must_not_approve_alone,
        form_class=DoubtsForm,
        question=_("Sie geben die Mitteilung mit Ihrem Namen frei. Der Inhalt wird festgehalten."),
        done=_("Die Mitteilung ist freigegeben und wird gedruckt."),
        refusals={ApprovalRefusedError: None, PrintError: None, UnknownToken: None, **MOVED_ON},
    )
    def approve(self, request, release, data):
        approve_publication(release, by=request.user, **data)

    @object_action(
        _("Zurückgeben"),
        permission="publications.return_pressrelease",
        shown=lambda release: release.status == Status.IN_APPROVAL,
        done=_("Die Mitteilung ist wieder ein Entwurf."),
        refusals=MOVED_ON,
    )
    def give_back(self, request, release):
        return_publication(release, by=request.user)

    @object_action(
        _("Zurück in den Entwurf"),
        permission="publications.reopen_pressrelease",
        shown=lambda release: release.is_frozen and release.allows(Status.DRAFT),
        question=_(
            "Die Freigabe gilt dann nicht mehr, und ihre Druckfassung entfällt. "
            "Der Text ist wieder zu bearbeiten und neu zur Freigabe zu geben."
        ),
        done=_("Die Mitteilung ist wieder ein Entwurf."),
        refusals=MOVED_ON,
    )
    def reopen(self, request, release):
        reopen_publication(release, by=request.user)

    @object_action(
        _("Bis zur Sperrfrist zurückhalten"),
        permission="publications.embargo_pressrelease",
        shown=lambda release: release.allows(Status.EMBARGOED) and release.embargo_until,
        question=_("Nach Ablauf der Sperrfrist erscheint die Mitteilung von selbst."),
        done=_("Die Mitteilung erscheint nach Ablauf der Sperrfrist."),
        refusals={EmbargoOverError: _("Die Sperrfrist ist schon abgelaufen."), **MOVED_ON},
    )
    def embargo(self, request, release):
        embargo_press_release(release, by=request.user)

    @object_action(
        _("Veröffentlichen"),
        permission="publications.publish_pressrelease",
        shown=lambda release: release.allows(Status.PUBLISHED),
        hindrance=lambda release, user: "" if release.programme.is_public else NOT_PUBLIC,
        question=_("Alle können die Mitteilung dann lesen, frühestens nach ihrer Sperrfrist."),
        done=_("Die Mitteilung ist veröffentlicht."),
        refusals={ProgrammeNotPublicError: NOT_PUBLIC, **MOVED_ON},
    )
    def publish(self, request, release):
        publish_publication(release, by=request.user)

    @object_action(
        _("Berichtigen"),
        permission="publications.correct_pressrelease",
        shown=lambda release: release.allows(Status.CORRECTED),
        form_class=PublicNoteForm,
        question=_(
            "Die Mitteilung wird als berichtigt gekennzeichnet; ein neuer Entwurf entsteht."
        ),
        refusals={NoteMissingError: _("Bitte schreiben Sie einen Hinweis."), **MOVED_ON},
    )
    def correct(self, request, release, data):
        draft = correct_press_release(release, note=data["note"], by=request.user)
        return _("Der Entwurf der Berichtigung heißt „%(slug)s“.") % {"slug": draft.slug}

    @object_action(
        _("Zurückziehen"),
        permission="publications.withdraw_pressrelease",
        shown=lambda release: release.allows(Status.WITHDRAWN),
        form_class=PublicNoteForm,
        is_destructive=True,
        question=_("Der Text verschwindet aus der Öffentlichkeit; die Seite nennt Ihren Hinweis."),
        done=_("Die Mitteilung ist zurückgezogen."),
        refusals={NoteMissingError: _("Bitte schreiben Sie einen Hinweis."), **MOVED_ON},
    )
    def withdraw(self, request, release, data):
        withdraw_publication(release, note=data["note"], by=request.user)


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
