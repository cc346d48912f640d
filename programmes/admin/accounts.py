"""The admin of accounts, for technical care; leads reach people through their programmes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.admin import UserAdmin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from desk.actions import object_action
from desk.lists import GermanListMixin
from desk.object_actions import ObjectActionsMixin
from desk.strict import StrictMixin
from desk.versions import VersionedMixin
from people.models import AuditEntry, User
from people.operations import (
    change_address,
    change_rights,
    create_account,
    remove_second_factor,
)
from programmes.forms import AccountForm, AddressForm

ADDRESS_CHANGED = gettext_lazy("Das Konto hat die neue Adresse. Beide Postfächer wissen davon.")


@admin.register(User)
class AccountAdmin(GermanListMixin, StrictMixin, VersionedMixin, ObjectActionsMixin, UserAdmin):
    form = AccountForm
    list_display = ["email", "is_staff", "may_found_programmes", "is_active", "last_login"]
    list_filter = ["is_staff", "may_found_programmes", "is_active"]
    search_fields = ["email"]
    ordering = ["email"]
    filter_horizontal = []
    readonly_fields = ["email", "last_login", "date_joined"]
    add_fieldsets = [(None, {"fields": ["email", "usable_password", "password1", "password2"]})]
    object_actions = ["change_address", "remove_second_factor"]
    # Logging in changes nothing that somebody decides about.
    not_decided_on = frozenset({"last_login", "last_used_at", "password"})

    def decided_on(self, obj):
        return [obj, *Authenticator.objects.filter(user=obj).order_by("pk")]

    def get_urls(self):
        # Who has no password sets one with „Passwort vergessen“: nobody else needs to know it.
        return [
            pattern for pattern in super().get_urls() if pattern.name != "auth_user_password_change"
        ]

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        rights: dict[str, Any] = {"fields": User.RIGHTS}
        if obj == request.user:
            rights["description"] = gettext_lazy(
                "Die eigenen Rechte ändert jemand anderes, damit sich niemand aussperrt."
            )
        return [
            (None, {"fields": ["email", "language"]}),
            (gettext_lazy("Rechte"), rights),
            (gettext_lazy("Zeiten"), {"fields": ["date_joined", "last_login"]}),
        ]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return [*self.readonly_fields, *(User.RIGHTS if obj == request.user else [])]

    def has_delete_permission(self, request, obj=None):
        # An account is switched off, so that the change log keeps who did what.
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            create_account(obj, by=request.user)
            return
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if "language" in changed:
            obj.save(update_fields=["language"])
        rights = {name: value for name, value in changed.items() if name in User.RIGHTS}
        change_rights(obj, by=request.user, **rights)

    def history_view(self, request, object_id, extra_context=None):
        kind = self.opts.label_lower
        entries = AuditEntry.objects.of(kind, object_id).select_related("actor")
        return super().history_view(
            request, object_id, {"audit_entries": entries, **(extra_context or {})}
        )

    @object_action(
        gettext_lazy("E-Mail-Adresse ändern"),
        permission="people.change_user_address",
        form_class=AddressForm,
        question=gettext_lazy(
            "Mit der neuen Adresse meldet sich das Konto an; die bisherige gilt nicht mehr. Prüfen "
            "Sie, dass sie stimmt und wirklich der Person gehört. Alle Sitzungen des Kontos enden, "
            "und beide Postfächer bekommen eine Nachricht."
        ),
        done=ADDRESS_CHANGED,
    )
    def change_address(self, request, account, data):
        changed = change_address(account, data["email"], by=request.user)
        if changed == request.user and changed.email != request.user.email:
            # This session has ended with the others.
            logout(request)
            messages.success(request, ADDRESS_CHANGED)
            return redirect("account_login")
        return None

    @object_action(
        gettext_lazy("Zweiten Faktor entfernen"),
        permission="people.remove_second_factor",
        shown=lambda account: Authenticator.objects.filter(user=account).exists(),
        question=gettext_lazy(
            "Nur wenn er verloren ist und kein Notfallcode mehr da ist. Vergewissern Sie sich, wer "
            "fragt, zum Beispiel mit einem Anruf unter einer bekannten Nummer. App, Passkeys und "
            "Notfallcodes des Kontos werden entfernt, alle Sitzungen enden, und das Konto bekommt "
            "eine Nachricht. Vor der Verwaltung richtet die Person einen neuen Faktor ein."
        ),
        is_destructive=True,
        done=gettext_lazy("Der zweite Faktor ist entfernt."),
    )
    def remove_second_factor(self, request, account):
        remove_second_factor(account, by=request.user)
