"""Periodic tasks of publications."""

from celery import shared_task

from publications.operations import publish_due_releases


@shared_task
def publish_due_releases_task() -> None:
    publish_due_releases()
