"""What happens to the guideline: a new edition begins."""

from django.db import transaction
from django.db.models import Max

from people.models import User
from publications.models import Edition, Guideline
from publications.operations.printing import record_step
from publications.operations.refusals import EditionOpen


@transaction.atomic
def create_edition(guideline: Guideline, *, by: User | None) -> Edition:
    """Begin the next edition of a guideline. Raises EditionOpen."""
    guideline = Guideline.objects.select_for_update(of=("self",)).get(pk=guideline.pk)
    if earlier := guideline.editions.filter(status__in=Edition.OPEN).first():
        raise EditionOpen(earlier)
    last = guideline.editions.aggregate(last=Max("number"))["last"] or 0
    edition = Edition.objects.create(guideline=guideline, number=last + 1)
    record_step("create", edition, by)
    return edition
