"""Child processes that end with their parent, and the account that services run as."""

import ctypes
import os
import pwd
import signal
import stat
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
# Loaded in the parent: after setuid the interpreter's own files may be out of the child's reach.
LIBC = ctypes.CDLL(None, use_errno=True)


class ServiceError(Exception):
    """Something the portal needs does not work; the text is one sentence for whoever started it."""


def service_account() -> pwd.struct_passwd | None:
    """Name who services run as: PostgreSQL refuses uid 0, everyone else runs them oneself."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise ServiceError(
            "Als root braucht PostgreSQL ein unprivilegiertes Benutzerkonto „nobody“; "
            "auf diesem System gibt es keines."
        ) from None


def others_reach(path: Path) -> bool:
    """Whether an account without any rights of its own may read this path."""
    path = path.resolve()
    needed = stat.S_IXOTH | stat.S_IROTH if path.is_dir() else stat.S_IROTH
    if path.stat().st_mode & needed != needed:
        return False
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)


def give_to(path: Path, account: pwd.struct_passwd | None) -> None:
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)


def spawn(
    command: Sequence[str | Path],
    *,
    ends_with: signal.Signals = signal.SIGKILL,
    account: pwd.struct_passwd | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    stdin: int | IO[Any] | None = subprocess.DEVNULL,
    output: int | IO[Any] | None = None,
    umask: int = -1,
) -> subprocess.Popen[bytes]:
    """Start a child that gets the signal `ends_with` when this process ends, however it ends.

    Linux ties the signal to the thread that forks: call this from the main thread. The child has a
    session of its own, so that Ctrl-C reaches the parent alone, which ends its children in order.
    """
    parent = os.getpid()

    def tie_to_parent() -> None:
        # subprocess calls this after setuid, which would clear the signal again.
        if LIBC.prctl(PR_SET_PDEATHSIG, int(ends_with), 0, 0, 0) or os.getppid() != parent:
            os._exit(127)

    rights: dict[str, Any] = {}
    if account:
        rights = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return subprocess.Popen(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=tie_to_parent,
        umask=umask,
        **rights,
    )


def end(process: subprocess.Popen[bytes], *, politely: signal.Signals, seconds: float = 10) -> None:
    """Ask a child to end, wait, and then take it and its whole session down."""
    if process.poll() is None:
        process.send_signal(politely)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def is_running(pid: int, *words: str) -> bool:
    """Whether a process with this id exists and has all these words in its command line.

    The words matter: the id of a dead process may belong to somebody else by now.
    """
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return bool(command) and all(word in command for word in words)


def wait_until_gone(pid: int, *words: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(pid, *words):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
