"""The portal's own texts."""

from django.contrib import admin
from rules.contrib.admin import ObjectPermissionsModelAdmin

from home.models import LegalPage


@admin.register(LegalPage)
class LegalPageAdmin(ObjectPermissionsModelAdmin):
    list_display = ["title", "kind", "language", "updated_on"]
    list_filter = ["kind", "language"]
    search_fields = ["title", "body"]
    ordering = ["kind", "language"]
    fields = ["kind", "language", "title", "body", "updated_on"]

    def get_readonly_fields(self, request, obj=None):
        """A page keeps its kind and language: the footer of every page leads to it."""
        return ["kind", "language"] if obj else []
