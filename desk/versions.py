"""Nobody loses a text: pages of the admin carry what they showed and are saved on top of it only.

The hidden field `seen` keeps fingerprints of every field of the row and of every row below it. A
save that meets something newer changes nothing and answers 409 with both texts. What only the other
one changed is taken over; what both changed stands there twice, and what was typed stays in the
form.
"""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model
from django.forms.models import BaseInlineFormSet, _get_foreign_key
from django.http import QueryDict
from django.utils.translation import gettext as _

from desk.comparing import SEEN, UNREAD, Comparison, Page, read_seen, write_seen
from texts.versions import (
    VERSION,
    fingerprint,
    version_of,
)


class StaleForm(forms.ModelForm):
    """A form that is shown once more and not saved."""

    def clean(self):
        data = super().clean()
        self.add_error(
            None,
            ValidationError(
                _(
                    "Noch nicht gespeichert: Jemand hat inzwischen etwas geändert. Bitte "
                    "vergleichen Sie oben beide Fassungen."
                ),
                code="stale",
            ),
        )
        return data


def version_to_delete(rows: Iterable[Model], shown: Any) -> str:
    """What the question before a deletion is about: the rows, and all that goes with them."""
    return fingerprint(f"{version_of(rows, without=UNREAD)} {shown}")


@transaction.atomic
def delete_what_was_shown(model_admin, request, queryset):
    """Django's own action for many rows, but for those as they were shown."""
    rows = list(queryset.order_by("pk"))
    list(queryset.model._base_manager.select_for_update().filter(pk__in=[row.pk for row in rows]))
    rows = list(queryset.order_by("pk"))
    shown, *_others = model_admin.get_deleted_objects(rows, request)
    version = version_to_delete(rows, shown)
    is_stale = "post" in request.POST and request.POST.get(VERSION) != version
    if is_stale:
        request.POST = request.POST.copy()
        del request.POST["post"]
    response = delete_selected(model_admin, request, queryset)
    if response is not None:
        shown_data = {"version": version, "is_stale": is_stale}
        response.context_data = {**(response.context_data or {}), **shown_data}
        response.status_code = 409 if is_stale else 200
    return response


class VersionedMixin(admin.ModelAdmin):
    """Give a ModelAdmin pages that are only saved on top of what they showed."""

    def get_object(self, request, object_id, from_field=None):
        obj = super().get_object(request, object_id, from_field)
        if obj is None or request.method != "POST" or not connection.in_atomic_block:
            return obj
        # A form saves every column: nobody may move the row between reading and saving.
        list(self.model._base_manager.select_for_update().filter(pk=obj.pk).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if getattr(request, "conflict", None) is not None:
            form = type(form.__name__, (StaleForm, form), {})
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id))
            if obj is not None and self.has_change_permission(request, obj):
                self._look_for_conflict(request, obj)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id))
            if obj is not None and self.has_delete_permission(request, obj):
                shown, *_others = self.get_deleted_objects([obj], request)
                if request.POST.get(VERSION) != version_to_delete([obj], shown):
                    # Without data the stock view asks once more.
                    request.POST = QueryDict()
                    extra_context = {**(extra_context or {}), "is_stale": True}
            return super().delete_view(request, object_id, extra_context)

    def render_delete_form(self, request, context):
        context["version"] = version_to_delete([context["object"]], context["deleted_objects"])
        response = super().render_delete_form(request, context)
        if context.get("is_stale"):
            response.status_code = 409
        return response

    def get_actions(self, request):
        actions = super().get_actions(request)
        if stock := actions.get("delete_selected"):
            actions["delete_selected"] = (delete_what_was_shown, *stock[1:])
        return actions

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and request.method == "POST":
            context["seen"] = request.seen
            context["conflict"] = getattr(request, "conflict", None)
            if context["conflict"] and len(context["errors"]) == 1:
                # The comparison says it all.
                context["errors"] = []
        elif change:
            inlines = context["inline_admin_formsets"]
            formsets = [inline.formset for inline in inlines if inline.has_change_permission]
            context["seen"] = write_seen(Page(context["adminform"].form, formsets).seen())
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if context.get("conflict"):
            response.status_code = 409
        return response

    def _look_for_conflict(self, request, obj: Model) -> None:
        self._lock_rows_below(request, obj)
        stored = self._forms_of(request, obj)
        seen, now = read_seen(request.POST.get(SEEN, "")), stored.seen()
        request.seen = write_seen(now)
        if seen == now:
            return
        typed = self._forms_of(request, copy.copy(obj), request.POST, request.FILES)
        conflict = Comparison(seen, stored, typed, request.POST).run()
        if conflict is not None:
            conflict.last = self._last_change(obj)
            request.conflict = conflict
            request.POST = conflict.data

    def _lock_rows_below(self, request, obj: Model) -> None:
        for inline in self.get_inline_instances(request, obj):
            if inline.has_change_permission(request, obj):
                key = _get_foreign_key(self.model, inline.model, inline.fk_name)
                rows = inline.model._base_manager.filter(**{key.name: obj}).order_by("pk")
                list(rows.select_for_update().values_list("pk"))

    def _forms_of(self, request, obj: Model, *data: Any) -> Page:
        """The forms of the row, bound to the data if there are any."""
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        form = self.get_form(request, obj, change=True, fields=fields)(*data, instance=obj)
        return Page(form, self._formsets(request, obj, data))

    def _formsets(self, request, obj: Model, data: tuple[Any, ...]) -> Iterator[BaseInlineFormSet]:
        taken: dict[str, int] = {}
        for formset, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset.get_default_prefix()
            taken[prefix] = taken.get(prefix, 0) + 1
            if taken[prefix] != 1:
                prefix = f"{prefix}-{taken[prefix]}"
            if inline.has_change_permission(request, obj):
                rows = inline.get_queryset(request)
                yield formset(*data, instance=obj, prefix=prefix, queryset=rows)

    def _last_change(self, obj: Model) -> LogEntry | None:
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk)
        )
        return entries.select_related("user").order_by("-action_time").first()
