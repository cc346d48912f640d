"""Temporary directories that name their owner by a lock, so that abandoned ones can be cleared."""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

PREFIX = "mfv-portal-"
# Between making a directory and locking it lies a moment; nobody needs longer than this.
GRACE_SECONDS = 600


def lock(path: Path) -> int | None:
    """Hold a lock until this process ends; None when somebody else holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


class ServiceDirectory:
    """A new directory under /tmp: passable for the services' account, readable for none.

    It lies there because a socket's path may have 107 bytes at most.
    """

    def __init__(self) -> None:
        clear_abandoned()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = lock(self.path / "lock")
        if os.geteuid() == 0:
            self.path.chmod(0o711)

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def clear_abandoned() -> None:
    """Remove the directories of processes that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            known = path.lstat()
        except FileNotFoundError:
            continue
        if not stat.S_ISDIR(known.st_mode) or known.st_uid != os.geteuid():
            continue
        if not (path / "lock").exists() and time.time() - known.st_mtime < GRACE_SECONDS:
            continue
        handle = lock(path / "lock")
        if handle is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(handle)
