"""The programme: frame, funding, stated figures, and who answers for it."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.actions import object_action
from programmes.admin.base import ScopedModelAdmin, ScopedStackedInline, ScopedTabularInline
from programmes.forms import EndResponsibilityForm, EntrustForm
from programmes.models import FundingNotice, Programme, Responsibility, StatedFigure
from programmes.operations import create_programme, end_responsibility, entrust_programme


class ResponsibilityInline(ScopedTabularInline):
    """Shown only: the buttons above add and end a responsibility."""

    model = Responsibility
    fields = ["user", "role"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user").order_by("role", "user__email")


class FundingNoticeInline(ScopedStackedInline):
    model = FundingNotice
    autocomplete_fields = ["funder"]
    ordering = ["position", "pk"]
    fields = ["funder", "framework", "text", "language", ("period", "position")]


class StatedFigureInline(ScopedStackedInline):
    model = StatedFigure
    ordering = ["key"]
    fields = [("key", "label"), ("value", "unit"), ("source", "stated_on"), "run"]


@admin.register(Programme)
class ProgrammeAdmin(ScopedModelAdmin):
    list_display = ["title", "short_title", "carrier", "period", "is_public"]
    list_select_related = ["carrier"]
    search_fields = ["title", "short_title", "slug"]
    ordering = ["title", "pk"]
    autocomplete_fields = ["carrier"]
    inlines = [ResponsibilityInline, FundingNoticeInline, StatedFigureInline]
    object_actions = ["entrust", "end_responsibility"]

    def decided_on(self, obj):
        return [obj, *obj.responsibilities.order_by("pk")]

    NEW = [
        (
            None,
            {
                "fields": ["title", "short_title", "slug", "language", "city"],
                "description": gettext_lazy(
                    "Sie leiten das Programm, das Sie hier anlegen. Bereiche und die Einwilligung "
                    "zur Namensnennung sind danach schon da; den Projektträger wählen Sie im "
                    "nächsten Schritt."
                ),
            },
        )
    ]
    KNOWN = [
        (None, {"fields": ["title", "slug", ("short_title", "initiative"), "is_public"]}),
        (
            gettext_lazy("Worum es geht"),
            {"fields": ["summary", "description", "website", ("period", "city"), "carrier"]},
        ),
        (gettext_lazy("Darstellung"), {"fields": [("language", "accent_colour")]}),
        (gettext_lazy("Freigabe"), {"fields": ["lead_approves_alone"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        return self.KNOWN if obj else self.NEW

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["short_title"]}

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            create_programme(obj, by=request.user)

    @object_action(
        gettext_lazy("Zuständigkeit vergeben"),
        permission="programmes.entrust_programme",
        form_class=EntrustForm,
        question=gettext_lazy(
            "Wer hier eingetragen wird, arbeitet in der Verwaltung dieses Programms und bekommt "
            "eine E-Mail. Gibt es zu der Adresse noch kein Konto, wird eines angelegt."
        ),
    )
    def entrust(self, request, programme, data):
        entrust_programme(programme, data["email"], data["role"], by=request.user)
        return _("%(email)s ist jetzt zuständig und bekommt eine E-Mail.") % data

    @object_action(
        gettext_lazy("Zuständigkeit beenden"),
        permission="programmes.entrust_programme",
        form_class=EndResponsibilityForm,
        is_destructive=True,
        question=gettext_lazy("Das Konto bleibt bestehen; dieses Programm sieht es nicht mehr."),
        done=gettext_lazy("Die Zuständigkeit ist beendet."),
    )
    def end_responsibility(self, request, programme, data):
        end_responsibility(data["responsibility"], by=request.user)
