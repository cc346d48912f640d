import base64
import hashlib
import io
import os

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from weasyprint.urls import FatalURLFetchingError

from documents import assets, fetcher
from documents.errors import AddressRefused, ImageTooLarge, ImageUnreadable
from documents.fetcher import DocumentFetcher, Refused, media_digests
from tests.documents import samples


def fetch(url, **options):
    return DocumentFetcher(**options)(url)


def picture(kind="PNG", size=(4, 4)):
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def data_address(content, kind="png"):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


@pytest.fixture
def stored():
    names = []

    def store(content, name="uploads/photo.png"):
        names.append(default_storage.save(name, ContentFile(content)))
        return names[-1]

    yield store
    for name in names:
        default_storage.delete(name)


def test_static_files_are_served():
    response = fetch("static:pdf/base.css")

    assert response.content_type == "text/css"
    assert response.read() == assets.read("pdf/base.css")


def test_fonts_are_unpacked_once():
    name = "static:kern/fonts/fira-sans/FiraSans-Regular.woff2"
    fetcher.unpacked.cache_clear()

    first, second = fetch(name), fetch(name)

    assert first.content_type == "font/ttf"
    assert first.read() == second.read()
    assert fetcher.unpacked.cache_info().misses == 1


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.org/x.png",
        "HTTP://example.org/",
        "ftp://example.org/x",
        "gopher://example.org/",
        "//example.org/x.png",
        "/etc/passwd",
        "pdf/base.css",
        "document:pdf/base.css",
        "javascript:alert(1)",
        "",
        "static:",
        "static:/etc/passwd",
        "static://example.org/pdf/base.css",
        "static:../manage.py",
        "static:pdf/../../manage.py",
        "static:pdf/../base.css",
        "static:pdf/./base.css",
        "static:pdf/%2e%2e/%2e%2e/manage.py",
        "static:pdf/%2e%2e%2fbase.css",
        "static:pdf\\..\\base.css",
        "static:pdf//base.css",
        "static:pdf/base.css?x=1",
        "static:pdf/base.css#x",
        "static:pdf/base.css\n",
        "static:pdf/base.css\0",
        "static:pdf",
        "static:pdf/missing.css",
        "static:js/theme.js",
        "static:.env",
        "static:pdf/.hidden.css",
        "media:uploads/other.png",
        "media:../settings.py",
        "data:text/html,x",
        "data:text/css;base64,eA==",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png,abc",
        "data:,",
    ],
)
def test_everything_else_is_refused(url, stored):
    stored(picture(), "uploads/other.png")

    with pytest.raises(Refused) as refused:
        fetch(url)

    assert isinstance(refused.value, FatalURLFetchingError)
    assert isinstance(refused.value.error, AddressRefused)


def test_fetcher_has_nothing_that_opens_a_socket():
    document_fetcher = DocumentFetcher()

    assert (document_fetcher.handlers, document_fetcher.handle_open) == ([], {})


def test_a_link_out_of_the_static_files_is_refused(settings, tmp_path):
    folder = tmp_path / "static"
    folder.mkdir()
    (tmp_path / "secret.css").write_text("a{}")
    (folder / "plain.css").write_text("b{}")
    (folder / "link.css").symlink_to(tmp_path / "secret.css")
    settings.STATICFILES_DIRS = [folder]
    finders.get_finder.cache_clear()
    try:
        assert fetch("static:plain.css").read() == b"b{}"
        with pytest.raises(Refused):
            fetch("static:link.css")
    finally:
        finders.get_finder.cache_clear()


def test_collected_files_are_found_where_the_sources_are_not(settings, tmp_path):
    (tmp_path / "only.css").write_text("c{}")
    settings.STATIC_ROOT = tmp_path

    assert fetch("static:only.css").read() == b"c{}"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_pictures_of_the_content_are_served(kind, stored):
    name = stored(picture(kind))

    response = fetch(f"media:{name}", media=media_digests([name]))

    assert response.content_type == f"image/{kind.lower()}"
    assert response.read() == picture(kind)


def test_a_picture_that_was_replaced_is_refused(stored):
    name = stored(picture())
    media = {name: hashlib.sha256(b"another").hexdigest()}

    with pytest.raises(Refused, match="nicht mehr dieselbe"):
        fetch(f"media:{name}", media=media)


def test_a_picture_that_is_gone_is_refused():
    with pytest.raises(Refused, match="die Datei fehlt"):
        fetch("media:uploads/gone.png", media={"uploads/gone.png": "0" * 64})


def test_a_picture_of_too_many_bytes_is_refused(stored, monkeypatch):
    name = stored(picture())
    monkeypatch.setattr(fetcher, "MAX_MEDIA_BYTES", 10)

    with pytest.raises(Refused, match="zu groß"):
        fetch(f"media:{name}", media=media_digests([name]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        picture("GIF"),
        picture("WEBP"),
        picture()[:30],
    ],
)
def test_what_is_no_png_or_jpeg_is_refused(content):
    with pytest.raises(Refused) as refused:
        fetch(data_address(content))

    assert isinstance(refused.value.error, ImageUnreadable)


def test_data_that_is_no_base64_is_refused():
    with pytest.raises(Refused) as refused:
        fetch("data:image/png;base64,###")

    assert isinstance(refused.value.error, ImageUnreadable)


def test_small_data_pictures_are_served():
    response = fetch(samples.PIXELS)

    assert response.content_type == "image/png"
    assert response.read()[:4] == b"\x89PNG"


def test_large_data_is_refused():
    with pytest.raises(Refused, match="zu groß"):
        fetch(data_address(os.urandom(1_000_000)))


def test_the_pixels_of_all_pictures_together_are_limited(monkeypatch):
    monkeypatch.setattr(fetcher, "MAX_PIXELS", 30)
    document_fetcher = DocumentFetcher()

    document_fetcher(data_address(picture()))
    with pytest.raises(Refused) as refused:
        document_fetcher(data_address(picture()))

    assert isinstance(refused.value.error, ImageTooLarge)
    assert refused.value.error.details["width"] == 4


def test_a_decompression_bomb_is_refused():
    head = picture(size=(1, 1))
    bomb = head[:16] + (16_000).to_bytes(4, "big") + (16_000).to_bytes(4, "big") + head[24:]

    with pytest.raises(Refused):
        fetch(data_address(bomb))
