"""The tokens in the texts of an import: each must name a fact that is there."""

from typing import Any

from exchange.problems import Problems, joined
from exchange.reading import Reading, Row
from publications.facts import Facts, collect_facts
from publications.tokens import UnknownToken, unknown_tokens

RELEASE_TEXTS = ("headline", "subline", "lead", "more_information")


def check_texts(reading: Reading, problems: Problems) -> None:
    """Add a problem for every text that names a fact that is not stored."""
    used: set[Row] = set()
    for release in reading.rows["press_release"]:
        facts = release.instance.facts()
        _check(release, RELEASE_TEXTS, facts, problems)
        for block in release.children["press_block"]:
            _check(block, ("text",), facts, problems)
        for link in release.children["release_boilerplate"]:
            boilerplate = link.targets["boilerplate"]
            if boilerplate:
                used.add(boilerplate)
                _check(boilerplate, ("heading", "text"), facts, problems)
    of_programme = collect_facts(reading.root.instance)
    for boilerplate in reading.rows["boilerplate"]:
        if boilerplate not in used:
            _check(boilerplate, ("heading", "text"), of_programme, problems)
    for guideline in reading.rows["guideline"]:
        facts = guideline.instance.facts()
        _check(guideline, ("summary", "imprint"), facts, problems)
        for chapter in guideline.children["chapter"]:
            _check(chapter, ("title",), facts, problems)
            for block in chapter.children["block"]:
                _check(block, ("heading", "text", "data"), facts, problems)


def _check(row: Row, names: tuple[str, ...], facts: Facts, problems: Problems) -> None:
    for name in names:
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
