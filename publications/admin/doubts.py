"""Saying, when a text is saved, what its approval will ask about."""

from collections.abc import Iterable

from django.contrib import admin, messages
from django.utils.translation import gettext as _

from publications.doubts import Doubt
from publications.tokens import UnknownToken


class DoubtsMixin(admin.ModelAdmin):
    """An admin of texts that are approved, or of parts of them: saving says what is in doubt."""

    def get_doubts(self, row) -> Iterable[Doubt]:
        """The doubts about the saved text. Raises publications.tokens.UnknownToken."""
        raise NotImplementedError

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        try:
            doubts = self.get_doubts(form.instance)
        except UnknownToken as error:
            messages.warning(request, str(error))
            return
        for doubt in doubts:
            messages.warning(
                request, _("Vor der Freigabe zu prüfen: %(doubt)s") % {"doubt": doubt.sentence}
            )
