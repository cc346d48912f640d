"""Buttons on an object's page in the admin.

A button calls the operation that the pages call, and shows its refusal as a message. Whoever may
not do it does not see it; what cannot be done yet says why.

Nobody decides about what they have not read: the address of a button carries the version of what
stood on the page. If that changed, nothing happens, and a page answers 409.
"""

from collections.abc import Collection
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from desk.actions import ObjectAction
from lifecycle.refusals import Refusal
from texts.versions import VERSION, fingerprint, version_of

# Under which name a question carries the version of what it names as still open.
READ = "read"


class ChangedMeanwhile(Exception):
    """What was read before the decision is not what is stored now."""


class ObjectActionsMixin(admin.ModelAdmin):
    """Give a ModelAdmin the buttons that `object_actions` names, in this order."""

    object_actions: tuple[str, ...] | list[str] = ()
    # Columns that no decision is about.
    not_decided_on: Collection[str] = frozenset()

    def decided_on(self, obj: Model) -> list[Model]:
        """The rows that somebody reads before a decision about this one."""
        return [obj]

    def version(self, obj: Model) -> str:
        return version_of(self.decided_on(obj), without=self.not_decided_on)

    def get_object_actions(self, request) -> list[ObjectAction]:
        return [getattr(self, name).object_action for name in self.object_actions]

    def _reason_against(self, request, action: ObjectAction, obj: Model) -> str | None:
        """None: there is no such button here. Else the reason why it is switched off, or ""."""
        if not action.shown(obj):
            return None
        if reason := action.why_not(obj, request.user):
            return str(reason)
        return "" if request.user.has_perm(action.permission, obj) else None

    def _buttons(self, request, obj: Model) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = []
        for action in self.get_object_actions(request):
            reason = self._reason_against(request, action, obj)
            if reason is not None:
                url = self._admin_url("action", obj.pk, action.name)
                buttons.append({"action": action, "url": url, "reason": reason})
        if buttons:
            version = self.version(obj)
            for button in buttons:
                button["url"] += f"?{VERSION}={version}"
        return buttons

    def _admin_url(self, name: str, *args: Any) -> str:
        opts = self.opts
        return reverse(
            f"admin:{opts.app_label}_{opts.model_name}_{name}",
            args=args,
            current_app=self.admin_site.name,
        )

    def get_urls(self):
        opts = self.opts
        return [
            path(
                "<path:object_id>/aktion/<slug:name>/",
                self.admin_site.admin_view(self.object_action_view),
                name=f"{opts.app_label}_{opts.model_name}_action",
            ),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and IS_POPUP_VAR not in request.GET:
            context["object_buttons"] = self._buttons(request, obj)
            if hasattr(obj, "get_status_display"):
                context["object_status"] = obj.get_status_display()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def object_action_view(self, request, object_id, name):
        action = next(
            (item for item in self.get_object_actions(request) if item.name == name), None
        )
        obj = self.get_object(request, unquote(object_id))
        if action is None or obj is None:
            # Django's own answer, which its stubs do not have.
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
                request, self.opts, object_id
            )
        back = HttpResponseRedirect(self._admin_url("change", obj.pk))
        seen = request.GET.get(VERSION, "")
        is_stale = seen != self.version(obj)
        reason = self._reason_against(request, action, obj)
        is_allowed = request.user.has_perm(action.permission, obj)
        # Whoever had a button and comes late reads why; whoever never had one is forbidden.
        if reason is None and not is_allowed and not (seen and is_stale):
            raise PermissionDenied
        if reason:
            messages.error(request, reason)
            return back
        if is_stale and not seen and request.method != "POST":
            # Whoever comes without having read the page is led to it.
            return back
        form = self._form(request, action, obj)
        if request.method == "POST" and not is_stale:
            is_stale = request.POST.get(READ, "") != self._read(request, action, obj)
        if is_stale:
            return self._stale(request, action, obj, form)
        if reason is None:
            messages.error(request, self._too_late(obj))
            return back
        if request.method != "POST" or (form is not None and not form.is_valid()):
            return self._ask(request, action, obj, form)
        try:
            outcome = self._decide(request, action, obj, form, seen)
        except ChangedMeanwhile:
            return self._stale(request, action, obj, form)
        if isinstance(outcome, HttpResponseBase):
            return outcome
        kind, text = outcome
        messages.add_message(request, kind, text)
        # The step may have taken the object out of this person's sight.
        if self.get_object(request, unquote(object_id)) is None:
            return HttpResponseRedirect(self._admin_url("changelist"))
        return back

    @staticmethod
    def _form(request, action: ObjectAction, obj: Model | None, *, is_answered: bool = True):
        if action.form_class is None:
            return None
        is_posted = request.method == "POST" and is_answered
        data = (request.POST, request.FILES) if is_posted else ()
        form = action.form_class(*data)
        form.user = request.user  # type: ignore[attr-defined]
        if obj is not None and hasattr(form, "limit_to"):
            form.limit_to(obj)
        return form

    @staticmethod
    def _too_late(obj: Model) -> str:
        return _("„%(object)s“ ist inzwischen in einem anderen Status.") % {"object": obj}

    def _decide(self, request, action: ObjectAction, obj: Model, form, seen: str):
        """Call the method; return its response, or the kind and text of the message.

        Raises ChangedMeanwhile if the object is not what was seen; it is locked for the comparison.
        """
        arguments = (form.cleaned_data,) if form is not None else ()
        try:
            with transaction.atomic():
                # With a POST in a transaction the row is locked.
                current = self.get_object(request, str(obj.pk))
                if current is None or self.version(current) != seen:
                    raise ChangedMeanwhile
                result = action.method(self, request, current, *arguments)
        except Refusal as refusal:
            return messages.ERROR, str(refusal)
        if isinstance(result, HttpResponseBase):
            return result
        return messages.SUCCESS, str(result or action.done or _("Erledigt."))

    def _stale(self, request, action: ObjectAction, obj: Model, form):
        """Say that somebody was faster; what was typed stands there to be copied."""
        request.current_app = self.admin_site.name
        is_sent = form is not None and form.is_bound
        context = self._page(
            request,
            action,
            None,
            original=obj,
            typed=[(field.label, field.data) for field in form if field.data] if is_sent else [],
            back_url=self._admin_url("change", obj.pk),
        )
        return TemplateResponse(request, "admin/object_actions/stale.html", context, status=409)

    def _page(self, request, action: ObjectAction, form, **context: Any):
        admin_form = None
        if form is not None:
            fieldsets = [(None, {"fields": list(form.fields)})]
            admin_form = helpers.AdminForm(form, fieldsets, {}, (), model_admin=self)
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": action.label,
            "action": action,
            "adminform": admin_form,
            "media": self.media + form.media if form is not None else self.media,
            **context,
        }

    def _ask(self, request, action: ObjectAction, obj: Model, form):
        request.current_app = self.admin_site.name
        context = self._page(
            request,
            action,
            form,
            original=obj,
            preview=self._preview(request, action, obj),
            matters=self._matters(request, action, obj),
            read=self._read(request, action, obj),
            back_url=self._admin_url("change", obj.pk),
        )
        return TemplateResponse(request, "admin/object_actions/one.html", context)

    def _matters(self, request, action: ObjectAction, obj: Model) -> list[Any]:
        return getattr(self, action.matters)(request, obj) if action.matters else []

    def _read(self, request, action: ObjectAction, obj: Model) -> str:
        """The version of what is still open; "" where the question names nothing."""
        if not action.matters:
            return ""
        return fingerprint(
            [
                f"{matter.title} {matter.count} {list(matter.names)} {matter.effect}"
                for matter in self._matters(request, action, obj)
            ]
        )

    def _preview(self, request, action: ObjectAction, obj: Model) -> str:
        return getattr(self, action.preview)(request, obj) if action.preview else ""
