"""The processes of a running portal: started, looked after, ended together."""

import os
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


@dataclass
class Watched:
    command: list[str]
    ends_with: signal.Signals
    process: subprocess.Popen[bytes]
    restarts: list[float] = field(default_factory=list)


class Supervisor:
    """Starts processes with one environment and one log each; a fallen one is started again."""

    def __init__(self, var: Path, environment: dict[str, str]) -> None:
        self.logs = var / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.logs.chmod(0o700)
        self.environment = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
        self._watched: dict[str, Watched] = {}

    def start(
        self, name: str, command: list[str], *, ends_with: signal.Signals = signal.SIGKILL
    ) -> None:
        """Start a process; when this one is killed, it gets the signal `ends_with`.

        A Celery worker that is asked politely would wait for a broker that is gone as well; its
        pool children are tied to it in mfv_portal.celery.
        """
        self._watched[name] = Watched(command, ends_with, self._spawn(name, command, ends_with))

    def look_after(self) -> list[str]:
        """Start what fell; return the names. Gives up on what keeps falling."""
        fallen = []
        for name, watched in self._watched.items():
            if watched.process.poll() is None:
                continue
            now = time.monotonic()
            watched.restarts = [
                moment for moment in watched.restarts if now - moment < RESTARTS_WITHIN_SECONDS
            ]
            if len(watched.restarts) >= RESTARTS:
                raise ServiceError(
                    f"{name} endet immer wieder von selbst: {self.last_line(name)} "
                    f"(Protokoll: {self.log(name)})"
                )
            watched.restarts.append(now)
            watched.process = self._spawn(name, watched.command, watched.ends_with)
            fallen.append(name)
        return fallen

    def stop(self) -> None:
        """End all: first everybody is asked, then everybody waited for."""
        for watched in self._watched.values():
            if watched.process.poll() is None:
                watched.process.send_signal(signal.SIGTERM)
        for watched in self._watched.values():
            try:
                watched.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                watched.process.kill()
            end(watched.process, politely=signal.SIGKILL)
        self._watched.clear()

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def last_line(self, name: str) -> str:
        lines = self.log(name).read_text(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "keine Meldung")

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
