"""A real browser in front of a real server: what it shows, says in its console and asks for."""

import os
from contextlib import contextmanager
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from home.models import LegalPage
from tests.journeys.reading import reader  # noqa: F401 - the fixture of the tests with axe
from tests.signing_in import log_in_with_second_factor
from tests.workers import celery_workers  # noqa: F401 - a fixture of the journeys

# Playwright keeps an event loop in this thread; the tests' own queries are synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PHONE, DESKTOP = 360, 1280
SILENT = {"verbose", "debug", "log", "info"}


class Visit:
    """One page in a window of its own, with all it said and asked for."""

    def __init__(self, page, origin: str):
        self.page = page
        self.origin = origin
        self.said: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", self._see)

    def open(self, path: str):
        return self.page.goto(self.origin + path)

    def is_quiet(self) -> bool:
        assert self.said == []
        assert self.elsewhere == []
        return True

    def _hear(self, message) -> None:
        if message.type not in SILENT:
            self.said.append(f"{message.type} on {self.page.url}: {message.text}")

    def _see(self, request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.elsewhere.append(request.url)


@pytest.fixture(scope="session")
def live_server():
    """The portal with its static files served as WhiteNoise finds them, nothing collected."""
    finding = {"WHITENOISE_USE_FINDERS": True, "WHITENOISE_AUTOREFRESH": True}
    with override_settings(**finding, WHITENOISE_MAX_AGE=3600):
        server = LiveServer("localhost")
        yield server
        server.stop()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def legal_texts(transactional_db):
    """Flushing the database takes away the texts that a migration wrote: bring them back."""
    if not LegalPage.objects.exists():
        import_module("home.migrations.0002_legal_page_texts").write_pages(apps, None)


@pytest.fixture
def visit(chromium, live_server):
    """Open windows: `with visit(user=…, width=…, theme=…) as it: it.open("/")`."""

    @contextmanager
    def open_window(*, user=None, width: int = DESKTOP, theme: str = "light", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=theme, locale="de-DE", **options
        )
        if user:
            client = log_in_with_second_factor(Client(), user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
            )
        try:
            yield Visit(context.new_page(), live_server.url)
        finally:
            context.close()

    return open_window
