"""What happens to people; here the change log, which every operation of the portal writes."""

from typing import Any

from django.db import models

from people.models import AuditEntry, User


def record(
    action: str, obj: models.Model, *, by: User | None, scope: str = "", **details: Any
) -> AuditEntry:
    """Write one entry of the change log. Call it inside the operation's transaction."""
    return AuditEntry.objects.create(
        actor=by,
        scope=scope,
        object_kind=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        action=action,
        details=details,
    )
