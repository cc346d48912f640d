"""Keeping printed files: the key of a file, writing it for good, deleting it, finding strays."""

import datetime
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

FOLDER = "artefacts"


def artefact_key(address: str, token: UUID) -> str:
    """Return where a claim stores its file: no two claims share a name."""
    return f"{FOLDER}/{address[:2]}/{address}-{token}.pdf"


def keep(key: str, content: bytes) -> None:
    """Store a file so that it survives a power cut, or leave nothing under its name."""
    path = _local_path(key)
    if path is None:
        saved = default_storage.save(key, ContentFile(content))
        if saved != key:
            default_storage.delete(saved)
            raise FileExistsError(key)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o600)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def discard(key: str) -> None:
    """Delete a file; that it is not there is fine."""
    default_storage.delete(key)


def exists(key: str) -> bool:
    return default_storage.exists(key)


def stored_before(moment: datetime.datetime) -> Iterator[str]:
    """Yield the keys of all stored files last written before this moment."""
    for key in _keys(FOLDER):
        try:
            written = default_storage.get_modified_time(key)
        except FileNotFoundError:  # deleted meanwhile
            continue
        if written < moment:
            yield key


def _keys(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _keys(f"{folder}/{name}")


def _local_path(key: str) -> Path | None:
    is_on_disk = isinstance(default_storage, FileSystemStorage)
    return Path(default_storage.path(key)) if is_on_disk else None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
