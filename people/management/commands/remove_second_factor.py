"""Take away the lost second factor of an account, above all that of the only superuser."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from people.models import User
from people.operations import NoSecondFactor, remove_second_factor


class Command(BaseCommand):
    @property
    def help(self):  # type: ignore[override]  # translated when it is asked for
        return _(
            "Entfernt den zweiten Faktor eines Kontos, dessen Besitzerin oder Besitzer ihn "
            "verloren hat."
        )

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="E-MAIL")

    def handle(self, *, email, **options):
        email = email.strip().lower()
        try:
            user = remove_second_factor(User.objects.get(email=email), by=None)
        except User.DoesNotExist as error:
            raise CommandError(
                _("Es gibt kein Konto mit der Adresse %(email)s.") % {"email": email}
            ) from error
        except NoSecondFactor as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("Der zweite Faktor ist entfernt; eine E-Mail an %(email)s ist unterwegs.")
            % {"email": user.email}
        )
