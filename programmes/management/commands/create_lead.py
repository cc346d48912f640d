"""Make the account of a project lead, who then sets up programmes."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from people.models import User
from programmes.operations import make_lead


class Command(BaseCommand):
    help = "Legt das Konto einer Projektleitung an, die Programme gründen darf."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="Liest das Passwort von der Standardeingabe.",
        )
        parser.add_argument(
            "--mail",
            action="store_true",
            help="Fragt nach keinem Passwort: Die Person legt es über „Passwort vergessen“ fest.",
        )

    def handle(self, *, email, password_stdin, mail, **options):
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"„{email}“ ist keine E-Mail-Adresse.") from error
        is_known = User.objects.filter(email=email).exists()
        password = None
        if password_stdin:
            password = sys.stdin.readline().rstrip("\n")
            self._check(password, email)
        elif not mail and not is_known and sys.stdin.isatty():
            password = self._ask(email)
        user = make_lead(email, password=password)
        self.stdout.write(
            f"{user.email} darf jetzt Programme anlegen: /admin/programmes/programme/add/"
        )
        if not user.has_usable_password():
            self.stdout.write(
                "Ein Passwort legt die Person unter /konto/passwort/vergessen/ fest; "
                "die E-Mail dorthin ist unterwegs."
            )

    def _ask(self, email):
        while True:
            password = getpass.getpass("Passwort (leer: per E-Mail festlegen): ")
            if not password:
                return None
            try:
                self._check(password, email)
            except CommandError as error:
                self.stderr.write(str(error))
                continue
            if getpass.getpass("Noch einmal: ") == password:
                return password
            self.stderr.write("Die beiden Eingaben sind verschieden.")

    @staticmethod
    def _check(password, email):
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
