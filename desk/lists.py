"""Lists of the admin: names in German order, searches that find what people mean."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList

from texts.order import in_german_order


class GermanChangeList(ChangeList):
    """A list whose columns sort texts in German order, whichever is clicked."""

    def get_ordering(self, request, queryset):
        return in_german_order(self.model, super().get_ordering(request, queryset))


class GermanListMixin(admin.ModelAdmin):
    """For every ModelAdmin: its lists, choices and searches follow texts/order.py."""

    def get_changelist(self, request, **kwargs):
        return GermanChangeList

    def get_ordering(self, request):
        """Of choices and autocompletes too."""
        return in_german_order(self.model, super().get_ordering(request))

    def get_search_fields(self, request):
        return [f"{name}__says" for name in super().get_search_fields(request)]
