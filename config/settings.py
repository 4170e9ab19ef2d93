"""All settings, from the environment. docs/running.md documents each variable.

MODE decides the defaults: `demo` (one machine, illustrative data), `test`, or production, which is what no MODE means
and which refuses to start without what it needs.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from core.logs import FORMATTER

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

env = environ.Env()
if (BASE_DIR / ".env").exists() and "MODE" not in env.ENVIRON:
    environ.Env.read_env(BASE_DIR / ".env")

MODE = env.str("MODE", default="production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"MODE is '{MODE}'. Use demo, test or production (no MODE means production).")
PRODUCTION = MODE == "production"
DEBUG = env.bool("DEBUG", default=False)
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=PRODUCTION)


def required_in_production(name: str, default: str) -> str:
    """The variable `name`; outside production `default` when it is not set."""
    value = env.str(name, default="" if PRODUCTION else default)
    if not value:
        raise ImproperlyConfigured(f"Set {name}: production does not start without it. See docs/running.md.")
    return value


if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is on. Production does not start with DEBUG: unset it.")
if PRODUCTION and not MFA_REQUIRED:
    raise ImproperlyConfigured("MFA_REQUIRED is false. Production does not start without MFA: unset it.")

SECRET_KEY = required_in_production(
    "SECRET_KEY", f"{MODE}-only-secret-key-that-protects-nothing-real-0123456789"
)
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY.startswith("django-insecure-")):
    raise ImproperlyConfigured("SECRET_KEY is too short. Use at least 50 random characters.")
ALLOWED_HOSTS = required_in_production("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is *, which is every name. Give those that people type.")
SITE_URL = required_in_production("SITE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL] if PRODUCTION else [])
DATABASE_URL = required_in_production("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
REDIS_URL = required_in_production("REDIS_URL", "none")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "django_tables2",
    "django_filters",
    "rules",
    "simple_history",
    "csp",
    "core",
    "providers",
    "grants",
    "reports",
    *(["demo"] if not PRODUCTION else []),
]

MIDDLEWARE = [
    "core.web.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.web.middleware.PrivatePagesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "core.web.middleware.RegisterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "core.web.forms.GovukRenderer"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE and a timeout: without them concurrent writers meet "database is locked". WAL is set on connection.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Compiling a plan takes longer than any query of ours runs: a page waited 30 ms for it, and then 10 for its rows.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that cannot be reached at all is given up after so many seconds: pages then answer 503.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counts what is limited, sign-in first of all, for all processes together: docs/decisions/0016. No page is kept in it.
# With fewer entries a flood of made-up addresses would push out the counts of real ones.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "rate_limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "core.web.session.SessionBackend",
    "rules.permissions.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "providers.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Wrong passwords: ten for one e-mail address, wherever they come from; thirty from one place, which an office shares.
# And how often the form is sent at all, right or wrong.
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds a link to choose a password lives
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key,30/5m/ip", "login": "60/m/ip"}
# So many proxies of ours stand before the pages: the visitor is the one that the first of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = None

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="tracker@localhost")
EMAIL_TIMEOUT = 30
NOTIFY_API_KEY = env.str("NOTIFY_API_KEY", default="")
NOTIFY_TEMPLATE_ID = env.str("NOTIFY_TEMPLATE_ID", default="")
NOTIFY_BASE_URL = env.str("NOTIFY_BASE_URL", default="https://api.notifications.service.gov.uk")
if NOTIFY_API_KEY and not NOTIFY_TEMPLATE_ID:
    raise ImproperlyConfigured("Set NOTIFY_TEMPLATE_ID: NOTIFY_API_KEY is set. See docs/messages.md.")
# Without either, e-mails would be written to the log, names, links to set a password and all.
if not NOTIFY_API_KEY:
    to_log = required_in_production("EMAIL_URL", "consolemail://").startswith("consolemail")
    if PRODUCTION and to_log:
        raise ImproperlyConfigured(
            "EMAIL_URL is consolemail://, which is the log. Give a mail server, or use Notify."
        )
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
globals().update(EMAIL_CONFIG)
if NOTIFY_API_KEY:
    EMAIL_BACKEND = "core.notify.NotifyBackend"

HAS_BROKER = REDIS_URL != "none"
FLAG_PASS_TIME = time.fromisoformat(env.str("TIME_OF_FLAG_PASS", default="06:00"))
# Half an hour after the pass, so that its messages are in the e-mails of the day.
DIGEST_TIME = (datetime.combine(date.min, FLAG_PASS_TIME) + timedelta(minutes=30)).time()
CELERY_BROKER_URL = REDIS_URL if HAS_BROKER else "memory://"
CELERY_TASK_ALWAYS_EAGER = not HAS_BROKER
CELERY_TASK_EAGER_PROPAGATES = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A message whose worker was lost comes back after the visibility timeout. Above the longest task: one that still runs
# would be started again. The two unacked settings look for lost messages every second instead of every 100.
VISIBILITY_TIMEOUT_SECONDS = env.int("CELERY_VISIBILITY_TIMEOUT_SECONDS", default=2 * CELERY_TASK_TIME_LIMIT)
if PRODUCTION and VISIBILITY_TIMEOUT_SECONDS <= CELERY_TASK_TIME_LIMIT:
    raise ImproperlyConfigured(
        f"CELERY_VISIBILITY_TIMEOUT_SECONDS is too short: use more than {CELERY_TASK_TIME_LIMIT}, the longest task."
    )
# A page that sends a task waits no longer than this for a queue that is away: the sweepers send it later.
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_step": 0}
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 3,
    }
    if HAS_BROKER
    else {}
)
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "flag slow disbursement": {
        "task": "grants.tasks.flag_slow_disbursement",
        "schedule": crontab(hour=FLAG_PASS_TIME.hour, minute=FLAG_PASS_TIME.minute),
    },
    "flag cliff edges": {
        "task": "grants.tasks.flag_cliff_edges",
        "schedule": crontab(hour=FLAG_PASS_TIME.hour, minute=FLAG_PASS_TIME.minute),
    },
    "catch up with the flags": {
        "task": "grants.tasks.catch_up",
        "schedule": crontab(minute="*/10"),
    },
    # From DIGEST_TIME on, and again in case the queue lost it or the pass came late: nobody gets two a day.
    "e-mails of the day": {
        "task": "core.tasks.compose_digests",
        "schedule": crontab(minute="*/10"),
    },
    "lists that nobody imported": {
        "task": "grants.tasks.forget_old_lists",
        "schedule": crontab(hour=3, minute=30),
    },
    # Every minute; one that nobody took within it is of no use any more.
    "e-mails that are due": {
        "task": "core.tasks.sweep_deliveries",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "jobs that were forgotten": {
        "task": "core.tasks.sweep_jobs",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": FORMATTER},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {
        "handlers": ["console"],
        "level": env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING"),
    },
    # In gunicorn's own words a broken request is quoted: in ours it is not.
    "loggers": {"gunicorn.error": {"handlers": ["console"], "propagate": False}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# The header's links: words, URL name, the roles that may open it. See core/web/navigation.py.
_OFFICERS = ("commissioner", "finance", "administrator")
NAVIGATION = [
    ("Today", "today", (*_OFFICERS, "scrutiny", "provider")),
    ("Funds", "funds", (*_OFFICERS, "scrutiny")),
    ("Grants", "grants", (*_OFFICERS, "scrutiny", "provider")),
    ("Payments", "payments", _OFFICERS),
    ("Returns", "returns", (*_OFFICERS, "provider")),
    ("Flags", "flags", _OFFICERS),
    ("Reports", "reports", (*_OFFICERS, "scrutiny")),
    ("Imports", "imports", ("commissioner", "administrator")),
    ("Closure days", "closure_days", ("administrator",)),
]
