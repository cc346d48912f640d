"""Files and the virus scanner."""

from datetime import timedelta

from django.db.models.functions import Now

from lifecycle.leases import send_hint
from texts.uploads import scanner
from workshops.models import Attachment
from workshops.tasks import scan_attachment_task

# A hint that was not followed within this time counts as lost.
SCAN_HINT_LOST_AFTER = timedelta(seconds=30)
SCANS_AT_ONCE = 100


def announce_scan(attachment_id: int) -> None:
    """Send the hint that a file waits."""
    send_hint(scan_attachment_task.delay, attachment_id=attachment_id)


def sweep_scans() -> int:
    """Announce the files that were not scanned yet, oldest first; return how many.

    Where the scanner was switched off, the files that waited for it are open again.
    """
    if not scanner.is_on():
        waiting = Attachment.objects.filter(scan=Attachment.Scan.WAITING)
        waiting.update(scan=Attachment.Scan.UNCHECKED)
        return 0
    due = Attachment.objects.not_scanned().filter(uploaded_at__lte=Now() - SCAN_HINT_LOST_AFTER)
    pks = list(due.order_by("uploaded_at", "pk").values_list("pk", flat=True)[:SCANS_AT_ONCE])
    if not pks or not scanner.answers():
        return 0
    for pk in pks:
        announce_scan(pk)
    return len(pks)
