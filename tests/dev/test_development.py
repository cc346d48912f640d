"""What a developer's portal shows of an edited file, and what its readers see of an error."""

import re
import shutil
import signal
import subprocess
from http.client import HTTPConnection

import pytest

from dev.environment import ROOT
from tests.dev.conftest import wait_for, wait_for_line


@pytest.fixture
def copy(tmp_path):
    """A copy of what is in the repository, with the packages of this one."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    copy = tmp_path / "copy"
    for name in filter(None, names):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    for name in (".venv", "node_modules"):
        (copy / name).symlink_to((ROOT / name).resolve())
    return copy


def edit(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1, (path, old, text.count(old))
    path.write_text(text.replace(old, new))


def read(port, path):
    """The answer's status and text; what broke off is no answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def test_edited_files_show_and_errors_are_those_of_readers(portal, copy, port):
    """One start for all of it: each takes seconds."""
    running = portal("dev.start", "--empty", "--port", str(port), cwd=copy)
    wait_for_line(running, "Strg+C beendet alles.")

    status, page = read(port, "/gibt-es-nicht/")
    assert status == 404
    assert "DEBUG" not in page
    assert "URLconf" not in page

    edit(copy / "templates/home/start.html", "{% block main %}", "{% block main %}<b>Neu</b>")
    assert "<b>Neu</b>" in read(port, "/")[1]

    sheet = re.search(r'href="(/static/css/portal/text[^"]*\.css)"', read(port, "/")[1])[1]
    style = copy / "static/css/portal/text.css"
    style.write_text(style.read_text() + "\n.edited { color: red }\n")
    assert ".edited" in read(port, sheet)[1]

    view = copy / "home/views.py"
    edit(view, '"Disallow: /konto/",', '"Disallow: /edited/",')
    assert wait_for(lambda: "Disallow: /edited/" in read(port, "/robots.txt")[1])

    edit(view, '"Disallow: /edited/",', '"Disallow: /edited/" + broken,')
    assert wait_for(lambda: read(port, "/robots.txt")[0] == 500)
    status, page = read(port, "/robots.txt")
    assert "NameError" not in page
    assert "Störung" in page

    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode == 0
