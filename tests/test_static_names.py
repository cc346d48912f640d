"""Nothing of no use lies in static/: files, classes, custom properties and functions are named."""

import re
from collections.abc import Iterable
from pathlib import Path

import django_prose_editor
import pytest
from django.conf import settings
from django.contrib import admin

STATIC = settings.BASE_DIR / "static"
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
SCRIPTS = sorted(STATIC.glob("js/*.js"))
SHEETS = sorted(STATIC.rglob("*.css"))
CODE = [
    path
    for path in settings.BASE_DIR.glob("*/**/*.py")
    if path.relative_to(settings.BASE_DIR).parts[0] not in {".venv", "node_modules", "tests", "var"}
]
# What Django's admin, the editor and KERN write, and which custom properties they read.
THEIRS = [
    *Path(admin.__file__).parent.rglob("*.html"),
    *Path(admin.__file__).parent.rglob("*.css"),
    *Path(django_prose_editor.__file__).parent.rglob("*.css"),
    settings.BASE_DIR / "node_modules/@kern-ux/native/dist/kern.css",
]


def text_of(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def css_of(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/|url\(.*?\)", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)


def classes_of(sheet: Path) -> set[str]:
    selectors = re.sub(r"\{[^{}]*\}", "{}", css_of(sheet))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


def classes_written(templates: Iterable[Path]) -> set[str]:
    """The classes in templates; `status--*` where the end is a variable."""
    source = text_of(templates)
    source = re.sub(r"{% block body_class %}(.*?){% endblock %}", r'class="\1"', source)
    plain = re.sub(r"{{.*?}}", "*", re.sub(r"{%.*?%}", " ", source))
    return set(" ".join(re.findall(r'class="([^"]*)"', plain)).split())


def is_in(name: str, source: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", source) is not None


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: str(sheet.relative_to(STATIC)))
def test_every_class_of_a_sheet_is_written_somewhere(sheet):
    printed = "pdf" in sheet.parts
    written = classes_written(path for path in TEMPLATES if ("pdf" in path.parts) == printed)
    starts = tuple(name.split("*")[0] for name in written if "*" in name and name[0] != "*")
    code = text_of([*CODE, *SCRIPTS])
    elsewhere = "" if printed else text_of(THEIRS)

    unused = {
        name
        for name in classes_of(sheet) - written
        if not name.startswith(starts)
        # Columns of the admin's lists are named after their fields.
        and not ("-" in name and is_in(name.removeprefix("field-"), code))
        and not is_in(name, elsewhere)
    }

    assert unused == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: str(sheet.relative_to(STATIC)))
def test_every_custom_property_of_a_sheet_is_read(sheet):
    css = "\n".join(css_of(path) for path in SHEETS)
    # The page's rule for a programme's colour; KERN derives its own names from its defaults.
    read = set(re.findall(r"var\((--[\w-]+)", css + text_of([*THEIRS, *TEMPLATES])))
    declared = set(re.findall(r"^\s*(--[\w-]+):", css_of(sheet), flags=re.MULTILINE))

    assert declared - read == set()


def test_every_static_file_is_asked_for():
    source = text_of([*TEMPLATES, *CODE])
    source += text_of(SHEETS)
    names = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*.*")}

    assert {name for name in names if name not in source} == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_every_name_of_a_script_is_used(script):
    source = re.sub(r"//.*", "", script.read_text(encoding="utf-8"))
    declared = re.findall(r"(?:const|let|function) (\w+)", source)

    assert [name for name in declared if len(re.findall(rf"\b{name}\b", source)) < 2] == []


def test_every_sheet_is_short_enough_to_be_looked_through():
    lengths = {sheet.name: len(sheet.read_text().splitlines()) for sheet in SHEETS}

    assert {name: length for name, length in lengths.items() if length > 250} == {}
