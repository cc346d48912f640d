"""All settings of the portal. Every one that differs between machines comes from the environment.

`.env.example` lists the variables with their meaning.
"""

from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mfv_portal.logs import drop_request, mask_tokens

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Core

SECRET_KEY = env("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
# One's own machine: edited files show at once, logs are lines to read, there are demo accounts.
# Errors look as they do to readers; DEBUG shows code and settings instead.
DEVELOPMENT = env.bool("DEVELOPMENT", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address in mails, feeds and the sitemap, without a slash at its end.
PORTAL_URL = env("PORTAL_URL", default="http://localhost:8000")
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "home",
    "exchange",
    "publications",
    "concepts",
    "workshops",
    "programmes",
    "people",
    "documents",
    "desk",
    "frame",
    "texts",
    "mfv_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "mfv_portal.apps.PortalStaticFilesConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "django.forms",
    "rules",
]

MIDDLEWARE = [
    # These write headers: they stand above whatever may answer by itself.
    "frame.middleware.PrivateAnswersMiddleware",
    "csp.middleware.CSPMiddleware",
    "frame.csp.EditorPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "frame.middleware.BrokenRequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.kept.KeptMiddleware",
    "people.sessions.SessionActivityMiddleware",
    "people.doors.SecondFactorMiddleware",
    "people.doors.RateLimitMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "mfv_portal.urls"
WSGI_APPLICATION = "mfv_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

UNCACHED_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": not DEVELOPMENT,
        "OPTIONS": {
            # Without the loader that remembers.
            **({"loaders": UNCACHED_LOADERS} if DEVELOPMENT else {}),
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            # Every form says who opened it.
            "builtins": ["people.templatetags.kept"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database, cache, files

# Seconds that a statement may take, and a little more until an answer is no longer waited for;
# 0 for no limit.
DATABASE_SECONDS = env.int("DATABASE_SECONDS", default=30)
DATABASE = env.db("DATABASE_URL")
DATABASES = {
    "default": {
        **DATABASE,
        "ENGINE": "mfv_portal.postgresql",
        "OPTIONS": {
            "connect_timeout": 3,
            "options": f"-c statement_timeout={DATABASE_SECONDS * 1000}",
            "patience": DATABASE_SECONDS + 2 if DATABASE_SECONDS else None,
            **DATABASE.get("OPTIONS", {}),
        },
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}

STORAGES = {
    # Uploads, artefacts: private, every file is served by a view that checks first.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if env("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env("S3_BUCKET"),
            "endpoint_url": env("S3_ENDPOINT_URL", default=None),
            "access_key": env("S3_ACCESS_KEY"),
            "secret_key": env("S3_SECRET_KEY"),
            "region_name": env("S3_REGION", default=None),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            "querystring_expire": 60,
        },
    }

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("kern", BASE_DIR / "node_modules" / "@kern-ux" / "native" / "dist"),
]
PRINT_FONTS_ROOT = BASE_DIR / "node_modules" / "@fontsource"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_MAX_AGE = 0 if DEVELOPMENT else 60  # of files without a hash in their name
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# A chapter of a guideline with 200 blocks has 2,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
UPLOAD_MAX_BYTES = 25 * 1024 * 1024
# The virus scanner that opens uploads to their readers; none while this is empty.
CLAMD_URL = env("CLAMD_URL", default="")

# Language and time

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("Deutsch")), ("en", _("Englisch"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["mfv_portal.formats"]
USE_I18N = True
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# People and sign-in

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:desk"
LOGOUT_REDIRECT_URL = "home:start"

ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "people.forms.LoginForm",
    "request_login_code": "people.forms.RequestLoginCodeForm",
    "confirm_login_code": "people.forms.ConfirmLoginCodeForm",
    "reset_password": "people.forms.ResetPasswordForm",
    "change_password": "people.forms.ChangePasswordForm",
    "set_password": "people.forms.SetPasswordForm",
    "reset_password_from_key": "people.forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation was read in the mailbox it was sent to
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_FORMS = {
    "authenticate": "people.forms.AuthenticateForm",
    "reauthenticate": "people.forms.ReauthenticateForm",
    "activate_totp": "people.forms.ActivateTOTPForm",
    "add_webauthn": "people.forms.AddWebAuthnForm",
    "edit_webauthn": "people.forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
MFA_TOTP_ISSUER = "MfV-Portal"
USERSESSIONS_TRACK_ACTIVITY = True
# Staff reach the admin only with a second factor. Off only for the demo on a developer's machine.
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", default=True)
INVITATION_DAYS = 30

# Mail

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="MfV-Portal <portal@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10

# Security

IS_HTTPS = env.bool("HTTPS", default=not DEVELOPMENT)
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if env.int("TRUSTED_PROXY_COUNT", default=0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "people.kept.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Celery: the row is the truth, the message is only a hint (docs/decisions).

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_ACKS_ON_FAILURE = True
CELERY_TASK_ACKS_ON_TIMEOUT = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_TASK_ANNOTATIONS = {"*": {"max_retries": 3, "default_retry_delay": 10}}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"documents.tasks.print_document_task": {"queue": "pdf"}}
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 2,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB, looked at between tasks
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# Printing

PRINT_LEASE_SECONDS = env.int("PRINT_LEASE_SECONDS", default=30)
PRINT_ATTEMPTS = 5
PRINT_MEMORY_BYTES = env.int("PRINT_MEMORY_BYTES", default=2 * 1024**3)
# Processor time for a document, and for each million characters of its HTML (about 300 pages) more.
PRINT_CPU_SECONDS = env.int("PRINT_CPU_SECONDS", default=60)
PRINT_CPU_SECONDS_PER_MILLION = env.int("PRINT_CPU_SECONDS_PER_MILLION", default=400)
# Time on the clock is only the net below: a busy machine is no fault of the document.
PRINT_WALL_SECONDS = env.int("PRINT_WALL_SECONDS", default=3600)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=20)

# Logs: one JSON object per line on standard error, readable lines while developing

LOG_PROCESSORS = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    drop_request,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": LOG_PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.dev.ConsoleRenderer(colors=False)
                if DEVELOPMENT
                else structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
                mask_tokens,
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Only what went wrong: nginx has a line for each request.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
        # It brings handlers of its own, whose lines would be neither JSON nor masked.
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
        # Every line of WeasyPrint decides about the job; the engine listens itself.
        "weasyprint.progress": {"level": "INFO", "propagate": False},
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}
