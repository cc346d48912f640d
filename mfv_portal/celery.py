"""The Celery application: tasks in `tasks.py`, periodic tasks in `beat.py` of every app."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mfv_portal.settings")

app = Celery("mfv_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="beat")
