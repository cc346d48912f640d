"""What needs the lead's eye: the first thing on the admin's start page.

Apps above add their own lines with `register_attention`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True)
class Attention:
    """One card: what waits, how much of it, the first few with their pages, and all of them."""

    title: str | Promise
    count: int
    url: str
    items: list[tuple[str, str]] = field(default_factory=list)


Finder = Callable[[HttpRequest], list[Attention]]

_finders: list[Finder] = []


def register_attention(finder: Finder) -> Finder:
    """Add a function from the request to cards; usable as a decorator."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def collect_attention(request: HttpRequest) -> Iterator[Attention]:
    """People first, then their work, then texts, then pages of the portal: from the lowest app up.

    Not in the order of registration, which is that of the imports.
    """
    places = {config.name: -place for place, config in enumerate(apps.get_app_configs())}
    for finder in sorted(_finders, key=lambda one: places[one.__module__.partition(".")[0]]):
        yield from (card for card in finder(request) if card.count)
