"""Real Celery processes against the test database, the real broker and files on disk.

Import the fixture where it is needed (`from tests.workers import celery_workers`), mark the test
`django_db(transaction=True)`, and call `celery_workers.start_worker()`. What a test started ends
with it.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import celery
import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.db import connection

from dev.processes import spawn

SETTINGS = "tests.worker_settings"
START_SECONDS = 120
CLIENTS = "workers-of-a-test"


class CeleryProcesses:
    """Starts workers and beat as processes of their own, and ends them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.processes: list[subprocess.Popen] = []

    def start_worker(self, *, queues: str = "pdf,default", concurrency: int = 1, **env: object):
        """Start a worker and wait until it answers; return its process, a group of its own."""
        name = f"worker{len(self.processes)}@test-{os.getpid()}"
        process = self._start(
            "worker",
            "--queues",
            queues,
            "--concurrency",
            str(concurrency),
            "--hostname",
            name,
            "--without-gossip",
            "--without-mingle",
            env=env,
        )
        self._wait_until(lambda: self._answers(name), process)
        return process

    def start_beat(self, **env: object):
        """Start beat; return its process, a group of its own."""
        return self._start("beat", "--schedule", str(self.folder / "schedule"), env=env)

    def kill(self, process) -> None:
        """End a process and its children as a power cut would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)
        # What a killed process asked of the database ends a moment later; emptying the tables at
        # the same time would be a deadlock.
        self.wait_until(lambda: not _are_connected(), seconds=30)

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def wait_until(self, condition, *, seconds: float = 120) -> None:
        """Wait for something to become true; show the logs if it does not."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"Nothing happened for {seconds} s.\n{self.log()}")
            time.sleep(0.05)

    def _start(self, *arguments: str, env: dict[str, object]):
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        with log:
            process = spawn(
                [sys.executable, "-m", "celery", "--app", "mfv_portal", *arguments],
                cwd=django_settings.BASE_DIR,
                env=self._environment(env),
                output=log,
            )
        self.processes.append(process)
        return process

    def _environment(self, env: dict[str, object]) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DATABASE_URL": _with_name(database_url()),
            "VAR_DIR": str(default_storage.location),
            "LOG_LEVEL": "INFO",
            "TMPDIR": str(self.folder),
            **{name: str(value) for name, value in env.items()},
        }

    def _answers(self, name: str) -> bool:
        return bool(celery.current_app.control.ping(destination=[name], timeout=0.5))

    def _wait_until(self, condition, process) -> None:
        self.wait_until(lambda: process.poll() is not None or condition(), seconds=START_SECONDS)
        if process.poll() is not None:
            pytest.fail(f"The process ended with {process.returncode}.\n{self.log()}")


def _with_name(address: str) -> str:
    """The address with a name by which the database knows its clients."""
    return f"{address}{'&' if '?' in address else '?'}application_name={CLIENTS}"


def _are_connected() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s)",
            [CLIENTS],
        )
        return cursor.fetchone()[0]


def database_url() -> str:
    """Return the address of the database that this test uses."""
    # Not by urlunsplit, which loses the slashes of an address without a host.
    address, question_mark, options = os.environ["DATABASE_URL"].partition("?")
    server = address.rpartition("/")[0]
    return f"{server}/{connection.settings_dict['NAME']}{question_mark}{options}"


@pytest.fixture
def celery_workers(transactional_db, files_on_disk, tmp_path):
    """Processes that this test starts; the broker is empty before and after."""
    celery.current_app.control.purge()
    processes = CeleryProcesses(tmp_path)
    yield processes
    processes.stop()
    celery.current_app.control.purge()
