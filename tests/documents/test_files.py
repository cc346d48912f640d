import os

import pytest
from django.core.files.storage import default_storage

from documents import files


def test_keep_writes_the_file_and_nothing_else(files_on_disk):
    files.keep("artefacts/ab/x.pdf", b"content")

    assert [path.name for path in files_on_disk.rglob("*") if path.is_file()] == ["x.pdf"]
    assert (files_on_disk / "artefacts/ab/x.pdf").read_bytes() == b"content"
    assert files.exists("artefacts/ab/x.pdf")


def test_keep_leaves_nothing_when_the_disk_is_full(files_on_disk, monkeypatch):
    def refuse(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)

    with pytest.raises(OSError, match="No space left"):
        files.keep("artefacts/ab/x.pdf", b"content")

    assert [path for path in files_on_disk.rglob("*") if path.is_file()] == []


def test_keep_works_with_a_storage_without_a_disk():
    files.keep("artefacts/cd/x.pdf", b"content")

    assert default_storage.open("artefacts/cd/x.pdf").read() == b"content"
    with pytest.raises(FileExistsError):
        files.keep("artefacts/cd/x.pdf", b"other")
    assert default_storage.open("artefacts/cd/x.pdf").read() == b"content"
    files.discard("artefacts/cd/x.pdf")


def test_discard_of_what_is_not_there_is_fine(files_on_disk):
    files.discard("artefacts/ab/none.pdf")

    assert not files.exists("artefacts/ab/none.pdf")
