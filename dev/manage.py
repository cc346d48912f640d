"""`./portal manage`: a management command with services, workers and beat up.

While `./portal start` runs, its services are used; otherwise they start for the command and end
with it. What the command writes is all that goes to standard output.
"""

import os
import signal
import subprocess
import sys
import time

from dev import commands
from dev.environment import ROOT, development_environment, var_directory
from dev.processes import ServiceError
from dev.services import Services
from dev.start import Stopped, stop_politely, tell
from dev.state import VarLock, read_state
from dev.supervisor import Supervisor

# Commands that look at code only; everything else may want a worker.
WITHOUT_WORKERS = {"check", "help", "makemigrations", "migrate", "diffsettings", "showmigrations"}
DEFAULT_PORT = 8000


def run(arguments: list[str]) -> int:
    var = var_directory().resolve()
    var.mkdir(parents=True, exist_ok=True)
    lock = VarLock.take(var)
    if lock is None:
        state = read_state(var)
        if state is None:
            raise ServiceError("Das Portal wird gerade gestartet; bitte gleich noch einmal.")
        return call(arguments, {**os.environ, **state.environment})
    services = Services(var)
    supervisor = None
    try:
        environment = development_environment(var, DEFAULT_PORT)
        environment |= services.start(lambda _name, _seconds: None)
        supervisor = Supervisor(var, environment)
        if arguments and arguments[0] not in WITHOUT_WORKERS:
            for name, command in commands.background().items():
                supervisor.start(name, command)
        return call(arguments, supervisor.environment)
    finally:
        if supervisor:
            supervisor.stop()
        services.stop()
        lock.release()


def call(arguments: list[str], environment: dict[str, str]) -> int:
    """Run the command in the foreground, with the terminal as its own."""
    process = subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment)
    try:
        return process.wait()
    except Stopped:
        # Ctrl-C reached the command as well: it may finish in its own way.
        deadline = time.monotonic() + 5
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        if process.poll() is None:
            process.terminate()
            process.wait()
        return 130


def main() -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop_politely)
    try:
        sys.exit(run(sys.argv[1:]))
    except Stopped:
        sys.exit(130)
    except ServiceError as error:
        tell(f"Fehler: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
