import os
import signal
import sys
from pathlib import Path

import pytest

from dev.processes import ServiceError, spawn
from dev.supervisor import RESTARTS, Sources, Supervisor
from tests.dev.conftest import children_of, is_alive, wait_for

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
RENEWING = [
    sys.executable,
    "-c",
    "import signal, time;"
    "signal.signal(signal.SIGHUP, lambda *_: print('renewed', flush=True));"
    "print('ready', flush=True); time.sleep(60)",
]
DEAF_FAMILY = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print('ready', flush=True); time.sleep(60)",
]


@pytest.fixture
def supervisor(tmp_path):
    supervisor = Supervisor(tmp_path, {"GIVEN": "value"})
    yield supervisor
    supervisor.stop()


def watched(supervisor, name):
    return supervisor._watched[name].process


def test_process_gets_the_environment_and_a_log(supervisor):
    supervisor.start("echo", [sys.executable, "-c", "import os; print(os.environ['GIVEN'])"])
    watched(supervisor, "echo").wait(30)

    assert supervisor.last_line("echo") == "value"


def test_files_of_a_process_are_private(supervisor, tmp_path):
    supervisor.start("writer", ["touch", str(tmp_path / "file")])
    watched(supervisor, "writer").wait(30)

    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert supervisor.logs.stat().st_mode & 0o777 == 0o700


def test_fallen_process_is_started_again(supervisor):
    supervisor.start("sleeper", SLEEPER)
    first = watched(supervisor, "sleeper")
    assert supervisor.look_after() == []

    first.kill()
    first.wait()

    assert supervisor.look_after() == ["sleeper"]
    assert watched(supervisor, "sleeper").pid != first.pid
    assert supervisor.look_after() == []


def test_process_that_keeps_falling_is_given_up_with_its_last_words(supervisor):
    supervisor.start("broken", [sys.executable, "-c", "raise SystemExit('no luck')"])

    for _time in range(RESTARTS):
        watched(supervisor, "broken").wait(30)
        assert supervisor.look_after() == ["broken"]
    watched(supervisor, "broken").wait(30)

    with pytest.raises(ServiceError, match=r"broken endet immer wieder.*no luck"):
        supervisor.look_after()


def test_stop_ends_the_process_and_what_it_started(supervisor, monkeypatch):
    monkeypatch.setattr("dev.supervisor.STOP_SECONDS", 1)
    supervisor.start("family", DEAF_FAMILY)
    assert wait_for(lambda: supervisor.last_line("family") == "ready")
    parent = watched(supervisor, "family").pid
    family = {parent, *children_of(parent)}
    assert len(family) == 2

    supervisor.stop()

    assert wait_for(lambda: not any(is_alive(pid) for pid in family))


def test_log_that_grew_large_is_put_aside(supervisor):
    log = supervisor.log("sleeper")
    log.write_bytes(b"x" * (6 * 1024 * 1024))

    supervisor.start("sleeper", SLEEPER)

    assert log.stat().st_size == 0
    assert log.with_suffix(".log.1").stat().st_size == 6 * 1024 * 1024


def test_child_gets_the_chosen_signal_when_its_parent_is_killed(tmp_path):
    # Two generations: a parent to kill, and the child that says which signal reached it.
    note = tmp_path / "note"
    child = (
        "import pathlib, signal, time\n"
        f"note = pathlib.Path({str(note)!r})\n"
        "def tell(number, frame):\n"
        "    note.write_text(str(number)); raise SystemExit\n"
        "signal.signal(signal.SIGINT, tell)\n"
        "note.write_text('ready')\n"
        "time.sleep(60)\n"
    )
    parent = spawn(
        [
            sys.executable,
            "-c",
            "import signal, sys, time; from dev.processes import spawn;"
            f"spawn([sys.executable, '-c', {child!r}], ends_with=signal.SIGINT); time.sleep(60)",
        ],
        env=dict(os.environ),
    )
    assert wait_for(lambda: note.exists() and note.read_text() == "ready")

    parent.kill()
    parent.wait()

    assert wait_for(lambda: note.read_text() == str(int(signal.SIGINT)))


# A development portal takes what was edited


@pytest.fixture
def developing(tmp_path):
    """A supervisor that looks at the sources of a small checkout, and these."""
    code = tmp_path / "code"
    (code / "app").mkdir(parents=True)
    (code / "app/views.py").write_text("answer = 1\n")
    supervisor = Supervisor(tmp_path / "var", {}, sources=Sources(code))
    yield supervisor, code
    supervisor.stop()


def test_edited_source_starts_processes_anew_or_asks_them_to_renew_themselves(developing):
    supervisor, code = developing
    supervisor.start("worker", SLEEPER)
    supervisor.start("web", RENEWING, renews_with=signal.SIGHUP)
    assert wait_for(lambda: supervisor.last_line("web") == "ready")
    before = {name: watched(supervisor, name).pid for name in ("worker", "web")}
    supervisor.look_after()
    assert watched(supervisor, "worker").pid == before["worker"]

    (code / "app/views.py").write_text("answer = 2, longer\n")
    fallen = supervisor.look_after()

    assert fallen == []
    assert watched(supervisor, "worker").pid != before["worker"]
    assert not is_alive(before["worker"])
    assert wait_for(lambda: supervisor.last_line("web") == "renewed")
    assert watched(supervisor, "web").pid == before["web"]


@pytest.mark.parametrize("name", ["app/new.py", "app/deep/new.py"])
def test_new_and_removed_source_count_as_edited(developing, name):
    _supervisor, code = developing
    sources = Sources(code)
    assert not sources.have_changed()

    (code / name).parent.mkdir(exist_ok=True)
    (code / name).touch()
    assert sources.have_changed()
    (code / name).unlink()
    assert sources.have_changed()


@pytest.mark.parametrize("name", ["tests/new.py", "var/new.py", ".venv/new.py", "app/style.css"])
def test_what_no_process_has_read_is_no_source(developing, name):
    _supervisor, code = developing
    sources = Sources(code)

    (code / name).parent.mkdir(exist_ok=True)
    (code / name).touch()

    assert not sources.have_changed()


def test_process_broken_by_an_edit_waits_for_the_next_one(developing):
    supervisor, code = developing
    program = code / "app/program.py"
    program.write_text("broken\n")
    supervisor.look_after()
    supervisor.start("web", [sys.executable, str(program)], renews_with=signal.SIGHUP)

    for _ in range(RESTARTS + 1):
        watched(supervisor, "web").wait(30)
        supervisor.look_after()
    assert supervisor.waiting() == ["web"]
    program.write_text("import time; time.sleep(60)\n")
    supervisor.look_after()

    assert supervisor.waiting() == []
    assert watched(supervisor, "web").poll() is None


LITTERING = [
    sys.executable,
    "-c",
    "import tempfile, time; print(tempfile.mkdtemp(), flush=True); time.sleep(60)",
]


def test_what_processes_leave_in_their_temporary_folder_goes_with_them(supervisor):
    supervisor.start("litter", LITTERING)
    assert wait_for(lambda: supervisor.last_line("litter").startswith(str(supervisor.temporary)))
    litter = Path(supervisor.last_line("litter"))
    assert litter.is_dir()

    supervisor.stop()

    assert not supervisor.temporary.exists()


def test_what_killed_processes_left_goes_at_the_next_start(tmp_path):
    left = tmp_path / "tmp/left"
    left.mkdir(parents=True)

    supervisor = Supervisor(tmp_path, {})

    assert list(supervisor.temporary.iterdir()) == []
