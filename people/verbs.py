"""The verbs of the change log, as the lead reads them.

Imperative, like the names of operations: `submit`, `add_file`. Each app writes its own into VERBS,
in its module `verbs`; the lowest app that records a verb has it.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "change_address": _("E-Mail-Adresse geändert"),
    "change_rights": _("Rechte geändert"),
    "create": _("angelegt"),
    "remove_second_factor": _("zweiten Faktor entfernt"),
    "resend_message": _("erneut gesendet"),
}
