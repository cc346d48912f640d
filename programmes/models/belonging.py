"""To which programme and run a row belongs, for the rows of every room.

The way leads over the parents that a row cannot be without; rows of people carry the programme's
slug as `scope`. Permissions and the admin read it here, so there is one answer for both.
"""

from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Model, QuerySet

from programmes.models.participation import Participation
from programmes.models.programme import Programme
from programmes.models.run import Run

# In this order the first parent that a model requires is taken.
PARENTS = (
    "programme",
    "run",
    "workshop",
    "task",
    "output",
    "team",
    "participation",
    "concept",
    "revision",
    "guideline",
    "chapter",
    "release",
    "person",
)


class NoProgramme(Exception):
    """Rows of this model belong to no programme."""


def _field(model: type[Model], name: str) -> models.Field | None:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


def path_to_programme(model: type[Model]) -> str:
    """The lookup from a row to its programme: `run__programme`, `person__scope`, `pk`.

    Raises NoProgramme.
    """
    return _path(model._meta.label)


@cache
def _path(label: str) -> str:
    model = apps.get_model(label)
    if model is Programme:
        return "pk"
    if _field(model, "scope"):
        return "scope"
    for name in PARENTS:
        field = _field(model, name)
        if isinstance(field, models.ForeignKey) and not field.null:
            rest = path_to_programme(field.related_model)
            return name if rest == "pk" else f"{name}__{rest}"
    raise NoProgramme(model._meta.label)


def belongs_to_programmes(model: type[Model]) -> bool:
    try:
        path_to_programme(model)
    except NoProgramme:
        return False
    return True


def in_programmes(queryset: QuerySet, programmes: QuerySet[Programme]) -> QuerySet:
    """The rows of these programmes. Raises NoProgramme."""
    path = path_to_programme(queryset.model)
    by = "slug" if path.endswith("scope") else "pk"
    return queryset.filter(**{f"{path}__in": programmes.values(by)})


def programme_reference(obj: Model) -> int | str | None:
    """The programme's number or, from the room of people, its slug. Raises NoProgramme."""
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
