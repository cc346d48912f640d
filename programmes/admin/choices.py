"""Choices that tell namesakes apart, stay in the run at hand and know which runs have ended."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from desk.strict import RunAtHandMixin
from programmes.models import Run
from programmes.models.belonging import (
    belongs_to_programmes,
    described,
    in_run,
    path_to_run,
    run_of,
)


class DescribedChoice(forms.ModelChoiceField):
    """A choice whose labels name what a row belongs to."""

    titles: Mapping[int | str, str] = {}

    def label_from_instance(self, obj: Model) -> str:
        return described(obj, self.titles)


class DescribedChoices(forms.ModelMultipleChoiceField):
    """Several of them."""

    titles: Mapping[int | str, str] = {}

    def label_from_instance(self, obj: Model) -> str:
        return described(obj, self.titles)


def limit_to_run(field: Any, run: Run) -> None:
    """Offer only rows of the run, also while somebody types; the choice of a run itself stays."""
    model = field.queryset.model
    if model is Run or path_to_run(model) is None:
        return
    # Around it lies what the admin adds to a choice.
    widget = getattr(field.widget, "widget", field.widget)
    if isinstance(widget, RunAtHandMixin):
        # What comes nevertheless is refused with a sentence, not as an unknown number.
        widget.run = run
    else:
        field.queryset = in_run(field.queryset, run)


def takes_new(model_admin: Any, source: Any) -> bool:
    """Whether this field belongs to rows that an ended run refuses."""
    if source.model is Run or model_admin.may_be_added_later:
        return False
    return path_to_run(source.model) is not None


class OneRunMixin(forms.ModelForm):
    """A form whose choices belong to one run, and whose new rows go to runs that have not ended.

    The run is that of the row or of the row it hangs on; else the one that the form names.
    """

    instance: Model
    parent: Model | None = None
    may_be_added_later = False

    def clean(self):
        data = super().clean()
        chosen = {
            name: value
            for name, value in (self.cleaned_data or {}).items()
            if isinstance(value, Model) and path_to_run(type(value))
        }
        where, run = self._run_at_hand(chosen)
        if run is None:
            return data
        for name, value in chosen.items():
            if name != where and run_of(value) != run and not self.has_error(name):
                self.add_error(name, _of_another_run(value))
        if path_to_run(type(self.instance)) is not None and run.has_ended:
            self._refuse_new(where, run)
        return data

    def _run_at_hand(self, chosen: dict[str, Model]) -> tuple[str | None, Run | None]:
        """The run, and the field that says so where the form has one."""
        model = type(self.instance)
        path = path_to_run(model)
        first = "run" if path is None or model is Run else path.split("__")[0]
        if first in chosen:
            return first, run_of(chosen[first])
        for row in (self.instance, self.parent):
            if row is not None and belongs_to_programmes(type(row)):
                run = run_of(row)
                if run is not None:
                    return None, run
        return None, None

    def _refuse_new(self, where: str | None, run: Run) -> None:
        if self.may_be_added_later or isinstance(self.instance, Run):
            return
        is_moved = where in getattr(self, "changed_data", [])
        if self.instance.pk is None or is_moved:
            self.add_error(where, has_ended(run))


def has_ended(run: Run) -> ValidationError:
    return ValidationError(
        _("„%(run)s“ ist zu Ende (%(status)s): Hier kommt nichts Neues mehr hinzu."),
        code="run_has_ended",
        params={"run": run, "status": run.get_status_display()},
    )


def _of_another_run(row: Model) -> ValidationError:
    return ValidationError(
        _("„%(item)s“ gehört zu einem anderen Durchlauf."),
        code="other_run",
        params={"item": row},
    )
