"""What the change log tells of programmes, runs and those who take part in them."""

from django.utils.translation import gettext_lazy as _

from people.verbs import VERBS

VERBS.update(
    {
        "accept_invitation": _("hat zugesagt"),
        "add_participant": _("aufgenommen"),
        "add_person": _("eingetragen"),
        "add_team_member": _("Mitglied aufgenommen"),
        "archive_run": _("archiviert"),
        "cancel_run": _("abgesagt"),
        "complete_participation": _("Teilnahme abgeschlossen"),
        "complete_run": _("abgeschlossen"),
        "create_programme": _("angelegt"),
        "decline_invitation": _("hat abgesagt"),
        "delete": _("gelöscht"),
        "end_responsibility": _("Zuständigkeit beendet"),
        "entrust_programme": _("Zuständigkeit vergeben"),
        "expire_invitation": _("Einladung abgelaufen"),
        "give_consent": _("Einwilligung erteilt"),
        "invite": _("eingeladen"),
        "leave_run": _("ausgeschieden"),
        "link_account": _("mit einem Konto verbunden"),
        "make_lead": _("darf Programme anlegen"),
        "remove_team_member": _("Mitglied ausgeschieden"),
        "reword_purpose": _("neuer Wortlaut"),
        "set_guiding_question": _("Leitfrage neu gefasst"),
        "start_run": _("gestartet"),
        "withdraw_consent": _("Einwilligung widerrufen"),
        "withdraw_invitation": _("Einladung zurückgezogen"),
    }
)
