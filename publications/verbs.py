"""What the change log tells of press releases, editions and quotes."""

from django.utils.translation import gettext_lazy as _

from people.verbs import VERBS

VERBS.update(
    {
        "correct": _("berichtigt"),
        "decline_quote": _("Zitat abgelehnt"),
        "embargo": _("mit Sperrfrist versehen"),
        "expire_quote": _("ohne Antwort geblieben"),
        "print": _("Druck angefordert"),
        "release": _("Zitat freigegeben"),
        "release_changed": _("Zitat geändert freigegeben"),
        "request_quote": _("Freigabe angefragt"),
        "supersede": _("durch eine neue Auflage ersetzt"),
    }
)
