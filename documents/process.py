"""The process that prints: its limits, and what it loads before the first job.

A worker is a printer when it consumes the queue `pdf` (`celery worker -Q pdf`); a worker of other
queues is left as it is. Memory is limited for the life of a pool child, processor time per job:
RLIMIT_CPU counts everything a process ever used.
"""

import math
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from celery.signals import (
    celeryd_init,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_shutdown,
)
from django.conf import settings

from documents import workplace
from documents.errors import TooLong
from documents.rendering import warm_up

QUEUE = "pdf"


class OutOfTime(BaseException):
    """Not an Exception: the layout engine swallows some of those."""


class Worker:
    """What kind of worker this process, or the one it was forked from, is."""

    prints = False


@celeryd_init.connect
def recognise_printer(options: dict[str, Any], **_kwargs: Any) -> None:
    queues = options.get("queues") or ()
    names = queues.split(",") if isinstance(queues, str) else queues
    Worker.prints = QUEUE in {name.strip() for name in names}


@worker_init.connect
def load_before_the_fork(**_kwargs: Any) -> None:
    """Warm up once in the parent; its children share the memory."""
    if Worker.prints:
        workplace.move_in()
        warm_up()
        workplace.tidy_up()


@worker_process_init.connect
def limit_child(**_kwargs: Any) -> None:
    if Worker.prints:
        workplace.move_in()
        limit_memory(settings.PRINT_MEMORY_BYTES)


@worker_process_shutdown.connect
@worker_shutdown.connect
def leave(**_kwargs: Any) -> None:
    if Worker.prints:
        workplace.move_out()


def limit_memory(limit: int) -> None:
    """Let this process ask for at most this much address space, in bytes."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_at_most(limit, hard), hard))


@contextmanager
def limited_cpu(seconds: int) -> Iterator[None]:
    """End what runs in here after so much processor time. Raises TooLong.

    Signals reach the main thread only; elsewhere there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    limit = math.ceil(usage.ru_utime + usage.ru_stime) + seconds
    previous = signal.signal(signal.SIGXCPU, _give_up)
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(limit, hard), hard))
    try:
        yield
    except OutOfTime as error:
        raise TooLong(limit=seconds) from error
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
        signal.signal(signal.SIGXCPU, previous)


def cpu_seconds(html: str) -> int:
    """The processor time that a document of this length may take."""
    millions = len(html) / 1_000_000
    return math.ceil(settings.PRINT_CPU_SECONDS + millions * settings.PRINT_CPU_SECONDS_PER_MILLION)


def _at_most(limit: int, hard: int) -> int:
    return limit if hard == resource.RLIM_INFINITY else min(limit, hard)


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise OutOfTime
