"""The forms of one's own account, where allauth's German says Du."""

from allauth.account import forms as account
from django import forms
from django.utils.translation import gettext as _


class SiePasswords(forms.Form):
    """Two different new passwords are refused in the portal's own words."""

    def add_error(self, field, error):
        # Validators hand over a ValidationError; only the comparison says it with a string.
        if field == "password2" and not isinstance(error, Exception):
            error = _("Bitte geben Sie zweimal dasselbe Passwort ein.")
        super().add_error(field, error)


class ChangePasswordForm(SiePasswords, account.ChangePasswordForm):
    """Change one's password."""


class SetPasswordForm(SiePasswords, account.SetPasswordForm):
    """Set a password on an account that has none."""


class ResetPasswordKeyForm(SiePasswords, account.ResetPasswordKeyForm):
    """Set a new password by the link from the mail."""
