"""The virus scanner: clamd, asked over its own protocol (clamd(8), INSTREAM).

Off unless CLAMD_URL is set: tcp://HOST:3310 or unix:///PATH.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

BLOCK = 256 * 1024
# A large document with many parts takes clamd some seconds.
TIMEOUT_SECONDS = 60
PING_SECONDS = 2


class ScannerAway(Exception):
    """The scanner gave no answer that counts; the file stays closed."""


def is_on() -> bool:
    return bool(settings.CLAMD_URL)


def find_malware(file: IO[bytes]) -> str:
    """The name of what was found, empty for a clean file. Raises ScannerAway."""
    with _connection(TIMEOUT_SECONDS) as clamd:
        clamd.sendall(b"zINSTREAM\0")
        while block := file.read(BLOCK):
            clamd.sendall(struct.pack(">I", len(block)) + block)
        clamd.sendall(struct.pack(">I", 0))
        answer = _answer(clamd)
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerAway(answer)


def answers() -> bool:
    """Whether the scanner is there."""
    try:
        with _connection(PING_SECONDS) as clamd:
            clamd.sendall(b"zPING\0")
            return _answer(clamd) == "PONG"
    except ScannerAway:
        return False


@contextmanager
def _connection(timeout: float) -> Iterator[socket.socket]:
    url = urlsplit(settings.CLAMD_URL)
    try:
        if url.scheme == "unix":
            clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            clamd.settimeout(timeout)
            clamd.connect(url.path)
        else:
            clamd = socket.create_connection((url.hostname or "", url.port or 3310), timeout)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error
    with clamd:
        try:
            yield clamd
        except OSError as error:
            raise ScannerAway(type(error).__name__) from error


def _answer(clamd: socket.socket) -> str:
    """What clamd says, up to its NUL; a connection that ends before it says nothing."""
    said = b""
    while not said.endswith(b"\0"):
        more = clamd.recv(4096)
        if not more:
            raise ScannerAway("no answer")
        said += more
    return said.rstrip(b"\0\n").decode(errors="replace")
