"""Quotes: whether the speaker stands by these words."""

from django.db import transaction

from people.models import User
from people.operations import queue_mail, record
from publications.models import Quote
from publications.notifications import address_of_speaker, quote_request_mail


def _move_quote(quote: Quote, release: Quote.Release, action: str, *, by: User | None) -> Quote:
    quote = (
        Quote.objects.select_for_update(of=("self",))
        .select_related("programme", "speaker__user")
        .get(pk=quote.pk)
    )
    quote.move_to(release)
    quote.save(update_fields=["release"])
    record(action, quote, by=by, scope=quote.programme.slug)
    return quote


@transaction.atomic
def request_quote_release(quote: Quote, *, by: User | None) -> bool:
    """Ask the speaker whether the words may be printed; return whether a mail goes out.

    A role, or a person without an address, is asked by the lead. Raises Quote.WrongStatus.
    """
    quote = _move_quote(quote, Quote.Release.REQUESTED, "request_quote", by=by)
    recipient = address_of_speaker(quote)
    if not recipient:
        return False
    mail = quote_request_mail(quote)
    queue_mail(mail, recipient, concerning=quote, scope=quote.programme.slug)
    return True


@transaction.atomic
def release_quote(quote: Quote, *, by: User | None) -> Quote:
    """The speaker stands by the words as they are. Raises Quote.WrongStatus."""
    return _move_quote(quote, Quote.Release.RELEASED, "release", by=by)


@transaction.atomic
def release_quote_changed(
    quote: Quote, *, text: str, text_after: str = "", by: User | None
) -> Quote:
    """The speaker stands by these words instead. Raises Quote.WrongStatus.

    The quote keeps its form: in two parts or in one.
    """
    quote = _move_quote(quote, Quote.Release.RELEASED_CHANGED, "release_changed", by=by)
    quote.text, quote.text_after = text, text_after
    quote.save(update_fields=["text", "text_after"])
    return quote


@transaction.atomic
def decline_quote(quote: Quote, *, by: User | None) -> Quote:
    """The speaker does not want to be quoted. Raises Quote.WrongStatus."""
    return _move_quote(quote, Quote.Release.DECLINED, "decline_quote", by=by)


@transaction.atomic
def expire_quote(quote: Quote, *, by: User | None) -> Quote:
    """No answer came in time; the speaker may be asked again. Raises Quote.WrongStatus."""
    return _move_quote(quote, Quote.Release.EXPIRED, "expire_quote", by=by)


@transaction.atomic
def record_quote_release(quote: Quote, *, by: User | None) -> Quote:
    """Record that the speaker released the quote outside the portal, on paper or by mail."""
    return _move_quote(quote, Quote.Release.RECORDED, "release", by=by)


@transaction.atomic
def reopen_quote(quote: Quote, *, by: User | None) -> Quote:
    """Make the quote a draft again: its text or function changed."""
    return _move_quote(quote, Quote.Release.DRAFT, "reopen", by=by)
