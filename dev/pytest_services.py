"""Pytest plugin: a PostgreSQL and a Valkey for this session, before anything reads the settings.

A conftest would be too late: pytest-django reads the settings before it. The services start once,
in the process that was called; workers of pytest-xdist inherit the environment and take a Valkey
database of their own (pytest-django gives each a database of its own in PostgreSQL).
"""

import atexit
import os
from pathlib import Path

import pytest

from dev.directories import ServiceDirectory
from dev.postgres import Postgres
from dev.valkey import Valkey


class TestServices:
    """What one test session runs against; gone without a trace when it ends."""

    __test__ = False

    def __init__(self) -> None:
        self.directory = ServiceDirectory()
        self.postgres = Postgres(
            self.directory.path / "cluster", self.directory.path, throw_away=True
        )
        self.valkey = Valkey(self.directory.path)

    def start(self) -> None:
        atexit.register(self.stop)
        self.postgres.start()
        self.valkey.start()
        # The services' account owns nothing in here.
        var = self.directory.path / "var"
        var.mkdir(mode=0o700)
        os.environ.update(
            ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
            DATABASE_SECONDS="120",
            DATABASE_URL=self.postgres.url,
            DEBUG="0",
            DEVELOPMENT="0",
            EMAIL_URL="memorymail://",
            HTTPS="0",
            PORTAL_URL="http://localhost:8000",
            REDIS_URL=self.valkey.url,
            SECRET_KEY="only-for-tests-" + "0" * 50,
            STAFF_MFA_REQUIRED="1",
            VAR_DIR=str(var),
        )
        for name in ("S3_BUCKET", "STATIC_ROOT", "TRUSTED_PROXY_COUNT", "CONN_MAX_AGE"):
            os.environ.pop(name, None)

    def stop(self) -> None:
        self.valkey.close()
        self.postgres.close()
        self.directory.close()


def take_share(worker: str) -> None:
    """Give one worker of pytest-xdist its own Valkey database and directory of files."""
    number = int(worker.removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}"
    var = Path(os.environ["VAR_DIR"]) / worker
    var.mkdir(exist_ok=True)
    os.environ["VAR_DIR"] = str(var)


# A wrapper runs before the plain hook in which pytest-django reads the settings.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        take_share(worker)
    else:
        services = TestServices()
        services.start()
        early_config.add_cleanup(services.stop)
    return (yield)
