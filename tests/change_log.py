"""What the change log says."""

from people.models import AuditEntry


def story(obj):
    """The actions on an object, the first one first."""
    entries = AuditEntry.objects.of(obj._meta.label_lower, obj.pk)
    return [entry.action for entry in entries][::-1]
