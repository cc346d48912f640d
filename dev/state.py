"""The note that a running portal leaves for other commands, and the lock that makes it true."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from dev.directories import lock


@dataclass(frozen=True)
class State:
    """Who runs the portal of this directory, and the environment its processes got."""

    pid: int
    address: str
    environment: dict[str, str]


class VarLock:
    """Held by whoever runs the services of one `var`; the system releases a dead process's."""

    def __init__(self, var: Path, handle: int) -> None:
        self._path = var / "portal.json"
        self._handle = handle

    @classmethod
    def take(cls, var: Path) -> "VarLock | None":
        handle = lock(var / "portal.lock")
        return cls(var, handle) if handle is not None else None

    def publish(self, state: State) -> None:
        beside = self._path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(state), file)
        beside.rename(self._path)

    def release(self) -> None:
        self._path.unlink(missing_ok=True)
        os.close(self._handle)


def read_state(var: Path) -> State | None:
    """What the running portal published; meaningful only while somebody holds the lock."""
    try:
        return State(**json.loads((var / "portal.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
