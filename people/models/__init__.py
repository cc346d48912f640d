"""Accounts, the mails that go out, and the change log.

Mails and entries name the programme they concern by its slug (`scope`): this app knows none.
"""

from people.models.audit import AuditEntry, AuditEntryQuerySet
from people.models.message import Message, MessageQuerySet
from people.models.user import User, UserManager, acts_as_superuser

__all__ = [
    "AuditEntry",
    "AuditEntryQuerySet",
    "Message",
    "MessageQuerySet",
    "User",
    "UserManager",
    "acts_as_superuser",
]
