"""What happens to press releases only: embargo and correction."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from people.models import User
from programmes.models import Programme
from publications.models import PressBlock, PressRelease, Publication, ReleaseBoilerplate
from publications.operations.printing import locked, record_step
from publications.operations.public import explain_in_public, publish_publication
from publications.operations.refusals import EmbargoOver

# What a correction gets anew; all else it takes over.
NOT_COPIED = {
    "id",
    "slug",
    "dated_on",
    "embargo_until",
    "status",
    "corrected_at",
    "corrects",
    *(field.name for field in Publication._meta.get_fields()),
}


@transaction.atomic
def embargo_press_release(release: PressRelease, *, by: User | None) -> PressRelease:
    """Hold the approved release until its embargo ends; then it publishes itself."""
    release = locked(release)
    release.move_to(PressRelease.Status.EMBARGOED)
    if release.embargo_until is None or release.embargo_until <= timezone.now():
        raise EmbargoOver
    release.save(update_fields=["status"])
    record_step("embargo", release, by, until=release.embargo_until.isoformat())
    return release


def publish_due_releases() -> int:
    """Publish the embargoed releases whose embargo is over; return how many."""
    due = PressRelease.objects.filter(
        status=PressRelease.Status.EMBARGOED,
        embargo_until__lte=Now(),
        programme__in=Programme.objects.filter(is_public=True),
    )
    published = 0
    for release in due.order_by("embargo_until", "pk"):
        try:
            publish_publication(release, by=None)
        except PressRelease.WrongStatus:
            continue
        published += 1
    return published


@transaction.atomic
def correct_press_release(release: PressRelease, *, note: str, by: User | None) -> PressRelease:
    """Mark the release as corrected and return the draft that replaces it."""
    release = locked(release)
    release.move_to(PressRelease.Status.CORRECTED)
    release.corrected_at = timezone.now()
    explain_in_public(release, note, "corrected_at")
    record_step("correct", release, by)
    return _copy_release(release)


def _copy_release(release: PressRelease) -> PressRelease:
    copied = {
        field.name: getattr(release, field.name)
        for field in PressRelease._meta.concrete_fields
        if field.name not in NOT_COPIED
    }
    draft = PressRelease.objects.create(**copied, slug=_free_slug(release), corrects=release)
    draft.contacts.set(release.contacts.all())
    blocks = release.blocks.order_by("position", "pk")
    PressBlock.objects.bulk_create(
        PressBlock(
            release=draft,
            key=block.key,
            position=block.position,
            kind=block.kind,
            text=block.text,
            quote_id=block.quote_id,
            concept_id=block.concept_id,
        )
        for block in blocks
    )
    ReleaseBoilerplate.objects.bulk_create(
        ReleaseBoilerplate(
            release=draft, boilerplate_id=link.boilerplate_id, position=link.position
        )
        for link in release.release_boilerplates.order_by("position", "pk")
    )
    return draft


def _free_slug(release: PressRelease) -> str:
    taken = set(
        PressRelease.objects.filter(programme=release.programme).values_list("slug", flat=True)
    )
    numbers = (f"{release.slug[:70]}-berichtigt-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in numbers if slug not in taken)
