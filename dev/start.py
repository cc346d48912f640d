"""`./portal start`: services, migrations, example, web server, workers and beat in one terminal."""

import argparse
import errno
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from dev import commands
from dev.crawl import crawl, fetch, table
from dev.environment import ROOT, development_environment, var_directory
from dev.processes import ServiceError, end, spawn
from dev.services import Services
from dev.state import State, VarLock, read_state
from dev.supervisor import PRIVATE, Sources, Supervisor

ANSWER_SECONDS = 60


class Stopped(Exception):
    """Somebody asked us to end."""


class Start:
    """One run of the portal, from the first service to the last goodbye."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.var = var_directory().resolve()
        self.port: int = arguments.port
        self.address = f"http://localhost:{self.port}"
        self.services = Services(self.var)
        self.lock: VarLock | None = None
        self.supervisor: Supervisor | None = None

    def run(self) -> None:
        begin = time.monotonic()
        self.var.mkdir(parents=True, exist_ok=True)
        for name in ("log", "mail", "static"):
            (self.var / name).mkdir(mode=0o700, exist_ok=True)
        self.take_claim()
        check_port(self.port)
        environment = development_environment(self.var, self.port)
        environment |= self.services.start(done)
        sources = Sources(ROOT) if environment["DEVELOPMENT"] == "1" else None
        self.supervisor = Supervisor(self.var, environment, sources=sources)
        example = self.prepare(environment)
        if example["server"] != 18:
            tell(
                f"Hinweis: Die Datenbank ist PostgreSQL {example['server']}, erprobt ist 18; "
                "die deutsche Suche kann anders antworten."
            )
        self.wait_for_answer()
        done("Webserver, zwei Worker und Zeitgeber", None)
        prints = example["prints"]
        self.summarise(example["accounts"], prints, time.monotonic() - begin)
        if self.arguments.once:
            self.try_every_page(prints)
        else:
            self.stay()

    def take_claim(self) -> None:
        self.lock = VarLock.take(self.var)
        if self.lock is None:
            state = read_state(self.var)
            where = f"unter {state.address} (Prozess {state.pid})" if state else "gerade"
            raise ServiceError(f"Das Portal läuft schon {where}.")

    def prepare(self, environment: dict[str, str]) -> dict[str, Any]:
        """Run dev.prepare, showing that it moves; start the rest as soon as the tables are there.

        Returns what it found: the server's version, log-ins and prints.
        """
        assert self.supervisor
        text, begin = "Datenbank vorbereiten", time.monotonic()
        log = self.supervisor.logs / "prepare.log"
        with log.open("wb") as output:
            process = spawn(
                commands.prepare(empty=self.arguments.empty),
                env=self.supervisor.environment,
                cwd=ROOT,
                output=output,
                umask=PRIVATE,
            )
        is_migrated = False
        try:
            while True:
                has_ended = process.poll() is not None
                lines = log.read_text(errors="replace").strip().splitlines() or ["keine Meldung"]
                if has_ended and process.returncode:
                    raise ServiceError(reason(text, lines, log))
                if not is_migrated and commands.MIGRATED in lines:
                    is_migrated = True
                    done(text, time.monotonic() - begin)
                    text, begin = "Beispiel bereitstellen und drucken", time.monotonic()
                    self.start_processes(environment)
                if has_ended:
                    break
                self.look_after()
                show(f"… {text} ({time.monotonic() - begin:.0f} s) {lines[-1].strip()[:60]}")
                time.sleep(0.1)
        finally:
            end(process, politely=signal.SIGTERM)
        if not self.arguments.empty:
            done(text, time.monotonic() - begin)
        return json.loads(lines[-1])

    def start_processes(self, environment: dict[str, str]) -> None:
        assert self.supervisor
        assert self.lock
        self.supervisor.start(
            "web",
            commands.web(self.port),
            ends_with=signal.SIGTERM,
            # gunicorn keeps the socket: a page asked for in between waits instead of failing.
            renews_with=signal.SIGHUP,
        )
        for name, command in commands.background().items():
            self.supervisor.start(name, command)
        self.lock.publish(State(os.getpid(), self.address, environment))

    def wait_for_answer(self) -> None:
        assert self.supervisor
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            self.look_after()
            answer, _body = fetch(f"{self.address}/robots.txt", "")
            if answer.status:
                return
            time.sleep(0.1)
        raise ServiceError(
            f"Der Webserver antwortet nicht: {self.supervisor.last_line('web')} "
            f"(Protokoll: {self.supervisor.log('web')})"
        )

    def summarise(self, accounts: str, prints: list[dict[str, Any]], seconds: float) -> None:
        tell("")
        tell(f"Das Portal läuft nach {seconds:.0f} s: {self.address}")
        if accounts:
            tell("")
            tell("Zugänge zum Ausprobieren (nur hier, nur auf diesem Rechner):")
            for line in accounts.strip().splitlines():
                tell(f"  {line}")
        if prints:
            tell("")
            tell("Druckfassungen:")
        for job in prints:
            where = job["file"] or f"{job['status']} {job['error']}"
            pages = "1 Seite" if job["pages"] == 1 else f"{job['pages']} Seiten"
            tell(f"  {job['title']} ({pages})\n    {where}")
        if self.arguments.empty:
            tell("")
            tell("Ein Konto für die Projektleitung legt man in einem zweiten Fenster an:")
            tell("  ./portal manage create_lead NAME@EXAMPLE.ORG")
        tell("")
        tell(f"E-Mails: {self.var / 'mail'}    Protokolle: {self.var / 'log'}")

    def try_every_page(self, prints: list[dict[str, Any]]) -> None:
        pages = crawl(self.address)
        tell("")
        tell(table(pages))
        broken = [page for page in pages if page.status != 200]
        failed = [job for job in prints if not job["file"]]
        tell("")
        if failed:
            raise ServiceError(
                f"„{failed[0]['title']}“ ist nicht gedruckt: {failed[0]['error'] or 'Zeit um'}"
            )
        if not prints and not self.arguments.empty:
            raise ServiceError("Es wurde nichts gedruckt.")
        if broken:
            raise ServiceError(
                f"{len(broken)} von {len(pages)} Adressen antworten nicht mit 200, "
                f"zuerst {broken[0].path}: {broken[0].status or broken[0].kind}."
            )
        tell(f"Alle {len(pages)} öffentlichen Adressen antworten mit 200.")

    def stay(self) -> None:
        tell("Strg+C beendet alles.")
        while True:
            time.sleep(1)
            self.look_after()

    def look_after(self) -> None:
        assert self.supervisor
        service = self.services.failed()
        if service:
            raise ServiceError(f"{service} ist unerwartet zu Ende gegangen.")
        before = self.supervisor.waiting()
        for name in self.supervisor.look_after():
            tell(
                f"{name} war ausgefallen und läuft wieder (Protokoll: {self.supervisor.log(name)})"
            )
        for name in self.supervisor.waiting():
            if name not in before:
                tell(
                    f"{name} endet immer wieder von selbst und wartet auf eine Änderung am Code "
                    f"(Protokoll: {self.supervisor.log(name)})"
                )

    def stop(self) -> None:
        for part in (self.supervisor, self.services):
            if part:
                part.stop()
        if self.lock:
            self.lock.release()


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise ServiceError(f"Port {port} ist nur für root erlaubt.") from None
            raise ServiceError(
                f"Port {port} ist belegt; ein anderer geht so: ./portal start --port {port + 1}"
            ) from None


def reason(text: str, lines: list[str], log: Path) -> str:
    """Turn the end of a failed step into one sentence."""
    if any("No space left on device" in line or "DiskFull" in line for line in lines):
        return f"{text}: Der Datenträger ist voll."
    for name in ("DATABASE_URL", "REDIS_URL"):
        for line in lines:
            if line.startswith(f"{name}: "):
                return f"Der Server aus {name} ist nicht zu gebrauchen: {line.partition(': ')[2]}"
    return f"{text} ist nicht gelungen: {lines[-1].strip()} (Protokoll: {log})"


def tell(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    print(text, file=sys.stderr, flush=True)


def show(text: str) -> None:
    """Show a line that the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def done(text: str, seconds: float | None) -> None:
    tell(f"✓ {text}" + (f" ({seconds:.1f} s)" if seconds is not None else ""))


def stop_politely(number: int, frame: object) -> None:
    # A second signal must not interrupt the ending.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def main() -> None:
    parser = argparse.ArgumentParser(prog="./portal start", description="Das Portal starten.")
    parser.add_argument("--empty", action="store_true", help="ohne das Beispielprogramm")
    parser.add_argument("--once", action="store_true", help="nur zur Probe: alles zeigen und enden")
    parser.add_argument("--port", type=int, default=8000, help="Port auf diesem Rechner (8000)")
    start = Start(parser.parse_args())
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop_politely)
    code = 0
    try:
        start.run()
    except Stopped:
        tell("Das Portal wird beendet …")
    except ServiceError as error:
        tell(f"Fehler: {error}")
        code = 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        tell("Fehler: Der Datenträger ist voll.")
        code = 1
    finally:
        start.stop()
    sys.exit(code)


if __name__ == "__main__":
    main()
