"""The tokens in the texts of an import: each must name a fact that is there."""

from typing import Any

from exchange.problems import Problems, joined
from exchange.rows import Row, Rows
from publications.facts import Facts, collect_facts
from publications.tokens import UnknownToken, unknown_tokens


def check_texts(rows: Rows, problems: Problems) -> None:
    """Add a problem for every text that names a fact that is not stored."""
    checked: set[Row] = set()
    for owner in rows.root.walk():
        if owner.kind.has_facts:
            parts = list(owner.walk())
            # The standing texts that the owner names are said in it, with its facts.
            named = [row.targets.values() for row in parts if row.kind.is_key_only]
            parts += [target for targets in named for target in targets if target]
            _check(parts, owner.instance.facts(), problems)
            checked.update(parts)
    others = [row for row in rows.root.walk() if row not in checked]
    _check(others, collect_facts(rows.root.instance), problems)


def _check(rows: list[Row], facts: Facts, problems: Problems) -> None:
    for row in rows:
        for name in row.kind.texts:
            _check_value(row.values[name], row.place(name), facts, problems)


def _check_value(value: Any, path: str, facts: Facts, problems: Problems) -> None:
    if isinstance(value, str):
        if names := unknown_tokens(value, facts):
            problems.add(path, str(UnknownToken(names, facts.known)))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            _check_value(entry, joined(path, index), facts, problems)
    elif isinstance(value, dict):
        for name, entry in value.items():
            _check_value(entry, joined(path, name), facts, problems)
