import subprocess
import sys

import pytest

from documents import workplace
from documents.limits import MAX_HTML
from documents.process import (
    Worker,
    cpu_seconds,
    limit_child,
    load_before_the_fork,
    recognise_printer,
)
from documents.tasks import print_document_task


@pytest.fixture(autouse=True)
def restore():
    yield
    Worker.prints = False
    workplace.move_out()


@pytest.mark.parametrize(
    ("options", "prints"),
    [
        ({"queues": "pdf"}, True),
        ({"queues": "default, pdf"}, True),
        ({"queues": ["pdf"]}, True),
        ({"queues": "default"}, False),
        ({"queues": None}, False),
        ({}, False),
    ],
)
def test_a_worker_of_the_print_queue_is_a_printer(options, prints):
    recognise_printer(options=options)

    assert Worker.prints is prints


def test_other_workers_are_left_alone(monkeypatch):
    monkeypatch.setattr("documents.process.limit_memory", None)
    monkeypatch.setattr("documents.process.warm_up", None)

    limit_child()
    load_before_the_fork()


def test_a_printer_warms_up_before_it_forks(monkeypatch):
    calls = []
    monkeypatch.setattr("documents.process.warm_up", lambda: calls.append("warm"))
    monkeypatch.setattr("documents.process.limit_memory", calls.append)
    Worker.prints = True

    load_before_the_fork()
    limit_child()

    assert calls[0] == "warm"
    assert calls[1] > 1024**3


def test_a_longer_document_may_take_more_processor_time(settings):
    assert cpu_seconds("") == settings.PRINT_CPU_SECONDS == 60
    assert cpu_seconds("x" * 1_000_000) == 460
    # 336 pages of 0.4 s on a slow machine stay below.
    assert cpu_seconds("x" * 336 * 3_000) > 336 * 0.4


def test_the_clock_is_only_the_net_below(settings):
    slowest = cpu_seconds("x" * MAX_HTML)

    assert print_document_task.soft_time_limit == settings.PRINT_WALL_SECONDS
    assert slowest < settings.PRINT_WALL_SECONDS / 2
    assert print_document_task.time_limit > print_document_task.soft_time_limit


def test_limited_memory_is_refused_beyond_the_limit():
    program = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (3 * 1024**3, 3 * 1024**3))\n"
        "import django; django.setup()\n"
        "from documents.process import limit_memory\n"
        "limit_memory(2 * 1024**3)\n"
        "assert resource.getrlimit(resource.RLIMIT_AS) == (2 * 1024**3, 3 * 1024**3)\n"
        "limit_memory(9 * 1024**3)\n"
        "assert resource.getrlimit(resource.RLIMIT_AS)[0] == 3 * 1024**3\n"
        "limit_memory(2 * 1024**3)\n"
        "try:\n"
        "    bytearray(2 * 1024**3)\n"
        "except MemoryError:\n"
        "    print('refused')\n"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert answer.stdout == "refused\n"
