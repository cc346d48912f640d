"""What holds for every test."""

import logging

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from programmes.footer import KEY as FOOTER
from tests.access.world import build_world, log_everybody_in, undone

# Whoever asks for one of these starts a browser, a worker, a server or a portal.
SLOW_FIXTURES = {
    "celery_workers",
    "chromium",
    "cluster",
    "fresh",
    "live_server",
    "portal",
    "valkey",
}


def pytest_addoption(parser):
    parser.addoption(
        "--fast", action="store_true", help="the daily round: leave out what is marked as slow"
    )


def pytest_collection_modifyitems(config, items):
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    if config.getoption("fast"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.fixture(autouse=True)
def no_logged_error(caplog, request):
    """Fail on any logged error: some libraries report a loss only there.

    A test that provokes one says so with `@pytest.mark.expects_error_log`.
    """
    yield
    if request.node.get_closest_marker("expects_error_log"):
        return
    errors = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.levelno >= logging.ERROR
    ]
    assert errors == []


@pytest.fixture(autouse=True)
def empty_cache(request):
    """Rate limits and heartbeats of one test are nothing to the next."""
    uses_database = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    # The mark does not show among the fixtures.
    uses_database = bool(uses_database or request.node.get_closest_marker("django_db"))
    if uses_database and "live_server" not in request.fixturenames:
        # The footer asks the database once a minute: not in a test that counts its queries.
        cache.set(FOOTER, [])
    yield
    if uses_database:
        cache.clear()


@pytest.fixture(autouse=True)
def german():
    """A page under /en/ leaves its language active in the process of the tests."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Everybody and one row of each kind, built once for a module whose tests undo what they do."""
    with django_db_blocker.unblock(), undone():
        world = build_world()
        log_everybody_in(world)
        yield world


@pytest.fixture
def files_on_disk(settings, tmp_path):
    """Keep files where other processes see them; return the folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "var"},
        },
    }
    (tmp_path / "var").mkdir()
    return tmp_path / "var"
