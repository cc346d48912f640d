"""The portal's own texts."""

from django.contrib import admin
from django.utils import translation
from rules.contrib.admin import ObjectPermissionsModelAdmin

from documents.lists import GermanListMixin
from home.models import LegalPage
from programmes.admin import VersionedMixin


@admin.register(LegalPage)
class LegalPageAdmin(GermanListMixin, VersionedMixin, ObjectPermissionsModelAdmin):
    list_display = ["title", "kind", "language", "updated_on"]
    list_filter = ["kind", "language"]
    search_fields = ["title", "body"]
    ordering = ["kind", "language"]
    fields = ["kind", "language", "title", "body", "updated_on"]

    def view_on_site(self, obj):
        """The page in its own language."""
        with translation.override(obj.language):
            return obj.get_absolute_url()

    def get_readonly_fields(self, request, obj=None):
        """A page keeps its kind and language: the footer of every page leads to it."""
        return ["kind", "language"] if obj else []
