"""From HTML to the bytes of a file. Knows no model and no network."""

import datetime
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from html import unescape
from importlib import resources
from io import BytesIO
from typing import Any, NamedTuple

import pyphen
import weasyprint
from django.utils import translation
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from documents import limits
from documents.characters import (
    FONT,
    SYMBOLS_SHEET,
    check_characters,
    known_to,
    needs_symbols,
)
from documents.errors import PrinterWarned, TooManyPages, Unexpected
from documents.fetcher import DocumentFetcher, Refused
from documents.finisher import finish
from documents.kinds import Attachment

# Another base address changes the bytes.
BASE_URL = "document:"
STEP = re.compile(r"Step (?P<step>\d)(?:.*Page (?P<page>\d+))?")
STAGES = {"1": "html", "2": "css", "3": "css", "4": "layout", "5": "layout", "6": "drawing"}

LOGGER = logging.getLogger("weasyprint")
PROGRESS_LOGGER = logging.getLogger("weasyprint.progress")
# Their records end in the row of the job: as progress, or as the reason why it failed.
LOGGER.propagate = False
PROGRESS_LOGGER.propagate = False
PROGRESS_LOGGER.setLevel(logging.INFO)


class Printed(NamedTuple):
    pdf: bytes
    page_count: int


def pdf_from_html(
    html: str,
    *,
    language: str = "de",
    media: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    progress: Callable[[str, int], None] = lambda _stage, _pages: None,
) -> Printed:
    """Return the PDF/A-3a and PDF/UA-1 file of an HTML document. Raises PrintError.

    `progress` is called with a RenderJob.Stage value and the number of pages laid out.
    """
    limits.check_length(html)
    html = _with_symbols(html)
    warnings: list[str] = []
    try:
        with (
            translation.override(language),
            _listening(LOGGER, _Warnings(warnings)),
            _listening(logging.getLogger("fontTools"), _Warnings(warnings)),
            _listening(PROGRESS_LOGGER, _Progress(progress)),
        ):
            parsed = weasyprint.HTML(
                string=html, base_url=BASE_URL, url_fetcher=DocumentFetcher(media)
            )
            limits.check_tree(parsed.etree_element)
            check_characters(parsed.etree_element)
            document = parsed.render(
                font_config=FontConfiguration(),
                color_profiles={"srgb": _screen_colours()},
                output_intent="srgb",
                **OPTIONS,
            )
            pdf = document.write_pdf(
                finisher=finish,
                attachments=[_attached(item) for item in attachments],
                # Already there: for "srgb" it would open the profile again and leave it open.
                output_intent="given",
                **OPTIONS,
            )
    except Refused as refused:
        raise refused.error from refused
    except FatalURLFetchingError as error:
        # A BaseException, so that WeasyPrint lets it through; what caused it is the reason.
        raise Unexpected(error=error.__cause__ or error) from error
    if warnings:
        raise PrinterWarned(warnings=" · ".join(dict.fromkeys(warnings))[:2000])
    return Printed(pdf, len(document.pages))


OPTIONS: dict[str, Any] = {
    "pdf_variant": "pdf/a-3a",
    "optimize_images": True,
    "dpi": 150,
    "jpeg_quality": 80,
}


def _with_symbols(html: str) -> str:
    """Add the fonts of signs where the text needs them; the rest prints without their cost."""
    if not needs_symbols(unescape(html)):
        return html
    return html.replace(
        "</head>", f'<link rel="stylesheet" href="static:{SYMBOLS_SHEET}"></head>', 1
    )


def warm_up() -> None:
    """Load what the first document would wait for: fonts, hyphenation, the layout engine."""
    for language in ("de", "en"):
        pyphen.Pyphen(lang=pyphen.language_fallback(language))
    known_to((FONT,))
    page = (
        '<html lang="de"><head><title>-</title>'
        '<link rel="stylesheet" href="static:pdf/base.css"></head>'
        "<body><h1>Probe</h1><p>Donaudampfschifffahrt</p></body></html>"
    )
    pdf_from_html(page)


def _screen_colours() -> ColorProfile:
    """Return the profile that WeasyPrint takes for PDF/A."""
    return ColorProfile(
        BytesIO(_profile()), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
    )


@cache
def _profile() -> bytes:
    return (resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


def _attached(item: Attachment) -> weasyprint.Attachment:
    moment = datetime.datetime.combine(
        datetime.date.fromisoformat(item.day), datetime.time(), datetime.UTC
    )
    return weasyprint.Attachment(
        string=item.text.encode(),
        base_url=BASE_URL,
        name=item.name,
        description=item.description,
        created=moment,
        modified=moment,
        relationship=item.relationship,
    )


class _Warnings(logging.Handler):
    """Collects what WeasyPrint only logs: a lost style sheet, a lost font, a bad rule."""

    def __init__(self, messages: list[str]):
        super().__init__(logging.WARNING)
        self.messages = messages
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.messages.append(record.getMessage())


class _Progress(logging.Handler):
    """Turns the progress log into stage and pages; an exception from here ends the rendering."""

    def __init__(self, progress: Callable[[str, int], None]):
        super().__init__(logging.INFO)
        self.progress = progress
        self.pages = 0
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        match = STEP.match(record.getMessage())
        if record.thread != self.thread or not match:
            return
        self.pages = max(self.pages, int(match["page"] or 0))
        if self.pages > limits.MAX_PAGES:
            raise TooManyPages(limit=limits.MAX_PAGES)
        if match["step"] in STAGES:
            self.progress(STAGES[match["step"]], self.pages)


@contextmanager
def _listening(logger: logging.Logger, handler: logging.Handler) -> Iterator[None]:
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
