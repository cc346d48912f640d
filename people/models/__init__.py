"""Who someone is and what they agreed to.

Rows of this app belong to a programme, which this app does not know: `scope` is its slug.
"""

from people.models.audit import AuditEntry, AuditEntryQuerySet
from people.models.consent import Consent, ConsentPurpose, ConsentQuerySet
from people.models.message import Message, MessageQuerySet
from people.models.organisation import Organisation, Person, PersonQuerySet, Position, Sector
from people.models.user import User, UserManager, acts_as_superuser

__all__ = [
    "AuditEntry",
    "AuditEntryQuerySet",
    "Consent",
    "ConsentPurpose",
    "ConsentQuerySet",
    "Message",
    "MessageQuerySet",
    "Organisation",
    "Person",
    "PersonQuerySet",
    "Position",
    "Sector",
    "User",
    "UserManager",
    "acts_as_superuser",
]
