"""What is left out of every line of the log: the tokens in addresses, and whole requests."""

import re
from typing import Any

# The address of an invitation or a new password opens an account to whoever reads it. The slash
# may be encoded: an address is also the value of a parameter, `next` for instance.
TOKEN = re.compile(
    r"((?:einladung|konto(?:/|%2F)passwort(?:/|%2F)neu)(?:/|%2F)+)(?!…)[^\s/%'\"\\?#&<>]+",
    re.IGNORECASE,
)


def drop_request(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Django adds the request to what it logs; its text is an address, its body may be anything."""
    event.pop("request", None)
    return event


def mask_tokens(_logger: Any, _method: str, line: str) -> str:
    """The finished line without tokens, wherever in it they stood."""
    return TOKEN.sub(r"\1…", line)
