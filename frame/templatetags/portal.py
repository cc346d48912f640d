"""What the frame of every page needs: navigation, languages, addresses, the tone of a status."""

from typing import Any, cast

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext_lazy as _

from frame.footer import lines_below

register = template.Library()

# Portals with more programmes lead to their pages instead.
MANY = 3

SECTIONS = (
    ("home:start", _("Start")),
    ("programmes:run_list", _("Durchläufe")),
    ("concepts:list", _("Konzepte")),
    ("publications:press_room", _("Presse")),
    ("publications:guideline_list", _("Leitfaden")),
)

# What a status means for the reader; the word beside it says it too.
TONES = {
    "success": {
        "accepted",
        "active",
        "approved",
        "completed",
        "confirmed",
        "documented",
        "done",
        "held",
        "published",
        "released",
        "released_changed",
        "signed",
    },
    "info": {
        "corrected",
        "embargoed",
        "in_approval",
        "in_review",
        "invited",
        "requested",
        "running",
        "sent",
        "signing",
        "submitted",
    },
    "warning": {"expired", "returned"},
    "danger": {"cancelled", "declined", "failed", "withdrawn"},
}
ICONS = {
    "success": "success",
    "info": "info",
    "warning": "warning",
    "danger": "danger",
    "neutral": "draft",
}


@register.filter
def tone(status: str) -> str:
    """The tone of a status value: success, info, warning, danger or neutral."""
    return next((name for name, values in TONES.items() if str(status) in values), "neutral")


@register.filter
def tone_icon(name: str) -> str:
    return ICONS.get(name, "info")


@register.inclusion_tag("_navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """The main navigation; marks the page itself and the section it lies in."""
    path = context["request"].path if "request" in context else ""
    start = reverse("home:start")
    entries = []
    for view_name, label in SECTIONS:
        url = reverse(view_name)
        current = "page" if path == url else ""
        if not current and url != start and path.startswith(url):
            current = "true"
        entries.append({"url": url, "label": label, "current": current})
    return {
        "entries": entries,
        "user": context.get("user"),
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "is_desk": path.startswith(reverse("home:desk")),
    }


@register.inclusion_tag("_footer_lines.html", takes_context=True)
def footer_lines(context: Context) -> dict[str, Any]:
    """Carrier and funders of the page's programme, or of all; none without a request."""
    lines = lines_below(cast(dict[str, Any], context.flatten())) if "request" in context else []
    return {"lines": lines, "is_short": len(lines) > MANY}


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[dict[str, Any]]:
    """This page in every language, or the start page where it has no address of its own."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else "/"
    query = request.GET.urlencode() if request and request.method == "GET" else ""
    found = []
    for code, _name in settings.LANGUAGES:
        is_current = code == get_language()
        url = path if is_current else translate_url(path, code)
        has_address = is_current or url != path
        if not has_address:
            with override(code):
                url = reverse("home:start")
        elif query:
            url = f"{url}?{query}"
        found.append(
            {
                "code": code,
                "name": get_language_info(code)["name_local"],
                "url": url,
                "absolute": f"{settings.PORTAL_URL}{url}",
                "is_current": is_current,
                "has_address": has_address and not query,
            }
        )
    return found


@register.simple_tag(takes_context=True)
def canonical_url(context: Context) -> str:
    """The address of this page without its query."""
    request: HttpRequest | None = context.get("request")
    return f"{settings.PORTAL_URL}{request.path if request else '/'}"


@register.simple_tag
def absolute_static(path: str) -> str:
    """The full address of a static file, for readers outside a page."""
    return f"{settings.PORTAL_URL}{static(path)}"
