"""The page of a print in the admin: progress, then the file."""

from collections.abc import Collection

from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.delivery import artefact_response
from documents.progress import job_progress, sentence


class PrintableMixin(admin.ModelAdmin):
    """An admin whose rows have a `render_job`: buttons print, a page shows how far it is."""

    # Printing changes nothing that somebody decides about.
    not_decided_on: Collection[str] = frozenset({"render_job"})

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/druck/", wrap(self.print_view), name=f"{name}_print"),
            path("<path:object_id>/druck/datei/", wrap(self.file_view), name=f"{name}_file"),
            *super().get_urls(),
        ]

    def _print_url(self, name: str, item) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[item.pk])

    def _printed(self, request, object_id):
        item = self.get_object(request, object_id)
        if item is None or item.render_job is None or not self.has_view_permission(request, item):
            raise Http404
        return item

    def print_view(self, request, object_id):
        """How far the print is; asked again and again by the page itself."""
        item = self._printed(request, object_id)
        context = job_progress(
            item.render_job,
            poll_url=self._print_url("print", item),
            file_url=self._print_url("file", item),
        )
        if request.htmx:
            return TemplateResponse(request, "documents/_job.html", context)
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": item,
            "title": _("Druck: %(item)s") % {"item": item},
            "back_url": self._print_url("change", item),
        }
        return TemplateResponse(request, "admin/publications/print.html", context)

    def file_view(self, request, object_id):
        """The printed file, approved or not."""
        item = self._printed(request, object_id)
        artefact = getattr(item.render_job, "artefact", None)
        if artefact is None:
            return redirect(self._print_url("print", item))
        return artefact_response(artefact)

    @admin.display(description=gettext_lazy("Druck"))
    def printed(self, item) -> str:
        if item is None or item.render_job is None:
            return _("noch nicht gedruckt")
        return format_html(
            '<a href="{}">{}</a>', self._print_url("print", item), sentence(item.render_job)
        )

    def to_print_page(self, item):
        return redirect(self._print_url("print", item))
