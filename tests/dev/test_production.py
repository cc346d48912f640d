"""The command lines of docker-compose.yml, run against servers that the environment names."""

import json
import re
import signal
import subprocess
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

from dev.check import PRODUCTION
from dev.environment import ROOT
from dev.processes import end, spawn
from tests.dev.conftest import wait_for

BIN = ROOT / ".venv/bin"
HOST = PRODUCTION["ALLOWED_HOSTS"]
EXAMPLE = "example/mfv-2016.json"


@pytest.fixture
def production(environment, cluster, valkey, room):
    """What .env and docker-compose.yml put into a container's environment."""
    server = cluster()
    server.start()
    return {
        **environment,
        **PRODUCTION,
        "SECRET_KEY": "production-" + "x7" * 30,
        "DATABASE_URL": server.url,
        "REDIS_URL": valkey.url,
        "STATIC_ROOT": str(room.path / "static"),
        "EMAIL_URL": "dummymail://",
        "PATH": f"{BIN}:{environment['PATH']}",
    }


@pytest.fixture
def manage(production):
    def run(*arguments):
        answer = subprocess.run(
            [BIN / "python", "manage.py", *arguments],
            cwd=ROOT,
            env=production,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    return run


@pytest.fixture
def start(production, room):
    """A function that starts a service of docker-compose.yml with its very command."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    processes = []

    def start(name, port):
        command = [
            part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in services[name]["command"]
        ]
        with (room.path / f"{name}.log").open("ab") as log:
            processes.append(
                spawn([BIN / command[0], *command[1:]], env=production, cwd=ROOT, output=log)
            )
        return processes[-1]

    yield start
    for process in processes:
        end(process, politely=signal.SIGTERM)


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


def test_compose_commands_serve_pages_and_print(manage, start, room, port):
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    manage(*compose["migrate"]["command"][2:])
    # First those whose signs of life take a while.
    processes = {name: start(name, port) for name in ("beat", "worker-default", "worker-pdf")}
    manage("collectstatic", "--noinput", "--verbosity", "0")
    manage("import_programme", EXAMPLE)
    processes["web"] = start("web", port)

    healthy = wait_for(lambda: is_healthy(port), seconds=120)

    assert healthy, (get(port, "/health/")[1], logs(room))
    response, body = get(port, "/")
    assert response.status == 200
    assert response.getheader("Strict-Transport-Security").startswith("max-age=31536000")
    assert "unsafe" not in response.getheader("Content-Security-Policy")
    sheets = re.findall(r'<link[^>]+href="(/static/css/portal\.[^"]+\.css)"', body.decode())
    assert [get(port, sheet)[0].status for sheet in sheets] == [200]

    release = json.loads((ROOT / EXAMPLE).read_text())["press_releases"][0]["slug"]
    printed = room.path / "printed.pdf"
    manage("print", "press-release", release, "--wait", "--output", str(printed))

    assert printed.read_bytes().startswith(b"%PDF-")
    assert [process.poll() for process in processes.values()] == [None] * 4


def logs(room):
    return "\n".join(
        f"{path.name}: {path.read_text()[-500:]}" for path in Path(room.path).glob("*.log")
    )
