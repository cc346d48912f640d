"""The command lines of the portal's processes; docker-compose.yml uses the same flags."""

import sys

# With this line dev.prepare says that the other processes may use the database.
MIGRATED = "Die Datenbank ist auf dem Stand."


def web(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "mfv_portal.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
        *("--graceful-timeout", "5", "--no-control-socket"),
    ]


def worker(queue: str, processes: int) -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "mfv_portal", "worker", "-Q", queue),
        *("-c", str(processes), "-n", f"{queue}@%h", "--without-gossip", "--without-mingle"),
        *("-l", "INFO"),
    ]


def beat() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "mfv_portal", "beat", "-l", "INFO", "--pidfile="]


def background() -> dict[str, list[str]]:
    """Everything beside the web server, by name."""
    return {
        "worker-default": worker("default", 2),
        "worker-pdf": worker("pdf", 1),
        "beat": beat(),
    }


def prepare(*, empty: bool) -> list[str]:
    return [sys.executable, "-m", "dev.prepare", *(["--empty"] if empty else [])]
