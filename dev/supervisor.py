"""The processes of a running portal: started, looked after, ended together."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from dev.environment import ROOT
from dev.processes import ServiceError, end, spawn

RESTARTS = 3
STOP_SECONDS = 10
RESTARTS_WITHIN_SECONDS = 60
MEGABYTE = 1024 * 1024
# Uploads, mails and drafts are nothing for other people of the machine.
PRIVATE = 0o077


# Folders without code that a running process has read.
NO_SOURCES = {"dev", "node_modules", "tests", "var"}


@dataclass
class Watched:
    command: list[str]
    ends_with: signal.Signals
    renews_with: signal.Signals | None
    process: subprocess.Popen[bytes]
    restarts: list[float] = field(default_factory=list)
    # It kept falling and is started again when a source changes.
    is_waiting: bool = False


class Sources:
    """The Python files of a checkout: tells whether one was edited, added or removed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen = self._look()

    def have_changed(self) -> bool:
        """Whether anything differs from the last time this was asked."""
        before, self._seen = self._seen, self._look()
        return self._seen != before

    def _look(self) -> dict[str, int]:
        found = {}
        for folder, folders, files in os.walk(self._root):
            inside = [name for name in folders if name[0] != "."]
            if Path(folder) == self._root:
                inside = [name for name in inside if name not in NO_SOURCES]
            folders[:] = inside
            for name in files:
                if name.endswith(".py"):
                    path = Path(folder) / name
                    with contextlib.suppress(FileNotFoundError):
                        found[str(path)] = path.stat().st_mtime_ns
        return found


class Supervisor:
    """Starts processes with one environment and one log each; a fallen one is started again.

    With `sources` all take the new code when one of these is edited.
    """

    def __init__(
        self, var: Path, environment: dict[str, str], *, sources: Sources | None = None
    ) -> None:
        self.logs = var / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.logs.chmod(0o700)
        # What processes leave in their temporary folder, also when they are killed, goes with it.
        self.temporary = var / "tmp"
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(mode=0o700)
        self.environment = {
            **os.environ,
            **environment,
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(self.temporary),
        }
        self._sources = sources
        self._watched: dict[str, Watched] = {}

    def start(
        self,
        name: str,
        command: list[str],
        *,
        ends_with: signal.Signals = signal.SIGKILL,
        renews_with: signal.Signals | None = None,
    ) -> None:
        """Start a process; when this one is killed, it gets the signal `ends_with`.

        What takes new code by itself on a signal gets `renews_with` for it; others start anew.
        A Celery worker that is asked politely would wait for a broker that is gone as well; its
        pool children are tied to it in mfv_portal.celery.
        """
        process = self._spawn(name, command, ends_with)
        self._watched[name] = Watched(command, ends_with, renews_with, process)

    def waiting(self) -> list[str]:
        """The names of what keeps falling until a source changes."""
        return [name for name, watched in self._watched.items() if watched.is_waiting]

    def look_after(self) -> list[str]:
        """Start what fell; return the names. Gives up on what keeps falling.

        Raises ServiceError then, or waits for an edited source where these are looked at.
        """
        if self._sources and self._sources.have_changed():
            self._renew()
        fallen = []
        for name, watched in self._watched.items():
            if watched.is_waiting or watched.process.poll() is None:
                continue
            now = time.monotonic()
            watched.restarts = [
                moment for moment in watched.restarts if now - moment < RESTARTS_WITHIN_SECONDS
            ]
            if len(watched.restarts) >= RESTARTS:
                if self._sources:
                    watched.is_waiting = True
                    continue
                raise ServiceError(
                    f"{name} endet immer wieder von selbst: {self.last_line(name)} "
                    f"(Protokoll: {self.log(name)})"
                )
            watched.restarts.append(now)
            watched.process = self._spawn(name, watched.command, watched.ends_with)
            fallen.append(name)
        return fallen

    def stop(self) -> None:
        self._end(list(self._watched.values()))
        self._watched.clear()
        shutil.rmtree(self.temporary, ignore_errors=True)

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def last_line(self, name: str) -> str:
        lines = self.log(name).read_text(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "keine Meldung")

    def _renew(self) -> None:
        """Let everything run with the edited sources, also what fell over the old ones."""
        old = {}
        for name, watched in self._watched.items():
            if watched.renews_with and watched.process.poll() is None:
                watched.process.send_signal(watched.renews_with)
            else:
                old[name] = watched
        self._end(list(old.values()))
        for name, watched in old.items():
            watched.is_waiting = False
            watched.restarts.clear()
            watched.process = self._spawn(name, watched.command, watched.ends_with)

    def _end(self, ending: list[Watched]) -> None:
        """End these: first everybody is asked, then everybody waited for."""
        for watched in ending:
            if watched.process.poll() is None:
                watched.process.send_signal(signal.SIGTERM)
        for watched in ending:
            try:
                watched.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                watched.process.kill()
            end(watched.process, politely=signal.SIGKILL)

    def _spawn(
        self, name: str, command: list[str], ends_with: signal.Signals
    ) -> subprocess.Popen[bytes]:
        log = self.log(name)
        if log.exists() and log.stat().st_size > 5 * MEGABYTE:
            log.rename(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            return spawn(
                command,
                ends_with=ends_with,
                env=self.environment,
                cwd=ROOT,
                output=output,
                umask=PRIVATE,
            )
