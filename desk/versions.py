"""Nobody loses a text: pages of the admin carry what they showed and are saved on top of it only.

The hidden field `seen` keeps fingerprints of every field of the row and of every row below it. A
save that meets something newer changes nothing and answers 409 with both texts. What only the other
one changed is taken over; what both changed stands there twice, one's own text still in the form.
"""

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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

from texts.versions import (
    VERSION,
    Piece,
    fill_in,
    fingerprint,
    own_fields,
    pieces,
    stored_fingerprints,
    stored_values,
    text_of,
    typed_fingerprints,
    typed_values,
    version_of,
    words,
)

SEEN = "seen"
# Columns that change without anybody's doing.
UNREAD = frozenset({"render_job", "last_login"})
# The key of the row itself among the prefixes of the formsets below it.
ROW = ""


@dataclass(frozen=True)
class Difference:
    """A field of which there are two texts."""

    label: str
    stored: list[Piece]
    mine: list[Piece]


@dataclass(frozen=True)
class Part:
    """The row or a row below it that somebody else changed, and what becomes of it."""

    title: str
    outcome: str
    differences: list[Difference]


@dataclass
class Conflict:
    """What to show for a save on top of something old, and the data that go on from there."""

    data: QueryDict
    parts: list[Part] = field(default_factory=list)
    last: LogEntry | None = None


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


class Page:
    """The forms of a row and of the rows below it, as they are stored."""

    def __init__(self, form: forms.BaseModelForm, formsets: Iterable[BaseInlineFormSet]):
        self.form = form
        self.formsets = {str(formset.prefix): formset for formset in formsets}

    def rows(self, prefix: str) -> dict[str, forms.BaseModelForm]:
        formset = self.formsets.get(prefix)
        if formset is None:
            return {}
        return {str(form.instance.pk): form for form in formset.initial_forms if form.instance.pk}

    def seen(self) -> dict[str, dict[str, str]]:
        below = {
            prefix: {
                pk: fingerprint(stored_fingerprints(form)) for pk, form in self.rows(prefix).items()
            }
            for prefix in self.formsets
        }
        return {ROW: stored_fingerprints(self.form), **below}


def read_seen(text: str) -> dict[str, dict[str, str]]:
    """What a page had shown; nothing where the text is none that a page carries."""
    try:
        seen = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(seen, dict) or not all(isinstance(part, dict) for part in seen.values()):
        return {}
    return seen


def write_seen(seen: dict[str, dict[str, str]]) -> str:
    return json.dumps(seen, separators=(",", ":"))


class Comparison:
    """Compare what is stored with what was typed on top of something older."""

    def __init__(self, seen: dict, stored: Page, typed: Page, data: QueryDict):
        self.seen, self.stored, self.typed = seen, stored, typed
        self.conflict = Conflict(data.copy())
        self.has_changes = False

    def run(self) -> Conflict | None:
        """The conflict, or None where nothing would be lost."""
        self._compare_row()
        for prefix, formset in self.stored.formsets.items():
            self._compare_formset(prefix, formset)
        for prefix in self.seen.keys() - {ROW} - self.stored.formsets.keys():
            self._keep_locked_rows(prefix)
        return self.conflict if self.has_changes else None

    def _compare_row(self) -> None:
        seen = self.seen.get(ROW, {})
        stored, typed = stored_fingerprints(self.stored.form), typed_fingerprints(self.typed.form)
        both, taken = [], []
        for name in stored:
            if seen.get(name) == stored[name] or typed.get(name) == stored[name]:
                continue
            if name in seen and typed.get(name) != seen[name]:
                both.append(name)
            elif name in seen or self._is_missing(self.typed.form, name):
                taken.append(name)
                fill_in(self.conflict.data, self.stored.form, name)
            else:
                both.append(name)
        title = str(self.stored.form.instance)
        self._add(
            title,
            _("Hier gibt es zwei Fassungen. Ihre steht unten im Formular."),
            self._differences(self.stored.form, self.typed.form, both),
        )
        self._add(
            title,
            _("Das hat nur jemand anderes geändert; es ist unten übernommen."),
            self._differences(self.stored.form, self.typed.form, taken),
        )
        self._keep_locked_fields(seen)

    @staticmethod
    def _is_missing(form: forms.BaseForm, name: str) -> bool:
        """Whether the page that was sent had no such field."""
        bound = form[name]
        return bound.field.widget.value_omitted_from_data(form.data, form.files, bound.html_name)

    def _keep_locked_fields(self, seen: dict[str, str]) -> None:
        """What was typed into fields that are closed meanwhile is shown, to be copied."""
        locked = [name for name in seen if name not in self.stored.form.fields]
        instance = self.stored.form.instance
        model_form = forms.modelform_factory(type(instance), fields=_editable(instance, locked))
        form = model_form(instance=instance)
        sent = model_form(self.conflict.data, instance=copy.copy(instance))
        typed, stored = typed_fingerprints(sent), stored_fingerprints(form)
        names = [
            name
            for name in form.fields
            if typed[name] != stored[name] and not self._is_missing(sent, name)
        ]
        self._add(
            str(instance),
            _(
                "Diese Felder sind inzwischen geschlossen. Was Sie geschrieben haben, steht nur "
                "noch hier; bitte kopieren Sie, was Sie brauchen."
            ),
            self._differences(form, sent, names),
        )
        self.has_changes = self.has_changes or bool(locked)

    def _keep_locked_rows(self, prefix: str) -> None:
        """The same for rows below that are closed meanwhile."""
        texts = [
            value
            for name in self.conflict.data
            if name.startswith(f"{prefix}-")
            and not name.endswith(("_FORMS", "-id"))
            and "__prefix__" not in name
            for value in self.conflict.data.getlist(name)
            if len(value) > len("on") and not value.isdigit()
        ]
        self._add(
            str(self.stored.form.instance),
            _(
                "Diese Abschnitte sind inzwischen geschlossen. Was in Ihrem Formular stand, steht "
                "nur noch hier; bitte kopieren Sie, was Sie brauchen."
            ),
            [Difference("", [], [Piece(text_of(text))]) for text in texts],
        )
        self.has_changes = True

    def _compare_formset(self, prefix: str, formset: BaseInlineFormSet) -> None:
        seen, stored = self.seen.get(prefix, {}), self.stored.rows(prefix)
        typed_set = self.typed.formsets[prefix]
        typed = {_posted_key(form): form for form in typed_set.initial_forms}
        new_rows = [form for form in typed_set.extra_forms if form.has_changed()]
        if not self._differs(seen, stored, typed):
            return
        kept: list[tuple[forms.BaseModelForm, forms.BaseModelForm | None]] = []
        for pk, form in stored.items():
            kept.append((form, self._keep_row(form, typed.get(pk), seen.get(pk))))
        gone = [form for pk, form in typed.items() if pk not in stored]
        for form in gone:
            if self._is_untouched(form, seen) or _is_deleted(form):
                self._add_row(form, _("Diese Zeile hat jemand anderes gelöscht."), None, form)
                continue
            self._add_row(
                form,
                _("Diese Zeile hat jemand anderes gelöscht. Ihre Fassung steht unten als neue."),
                None,
                form,
            )
            new_rows.append(form)
        self._write_rows(prefix, formset, kept, new_rows)

    @staticmethod
    def _differs(seen, stored, typed) -> bool:
        """Whether a row came, went or changed that is not stored as it was typed."""
        now = {pk: fingerprint(stored_fingerprints(form)) for pk, form in stored.items()}
        if now == seen:
            return False
        mine = {
            pk: fingerprint(typed_fingerprints(form))
            for pk, form in typed.items()
            if not _is_deleted(form)
        }
        return now != mine

    @staticmethod
    def _is_untouched(form, seen: dict[str, str]) -> bool:
        return seen.get(_posted_key(form)) == fingerprint(typed_fingerprints(form))

    def _keep_row(self, stored, typed, seen: str | None):
        """What the row shows below: the typed form, or None for what is stored."""
        now = fingerprint(stored_fingerprints(stored))
        if typed is None:
            self._add_row(stored, _("Diese Zeile hat jemand anderes angelegt."), stored, None)
            return None
        mine = fingerprint(typed_fingerprints(typed))
        if now == seen:
            return typed
        if mine == now and not _is_deleted(typed):
            return None
        if mine == seen and not _is_deleted(typed):
            self._add_row(
                stored,
                _("Das hat nur jemand anderes geändert; es ist unten übernommen."),
                stored,
                typed,
            )
            return None
        outcome = _("Hier gibt es zwei Fassungen. Ihre steht unten im Formular.")
        if _is_deleted(typed):
            outcome = _("Sie wollten diese Zeile löschen; inzwischen hat sie jemand geändert.")
        self._add_row(stored, outcome, stored, typed)
        return typed

    def _add_row(self, form, outcome: str, stored, mine) -> None:
        self.has_changes = True
        names = own_fields(form)
        title = str(form._meta.model._meta.verbose_name)
        if form.instance.pk:
            title = f"{title}: {form.instance}"
        self._add(title, outcome, self._differences(stored, mine, names))

    def _add(self, title: str, outcome: str, differences: list[Difference]) -> None:
        if differences:
            self.has_changes = True
            self.conflict.parts.append(Part(title, outcome, differences))

    @staticmethod
    def _differences(stored, mine, names: Iterable[str]) -> list[Difference]:
        """The fields of these names that read differently; a form that is None has no text."""
        shown = stored or mine
        left = stored_values(stored) if stored is not None else {}
        right = typed_values(mine) if mine is not None else {}
        found = []
        for name in names:
            one = words(shown.fields[name], left.get(name))
            other = words(shown.fields[name], right.get(name))
            if one.strip() != other.strip():
                found.append(Difference(str(shown[name].label), *pieces(one, other)))
        return found

    def _write_rows(self, prefix, formset, kept, new_rows) -> None:
        """Number the rows anew: what is stored first, then what is new."""
        data, sent = self.conflict.data, self.conflict.data.copy()
        for name in list(data):
            if name.startswith(f"{prefix}-") and "__prefix__" not in name:
                del data[name]
        key = formset.model._meta.pk.name
        for number, (stored, typed) in enumerate(kept):
            to = formset.add_prefix(number)
            if typed is not None:
                _copy(sent, data, typed.prefix, to)
            else:
                for name in own_fields(stored):
                    fill_in(data, stored, name, prefix=to)
            data[f"{to}-{key}"] = str(stored.instance.pk)
            data[f"{to}-{formset.fk.name}"] = str(formset.instance.pk)
        for number, form in enumerate(new_rows, start=len(kept)):
            to = formset.add_prefix(number)
            _copy(sent, data, form.prefix, to)
            data[f"{to}-{key}"] = ""
            data[f"{to}-{formset.fk.name}"] = str(formset.instance.pk)
        data[f"{prefix}-TOTAL_FORMS"] = str(len(kept) + len(new_rows))
        data[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
        for name in ("MIN_NUM_FORMS", "MAX_NUM_FORMS"):
            data[f"{prefix}-{name}"] = sent.get(f"{prefix}-{name}", "")


def _copy(sent: QueryDict, data: QueryDict, prefix: str, to: str) -> None:
    for name in sent:
        if name.startswith(f"{prefix}-"):
            data.setlist(f"{to}{name.removeprefix(prefix)}", sent.getlist(name))


def _posted_key(form: forms.BaseModelForm) -> str:
    return str(form.data.get(form.add_prefix(form._meta.model._meta.pk.name), ""))


def _is_deleted(form: forms.BaseModelForm) -> bool:
    return form.add_prefix(forms.formsets.DELETION_FIELD_NAME) in form.data


def _editable(instance: Model, names: Iterable[str]) -> list[str]:
    known = {item.name for item in [*instance._meta.fields, *instance._meta.many_to_many]}
    return [name for name in names if name in known and instance._meta.get_field(name).editable]


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
