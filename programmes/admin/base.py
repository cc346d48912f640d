"""What every admin of the portal builds on: each query ends at the programmes of the user."""

import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.filters import RelatedFieldListFilter
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_permission_codename
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rules.contrib.admin import ObjectPermissionsModelAdmin

from desk.bulk_actions import BulkActionsMixin
from desk.lists import GermanListMixin
from desk.reading import WITHOUT_SAVING, offers_nothing_to_save, show_as_text
from desk.strict import RUN_AT_HAND, KeySelect, KeySelectMultiple, StrictMixin, is_key
from desk.versions import VersionedMixin
from people.models import AuditEntry
from people.operations import record
from programmes.admin.choices import (
    DescribedChoice,
    DescribedChoices,
    OneRunMixin,
    limit_to_run,
    takes_new,
)
from programmes.models import Programme, Run
from programmes.models.belonging import (
    belongs_to_programmes,
    described,
    in_open_runs,
    in_programmes,
    in_run,
    path_to_run,
    programme_of,
    programme_reference,
    run_of,
    with_parents,
)
from programmes.rules import titles_to_tell_apart
from texts.order import alphabetical


class SameProgrammeMixin(forms.ModelForm):
    """A form whose choices must all belong to one programme: that of its row, if it has one."""

    parent: Model | None = None

    def clean(self):
        data = super().clean()
        own = self._own_programme()
        for name, value in list((self.cleaned_data or {}).items()):
            values = [value] if isinstance(value, Model) else value
            if not isinstance(values, list | QuerySet):
                continue
            for item in values:
                if not isinstance(item, Model) or not belongs_to_programmes(type(item)):
                    continue
                programme = programme_of(item)
                own = own or programme
                if programme != own:
                    error = ValidationError(
                        _("„%(item)s“ gehört zu einem anderen Programm."),
                        code="other_programme",
                        params={"item": item},
                    )
                    self.add_error(name, error)
                    break
        return data

    def _own_programme(self) -> Programme | None:
        for row in (self.instance, self.parent):
            if row is None or not belongs_to_programmes(type(row)):
                continue
            # Empty for a row that is just being made and has no parent yet.
            if programme_reference(row):
                return programme_of(row)
        return None


class ScopedFormSet(BaseInlineFormSet):
    """Lets the forms of an inline know the row they hang on."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # a hook without stub
        form.parent = self.instance
        return form


class ScopedRelatedFilter(RelatedFieldListFilter):
    """A filter that offers only rows of the user's programmes."""

    def field_choices(self, field, request, model_admin):
        rows = rows_for(field.remote_field.model, request, model_admin.admin_site)
        order = self.field_admin_ordering(field, request, model_admin)
        rows = rows.order_by(*order) if order else rows
        titles = titles_to_tell_apart(request.user)
        return [(row.pk, described(row, titles)) for row in with_parents(rows)]


def rows_for(model: type[Model], request, admin_site) -> QuerySet:
    """The rows of a model that this user may see in the admin."""
    if admin_site.is_registered(model):
        return admin_site.get_model_admin(model).get_queryset(request)
    rows = model._default_manager.all()
    if belongs_to_programmes(model):
        return in_programmes(rows, Programme.objects.administered_by(request.user))
    return rows


def programmes_to_add_to(model: type[Model], user) -> QuerySet[Programme]:
    """Where this user may make a row of the model: who leads one programme may edit another."""
    permission = f"{model._meta.app_label}.{get_permission_codename('add', model._meta)}"
    administered = Programme.objects.administered_by(user)
    # A permission asks about any row of the programme: here, the programme itself.
    return Programme.objects.filter(
        pk__in=[programme.pk for programme in administered if user.has_perm(permission, programme)]
    )


class ScopedMixin(BaseModelAdmin):
    """Limit what forms offer to the user's programmes, and to the row's once it is known.

    may_be_added_later: whether rows are added after their run has ended, because they belong to the
    record of what was, not to the work of the group.
    """

    may_be_added_later = False

    def _limit_related(self, db_field, request, kwargs: dict[str, Any]) -> None:
        if "queryset" not in kwargs:
            model = db_field.remote_field.model
            kwargs["queryset"] = with_parents(rows_for(model, request, self.admin_site))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Beside a choice, „delete“ is too near: it has a page of its own.
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        self._limit_related(db_field, request, kwargs)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeySelect(db_field, self.admin_site))
        kwargs.setdefault("form_class", DescribedChoice)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        self._limit_related(db_field, request, kwargs)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeySelectMultiple(db_field, self.admin_site))
        kwargs.setdefault("form_class", DescribedChoices)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _scoped_form(self, request, form: Any, row: Model | None):
        form = type(form.__name__, (OneRunMixin, SameProgrammeMixin, form), {})
        form.may_be_added_later = self.may_be_added_later
        # Fields that a form declares are one for all requests; what a request may choose is not.
        form.base_fields = copy.deepcopy(form.base_fields)
        programmes = self._programmes_for(request, row)
        run = run_of(row) if row is not None and belongs_to_programmes(type(row)) else None
        for field in form.base_fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and belongs_to_programmes(queryset.model):
                field.queryset = in_programmes(queryset, programmes)
                if row is None:
                    field.titles = titles_to_tell_apart(request.user)
                if run is not None:
                    limit_to_run(field, run)
        return form

    def _programmes_for(self, request, row: Model | None) -> QuerySet[Programme]:
        """The programme of the row; for a new row those where the user may make one."""
        if row is not None and row.pk is not None and belongs_to_programmes(type(row)):
            programme = programme_of(row)
            own = {programme.pk} if programme else set()
            return Programme.objects.filter(pk__in=own)
        return programmes_to_add_to(self.model, request.user)


class ScopedModelAdmin(
    GermanListMixin,
    StrictMixin,
    ScopedMixin,
    VersionedMixin,
    BulkActionsMixin,
    ObjectPermissionsModelAdmin,
):
    """The base of every admin of rows that belong to a programme.

    Lists, autocompletes, foreign keys, filters, history and direct addresses know only rows of the
    programmes that the user leads or edits. The way from a row to its programme is found by
    programmes.models.belonging, nothing has to be declared.
    """

    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return in_programmes(queryset, Programme.objects.administered_by(request.user))

    def get_choices(self, request, rows: QuerySet, source) -> QuerySet:
        """The rows of this admin that a field of another form offers while somebody types."""
        run = request.GET.get(RUN_AT_HAND, "")
        if is_key(run) and rows.model is not Run:
            known = Run.objects.administered_by(request.user).filter(pk=run).first()
            rows = in_run(rows, known) if known else rows.none()
        elif source.model in self.admin_site._registry and takes_new(
            self.admin_site.get_model_admin(source.model), source
        ):
            rows = in_open_runs(rows)
        return with_parents(rows)

    def describe_choice(self, request, row: Model) -> str:
        return described(row, titles_to_tell_apart(request.user))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return self._scoped_form(request, form, obj)

    def save_form(self, request, form, change):
        obj = super().save_form(request, form, change)
        name = get_permission_codename("change" if change else "add", self.opts)
        if not request.user.has_perm(f"{self.opts.app_label}.{name}", obj):
            raise PermissionDenied
        return obj

    def get_changeform_initial_data(self, request):
        """Who has one programme is not asked for it."""
        initial = super().get_changeform_initial_data(request)
        if any(field.name == "programme" for field in self.opts.fields):
            programmes = programmes_to_add_to(self.model, request.user).order_by("pk")[:2]
            if len(programmes) == 1:
                initial = {"programme": programmes[0].pk, **initial}
        return initial

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        show_as_text(context)
        if obj is not None and belongs_to_programmes(type(obj)):
            context["subtitle"] = described(obj)
            run = run_of(obj) if path_to_run(type(obj)) is not None else None
            context["run_has_ended"] = run is not None and run.has_ended
        if change and offers_nothing_to_save(context):
            context.update(WITHOUT_SAVING)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_list_filter(self, request):
        return [self._scoped_filter(item) for item in super().get_list_filter(request)]

    def _scoped_filter(self, item):
        if not isinstance(item, str):
            return item
        try:
            field = get_fields_from_path(self.model, item)[-1]
        except FieldDoesNotExist:
            return item
        return (item, ScopedRelatedFilter) if field.is_relation else item

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """What is not there for this user answers as everywhere in the portal."""
        raise Http404

    def delete_model(self, request, obj):
        self._record_deletion(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self._record_deletion(request, obj)
        super().delete_queryset(request, queryset)

    @staticmethod
    def _record_deletion(request, obj: Model) -> None:
        programme = programme_of(obj)
        record("delete", obj, by=request.user, scope=programme.slug if programme else "")

    def history_view(self, request, object_id, extra_context=None):
        kind = self.opts.label_lower
        entries = AuditEntry.objects.of(kind, object_id).select_related("actor")
        return super().history_view(
            request, object_id, {"audit_entries": entries, **(extra_context or {})}
        )


class ScopedInlineMixin(ScopedMixin, InlineModelAdmin):
    """The base of inlines; permissions are asked with the parent row, whose programme counts."""

    formset = ScopedFormSet
    extra = 0

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = self._scoped_form(request, formset.form, obj)
        return formset

    def _may(self, action: str, request, obj) -> bool:
        opts = self.opts
        return request.user.has_perm(f"{opts.app_label}.{action}_{opts.model_name}", obj)

    def has_view_permission(self, request, obj=None):
        return self._may("view", request, obj)

    def has_add_permission(self, request, obj=None):
        return self._may("add", request, obj) and not self._came_too_late(obj)

    def _came_too_late(self, parent) -> bool:
        if self.may_be_added_later or parent is None or path_to_run(self.model) is None:
            return False
        run = run_of(parent)
        return run is not None and run.has_ended

    def has_change_permission(self, request, obj=None):
        return self._may("change", request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may("delete", request, obj)


class ScopedTabularInline(ScopedInlineMixin, admin.TabularInline):
    pass


class ScopedStackedInline(ScopedInlineMixin, admin.StackedInline):
    pass


class ReadOnlyMixin:
    """Rows that only operations write: shown, searched, never edited."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ChosenProgrammeForm(forms.ModelForm):
    """The form of a row of a programme, which is chosen when the row is made."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=gettext_lazy("Programm"))

    # Set by the admin where the user has one programme only.
    only_programme: Programme | None = None

    def clean(self):
        data = super().clean()
        if not self.instance.programme_id:
            self.instance.programme = self.cleaned_data.get("programme") or self.only_programme
            if not self.instance.programme_id and "programme" not in self.fields:
                raise ValidationError(_("Bitte legen Sie zuerst ein Programm an."))
        return data

    def _get_validation_exclusions(self):
        # The names within one programme are unique: without it nobody would check.
        known = {"programme"} if self.instance.programme_id else set()
        return super()._get_validation_exclusions() - known  # type: ignore[misc]  # as above


class ChosenProgrammeAdmin(ScopedModelAdmin):
    """The base for rows that belong to a programme as a whole: it is chosen when they are made."""

    form = ChosenProgrammeForm

    def get_fieldsets(self, request, obj=None):
        (name, first), *others = super().get_fieldsets(request, obj)
        fields = [field for field in first["fields"] if field != "programme"]
        if self._asks_programme(request, obj):
            fields.insert(0, "programme")
        return [(name, {**first, "fields": fields}), *others]

    def _asks_programme(self, request, obj) -> bool:
        return obj is None and self._choices(request).count() > 1

    def _choices(self, request) -> QuerySet[Programme]:
        return programmes_to_add_to(self.model, request.user).order_by(alphabetical("title"), "pk")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if self._asks_programme(request, obj):
            form.base_fields["programme"].queryset = self._choices(request)
        else:
            form.base_fields.pop("programme", None)
            form.only_programme = self._choices(request).first() if obj is None else None
        return form
