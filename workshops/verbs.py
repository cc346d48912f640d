"""What the change log tells of workshops and what is handed in."""

from django.utils.translation import gettext_lazy as _

from people.verbs import VERBS

VERBS.update(
    {
        "accept": _("angenommen"),
        "add_file": _("Datei hinzugefügt"),
        "begin": _("begonnen"),
        "cancel": _("abgesagt"),
        "confirm": _("bestätigt"),
        "delete_infected_file": _("Schadprogramm gefunden, Datei gelöscht"),
        "document": _("dokumentiert"),
        "hand_in": _("abgegeben"),
        "hold": _("durchgeführt"),
        "remove_file": _("Datei entfernt"),
        "return": _("zurückgegeben"),
        "save": _("gespeichert"),
        "take_back": _("zurückgeholt"),
    }
)
