"""The project's settings with what makes tests fast; the services are the real ones."""

from mfv_portal.settings import *  # noqa: F403 - the project's settings are the base
from mfv_portal.settings import STATIC_ROOT

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise warns about a missing folder, and warnings are errors.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# The live server of browser tests has no other one for style sheets and scripts.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
