"""Where a printing process puts its temporary files, and who clears them away.

The layout engine unpacks its fonts into a folder for each document (1.6 MB) and removes it when
Python collects the object: a process that is stopped or killed never does. Each printer works in a
folder of its own and holds a lock on it for its life; a folder whose lock is free has no owner
any more, and whoever comes next removes it.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

LOCK = ".lock"


class Workplace:
    """The folder of this process, once it has one."""

    folder: Path | None = None
    handle: int | None = None


def root() -> Path:
    return Path(settings.VAR_DIR) / "printers"


def move_in() -> Path:
    """Make this process put its temporary files into a folder of its own; return the folder.

    A child that was forked leaves the folder of its parent.
    """
    clear_abandoned()
    root().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder, handle = _made()
    while not (folder / LOCK).exists():  # taken for abandoned before it was locked
        os.close(handle)
        folder, handle = _made()
    if Workplace.handle is not None:
        os.close(Workplace.handle)  # the parent's, inherited: the parent's lock stays the parent's
    Workplace.folder, Workplace.handle = folder, handle
    tempfile.tempdir = str(folder)
    return folder


def _made() -> tuple[Path, int]:
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root()))
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return folder, handle


def tidy_up() -> None:
    """Remove what the last document left in the folder of this process."""
    if Workplace.folder is None:
        return
    for path in Workplace.folder.iterdir():
        if path.name != LOCK:
            shutil.rmtree(path, ignore_errors=True)


def move_out() -> None:
    """Remove the folder of this process, and those of its children that are gone."""
    if Workplace.folder is not None and Workplace.handle is not None:
        shutil.rmtree(Workplace.folder, ignore_errors=True)
        os.close(Workplace.handle)
        Workplace.folder = Workplace.handle = tempfile.tempdir = None
    clear_abandoned()


def clear_abandoned() -> None:
    """Remove the folders whose process is gone, however it ended."""
    if not root().is_dir():
        return
    for folder in root().iterdir():
        try:
            handle = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # just being made, or just removed
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)
