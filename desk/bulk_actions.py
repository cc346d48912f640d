"""The buttons of an object's page for many rows of a list."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import Model
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.actions import ObjectAction
from desk.object_actions import ChangedMeanwhile, ObjectActionsMixin
from texts.versions import VERSION

# How many rows are named one by one in messages.
LISTED = 5


@dataclass
class Choice:
    """The rows that were chosen: those it happens to, those that stay, those that have changed."""

    ready: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    changed: list[Model] = field(default_factory=list)


class BulkActionsMixin(ObjectActionsMixin):
    """Give the list of a ModelAdmin those buttons that are `is_for_many`."""

    def get_actions(self, request):
        actions = super().get_actions(request)
        if IS_POPUP_VAR in request.GET or not self.has_change_permission(request):
            return actions
        for action in self.get_object_actions(request):
            if action.is_for_many:
                actions[action.name] = (self._for_many(action), action.name, str(action.label))
        return actions

    @staticmethod
    def _for_many(action: ObjectAction):
        def run(model_admin, request, queryset):
            return model_admin.run_for_many(request, queryset, action)

        return run

    def run_for_many(self, request, queryset, action: ObjectAction):
        """Show what will happen to which rows; do it when that was confirmed."""
        is_confirmed = "confirmed" in request.POST
        choice = self._choice(request, queryset, action, is_confirmed=is_confirmed)
        if not choice.ready:
            messages.warning(request, _("Für keine der ausgewählten Zeilen ist das möglich."))
            for row in choice.refused[:LISTED]:
                messages.warning(request, f"{row['object']}: {row['reason']}")
            return None
        form = self._form(request, action, None, is_answered=is_confirmed)
        if not is_confirmed or choice.changed or (form is not None and not form.is_valid()):
            return self._ask_for_many(request, action, form, choice)
        count = sum(self._decide_one_of_many(request, action, form, row) for row in choice.ready)
        # Those that the page before left out, and those that have changed since then.
        untouched = len(choice.refused) + _number(request.POST.get("left_out", ""))
        _tell(request, action, count, untouched)
        return None

    def _choice(self, request, rows, action: ObjectAction, *, is_confirmed: bool) -> Choice:
        choice = Choice()
        for obj in rows:
            version = self.version(obj)
            if is_confirmed and request.POST.get(f"{VERSION}-{obj.pk}") != version:
                choice.changed.append(obj)
            reason = action.left_out(obj) or self._reason_against(request, action, obj)
            if reason == "":
                row = {"object": obj, "effect": action.effect(obj), "version": version}
                choice.ready.append(row)
            else:
                choice.refused.append({"object": obj, "reason": reason or _("Hier nicht möglich.")})
        return choice

    def _ask_for_many(self, request, action: ObjectAction, form, choice: Choice):
        request.current_app = self.admin_site.name
        context = self._page(
            request,
            action,
            form,
            ready=choice.ready,
            refused=choice.refused,
            changed=choice.changed,
            preview=self._preview(request, action, choice.ready[0]["object"]),
            checkbox_name=helpers.ACTION_CHECKBOX_NAME,
            back_url=self._admin_url("changelist"),
        )
        status = 409 if choice.changed else 200
        return TemplateResponse(request, "admin/object_actions/many.html", context, status=status)

    def _decide_one_of_many(self, request, action: ObjectAction, form, row) -> bool:
        """Do it for one row, and say why not if so; return whether it happened."""
        try:
            outcome = self._decide(request, action, row["object"], form, row["version"])
        except ChangedMeanwhile:
            outcome = messages.ERROR, _("Hier hat gerade jemand etwas geändert.")
        if not isinstance(outcome, tuple) or outcome[0] != messages.ERROR:
            return True
        values = {"object": row["object"], "reason": outcome[1]}
        messages.error(request, _("%(object)s: %(reason)s") % values)
        return False


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _tell(request, action: ObjectAction, count: int, untouched: int) -> None:
    if count:
        sentence = ngettext(
            "„%(action)s“ ist für eine Zeile erledigt.",
            "„%(action)s“ ist für %(count)d Zeilen erledigt.",
            count,
        )
        messages.success(request, sentence % {"action": action.label, "count": count})
    if untouched:
        sentence = ngettext(
            "Eine Zeile bleibt unverändert.", "%(count)d Zeilen bleiben unverändert.", untouched
        )
        messages.info(request, sentence % {"count": untouched})
