"""Keys of rows that nobody named."""

from django.utils.crypto import get_random_string


def new_key() -> str:
    """Return a key for a row that nobody named; exchange files refer to rows by key."""
    return get_random_string(12, "abcdefghijkmnpqrstuvwxyz23456789")
