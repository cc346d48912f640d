"""The static files a document may use: style sheets, fonts, drawings, pictures."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

MEDIA_TYPES = {
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
# No backslash, no percent sign, no empty, dotted or hidden step.
NAME = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\Z", re.ASCII)


PRINT_FONTS = "fontsource/"


class NotFound(Exception):
    """There is no such static file for print."""


def find(name: str) -> Path:
    """Return the file of a static name such as `pdf/base.css`. Raises NotFound."""
    if not NAME.match(name) or ".." in name or Path(name).suffix not in MEDIA_TYPES:
        raise NotFound(name)
    if name.startswith(PRINT_FONTS):
        return _print_font(name.removeprefix(PRINT_FONTS), name)
    # A production machine may have only what collectstatic left.
    found = finders.find(name) or Path(settings.STATIC_ROOT) / name
    path = Path(found).resolve()
    if not path.is_file() or not any(path.is_relative_to(root) for root in _roots()):
        raise NotFound(name)
    return path


def _print_font(inner: str, name: str) -> Path:
    """A font that only documents use: no page loads it, so nobody serves it."""
    root = Path(settings.PRINT_FONTS_ROOT).resolve()
    path = (root / inner).resolve()
    if not path.is_file() or not path.is_relative_to(root):
        raise NotFound(name)
    return path


def read(name: str) -> bytes:
    """Return the content of a static file. Raises NotFound."""
    return find(name).read_bytes()


def media_type(name: str) -> str:
    return MEDIA_TYPES[Path(name).suffix]


def _roots() -> set[Path]:
    """Return the folders of static files; a link may not lead out of them."""
    roots = {Path(settings.STATIC_ROOT).resolve()}
    for finder in finders.get_finders():
        for storages in (getattr(finder, "storages", {}),):
            roots |= {Path(storage.location).resolve() for storage in storages.values()}
    return roots
