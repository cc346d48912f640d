"""Into the public, and what may happen there."""

from django.db import transaction
from django.utils import timezone

from people.models import User
from publications.models.publication import Row
from publications.operations.printing import all_locked, locked, print_stamp, record_step
from publications.operations.refusals import NoteMissing, ProgrammeNotPublic


@transaction.atomic
def publish_publication(publication: Row, *, by: User | None) -> Row:
    """Show what was approved to the public; what it replaces says so from now on.

    Raises WrongStatus and ProgrammeNotPublic.
    """
    publication = locked(publication)
    publication.move_to(publication.Status.PUBLISHED)
    if not publication.programme.is_public:
        raise ProgrammeNotPublic
    replaced = list(all_locked(publication.replaces()))
    for earlier in replaced:
        if not earlier.is_replaced:
            earlier.move_to(earlier.REPLACED)
            earlier.save(update_fields=["status"])
            record_step("supersede", earlier, by)
    publication.published_at = timezone.now()
    publication.save(update_fields=["status", "published_at"])
    record_step("publish", publication, by)
    for earlier in replaced:
        print_stamp(earlier)
    return publication


@transaction.atomic
def withdraw_publication(publication: Row, *, note: str, by: User | None) -> Row:
    """Take the publication back; its page stays and says why.

    Raises WrongStatus and NoteMissing.
    """
    publication = locked(publication)
    publication.move_to(publication.Status.WITHDRAWN)
    publication.withdrawn_at = timezone.now()
    explain_in_public(publication, note, "withdrawn_at")
    record_step("withdraw", publication, by)
    return publication


def explain_in_public(publication: Row, note: str, moment: str) -> None:
    """Keep why the status changed, for readers of the page and of the copies.

    moment: the name of the field that says when. Raises NoteMissing.
    """
    if not note.strip():
        raise NoteMissing
    publication.public_note = note.strip()
    publication.save(update_fields=["status", "public_note", moment])
    print_stamp(publication)
