"""The admin's start page: what waits, and the rooms in the words of the lead."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from desk.attention import Attention, collect_attention

register = template.Library()

GROUPS = (
    (
        _("Programm und Durchläufe"),
        ("programmes.programme", "programmes.run", "workshops.workshop", "workshops.event"),
    ),
    (
        _("Menschen"),
        (
            "programmes.participation",
            "programmes.team",
            "programmes.person",
            "programmes.organisation",
            "programmes.sector",
            "programmes.consentpurpose",
        ),
    ),
    (
        _("Arbeit der Gruppe"),
        (
            "workshops.task",
            "workshops.output",
            "concepts.concept",
            "concepts.revision",
        ),
    ),
    (
        _("Presse und Leitfaden"),
        (
            "publications.pressrelease",
            "publications.quote",
            "publications.boilerplate",
            "publications.presscontact",
            "publications.guideline",
            "publications.chapter",
            "publications.edition",
        ),
    ),
    (_("Nachsehen"), ("people.message", "people.auditentry")),
)
REST = _("Technik und Seiten")


@register.simple_tag(takes_context=True)
def attention(context) -> list[Attention]:
    """What needs the eye of the one who looks."""
    return list(collect_attention(context["request"]))


@register.simple_tag
def rooms(app_list: list[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The models that this user may open, by what the lead wants to do."""
    models = {
        f"{app['app_label']}.{model['object_name'].lower()}": model
        for app in app_list
        for model in app["models"]
    }
    groups = [
        (title, [models.pop(label) for label in labels if label in models])
        for title, labels in GROUPS
    ]
    groups.append((REST, list(models.values())))
    return [(title, members) for title, members in groups if members]
