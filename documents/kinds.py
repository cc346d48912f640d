"""The kinds of documents there are. The owner of a kind registers it in `apps.ready`.

The version of a kind is a hash over everything that decides about the look: templates, style
sheets with what they load, the engine, the printing libraries. Another version gives another
address, so a changed template never returns an old file.
"""

import hashlib
import inspect
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.autoreload import reset_loaders
from django.template.loader import get_template
from django.utils.functional import Promise

from documents import assets
from documents.characters import SYMBOLS_SHEET
from documents.errors import UnknownKind

PACKAGES = ("weasyprint", "pydyf", "fonttools", "pyphen", "tinycss2", "tinyhtml5", "pillow", "nh3")
# What these modules do shows in the file.
ENGINE = (
    "documents/rendering.py",
    "documents/markup.py",
    "documents/characters.py",
    "documents/finisher.py",
    "texts/richtext.py",
    "texts/dates.py",
    "texts/typography.py",
)
FAMILIES = frozenset({"Fira Sans", "Noto Sans Symbols 2", "Noto Sans Math", "Noto Sans Symbols"})

TEMPLATE_REFERENCE = re.compile(r"{%-?\s*(?:extends|include)\s+(?P<name>\S+)")
ASSET_REFERENCE = re.compile(r"static:(?P<name>[\w./-]+)")


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside the PDF (PDF/A-3)."""

    name: str
    text: str
    description: str
    day: str  # ISO 8601; a printed file knows no clock
    relationship: str = "Data"


def no_attachments(_content: dict[str, Any]) -> Sequence[Attachment]:
    return ()


@dataclass(frozen=True)
class DocumentKind:
    """How a kind of document is printed.

    `context` turns the frozen content into the variables of the template (default: the content's
    own keys); it must be pure: no query, no clock. `attachments` names the files inside the PDF.
    """

    name: str
    verbose_name: str | Promise
    template: str
    stylesheets: tuple[str, ...] = ("pdf/base.css",)
    families: frozenset[str] = FAMILIES
    context: Callable[[dict[str, Any]], dict[str, Any]] = dict
    attachments: Callable[[dict[str, Any]], Sequence[Attachment]] = field(default=no_attachments)


class AlreadyRegistered(Exception):
    """Two kinds share a name."""


class ChangingTemplate(Exception):
    """A template names the one it includes only at run time, so its version is unknown."""


_kinds: dict[str, DocumentKind] = {}


def register_kind(kind: DocumentKind) -> None:
    if _kinds.setdefault(kind.name, kind) != kind:
        raise AlreadyRegistered(kind.name)


def unregister_kind(name: str) -> None:
    _kinds.pop(name, None)


def get_kind(name: str) -> DocumentKind:
    """Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(kind=name) from None


def all_kinds() -> list[DocumentKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def template_version(kind: DocumentKind, language: str) -> str:
    """Return the hash of all that shapes a document of this kind besides its content.

    Raises documents.assets.NotFound, TemplateDoesNotExist, ChangingTemplate.
    """
    if settings.DEVELOPMENT:
        # While developing, templates change under a running process.
        reset_loaders()
        return _compute_version(kind, language)
    return _remembered_version(kind, language)


def _compute_version(kind: DocumentKind, language: str) -> str:
    digest = hashlib.sha256()
    for name, content in _ingredients(kind, language):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


_remembered_version = lru_cache(maxsize=None)(_compute_version)


def _ingredients(kind: DocumentKind, language: str) -> Iterator[tuple[str, bytes]]:
    described = (kind.name, kind.template, kind.stylesheets, sorted(kind.families), language)
    yield "kind", repr(described).encode()
    for package in PACKAGES:
        yield package, metadata.version(package).encode()
    for name in ENGINE:
        yield name, (settings.BASE_DIR / name).read_bytes()
    for function in (kind.context, kind.attachments):
        for source_file in _source_files(function):
            yield function.__qualname__, source_file.read_bytes()
    templates = _template_sources(kind.template)
    yield from ((name, source.encode()) for name, source in sorted(templates.items()))
    yield "symbols", _symbol_fonts()
    wanted = [*kind.stylesheets]
    for source in templates.values():
        wanted += ASSET_REFERENCE.findall(source)
    yield from sorted(_asset_sources(wanted).items())
    for folder in settings.LOCALE_PATHS:
        catalogue = Path(folder) / language / "LC_MESSAGES" / "django.mo"
        if catalogue.exists():
            yield "catalogue", catalogue.read_bytes()


def _source_files(function: Callable[..., Any]) -> list[Path]:
    """The module of the function; where it is part of a package in an app, all of the package."""
    module = inspect.getmodule(function)
    if module is None or not hasattr(module, "__file__"):  # the builtin `dict` has none
        return []
    path = Path(str(module.__file__))
    return sorted(path.parent.glob("*.py")) if module.__name__.count(".") > 1 else [path]


def _symbol_fonts() -> bytes:
    """The fonts of signs by their sums in the lock: few documents load them."""
    lock = json.loads((settings.BASE_DIR / "package-lock.json").read_text())
    sums = [
        f"{name} {package['integrity']}"
        for name, package in sorted(lock["packages"].items())
        if name.startswith("node_modules/@fontsource/")
    ]
    return "\n".join([*sums, assets.read(SYMBOLS_SHEET).decode()]).encode()


def _template_sources(first: str) -> dict[str, str]:
    sources: dict[str, str] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name in sources:
            continue
        sources[name] = get_template(name).template.source  # type: ignore[attr-defined]
        for reference in TEMPLATE_REFERENCE.findall(sources[name]):
            if reference[0] not in "\"'":
                raise ChangingTemplate(f"{name}: {reference}")
            waiting.append(reference.strip("\"'"))
    return sources


def _asset_sources(names: list[str]) -> dict[str, bytes]:
    sources: dict[str, bytes] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in sources:
            continue
        sources[name] = assets.read(name)
        if name.endswith(".css"):
            waiting += ASSET_REFERENCE.findall(sources[name].decode())
    return sources
