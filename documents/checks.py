"""System checks: every registered kind can be printed with what is installed here."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist

from documents.assets import NotFound
from documents.kinds import ChangingTemplate, all_kinds, template_version


def check_kinds(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    for kind in all_kinds():
        try:
            template_version(kind, "de")
        except (NotFound, TemplateDoesNotExist, ChangingTemplate) as error:
            messages.append(
                Error(
                    f"The document kind {kind.name} cannot be printed: {error!r}",
                    hint="Static files of npm packages: npm ci --ignore-scripts",
                    id="documents.E001",
                )
            )
    return messages
