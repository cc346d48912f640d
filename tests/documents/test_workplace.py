"""No temporary file of a printer outlives it for longer than until the next start."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from documents import workplace
from documents.production import print_document


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    before = tempfile.tempdir
    yield tmp_path
    workplace.move_out()
    tempfile.tempdir = before


def folders():
    return sorted(path.name for path in workplace.root().iterdir())


def test_temporary_files_lie_in_the_folder_of_the_process(var):
    folder = workplace.move_in()

    made = Path(tempfile.mkdtemp(prefix="weasyprint-"))

    assert made.parent == folder
    assert folder.stat().st_mode & 0o077 == 0

    workplace.tidy_up()
    assert [path.name for path in folder.iterdir()] == [workplace.LOCK]

    workplace.move_out()
    assert folders() == []


@pytest.mark.django_db
def test_nothing_is_left_after_a_print(var, make_job):
    folder = workplace.move_in()

    print_document(make_job().pk)

    assert [path.name for path in folder.iterdir()] == [workplace.LOCK]


PRINTER = """
import os, sys, tempfile
import django
django.setup()
from documents import workplace
folder = workplace.move_in()
tempfile.mkdtemp(prefix="weasyprint-")
print(folder.name, flush=True)
if sys.argv[1] == "child":
    child = os.fork()
    if not child:
        print(workplace.move_in().name, flush=True)
        sys.stdin.read()
        os._exit(0)
    os.waitpid(child, 0)
sys.stdin.read()
"""


@pytest.fixture
def start(var):
    running = []

    def start_printer(kind="alone"):
        process = subprocess.Popen(
            [sys.executable, "-c", PRINTER, kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "VAR_DIR": str(var)},
        )
        running.append(process)
        names = [process.stdout.readline().strip() for _ in range(1 + (kind == "child"))]
        return process, names

    yield start_printer
    for process in running:
        process.kill()
        process.communicate()


def test_the_next_start_removes_what_a_killed_printer_left(start):
    killed, (lost,) = start()
    living, (kept,) = start()
    assert folders() == sorted([lost, kept])

    killed.kill()
    killed.wait()
    assert folders() == sorted([lost, kept])  # nobody could clear it yet

    own = workplace.move_in()

    assert folders() == sorted([kept, own.name])
    assert living.poll() is None


def test_a_child_has_a_folder_of_its_own_and_keeps_its_parents(start):
    _printer, names = start("child")

    workplace.clear_abandoned()

    assert len(set(names)) == 2
    assert folders() == sorted(names)
