"""The command lines of docker-compose.yml, run against servers that the environment names."""

import json
import os
import re
import signal
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
import yaml

from dev.check import PRODUCTION
from dev.environment import ROOT
from dev.processes import end, spawn
from tests.dev.conftest import children_of, wait_for

BIN = ROOT / ".venv/bin"
HOST = PRODUCTION["ALLOWED_HOSTS"]
EXAMPLE = "example/mfv-2016.json"


@pytest.fixture
def server(cluster):
    """A server as the first start of docker-compose.yml leaves it, with its very roles."""
    server = cluster()
    server.start()
    with psycopg.connect(host=server.sockets, user="postgres", autocommit=True) as connection:
        for statement in ("DROP DATABASE portal", "DROP ROLE portal", "CREATE DATABASE portal"):
            connection.execute(statement)
    made = subprocess.run(
        ["sh", ROOT / "deploy/postgres/roles.sh"],
        env={
            "PATH": f"{server.bin}:{os.environ['PATH']}",
            "PGHOST": str(server.sockets),
            "OWNER_PASSWORD": "owner's",
            "PORTAL_PASSWORD": "portal's",
        },
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    return server


@pytest.fixture
def production(environment, server, valkey, directory):
    """What .env and docker-compose.yml put into a container's environment."""
    return {
        **environment,
        **PRODUCTION,
        "SECRET_KEY": "production-" + "x7" * 30,
        "DATABASE_URL": server.url,
        "REDIS_URL": valkey.url,
        "STATIC_ROOT": str(directory.path / "static"),
        "EMAIL_URL": "dummymail://",
        "PATH": f"{BIN}:{environment['PATH']}",
    }


@pytest.fixture
def manage(production):
    def run(*arguments, **more):
        answer = subprocess.run(
            [BIN / "python", "manage.py", *arguments],
            cwd=ROOT,
            env={**production, **more},
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    return run


@pytest.fixture
def migrated(production, server):
    """What the service `migrate` does, as the role it has."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    given = services["migrate"]["environment"]["DATABASE_URL"]
    role = re.search(r"postgres://(\w+):\$", given)[1]
    done = subprocess.run(
        services["migrate"]["command"],
        cwd=ROOT,
        env={**production, "DATABASE_URL": server.url.replace("//portal@", f"//{role}@")},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def start(production, directory):
    """A function that starts a service of docker-compose.yml with its very command."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    processes = []

    def start(name, port):
        command = [
            part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in services[name]["command"]
        ]
        with (directory.path / f"{name}.log").open("ab") as log:
            processes.append(
                spawn(
                    [BIN / command[0], *command[1:]],
                    env={
                        **production,
                        **limits(name),
                        "ALIVE_FILE": str(alive_file(directory, name)),
                    },
                    cwd=ROOT,
                    output=log,
                )
            )
        return processes[-1]

    yield start
    # Everybody is asked before anybody is waited for.
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        end(process, politely=signal.SIGTERM)


def limits(name):
    """How long the service waits for the database."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    given = services[name]["environment"]
    return {key: value for key, value in given.items() if key == "DATABASE_SECONDS"}


def alive_file(directory, name):
    return directory.path / f"{name}.alive"


def is_alive_in_its_container(directory, name):
    """Run the health check of docker-compose.yml."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    kind, command = services[name]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    command = command.replace(
        services[name]["environment"]["ALIVE_FILE"], str(alive_file(directory, name))
    )
    return subprocess.run(["sh", "-c", command], stderr=subprocess.DEVNULL).returncode == 0


def get(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        response = connection.getresponse()
        return response, response.read()
    except OSError:
        return None, b""
    finally:
        connection.close()


def is_healthy(port):
    response, _body = get(port, "/health/")
    return response is not None and response.status == 200


def test_compose_commands_serve_pages_and_print(migrated, manage, start, directory, port):
    # First those whose signs of life take a while.
    processes = {name: start(name, port) for name in ("beat", "worker-default", "worker-pdf")}
    manage("collectstatic", "--noinput", "--verbosity", "0")
    manage("import_programme", EXAMPLE)
    processes["web"] = start("web", port)

    healthy = wait_for(lambda: is_healthy(port), seconds=120)

    assert healthy, (get(port, "/health/")[1], logs(directory))
    response, body = get(port, "/")
    assert response.status == 200
    assert response.getheader("Strict-Transport-Security").startswith("max-age=31536000")
    assert "unsafe" not in response.getheader("Content-Security-Policy")
    sheets = re.findall(r'<link[^>]+href="(/static/css/portal/\w+\.[^"]+\.css)"', body.decode())
    assert sheets
    assert {get(port, sheet)[0].status for sheet in sheets} == {200}

    release = json.loads((ROOT / EXAMPLE).read_text())["press_releases"][0]["slug"]
    printed = directory.path / "printed.pdf"
    manage("print", "press-release", release, "--wait", "--output", str(printed))

    assert printed.read_bytes().startswith(b"%PDF-")
    assert [process.poll() for process in processes.values()] == [None] * 4
    background = ("beat", "worker-default", "worker-pdf")
    assert [name for name in background if is_alive_in_its_container(directory, name)] == [
        *background
    ]
    long_ago = time.time() - 180
    os.utime(alive_file(directory, "worker-pdf"), (long_ago, long_ago))
    processes["worker-pdf"].kill()
    assert not is_alive_in_its_container(directory, "worker-pdf")


def test_role_of_the_portal_changes_rows_and_nothing_else(migrated, manage, server):
    manage("import_programme", EXAMPLE)
    with psycopg.connect(
        host=server.sockets, user="portal", dbname="portal", autocommit=True
    ) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert rights.fetchone() == (False, False, False)
        assert connection.execute("SELECT count(*) FROM people_auditentry").fetchone()[0] > 0
        for statement in (
            "CREATE TABLE mine (id int)",
            "CREATE TEMPORARY TABLE mine (id int)",
            "CREATE SCHEMA mine",
            "CREATE EXTENSION pg_trgm",
            "ALTER TABLE people_user ADD COLUMN mine int",
            "DROP TABLE people_user",
            "TRUNCATE people_user CASCADE",
            "UPDATE people_auditentry SET action = 'nothing'",
            "DELETE FROM people_auditentry",
            "TRUNCATE people_auditentry",
            "DELETE FROM django_migrations",
            "SET ROLE portal_owner",
            "COPY people_user TO PROGRAM 'cat'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        # A deleted account leaves its entries without a name.
        connection.execute("UPDATE people_auditentry SET actor_id = NULL")
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tableowner <> 'portal_owner'"
        )
        assert tables.fetchall() == []
    manage("migrate", "--check")


def test_backup_is_restored_with_its_owner(migrated, manage, server, directory):
    """With the options of docs/operations.md, into an empty database."""
    manage("import_programme", EXAMPLE)
    text = (ROOT / "docs/operations.md").read_text().replace("\\\n", " ")
    backup = re.search(r"(pg_dump [^>]*) > portal-", text)[1].split()
    restore = re.search(r"(pg_restore [^<]*) < portal-", text)[1].split()
    here = {"PATH": f"{server.bin}:/bin:/usr/bin", "PGHOST": str(server.sockets)}
    dump = directory.path / "portal.dump"

    with dump.open("wb") as file:
        subprocess.run(backup, env=here, stdout=file, check=True)
    with psycopg.connect(host=server.sockets, user="postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE portal")
        connection.execute("CREATE DATABASE portal OWNER portal_owner")
    with dump.open("rb") as file:
        subprocess.run(restore, env=here, stdin=file, check=True)
    with psycopg.connect(host=server.sockets, user="postgres", dbname="portal") as connection:
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        (entries,) = connection.execute("SELECT count(*) FROM people_auditentry").fetchone()

    assert owners == [("portal_owner",)]
    assert entries > 0


def test_superuser_comes_in_by_no_password(server):
    with psycopg.connect(host=server.sockets, user="postgres") as connection:
        found = connection.execute(
            "SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL ORDER BY rolname"
        ).fetchall()

    assert found == [("portal",), ("portal_owner",)]


@pytest.mark.parametrize("role", ["nobody_here", "postgres", "portal"])
def test_rights_are_not_granted_to_whoever_has_more(production, server, role):
    """Asked by the role of the portal itself: it owns nothing it could give."""
    answer = subprocess.run(
        [BIN / "python", "manage.py", "grant_rights", role],
        cwd=ROOT,
        env=production,
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 1
    assert f"„{role}“" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_frozen_database_holds_up_nobody_for_long(migrated, start, server, port):
    """Its kernel still takes connections; nothing answers on them."""
    start("web", port)
    assert wait_for(lambda: get(port, "/robots.txt")[0], seconds=60)
    # The threads of the web server have connections of their own by now, at least some.
    assert {part(port, "database") for _ in range(4)} == {"ok"}

    frozen = [server.pid, *children_of(server.pid)]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        begin = time.monotonic()
        response, body = get(port, "/health/")
        seconds = time.monotonic() - begin
        assert response.status == 503
        assert json.loads(body)["parts"]["database"] == "down"
        assert seconds < 3

        begin = time.monotonic()
        assert get(port, "/presse/")[0].status == 500
        assert time.monotonic() - begin < 12
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)

    assert wait_for(lambda: part(port, "database") == "ok", seconds=15)


def part(port, name):
    return json.loads(get(port, "/health/")[1])["parts"][name]


def test_statement_of_the_web_server_has_a_limit(production):
    said = subprocess.run(
        [BIN / "python", "manage.py", "shell", "-v", "0", "-c", ASK_FOR_LIMIT],
        cwd=ROOT,
        env={**production, **limits("web")},
        capture_output=True,
        text=True,
    )

    assert said.stdout.split() == ["5s", "QueryCanceled"], said.stderr
    assert limits("migrate") == {"DATABASE_SECONDS": "0"}


ASK_FOR_LIMIT = """
from django.db import OperationalError, connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(cursor.fetchone()[0])
    cursor.execute("SET statement_timeout = 200")
    try:
        cursor.execute("SELECT pg_sleep(5)")
    except OperationalError as error:
        print(type(error.__cause__).__name__)
"""


def logs(directory):
    return "\n".join(
        f"{path.name}: {path.read_text()[-500:]}" for path in Path(directory.path).glob("*.log")
    )
