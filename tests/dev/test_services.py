import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from dev.directories import ServiceDirectory, clear_abandoned, lock
from dev.environment import ROOT
from dev.postgres import Postgres, end_leftover, others_reach
from dev.processes import ServiceError
from dev.services import Services
from tests.dev.conftest import is_alive, wait_for

KILLED_OWNER = """
import sys, time
from pathlib import Path
from dev.postgres import Postgres
from dev.valkey import Valkey
directory = Path(sys.argv[1])
sockets = directory / "first"
sockets.mkdir()
sockets.chmod(0o711)
postgres = Postgres(directory / "cluster", sockets, throw_away=True)
postgres.start()
valkey = Valkey(directory)
valkey.start()
print(postgres.pid, valkey.pid, flush=True)
time.sleep(60)
"""


def connect(server, user="portal"):
    return psycopg.connect(host=str(server.sockets), user=user, dbname="portal", autocommit=True)


def test_postgres_start_makes_a_german_ready_database(cluster):
    server = cluster()
    server.start()

    with connect(server) as connection:
        connection.execute("CREATE EXTENSION unaccent")
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000,"
            " current_setting('server_encoding'),"
            " to_tsvector('german', 'Bürgerinnen') = to_tsvector('german', 'Bürger')"
        ).fetchone()

    assert row == (18, "UTF8", True)


def test_postgres_socket_is_closed_to_others(cluster):
    server = cluster()
    server.start()

    assert server.sockets.stat().st_mode & 0o777 == 0o700
    assert server.data.stat().st_mode & 0o777 == 0o700
    with connect(server) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_postgres_role_is_no_superuser(cluster):
    server = cluster()
    server.start()

    with connect(server) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    assert row == (False, True)


def test_postgres_close_leaves_no_process_and_no_socket(cluster):
    server = cluster()
    server.start()
    pid = server.pid

    server.close()

    assert not is_alive(pid)
    assert not server.sockets.exists()


def test_postgres_keeps_its_data_over_a_restart(cluster):
    first = cluster()
    first.start()
    with connect(first) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.close()

    second = cluster()
    second.start()

    with connect(second) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_services_end_when_their_owner_is_killed_and_start_again(directory, cluster):
    owner = subprocess.Popen(
        [sys.executable, "-c", KILLED_OWNER, str(directory.path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    pids = [int(word) for word in owner.stdout.readline().split()]
    owner.stdout.close()
    note = directory.path / "cluster/data/postmaster.pid"

    owner.kill()
    owner.wait()

    assert len(pids) == 2
    assert wait_for(lambda: not any(is_alive(pid) for pid in pids))
    note.write_text(f"{pids[0]}\n")
    server = cluster()
    server.start()
    with connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_postgres_start_ends_the_server_that_was_left_behind(cluster):
    left_behind = cluster()
    left_behind.start()
    old = left_behind.pid

    server = cluster()
    server.start()

    assert not is_alive(old)
    with connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_stale_note_about_a_strange_process_harms_nobody(tmp_path):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    note = tmp_path / "postmaster.pid"
    note.write_text(f"{bystander.pid}\n{tmp_path}\n")

    end_leftover(tmp_path)

    assert bystander.poll() is None
    assert not note.exists()
    bystander.kill()
    bystander.wait()


def test_half_a_cluster_is_made_again(directory):
    half = directory.path / "half/data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = Postgres(directory.path / "half", directory.path, throw_away=True)

    server.start()

    assert (server.data / "base").is_dir()
    assert not half.exists()
    server.close()


def test_cluster_of_another_version_is_refused_in_one_sentence(cluster):
    server = cluster()
    server.start()
    server.close()
    (server.data / "PG_VERSION").write_text("16\n")

    with pytest.raises(ServiceError, match="stammt von PostgreSQL 16"):
        cluster().start()


def test_cluster_in_a_directory_open_to_all_is_refused(directory):
    home = directory.path / "open"
    home.mkdir()
    home.chmod(0o777)

    with pytest.raises(ServiceError, match="für alle beschreibbar"):
        Postgres(home, directory.path, throw_away=True).start()


def test_valkey_wants_its_password(valkey):
    assert redis.from_url(valkey.url).ping()

    with pytest.raises(redis.AuthenticationError):
        redis.from_url(f"redis://127.0.0.1:{valkey.port}/0").ping()


def test_valkey_password_stands_in_no_command_line(valkey):
    command = Path(f"/proc/{valkey.pid}/cmdline").read_bytes()

    assert b"valkey-server" in command
    assert valkey.password.encode() not in command


def test_valkey_listens_on_loopback_only(valkey):
    info = redis.from_url(valkey.url)

    assert info.config_get("bind") == {"bind": "127.0.0.1"}


def test_valkey_close_ends_it(valkey):
    pid = valkey.pid

    valkey.close()

    assert not is_alive(pid)


def test_given_servers_are_used_and_none_started(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@example.org/portal")
    monkeypatch.setenv("REDIS_URL", "redis://example.org/0")
    services = Services(tmp_path)

    addresses = services.start(lambda name, seconds: None)

    assert addresses == {}
    assert list(tmp_path.iterdir()) == []


def test_one_given_server_is_used_beside_an_embedded_one(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@example.org/portal")
    monkeypatch.delenv("REDIS_URL")
    services = Services(tmp_path)

    addresses = services.start(lambda name, seconds: None)

    assert list(addresses) == ["REDIS_URL"]
    assert redis.from_url(addresses["REDIS_URL"]).ping()
    services.stop()


def test_failed_names_the_service_that_ended(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@example.org/portal")
    monkeypatch.delenv("REDIS_URL")
    services = Services(tmp_path)
    services.start(lambda name, seconds: None)
    assert services.failed() == ""

    os.kill(services.valkey.pid, signal.SIGKILL)

    assert wait_for(lambda: services.failed() == "Valkey")
    services.stop()


def test_room_of_a_dead_process_is_cleared(directory, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    abandoned = tmp_path / "mfv-portal-abandoned"
    abandoned.mkdir()
    (abandoned / "lock").touch()
    held = ServiceDirectory()
    strange = tmp_path / "something-else"
    strange.mkdir()

    clear_abandoned()

    assert sorted(tmp_path.iterdir()) == sorted([held.path, strange])
    held.close()


def test_room_without_a_lock_is_left_for_a_while(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    fresh, old = tmp_path / "mfv-portal-fresh", tmp_path / "mfv-portal-old"
    fresh.mkdir()
    old.mkdir()
    os.utime(old, (time.time() - 3600, time.time() - 3600))

    clear_abandoned()

    assert list(tmp_path.iterdir()) == [fresh]


def test_lock_is_held_once(tmp_path):
    first = lock(tmp_path / "lock")

    assert lock(tmp_path / "lock") is None
    os.close(first)
    second = lock(tmp_path / "lock")
    assert second is not None
    os.close(second)


def test_others_reach_looks_at_the_whole_path(tmp_path):
    tmp_path.chmod(0o755)
    inner = tmp_path / "inner"
    inner.mkdir()
    file = inner / "file"
    file.touch(0o644)
    is_open_above = all(parent.stat().st_mode & 1 for parent in tmp_path.parents)

    assert others_reach(file) is is_open_above
    inner.chmod(0o700)
    assert others_reach(file) is False
