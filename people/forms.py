"""Forms of an account: allauth's, with the portal's text fields and in formal German."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext as _

from texts.fields import TypedTextsForm


class LoginForm(TypedTextsForm, account.LoginForm):
    """Log in with a password."""


class RequestLoginCodeForm(TypedTextsForm, account.RequestLoginCodeForm):
    """Ask for a code by e-mail."""


class ConfirmLoginCodeForm(TypedTextsForm, account.ConfirmLoginCodeForm):
    """Log in with the code from the mail."""


class ResetPasswordForm(TypedTextsForm, account.ResetPasswordForm):
    """Ask for a link to a new password."""


class AuthenticateForm(TypedTextsForm, mfa.AuthenticateForm):
    """Enter the second factor."""


class ReauthenticateForm(TypedTextsForm, mfa.ReauthenticateForm):
    """Enter the second factor again."""


class ActivateTOTPForm(TypedTextsForm, totp.ActivateTOTPForm):
    """Set up an app for codes."""


class AddWebAuthnForm(TypedTextsForm, webauthn.AddWebAuthnForm):
    """Add a passkey and name it."""


class EditWebAuthnForm(TypedTextsForm, webauthn.EditWebAuthnForm):
    """Rename a passkey."""


class NewPasswordMixin(forms.Form):
    """Two different new passwords are refused in the portal's own words."""

    def add_error(self, field, error):
        # Validators hand over a ValidationError; only the comparison says it with a string.
        if field == "password2" and not isinstance(error, Exception):
            error = _("Bitte geben Sie zweimal dasselbe Passwort ein.")
        super().add_error(field, error)


class ChangePasswordForm(NewPasswordMixin, account.ChangePasswordForm):
    """Change the password."""


class SetPasswordForm(NewPasswordMixin, account.SetPasswordForm):
    """Set a password on an account that has none."""


class ResetPasswordKeyForm(NewPasswordMixin, account.ResetPasswordKeyForm):
    """Set a new password by the link from the mail."""
