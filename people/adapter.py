"""How allauth behaves here: no sign-up, mails by the outbox, staff led to their desk."""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from people.models import Message, User
from people.notifications import Mail
from people.operations import queue_mail

# What a mail of allauth must not leave behind in the outbox, by its name in the context.
SECRETS = ("code", "password_reset_url", "activate_url")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts arise from invitations; every mail is a row first, so none is lost."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Dieses Konto ist zurzeit nicht aktiv."),
        "email_password_mismatch": _("E-Mail-Adresse oder Passwort stimmen nicht."),
        "enter_current_password": _("Bitte geben Sie Ihr jetziges Passwort ein."),
        "incorrect_code": _("Dieser Code stimmt nicht oder gilt nicht mehr."),
        "incorrect_password": _("Dieses Passwort stimmt nicht."),
        "invalid_login": _("Die Anmeldung war nicht möglich."),
        "invalid_or_expired_key": _("Dieser Link gilt nicht mehr."),
        "invalid_password_reset": _(
            "Dieser Link gilt nicht mehr. Bitte fordern Sie einen neuen an."
        ),
        "rate_limited": _(
            "Das waren zu viele Anfragen. Bitte versuchen Sie es in fünf Minuten wieder."
        ),
        "too_many_login_attempts": _(
            "Zu viele fehlgeschlagene Anmeldungen. Bitte versuchen Sie es in fünf Minuten wieder."
        ),
    }

    # These say that a limit was reached, whichever form it was.
    LIMITS = frozenset({"rate_limited", "too_many_login_attempts"})

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """An error for a form; one about too many attempts makes the page answer 429."""
        if code in self.LIMITS:
            allauth_context.request.is_rate_limited = True
        return super().validation_error(code, *args)

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_login_redirect_url(self, request) -> str:
        return reverse("admin:index" if request.user.is_staff else "home:desk")

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("home:account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        # Not from the request: its host is what the browser says.
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.PORTAL_URL + path.replace("UID-KEY", quote(key))

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail; a code or link in it is forgotten once it is sent."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else translation.get_language()
        values = {
            "request": allauth_context.request,
            "email": email,
            "portal_url": settings.PORTAL_URL,
            **context,
        }
        with translation.override(language):
            mail = self.render_mail(template_prefix, email, values)
        secret = next((str(context[name]) for name in SECRETS if context.get(name)), "")
        body = str(mail.body)
        written = Mail(
            mail.subject,
            body.replace(secret, Message.LINK_MARK) if secret else body,
            language or settings.LANGUAGE_CODE,
        )
        queue_mail(written, email, link=secret)
