"""The log-ins of the demo: only on a developer's own machine."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.management.color import no_style
from django.utils.translation import gettext as _

from programmes.models import Programme
from programmes.operations import make_demo_accounts

DEMO_PASSWORD = "mfv-demo-2016"  # noqa: S105 - everybody may know it: the demo runs on loopback
EXAMPLE = "mfv"


class Command(BaseCommand):
    @property
    def help(self):  # type: ignore[override]  # translated when it is asked for
        return _("Legt die Konten der Vorführung an (nur mit DEVELOPMENT).")

    def add_arguments(self, parser):
        parser.add_argument("--programme", default=EXAMPLE, metavar="KURZNAME")
        parser.add_argument("--password", default=os.environ.get("DEMO_PASSWORD", DEMO_PASSWORD))

    def handle(self, *, programme, password, **options):
        if not settings.DEVELOPMENT:
            raise CommandError(_("Konten mit bekanntem Passwort gibt es nur in der Entwicklung."))
        found = Programme.objects.filter(slug=programme).first()
        if found is None:
            raise CommandError(
                _("Das Programm „%(slug)s“ gibt es hier nicht.") % {"slug": programme}
            )
        accounts = make_demo_accounts(found, password=password)
        width = max(len(account.email) for account in accounts)
        self.style = no_style()
        self.stdout.write(_("Passwort aller Konten: %(password)s") % {"password": password})
        for account in accounts:
            self.stdout.write(f"  {account.email:<{width}}  {account.role}")
