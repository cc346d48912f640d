"""The system check that every model says to which programme its rows belong."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from programmes.models.belonging import NoProgramme, path_to_programme
from programmes.models.programme import Programme


@register
def check_belonging(app_configs, **kwargs) -> list[CheckMessage]:
    return [
        Error(
            "The model does not say to which programme its rows belong.",
            hint="Set `belongs_to`, to None for none; see programmes.models.belonging.",
            obj=model,
            id="programmes.E001",
        )
        for model in _models_of_the_portal()
        if not _says(model)
    ]


def _models_of_the_portal() -> Iterator[type[Model]]:
    for config in apps.get_app_configs():
        if Path(config.path).parent == settings.BASE_DIR:
            yield from config.get_models()


def _says(model: type[Model]) -> bool:
    """Whether `belongs_to` is None or leads to a programme."""
    if getattr(model, "belongs_to", "") is None:
        return True
    try:
        path = path_to_programme(model)
        if path == "scope":
            model._meta.get_field(path)
    except (NoProgramme, FieldDoesNotExist):
        return False
    return path != "pk" or model is Programme
