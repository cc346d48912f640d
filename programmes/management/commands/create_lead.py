"""Make the account of a project lead, who then sets up programmes."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import User
from programmes.operations import make_lead
from texts.cleaning import clean_mail_address


class Command(BaseCommand):
    @property
    def help(self):  # type: ignore[override]  # translated when it is asked for
        return _("Legt das Konto einer Projektleitung an, die Programme gründen darf.")

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help=_("Liest das Passwort von der Standardeingabe."),
        )
        parser.add_argument(
            "--mail",
            action="store_true",
            help=_(
                "Fragt nach keinem Passwort: Die Person legt es über „Passwort vergessen“ fest."
            ),
        )

    def handle(self, *, email, password_stdin, mail, **options):
        email = clean_mail_address(email)
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(
                _("„%(email)s“ ist keine E-Mail-Adresse.") % {"email": email}
            ) from error
        is_known = User.objects.filter(email=email).exists()
        password = None
        if password_stdin:
            password = sys.stdin.readline().rstrip("\n")
            self._check(password, email)
        elif not mail and not is_known and sys.stdin.isatty():
            password = self._ask(email)
        user = make_lead(email, password=password)
        self.stdout.write(
            _("%(email)s darf jetzt Programme anlegen: %(path)s")
            % {"email": user.email, "path": reverse("admin:programmes_programme_add")}
        )
        if not user.has_usable_password():
            self.stdout.write(
                _(
                    "Ein Passwort legt die Person unter %(path)s fest; "
                    "die E-Mail dorthin ist unterwegs."
                )
                % {"path": reverse("account_reset_password")}
            )

    def _ask(self, email):
        while True:
            password = getpass.getpass(_("Passwort (leer: per E-Mail festlegen):") + " ")
            if not password:
                return None
            try:
                self._check(password, email)
            except CommandError as error:
                self.stderr.write(str(error))
                continue
            if getpass.getpass(_("Noch einmal:") + " ") == password:
                return password
            self.stderr.write(_("Die beiden Eingaben sind verschieden."))

    @staticmethod
    def _check(password, email):
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
