"""Back office of printing: the raw list, for technical care only. Owners show their own jobs."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from desk.lists import GermanListMixin
from documents.models import RenderJob
from documents.operations import reprint
from documents.progress import percent, sentence
from texts.typography import file_size


@admin.register(RenderJob)
class RenderJobAdmin(GermanListMixin, admin.ModelAdmin):
    list_display = [
        "title",
        "kind",
        "language",
        "status",
        "progress",
        "attempts",
        "requested_at",
        "finished_at",
        "file",
    ]
    list_filter = ["status", "kind", "language", "requested_at"]
    list_select_related = ["artefact"]
    search_fields = ["title", "filename", "address", "error"]
    date_hierarchy = "requested_at"
    ordering = ["-requested_at", "pk"]
    actions = ["print_again"]
    readonly_fields = [
        "title",
        "kind",
        "language",
        "filename",
        "status",
        "progress",
        "error",
        "attempts",
        "requested_at",
        "announced_at",
        "lease_until",
        "finished_at",
        "file",
        "address",
        "template_version",
        "content",
    ]
    fields = [*readonly_fields]

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_care_permission(self, request):
        return request.user.is_superuser

    @admin.display(description=_("Fortschritt"))
    def progress(self, job):
        if job.status == RenderJob.Status.RUNNING:
            return _("%(percent)s %%: %(sentence)s") % {
                "percent": percent(job),
                "sentence": sentence(job),
            }
        return sentence(job)

    @admin.display(description=_("Druckfassung"))
    def file(self, job):
        artefact = getattr(job, "artefact", None)
        if artefact is None:
            return "–"
        pages = ngettext("%(count)s Seite", "%(count)s Seiten", artefact.page_count) % {
            "count": artefact.page_count
        }
        return f"{job.filename}, {file_size(artefact.size)}, {pages}"

    @admin.action(description=_("Fehlgeschlagene erneut drucken"), permissions=["care"])
    def print_again(self, request, queryset):
        failed = list(queryset.filter(status=RenderJob.Status.FAILED).order_by("pk"))
        for job in failed:
            reprint(job)
        if not failed:
            self.message_user(
                request, _("Nur Fehlgeschlagenes wird erneut gedruckt."), messages.WARNING
            )
            return
        self.message_user(
            request,
            ngettext(
                "%(count)s Dokument wird erneut gedruckt.",
                "%(count)s Dokumente werden erneut gedruckt.",
                len(failed),
            )
            % {"count": len(failed)},
        )
