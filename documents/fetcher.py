"""The only way a document reaches a file: own static files, named pictures, small data images.

Everything else ends the print. CVE-2024-28184, CVE-2025-68616 and CVE-2026-55073 show what an
open fetcher costs.
"""

import base64
import binascii
import hashlib
import io
from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.core.files.storage import default_storage
from fontTools.ttLib import woff2
from PIL import Image, UnidentifiedImageError
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents import assets
from documents.errors import AddressRefused, ImageTooLarge, ImageUnreadable, PrintError

MAX_MEDIA_BYTES = 25 * 1024 * 1024
MAX_DATA_CHARACTERS = 1_000_000
MAX_PIXELS = 60_000_000  # of all pictures together: 4 bytes each while they are drawn
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg"}


def media_digests(names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of stored pictures, to be frozen with the content as `media`."""
    digests = {}
    for name in names:
        with default_storage.open(name) as file:
            digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


@lru_cache(maxsize=32)
def unpacked(font: bytes) -> bytes:
    """Return a WOFF2 font as the layout engine wants it.

    It would unpack every font for every document: most of the time a press release takes.
    """
    stream = io.BytesIO()
    woff2.decompress(io.BytesIO(font), stream)
    return stream.getvalue()


class Refused(FatalURLFetchingError):
    """Carries the reason through WeasyPrint, which swallows every ordinary exception."""

    def __init__(self, error: PrintError):
        super().__init__(str(error))
        self.error = error


class DocumentFetcher(URLFetcher):
    """Fetches `static:`, `media:` and `data:` for one document."""

    def __init__(self, media: Mapping[str, str] | None = None):
        # Without the handlers of the base class: there is nothing here that could open a socket.
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.handlers.clear()
        self.handle_open.clear()
        self._media = dict(media or {})
        self._pixels = 0

    def fetch(self, url, headers=None):
        """Raises Refused, which ends the rendering."""
        try:
            return self._fetch(url)
        except PrintError as error:
            raise Refused(error) from error

    def _fetch(self, url: str) -> URLFetcherResponse:
        scheme, _colon, name = url.partition(":")
        if scheme == "static":
            return self._static(url, name)
        if scheme == "media":
            return self._media_file(url, name)
        if scheme == "data":
            return self._data(url, name)
        raise AddressRefused(address=url[:200], reason="nur eigene Dateien sind erlaubt")

    def _static(self, url: str, name: str) -> URLFetcherResponse:
        try:
            content = assets.read(name)
        except assets.NotFound as error:
            raise AddressRefused(address=url[:200], reason="keine Datei für den Druck") from error
        if name.endswith(".woff2"):
            return URLFetcherResponse(url, unpacked(content), {"Content-Type": "font/ttf"})
        return URLFetcherResponse(url, content, {"Content-Type": assets.media_type(name)})

    def _media_file(self, url: str, name: str) -> URLFetcherResponse:
        if name not in self._media:
            raise AddressRefused(address=url[:200], reason="nicht Teil des Inhalts")
        try:
            with default_storage.open(name) as file:
                content = file.read(MAX_MEDIA_BYTES + 1)
        except FileNotFoundError as error:
            raise AddressRefused(address=url[:200], reason="die Datei fehlt") from error
        if len(content) > MAX_MEDIA_BYTES:
            raise AddressRefused(address=url[:200], reason="die Datei ist zu groß")
        if hashlib.sha256(content).hexdigest() != self._media[name]:
            raise AddressRefused(address=url[:200], reason="die Datei ist nicht mehr dieselbe")
        return self._picture(url, name, content)

    def _data(self, url: str, rest: str) -> URLFetcherResponse:
        head, _comma, body = rest.partition(",")
        if head not in {f"{kind};base64" for kind in FORMATS.values()}:
            raise AddressRefused(address=url[:60], reason="nur Bilder (PNG, JPEG) sind erlaubt")
        if len(body) > MAX_DATA_CHARACTERS:
            raise AddressRefused(address=url[:60], reason="das Bild ist zu groß")
        try:
            content = base64.b64decode(body, validate=True)
        except binascii.Error as error:
            raise ImageUnreadable(name=url[:60]) from error
        return self._picture(url, url[:60], content)

    def _picture(self, url: str, name: str, content: bytes) -> URLFetcherResponse:
        try:
            with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
                (width, height), kind = image.size, FORMATS[image.format or ""]
        except (
            UnidentifiedImageError,
            Image.DecompressionBombError,
            OSError,
            SyntaxError,
        ) as error:
            raise ImageUnreadable(name=name) from error
        self._pixels += width * height
        if self._pixels > MAX_PIXELS:
            raise ImageTooLarge(name=name, width=width, height=height, limit=MAX_PIXELS)
        return URLFetcherResponse(url, content, {"Content-Type": kind})
