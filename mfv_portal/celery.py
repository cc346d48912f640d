"""The Celery application: tasks in `tasks.py`, periodic tasks in `beat.py` of every app."""

import ctypes
import os
import signal
import sys
from pathlib import Path

from celery import Celery
from celery.signals import after_task_publish, heartbeat_sent, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mfv_portal.settings")

app = Celery("mfv_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="beat")

PR_SET_PDEATHSIG = 1


@worker_process_init.connect
def end_with_the_worker(**kwargs: object) -> None:
    """Let a pool child end when its worker is killed, or it would go on printing unsupervised."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


@heartbeat_sent.connect  # a worker, every two seconds while it has a broker
@after_task_publish.connect  # beat
def show_life(**kwargs: object) -> None:
    """Touch the file that the container's health check looks at, where there is one."""
    file = os.environ.get("ALIVE_FILE")
    if file:
        Path(file).touch()
