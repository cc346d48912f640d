"""A run under way to try everything out with: only on a developer's own machine."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from exchange.demonstration import Demonstration, prepare_demonstration
from programmes.management.commands.create_demo_accounts import DEMO_PASSWORD


class Command(BaseCommand):
    @property
    def help(self):  # type: ignore[override]  # translated when it is asked for
        return _(
            "Legt einen laufenden, erfundenen Durchlauf zum Ausprobieren an oder bringt ihn auf "
            "den heutigen Tag (nur mit DEVELOPMENT)."
        )

    def add_arguments(self, parser):
        parser.add_argument("--password", default=os.environ.get("DEMO_PASSWORD", DEMO_PASSWORD))

    def handle(self, *, password: str, **options: object) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError(_("Konten mit bekanntem Passwort gibt es nur in der Entwicklung."))
        demonstration = prepare_demonstration(password=password)
        for line in lines(demonstration):
            self.stdout.write(line)


def lines(demonstration: Demonstration) -> list[str]:
    """Who logs in as whom, and where the open invitation is."""
    run = demonstration.run
    told = [_("Läuft gerade: %(run)s") % {"run": run.topic}]
    accounts = [(person.person.user, person) for person in demonstration.people]
    width = max(len(account.email) for account, _person in accounts if account)
    for account, participation in accounts:
        if account is None:
            continue
        teams = [str(membership.team) for membership in participation.memberships.all()]
        part = ", ".join([participation.get_role_display(), *teams])
        told.append(f"  {account.email:<{width}}  {participation.person.full_name}: {part}")
    if demonstration.link:
        told.append(_("Eine offene Einladung: %(link)s") % {"link": demonstration.link})
    return told
