"""The wiring: settings, addresses, Celery. Imported by no app."""

from mfv_portal.celery import app as celery_app

__all__ = ["celery_app"]
