"""No template of no use: each is named, overrides one of a package or answers an error.

The same of their blocks: each stands in a second template of the same family.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
NAMES = sorted(
    str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*") if path.is_file()
)
PACKAGES = [
    *(Path(app.path) / "templates" for app in apps.get_app_configs()),
    Path(forms.__file__).parent / "templates",
]
# Django and our middleware look for them by their numbers.
ERRORS = re.compile(r"\d{3}(_csrf)?\.html")
EXTENDS = re.compile(r'{% extends "([^"]+)" %}')


@cache
def sources() -> dict[str, str]:
    """The text of whatever may name a template, by its path."""
    files = [*settings.BASE_DIR.glob("*/**/*.py"), *TEMPLATES.rglob("*.*")]
    beside = {".venv", "node_modules", "tests", "var"}
    return {
        str(path): path.read_text(encoding="utf-8")
        for path in files
        if path.relative_to(settings.BASE_DIR).parts[0] not in beside
    }


def path_of(name: str, *, but: Path | None = None) -> Path | None:
    """Where a template lies: ours before those of the packages."""
    places = [root / name for root in (TEMPLATES, *PACKAGES)]
    return next((path for path in places if path.exists() and path != but), None)


def blocks_of(path: Path) -> set[str]:
    source = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"))
    return set(re.findall(r"{% block (\w+)", source))


def ancestors_of(path: Path) -> list[Path]:
    found = EXTENDS.search(path.read_text(encoding="utf-8"))
    parent = path_of(found[1], but=path) if found else None
    return [parent, *ancestors_of(parent)] if parent else []


@pytest.mark.parametrize("name", NAMES)
def test_template_is_rendered_by_somebody(name):
    own = str(TEMPLATES / name)
    # A mail is named without its two endings.
    said = re.sub(r"(_subject)?\.txt$", "", name) if "/email/" in name else name

    assert (
        ERRORS.fullmatch(name)
        or path_of(name, but=TEMPLATES / name)
        or any(f'"{said}' in text for path, text in sources().items() if path != own)
    )


def test_every_block_has_a_counterpart():
    lines = {path: ancestors_of(path) for path in map(TEMPLATES.__truediv__, NAMES)}
    alone = {
        (str(path.relative_to(TEMPLATES)), block)
        for path, ancestors in lines.items()
        for block in blocks_of(path)
        if not any(block in blocks_of(other) for other in ancestors)
        and not any(block in blocks_of(other) for other in lines if path in lines[other])
    }

    assert alone == set()
