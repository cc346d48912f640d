"""The lines below every page. The frame does not know who writes them: one app registers."""

from collections.abc import Callable, Mapping
from typing import Any

Lines = Callable[[Mapping[str, Any]], list[Any]]

_collectors: list[Lines] = []


def register_footer(collect: Lines) -> Lines:
    """Add a function from the page's context to its lines; usable as a decorator."""
    _collectors.append(collect)
    return collect


def lines_below(context: Mapping[str, Any]) -> list[Any]:
    return [line for collect in _collectors for line in collect(context)]
