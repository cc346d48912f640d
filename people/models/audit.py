"""The change log: who did what when. Rows are only added."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from documents.text import KeyField, LineField

# The verbs that operations record, as the lead reads them.
ACTIONS = {
    "accept_invitation": _("hat zugesagt"),
    "accepted": _("angenommen"),
    "add_participant": _("aufgenommen"),
    "add_person": _("eingetragen"),
    "add_team_member": _("Mitglied aufgenommen"),
    "approve": _("freigegeben"),
    "archive_run": _("archiviert"),
    "begin_review": _("Prüfung begonnen"),
    "begin_signing": _("zur Mitzeichnung gegeben"),
    "cancel_run": _("abgesagt"),
    "cancelled": _("abgesagt"),
    "change_address": _("E-Mail-Adresse geändert"),
    "change_rights": _("Rechte geändert"),
    "complete_participation": _("Teilnahme abgeschlossen"),
    "complete_run": _("abgeschlossen"),
    "confirmed": _("bestätigt"),
    "correct": _("berichtigt"),
    "create": _("angelegt"),
    "create_programme": _("angelegt"),
    "decline_invitation": _("hat abgesagt"),
    "decline_quote": _("Zitat abgelehnt"),
    "deleted": _("gelöscht"),
    "documented": _("dokumentiert"),
    "embargo": _("mit Sperrfrist versehen"),
    "end_responsibility": _("Zuständigkeit beendet"),
    "entrust_programme": _("Zuständigkeit vergeben"),
    "expire_invitation": _("Einladung abgelaufen"),
    "expire_quote": _("ohne Antwort geblieben"),
    "file_added": _("Datei hinzugefügt"),
    "file_infected": _("Schadprogramm gefunden, Datei gelöscht"),
    "file_removed": _("Datei entfernt"),
    "give_consent": _("Einwilligung erteilt"),
    "held": _("durchgeführt"),
    "import": _("eingelesen"),
    "invite": _("eingeladen"),
    "leave_run": _("ausgeschieden"),
    "link_account": _("mit einem Konto verbunden"),
    "make_lead": _("darf Programme anlegen"),
    "print": _("Druck angefordert"),
    "publish": _("veröffentlicht"),
    "release": _("Zitat freigegeben"),
    "release_changed": _("Zitat geändert freigegeben"),
    "remove_second_factor": _("zweiten Faktor entfernt"),
    "remove_team_member": _("Mitglied ausgeschieden"),
    "reopen": _("wieder geöffnet"),
    "request_quote": _("Freigabe angefragt"),
    "resend_message": _("erneut gesendet"),
    "responsibility": _("Zuständigkeit vergeben"),
    "return": _("zurückgegeben"),
    "returned": _("zurückgegeben"),
    "reword_purpose": _("neuer Wortlaut"),
    "saved": _("gespeichert"),
    "set_guiding_question": _("Leitfrage neu gefasst"),
    "signoff_declined": _("Mitzeichnung abgelehnt"),
    "signoff_signed": _("mitgezeichnet"),
    "start_run": _("gestartet"),
    "started": _("begonnen"),
    "submit": _("eingereicht"),
    "submitted": _("abgegeben"),
    "supersede": _("durch eine neue Auflage ersetzt"),
    "taken_back": _("zurückgeholt"),
    "update": _("aus einer Datei aktualisiert"),
    "withdraw": _("zurückgezogen"),
    "withdraw_consent": _("Einwilligung widerrufen"),
    "withdraw_invitation": _("Einladung zurückgezogen"),
}


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, object_kind: str, object_id) -> "AuditEntryQuerySet":
        """The story of one object, newest first."""
        return self.filter(object_kind=object_kind, object_id=str(object_id)).order_by("-at", "-pk")


class AuditEntry(models.Model):
    """One thing that happened. `object_kind` is app_label.model_name, `action` a verb."""

    at = models.DateTimeField(_("wann"), db_default=Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("wer"),
    )
    scope = KeyField(_("Programm"), blank=True)
    object_kind = LineField(_("was"), max_length=60)
    object_id = LineField(_("Nummer"), max_length=40)
    object_label = LineField(_("Bezeichnung"), max_length=200)
    action = LineField(_("Vorgang"), max_length=40)
    details = models.JSONField(_("Einzelheiten"), default=dict, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Eintrag im Änderungsprotokoll")
        verbose_name_plural = _("Änderungsprotokoll")
        indexes = [models.Index(name="auditentry_object", fields=["object_kind", "object_id"])]

    def __str__(self):
        return f"{self.object_label}: {self.action_name}"

    @property
    def action_name(self) -> str:
        return str(ACTIONS.get(self.action, self.action))
