"""What waits for the lead among the publications, for the start page of the admin."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.attention import Attention, register_attention
from documents.models import RenderJob
from publications.models import Edition, PressRelease


def publications_waiting(request) -> list[Attention]:
    """Releases and editions to approve, and prints that failed."""
    releases = PressRelease.objects.administered_by(request.user).order_by("-pk")
    editions = Edition.objects.administered_by(request.user).select_related("guideline")
    editions = editions.order_by("-pk")
    failed = {"render_job__status": RenderJob.Status.FAILED}
    found = [
        _attention(
            _("Mitteilungen zur Freigabe"),
            releases.filter(status=PressRelease.Status.IN_APPROVAL),
            "status__exact=in_approval",
        ),
        _attention(
            _("Auflagen zur Freigabe"),
            editions.filter(status=Edition.Status.IN_APPROVAL),
            "status__exact=in_approval",
        ),
        _attention(_("Gescheiterte Drucke von Mitteilungen"), releases.filter(**failed)),
        _attention(_("Gescheiterte Drucke von Auflagen"), editions.filter(**failed)),
    ]
    return [attention for attention in found if attention.count]


def _attention(title: str, rows: QuerySet, filters: str = "") -> Attention:
    name = f"admin:{rows.model._meta.app_label}_{rows.model._meta.model_name}"
    changelist = reverse(f"{name}_changelist")
    found = list(rows)
    return Attention(
        title=title,
        count=len(found),
        url=f"{changelist}?{filters}" if filters else changelist,
        items=[(str(row), reverse(f"{name}_change", args=[row.pk])) for row in found[:5]],
    )


register_attention(publications_waiting)
