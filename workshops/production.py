"""Looking through files for malware. The row is the truth, the task that calls this only a hint."""

import logging
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now

from people.operations import record
from texts.uploads import scanner
from workshops.models import Attachment
from workshops.notifications import notify_of_malware

logger = logging.getLogger(__name__)


def scan_attachment(attachment_id: int) -> None:
    """Open the file to its readers, or delete it and tell them; without an answer it waits."""
    attachment = Attachment.objects.not_scanned().filter(pk=attachment_id).first()
    if attachment is None or not scanner.is_on():
        return
    try:
        with attachment.file.open("rb") as file:
            finding = scanner.find_malware(file)
    except FileNotFoundError:
        logger.warning("The file of attachment %s is gone", attachment_id)
        return
    except scanner.ScannerAway as error:
        logger.warning("Attachment %s was not scanned: %s", attachment_id, error)
        return
    if finding:
        _remove_malware(attachment, finding)
    else:
        Attachment.objects.not_scanned().filter(pk=attachment_id).update(
            scan=Attachment.Scan.CLEAN, scanned_at=Now()
        )


@transaction.atomic
def _remove_malware(attachment: Attachment, finding: str) -> None:
    found = Attachment.objects.select_for_update(of=("self",)).filter(pk=attachment.pk)
    attachment = found.select_related("output__task__workshop__run__programme").get()
    output = attachment.output
    attachment.delete()
    transaction.on_commit(partial(default_storage.delete, str(attachment.file.name)), robust=True)
    logger.warning("Malware in attachment %s: %s", attachment.key, finding)
    record(
        "delete_infected_file",
        output,
        by=None,
        scope=output.task.workshop.run.programme.slug,
        key=attachment.key,
        finding=finding,
    )
    notify_of_malware(output, attachment.name, finding)
