"""The change log: who did what when. Rows are only added."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from people.verbs import VERBS
from texts.fields import KeyField, LineField


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, object_kind: str, object_id) -> "AuditEntryQuerySet":
        """The story of one object, newest first."""
        return self.filter(object_kind=object_kind, object_id=str(object_id)).order_by("-at", "-pk")


class AuditEntry(models.Model):
    """One thing that happened. `object_kind` is app_label.model_name, `action` a verb."""

    belongs_to = "scope"

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
        return str(VERBS.get(self.action, self.action))
