"""To which programme and run a row belongs, for the rows of every room.

Each model says it: `belongs_to` names the foreign key that leads on to the programme, "scope" where
mails and the change log carry its slug, "pk" for the programme itself, and None where rows belong
to no programme. Permissions and the admin read it here, so there is one answer for both;
programmes.checks asks every model.
"""

from collections.abc import Mapping

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from programmes.models.participation import Participation
from programmes.models.programme import Programme
from programmes.models.run import Run


class NoProgramme(Exception):
    """Rows of this model belong to no programme."""


def _parent(model: type[Model], name: str) -> type[Model]:
    """The model behind a foreign key that no row is without; else FieldDoesNotExist."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.ForeignKey) or field.null:
        raise FieldDoesNotExist(f"{model._meta.label}.{name} is no foreign key that each row has.")
    return field.related_model


def path_to_programme(model: type[Model]) -> str:
    """The lookup from a row to its programme: `run__programme`, `scope`, `pk`.

    Raises NoProgramme.
    """
    name = getattr(model, "belongs_to", None)
    if name is None:
        raise NoProgramme(model._meta.label)
    if name in {"pk", "scope"}:
        return name
    rest = path_to_programme(_parent(model, name))
    return name if rest == "pk" else f"{name}__{rest}"


def belongs_to_programmes(model: type[Model]) -> bool:
    try:
        path_to_programme(model)
    except NoProgramme:
        return False
    return True


def in_programmes(queryset: QuerySet, programmes: QuerySet[Programme]) -> QuerySet:
    """The rows of these programmes. Raises NoProgramme."""
    path = path_to_programme(queryset.model)
    by = "slug" if path == "scope" else "pk"
    return queryset.filter(**{f"{path}__in": programmes.values(by)})


def programme_reference(obj: Model) -> int | str | None:
    """The programme's number; of mails and the change log its slug. Raises NoProgramme."""
    *parents, last = path_to_programme(type(obj)).split("__")
    current: Model | None = obj
    for name in parents:
        # A row that is just being filled in has no parent yet.
        if current is None or getattr(current, f"{name}_id") is None:
            return None
        current = getattr(current, name)
    return getattr(current, last if last in {"pk", "scope"} else f"{last}_id")


def programme_of(obj: Model) -> Programme | None:
    """The programme that a row belongs to. Raises NoProgramme."""
    reference = programme_reference(obj)
    if isinstance(obj, Programme):
        return obj
    by = "slug" if isinstance(reference, str) else "pk"
    return Programme.objects.filter(**{by: reference}).first()


def run_of(obj: Model) -> Run | None:
    """The run that a row belongs to; None for what belongs to the programme as a whole."""
    current = obj
    for name in path_to_programme(type(obj)).split("__"):
        if isinstance(current, Run):
            return current
        if name in {"pk", "scope", "programme"} or getattr(current, f"{name}_id") is None:
            return None
        current = getattr(current, name)
    return None


def participation_of(user, obj: Model) -> Participation | None:
    """The part that the user takes or took in the run of a row."""
    run = run_of(obj) if belongs_to_programmes(type(obj)) else None
    if run is None or not user.is_authenticated:
        return None
    return Participation.objects.of(user).taking_part().filter(run=run).first()


def path_to_run(model: type[Model]) -> str | None:
    """The lookup from a row to its run: `workshop__run`, `pk` for a run itself.

    None for models whose rows belong to the programme as a whole or to none.
    """
    if model is Run:
        return "pk"
    name = getattr(model, "belongs_to", None)
    if name in {None, "pk", "scope"}:
        return None
    rest = path_to_run(_parent(model, name))
    return name if rest == "pk" else rest and f"{name}__{rest}"


def in_run(queryset: QuerySet, run: Run) -> QuerySet:
    """Those of the rows that belong to the run; all rows where the model knows no runs."""
    path = path_to_run(queryset.model)
    return queryset if path is None else queryset.filter(**{path: run.pk})


def in_open_runs(queryset: QuerySet) -> QuerySet:
    """The rows whose run has not ended; all rows where the model knows no runs."""
    path = path_to_run(queryset.model)
    if path is None:
        return queryset
    lookup = "status__in" if path == "pk" else f"{path}__status__in"
    return queryset.filter(**{lookup: Run.OPEN})


def with_parents(queryset: QuerySet) -> QuerySet:
    """The rows with all that `described` reads."""
    if not belongs_to_programmes(queryset.model):
        return queryset
    parents = path_to_programme(queryset.model).rpartition("__")[0]
    return queryset.select_related(parents) if parents else queryset


def described(row: Model, titles: Mapping[int | str, str] | None = None) -> str:
    """The row with what it belongs to below the programme, so that namesakes can be told apart.

    „Erwartungen – 1. Auftakt – 2. Durchlauf: Zuwanderung als Potenzial nutzen“
    titles: of the programmes, by number and slug, where rows of several stand side by side.
    """
    names = _names(row)
    if titles and not isinstance(row, Programme) and belongs_to_programmes(type(row)):
        reference = programme_reference(row)
        if reference is not None and reference in titles:
            names.append(titles[reference])
    return " – ".join(names)


def _names(row: Model) -> list[str]:
    if isinstance(row, Run):
        name = _("%(number)d. Durchlauf: %(topic)s") % {"number": row.number, "topic": row.topic}
        if row.has_ended:
            name = f"{name} ({row.get_status_display()})"
        return [name]
    names = [str(row)]
    if not belongs_to_programmes(type(row)):
        return names
    parent = path_to_programme(type(row)).split("__")[0]
    if parent in {"pk", "scope", "programme"} or getattr(row, f"{parent}_id") is None:
        return names
    return names + _names(getattr(row, parent))
