"""The project's settings with what makes tests fast; the services are the real ones."""

from mfv_portal.settings import *  # noqa: F403 - the project's settings are the base

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
