import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from dev.directories import ServiceDirectory
from dev.environment import ROOT
from dev.postgres import Postgres
from dev.valkey import Valkey, free_port

# What this test session itself runs with; a portal of its own must not see it.
OURS = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "DJANGO_SETTINGS_MODULE", "SECRET_KEY")
# The programs of the smallest machine that the script knows.
TOOLS = ("sh", "dirname", "cat", "cut", "date", "tail", "tr", "grep", "mkdir", "awk", "sleep")
TOOLS += ("flock", "sha256sum", "basename", "rm", "touch")


@pytest.fixture
def directory():
    directory = ServiceDirectory()
    yield directory
    directory.close()


@pytest.fixture
def valkey(directory):
    server = Valkey(directory.path)
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def fresh_cluster():
    """The files of a cluster as they are after the first start, made once."""
    directory = ServiceDirectory()
    server = Postgres(directory.path / "cluster", directory.path, throw_away=True)
    server.start()
    server.close()
    yield server.home
    directory.close()


@pytest.fixture
def cluster(directory, fresh_cluster):
    """A function that makes further servers for the same files."""
    made = []

    def make():
        if not made:
            subprocess.run(["cp", "-a", fresh_cluster, directory.path / "cluster"], check=True)
        sockets = directory.path / f"sockets-{len(made)}"
        sockets.mkdir()
        sockets.chmod(0o711)
        made.append(Postgres(directory.path / "cluster", sockets, throw_away=True))
        return made[-1]

    yield make
    for server in made:
        server.close()


@pytest.fixture
def environment(directory):
    """The environment of a newcomer's terminal, with the files in a place of their own."""
    var = directory.path / "var"
    var.mkdir()
    # Short, because sockets lie in it, and passable as /tmp is.
    temporary = directory.path / "tmp"
    temporary.mkdir()
    temporary.chmod(0o711)
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    for name in ("ALLOWED_HOSTS", "DEBUG", "DEVELOPMENT", "EMAIL_URL", "HTTPS", "PORTAL_URL"):
        kept.pop(name, None)
    return {**kept, "VAR_DIR": str(var), "TMPDIR": str(temporary)}


@pytest.fixture
def portal(environment):
    """A function that runs a module of dev; what it started is ended with the test."""
    processes = []

    def run(module, *arguments, cwd=ROOT, **more):
        process = subprocess.Popen(
            [str(ROOT / ".venv/bin/python"), "-m", module, *arguments],
            cwd=cwd,
            env={**environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
        process.stdout.close()


@pytest.fixture
def port():
    return free_port()


def children_of(pid):
    """Every process below this one, by its id."""
    below = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        below.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, waiting = set(), [pid]
    while waiting:
        for child in below.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


def is_alive(pid):
    """Whether a process runs; one that is dead and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def machine(tmp_path):
    """A copy of the script on a machine that has only a few programs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool))
    copy = tmp_path / "clone"
    copy.mkdir()
    for name in ("portal", "requirements-start.txt", "package-lock.json"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def add_program(machine, name, text):
    path = machine.parent / "bin" / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def run(machine, *arguments, **more):
    return subprocess.run(
        ["./portal", *arguments],
        cwd=machine,
        env={"PATH": str(machine.parent / "bin"), "LC_ALL": "C.UTF-8", **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def ready_machine(machine):
    """Everything there, an ordinary user, a good Python that only pretends."""
    add_program(machine, "id", "echo 1000")
    add_program(machine, "dpkg-query", "printf 'install ok installed'")
    add_program(machine, "msgfmt", "exit 0")
    add_program(machine, "python3", "exit 0")
    add_program(machine, "df", "echo head; echo '/dev/x 9 9 99999999 1% /'")


def wait_for_line(process, wanted):
    """Wait until a line is said; return everything up to it."""
    said = ""
    for line in process.stdout:
        said += line
        if line.strip() == wanted:
            return said
    return pytest.fail(said)
