"""How far a participation is; runs and programmes ask for it too."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ParticipationStatus(models.TextChoices):
    INVITED = "invited", _("eingeladen")
    ACTIVE = "active", _("dabei")
    COMPLETED = "completed", _("abgeschlossen")
    LEFT = "left", _("ausgeschieden")
    DECLINED = "declined", _("abgelehnt")


# Those who work or worked in the run: not merely invited, not declined.
TAKING_PART = (ParticipationStatus.ACTIVE, ParticipationStatus.COMPLETED)
