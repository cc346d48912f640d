"""Tokens: a text names a stored fact as `{programm.titel}`, so that no number is typed twice.

A token is a brace, a letter, and all up to the closing brace; „{ x }“ is no token. Texts are
never given to `str.format`: a token could reach into objects there. What belongs to a run is
filled in for this run only; another run's is written out, see `collect_facts`.
"""

import difflib
import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lifecycle.refusals import Refusal
from publications.facts import RUN_PREFIX, Facts

TOKEN = re.compile(r"\{(?P<name>[^\W\d_][^{}<>\n]{0,120})\}")


class UnknownToken(Refusal):
    """A text names facts that are not stored; `names` lists them."""

    def __init__(self, names: Iterable[str], known: Iterable[str] = ()):
        super().__init__()
        self.names = list(names)
        self.known = sorted(known)

    def __str__(self) -> str:
        listed = ", ".join(f"{{{name}}}" for name in self.names)
        sentence = ngettext(
            "Zu diesem Platzhalter ist nichts gespeichert: %(names)s.",
            "Zu diesen Platzhaltern ist nichts gespeichert: %(names)s.",
            len(self.names),
        ) % {"names": listed}
        similar = [f"{{{match}}}" for name in self.names for match in self._meant(name)]
        if similar:
            sentence += " " + _("Gemeint ist vielleicht: %(names)s.") % {
                "names": ", ".join(dict.fromkeys(similar))
            }
        return sentence

    def _meant(self, name: str) -> list[str]:
        """The same of other runs, else what is written nearly like it."""
        elsewhere = name.removeprefix("durchlauf.")
        of_runs = [known for known in self.known if RUN_PREFIX.sub("", known, 1) == elsewhere]
        return [item for item in of_runs if RUN_PREFIX.match(item)] or difflib.get_close_matches(
            name, self.known, n=1, cutoff=0.75
        )


# Filling in


def unknown_tokens(text: str, facts: Facts) -> list[str]:
    """Return the names in the text that are not known, each once, in order.

    In rich text, a token torn apart by markup counts as unknown: it would print as it stands.
    """
    torn = set(TOKEN.findall(strip_tags(text))) - set(TOKEN.findall(text))
    unknown = [name for name in TOKEN.findall(text) if not facts.has(name)]
    return list(dict.fromkeys([*unknown, *sorted(torn)]))


def resolve(text: str, facts: Facts) -> str:
    """Return the plain text with its tokens filled in. Raises UnknownToken."""
    return _fill_in(text, facts, str)


def resolve_rich(html: str, facts: Facts) -> str:
    """Return the rich text with its tokens filled in, their values escaped. Raises UnknownToken."""
    return _fill_in(html, facts, escape)


def left_tokens(value: Any) -> list[str]:
    """The tokens that stand in plain data as they were typed, braces included."""
    if isinstance(value, str):
        return [match[0] for match in TOKEN.finditer(value)]
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        return []
    return list(dict.fromkeys(token for entry in value for token in left_tokens(entry)))


def shown(
    text: str, collect: Callable[[list[str]], Facts], write: Callable[[str], str] = str
) -> str:
    """Return the text as people read it, also while it names what is not stored.

    Such names stand in square brackets. collect: gets the names in the text; not called without.
    write: how a value is written, `escape` in rich text.
    """
    names = TOKEN.findall(text)
    if not names:
        return text
    known = collect(names).values
    return TOKEN.sub(lambda match: write(known.get(match["name"], f"[{match['name']}]")), text)


def _fill_in(text: str, facts: Facts, write: Callable[[str], str]) -> str:
    if unknown := unknown_tokens(text, facts):
        raise UnknownToken(unknown, facts.known)
    facts.used.update(TOKEN.findall(text))
    return TOKEN.sub(lambda match: write(facts.known[match["name"]].value), text)
