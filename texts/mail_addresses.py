"""The one door for e-mail addresses: how people type them, and how they go over the wire.

Kept is the address alone, in lower case, its domain in letters that people read. Mail servers get
the domain as IDNA 2008 (RFC 5891) writes it: „straße“ stays another name than „strasse“.
"""

import re
from urllib.parse import unquote

import idna

_NAMED = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")


def bare_address(typed: str) -> str:
    """The address in „Name <address>“, „mailto:address?subject=…“ or an address alone."""
    text = typed.strip()
    if found := _NAMED.search(text):
        # Two of them are no address, and what checks it says so.
        text = found[1] if len(_NAMED.findall(text)) == 1 else text
    if text.lower().startswith("mailto:"):
        text = unquote(text[len("mailto:") :].partition("?")[0])
    text = text.strip(" ,;<>").lower()
    local, at, domain = text.rpartition("@")
    return f"{local}@{_readable(domain)}" if at else text


def _readable(domain: str) -> str:
    if domain.isascii() and "xn--" not in domain:
        return domain
    try:
        return idna.decode(domain, uts46=True)
    except idna.IDNAError:
        return domain


def wire_address(address: str) -> str:
    """The address as a mail server takes it. Raises ValueError for a domain that cannot be."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{local}{at}{idna.encode(domain, uts46=True).decode('ascii')}"
