"""What the admin says about approvals: doubts at saving, those confirmed, who may not alone."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publications.doubts import Doubt
from publications.models import Publication
from publications.tokens import UnknownToken


def must_not_approve_alone(item: Publication, user: Any) -> str:
    """Why somebody else must approve; "" for those who may, or whose button is not there."""
    if item.submitted_by_id != user.pk:
        return ""
    name = f"publications.approve_{item._meta.model_name}"
    if user.has_perm(name, item):
        return ""
    return _("Sie haben den Text selbst zur Freigabe gegeben. Freigeben muss ihn jemand anders.")


class ApprovalMixin(admin.ModelAdmin):
    """An admin of texts that are approved, or of parts of them."""

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

    @admin.display(description=gettext_lazy("Bedenken bei der Freigabe"))
    def confirmed_doubts(self, item) -> str:
        if item is None or not item.approval_doubts:
            return "–"
        return format_html(
            "<ul>{}</ul><p>{} {}</p>",
            format_html_join("", "<li>{}</li>", ((doubt,) for doubt in item.approval_doubts)),
            _("Begründung:"),
            item.approval_reason,
        )
