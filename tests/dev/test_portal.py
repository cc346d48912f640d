import re
import signal
import socket
import stat
from http.client import HTTPConnection
from pathlib import Path

import environ
import pytest

from dev.environment import development_environment, development_secret
from dev.state import State, VarLock, read_state
from dev.valkey import free_port
from tests.dev.conftest import (
    add_program,
    children_of,
    is_alive,
    ready_machine,
    run,
    wait_for,
    wait_for_line,
)

COMMANDS = ("start", "test", "check", "fix", "manage", "messages")


# The script itself, in a directory and with programs that a test chooses


def test_portal_alone_lists_its_commands(machine):
    answer = run(machine)

    assert answer.returncode == 0
    assert tuple(re.findall(r"^  \./portal (\w+)", answer.stdout, re.MULTILINE)) == COMMANDS


def test_unknown_command_is_named(machine):
    answer = run(machine, "strat")

    assert answer.returncode == 1
    assert answer.stderr.endswith("Fehler: Das Kommando „strat“ gibt es nicht.\n")


def test_missing_packages_come_as_one_line_for_an_ordinary_user(machine):
    ready_machine(machine)
    add_program(machine, "dpkg-query", "exit 1")

    answer = run(machine, "start")

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == (
        "  sudo apt-get update && sudo apt-get install -y --no-install-recommends "
        "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
    )


def test_missing_python_is_asked_for_as_a_package(machine):
    ready_machine(machine)
    (machine.parent / "bin/python3").unlink()

    answer = run(machine, "start")

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1].endswith(" python3 python3-venv")


def test_too_old_python_is_named_in_one_sentence(machine):
    ready_machine(machine)
    add_program(machine, "id", "echo 0")
    add_program(machine, "dpkg", "exit 0")
    add_program(machine, "apt-get", "exit 0")
    add_program(machine, "python3", 'case $1 in --version) echo "Python 3.9.2";; *) exit 1;; esac')

    answer = run(machine, "start")

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == (
        "Fehler: Das Portal braucht Python 3.11 oder neuer; dieses System bietet nur Python 3.9.2."
    )


def test_too_old_python_where_there_are_no_packages(machine):
    ready_machine(machine)
    (machine.parent / "bin/dpkg-query").unlink()
    add_program(machine, "python3", 'case $1 in --version) echo "Python 3.9.2";; *) exit 1;; esac')

    answer = run(machine, "start")

    assert answer.returncode == 1
    assert answer.stderr == (
        "Fehler: Das Portal braucht Python 3.11 oder neuer, gefunden wurde Python 3.9.2.\n"
    )


def test_root_gets_the_packages_installed(machine):
    ready_machine(machine)
    add_program(machine, "id", "echo 0")
    add_program(machine, "dpkg", "exit 0")
    asked = machine.parent / "asked"
    add_program(machine, "apt-get", f'echo "$@" >>{asked}; exit 0')
    add_program(machine, "dpkg-query", f"[ -f {asked} ] && printf 'install ok installed'")
    add_program(machine, "df", "echo head; echo '/dev/x 9 9 1024 99% /'")

    answer = run(machine, "start")

    assert asked.read_text().splitlines() == [
        "-o DPkg::Lock::Timeout=300 update",
        "-o DPkg::Lock::Timeout=300 install -y --no-install-recommends "
        "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig",
    ]
    assert answer.returncode == 1


def test_too_little_space_is_said_before_anything_is_made(machine):
    ready_machine(machine)
    add_program(machine, "df", "echo head; echo '/dev/x 9 9 10240 99% /'")

    answer = run(machine, "start")

    assert answer.returncode == 1
    assert answer.stderr == (
        "Fehler: Für die Einrichtung braucht es etwa 1500 MB freien Platz, hier sind es 10 MB.\n"
    )
    assert not (machine / ".venv").exists()


def test_disk_that_fills_up_on_the_way_is_named(machine):
    ready_machine(machine)
    add_program(
        machine,
        "python3",
        'case "$*" in *venv*.venv*) echo "[Errno 28] No space left on device"; exit 1;; esac',
    )

    answer = run(machine, "start")

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == (
        "Fehler: Python-Umgebung anlegen: Der Datenträger ist voll. "
        "Bitte Platz schaffen und noch einmal starten."
    )


def test_half_installed_environment_is_made_again(machine):
    ready_machine(machine)
    (machine / ".venv/bin").mkdir(parents=True)
    (machine / ".venv/installing").touch()
    (machine / ".venv/bin/python").symlink_to(machine.parent / "bin/python3")
    asked = machine.parent / "asked"
    add_program(machine, "python3", f'echo "$*" >>{asked}; case "$*" in *--clear*) exit 3;; esac')

    answer = run(machine, "start")

    assert answer.returncode == 1
    assert asked.read_text().splitlines()[-1] == "-m venv --clear .venv"


# The running portal


def test_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    first = development_secret(tmp_path)

    assert development_secret(tmp_path) == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_environment_keeps_what_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "given")
    monkeypatch.setenv("PORTAL_URL", "http://given:1")

    environment = development_environment(tmp_path, 8123)

    assert environment["SECRET_KEY"] == "given"
    assert environment["PORTAL_URL"] == "http://given:1"


@pytest.mark.parametrize("name", ["var", "var mit + # ? % und ä"])
def test_mail_of_development_is_a_file_in_var(monkeypatch, tmp_path, name):
    monkeypatch.delenv("EMAIL_URL")
    var = tmp_path / name
    var.mkdir()

    address = development_environment(var, 8123)["EMAIL_URL"]

    assert environ.Env.email_url_config(address)["EMAIL_FILE_PATH"] == str(var / "mail")


def test_claim_is_held_once_and_tells_who_holds_it(tmp_path):
    held = VarLock.take(tmp_path)
    held.publish(State(1, "http://localhost:1", {"NAME": "value"}))

    assert VarLock.take(tmp_path) is None
    assert read_state(tmp_path) == State(1, "http://localhost:1", {"NAME": "value"})
    assert stat.S_IMODE((tmp_path / "portal.json").stat().st_mode) == 0o600
    held.release()
    assert read_state(tmp_path) is None
    VarLock.take(tmp_path).release()


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def say(process):
    """Wait for the end and return what was said, without what only shows the time it took."""
    text, _ = process.communicate(timeout=180)
    return [line for line in text.splitlines() if not line.startswith("✓")]


def test_start_on_a_taken_port_is_one_sentence(portal, taken_port):
    process = portal("dev.start", "--port", str(taken_port))

    assert say(process) == [
        f"Fehler: Port {taken_port} ist belegt; "
        f"ein anderer geht so: ./portal start --port {taken_port + 1}"
    ]
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgres://portal:geheim@127.0.0.1:{port}/portal", "Connection refused"),
        ("postgres://portal:geheim@127.0.0.1:eins/portal", "DATABASE_URL"),
        ("sqlite:///portal.sqlite3", "erwartet wird postgres://"),
    ],
)
def test_start_with_a_wrong_database_is_one_sentence(portal, port, address, reason):
    process = portal(
        "dev.start", "--port", str(free_port()), DATABASE_URL=address.format(port=port)
    )

    lines = say(process)

    assert process.returncode == 1
    assert len(lines) == 1
    assert lines[0].startswith("Fehler: ")
    assert "DATABASE_URL" in lines[0]
    assert reason in lines[0]
    assert "geheim" not in lines[0]


def test_start_with_a_wrong_broker_is_one_sentence(portal, port):
    process = portal(
        "dev.start", "--port", str(free_port()), REDIS_URL=f"redis://:geheim@127.0.0.1:{port}/0"
    )

    lines = say(process)

    assert process.returncode == 1
    assert len(lines) == 1
    assert lines[0].startswith("Fehler: Der Server aus REDIS_URL ist nicht zu gebrauchen: ")
    assert "geheim" not in lines[0]


def test_portal_survives_a_kill_and_ends_on_ctrl_c(portal, environment, port):
    """One long test instead of four: each start takes seconds."""
    var = Path(environment["VAR_DIR"])
    first = portal("dev.start", "--empty", "--port", str(port))
    said = wait_for_line(first, "Strg+C beendet alles.")
    family = children_of(first.pid)
    assert fetch(port, "/robots.txt") == 200
    assert fetch(port, "/static/css/portal/tokens.css") == 200

    second = portal("dev.start", "--empty", "--port", str(free_port()))
    assert say(second) == [
        f"Fehler: Das Portal läuft schon unter http://localhost:{port} (Prozess {first.pid})."
    ]

    shared = portal("dev.manage", "shell", "-v", "0", "-c", "print(6 * 7)")
    assert say(shared) == ["42"]

    places = dict(re.findall(r"(E-Mails|Protokolle): (\S+)", said))
    assert say(portal("dev.manage", "sendtestemail", "somebody@example.org")) == []
    (mail,) = Path(places["E-Mails"]).iterdir()
    assert "To: somebody@example.org" in mail.read_text()
    assert {"web.log", "worker-default.log", "worker-pdf.log", "beat.log"} <= {
        path.name for path in Path(places["Protokolle"]).iterdir()
    }

    assert left_behind(environment) != []

    first.kill()
    first.wait()
    assert len(family) > 8
    assert wait_for(lambda: not any(is_alive(pid) for pid in family))

    third = portal("dev.start", "--empty", "--port", str(port))
    wait_for_line(third, "Strg+C beendet alles.")
    family = children_of(third.pid)
    assert fetch(port, "/robots.txt") == 200
    third.send_signal(signal.SIGINT)

    assert say(third) == ["Das Portal wird beendet …"]
    assert third.returncode == 0
    assert wait_for(lambda: not any(is_alive(pid) for pid in family))
    assert read_state(var) is None
    assert left_behind(environment) == []


def test_start_once_prints_the_example_and_fetches_every_page(portal, environment, port):
    """The main job as a newcomer tries it."""
    process = portal("dev.start", "--once", "--port", str(port))

    text, _ = process.communicate(timeout=600)

    assert process.returncode == 0, text
    files = sorted(Path(environment["VAR_DIR"]).glob("artefacts/**/*.pdf"))
    assert len(files) == 3
    assert all(str(file) in text for file in files)
    assert all(file.read_bytes().startswith(b"%PDF-") for file in files)
    assert "lead@example.org" in text
    pages = re.findall(r"^ *200 .* (/\S*)$", text, re.MULTILINE)
    assert {"/", "/en/", "/konzepte/", "/presse/", "/leitfaden/", "/sitemap.xml"} <= set(pages)
    assert f"Alle {len(pages)} öffentlichen Adressen antworten mit 200." in text
    assert left_behind(environment) == []


def test_manage_brings_its_own_services_and_passes_the_exit_code_on(portal):
    process = portal(
        "dev.manage", "shell", "-v", "0", "-c",
        "from django.db import connection as c; c.ensure_connection(); print(c.vendor); exit(7)",
    )  # fmt: skip

    assert say(process) == ["postgresql"]
    assert process.returncode == 7


def left_behind(environment):
    """What lies in the temporary folders of the machine and of the portal."""
    folders = (Path(environment["TMPDIR"]), Path(environment["VAR_DIR"]) / "tmp")
    return [path.name for folder in folders if folder.exists() for path in folder.iterdir()]


def fetch(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()
