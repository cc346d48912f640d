"""Settings of the Celery workers that tests start: as the tests', with files on disk."""

from tests.settings import *  # noqa: F403 - the tests' settings are the base
from tests.settings import INSTALLED_APPS, STORAGES, VAR_DIR

INSTALLED_APPS = [*INSTALLED_APPS, "tests.documents.sample"]
STORAGES = {
    **STORAGES,
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR},
    },
}
