"""What the change log tells of concepts; publications record some of these verbs, too."""

from django.utils.translation import gettext_lazy as _

from people.verbs import VERBS

VERBS.update(
    {
        "approve": _("freigegeben"),
        "begin_review": _("Prüfung begonnen"),
        "begin_signing": _("zur Mitzeichnung gegeben"),
        "decline_signoff": _("Mitzeichnung abgelehnt"),
        "publish": _("veröffentlicht"),
        "reopen": _("wieder geöffnet"),
        "sign": _("mitgezeichnet"),
        "submit": _("eingereicht"),
        "withdraw": _("zurückgezogen"),
    }
)
