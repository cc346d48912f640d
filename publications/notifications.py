"""The mails of this room: one function per mail, the text in templates/publications/email/."""

from people.notifications import Mail, write_mail
from programmes.models import Responsibility
from publications.models import Quote


def address_of_speaker(quote: Quote) -> str:
    """Where the speaker is asked; empty for a role and for a person without an address."""
    return quote.speaker.mailbox if quote.speaker else ""


def quote_request_mail(quote: Quote) -> Mail:
    """What a person reads who is to be quoted, in the language of the account or the programme."""
    account = quote.speaker.user if quote.speaker else None
    leads = quote.programme.responsibilities.filter(role=Responsibility.Role.LEAD)
    return write_mail(
        "publications/email/quote_request",
        account.language if account else quote.programme.language,
        quote=quote,
        speaker=quote.speaker,
        programme=quote.programme,
        leads=list(leads.order_by("pk").values_list("user__email", flat=True)),
    )
