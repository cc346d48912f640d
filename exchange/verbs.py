"""What the change log tells of files that come in."""

from django.utils.translation import gettext_lazy as _

from people.verbs import VERBS

VERBS.update(
    {
        "import": _("eingelesen"),
    }
)
