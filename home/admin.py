"""The portal's own texts."""

from django.contrib import admin
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdmin

from desk.attention import Attention, register_attention
from desk.lists import GermanListMixin
from desk.versions import VersionedMixin
from home.models import LegalPage


@admin.register(LegalPage)
class LegalPageAdmin(GermanListMixin, VersionedMixin, ObjectPermissionsModelAdmin):
    list_display = ["title", "kind", "language", "is_public", "updated_on"]
    list_filter = ["kind", "language", "is_public"]
    search_fields = ["title", "body"]
    ordering = ["kind", "language"]
    fields = ["kind", "language", "title", "body", "is_public", "updated_on"]

    def view_on_site(self, obj):
        """The page in its own language."""
        with translation.override(obj.language):
            return obj.get_absolute_url()

    def get_readonly_fields(self, request, obj=None):
        """A page keeps its kind and language: the footer of every page leads to it."""
        return ["kind", "language"] if obj else []


@register_attention
def unwritten_pages(request) -> list[Attention]:
    if not request.user.has_perm("home.change_legalpage"):
        return []
    pages = LegalPage.objects.filter(is_public=False).order_by("kind", "language")
    return [
        Attention(
            title=_("Rechtliche Seiten, die noch niemand geprüft hat"),
            count=len(pages),
            url=f"{reverse('admin:home_legalpage_changelist')}?is_public__exact=0",
            items=[
                (str(page), reverse("admin:home_legalpage_change", args=[page.pk]))
                for page in pages[:6]
            ],
        )
    ]
