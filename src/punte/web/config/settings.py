"""The settings of the product, read from the environment (docs/operare/configurare.md has each variable)."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from punte.romania import identity

from . import archive, certificate_port
from . import environment as env

PACKAGE = Path(__file__).resolve().parent.parent

DATA_DIR = Path(env.text("PUNTE_DATA_DIR", "~/.local/share/punte")).expanduser()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

DEBUG = env.flag("PUNTE_DEBUG")
LOG = env.choice("PUNTE_LOG", ("debug", "info", "warning"), "info")
LOG_FORMAT = env.choice("PUNTE_LOG_FORMAT", ("auto", "json", "text"), "auto")  # auto: text on a terminal, else JSON
LOGGING_CONFIG = None  # punte.web.config.logs.configure, as the first thing of every process
SECRET_KEY = env.kept_secret("PUNTE_SECRET_KEY", DATA_DIR, lambda: secrets.token_urlsafe(48))
FERNET_KEYS = env.kept_secret("PUNTE_FERNET_KEYS", DATA_DIR, lambda: Fernet.generate_key().decode()).split(",")

# --- where we are reached ---
BASE_URL = env.text("PUNTE_BASE_URL", "http://localhost:8000").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in {"http", "https"} or not _base.hostname:
    raise ImproperlyConfigured(f"PUNTE_BASE_URL={BASE_URL!r}: give the whole address, as https://facturi.example.ro")
ALLOWED_HOSTS = [_base.hostname, *(["127.0.0.1"] if _base.hostname == "localhost" else [])]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE = _base.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("PUNTE_BEHIND_PROXY") else None
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from ANAF
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- ANAF ---
ANAF = env.choice("PUNTE_ANAF", ("simulator", "test", "prod", "custom"), "test")
ANAF_LOGIN = env.text("PUNTE_ANAF_LOGIN")
ANAF_AUTHORIZE = env.text("PUNTE_ANAF_AUTHORIZE")  # the login address as browsers reach it, where it differs
ANAF_API = env.text("PUNTE_ANAF_API")
ANAF_PUBLIC = env.text("PUNTE_ANAF_PUBLIC")
ANAF_ENVIRONMENT = env.choice("PUNTE_ANAF_ENVIRONMENT", ("test", "prod"), "prod")
ANAF_CA_FILE = env.text("PUNTE_ANAF_CA_FILE")
ANAF_SEALS = [seal for seal in env.text("PUNTE_ANAF_SEALS").split(",") if seal]  # further fingerprints to trust
ANAF_CLOCK_MARGIN = float(env.text("PUNTE_ANAF_CLOCK_MARGIN", "60"))  # seconds: listings end so long before now
ANAF_MINUTE = int(env.text("PUNTE_ANAF_MINUTE", "0"))  # calls in a minute, should ANAF change them; 0: limits.tsv
ANAF_IN_FLIGHT = int(env.text("PUNTE_ANAF_IN_FLIGHT", "25"))  # calls under way at once: the lanes of all workers
ANAF_CLIENT_ID = env.text("PUNTE_ANAF_CLIENT_ID")
ANAF_CLIENT_SECRET = env.secret("PUNTE_ANAF_CLIENT_SECRET")
BNR = env.address("PUNTE_BNR")  # the National Bank's rates from elsewhere than www.bnr.ro
ANAF_CALLBACK = env.text("PUNTE_ANAF_CALLBACK")  # as registered at ANAF: compared with ours before anybody leaves

# --- „Verifică certificatul”: a TLS port of ours, or a reverse proxy that asks (docs/operare/certificat.md) ---
CERT_PORT = certificate_port.configured(_base.hostname)
if CERT_PORT and CERT_PORT.proxies:
    ALLOWED_HOSTS.append(CERT_PORT.hostname)

# --- delivery: the pace of every pause (1 with ANAF, less with a simulator), a worker's lease in seconds ---
DELIVERY_PACE = float(env.text("PUNTE_DELIVERY_PACE", "1"))
DELIVERY_LEASE = float(env.text("PUNTE_DELIVERY_LEASE", "180"))  # longer than the longest call, an upload: 130 s

# --- who may read /metrics: with a token, or from these networks (docs/operare/supraveghere.md) ---
METRICS_TOKEN = env.secret("PUNTE_METRICS_TOKEN")
METRICS_FROM = env.networks("PUNTE_METRICS_FROM")

WORKER_LANES = int(env.text("PUNTE_WORKER_LANES", "16"))  # steps that one worker takes at once

# --- plans: off for who hosts for themselves; the operator is who sells them, and is paid by bank transfer ---
PLANS = env.flag("PUNTE_PLANS")
PLANS_FILE = env.text("PUNTE_PLANS_FILE")
OPERATOR: dict[str, Any] = {
    "name": env.text("PUNTE_OPERATOR_NAME"),
    "cui": env.checked("PUNTE_OPERATOR_CUI", identity.cui),
    "vat": env.flag("PUNTE_OPERATOR_VAT"),
    "address": env.text("PUNTE_OPERATOR_ADDRESS"),
    "iban": env.checked("PUNTE_OPERATOR_IBAN", identity.iban),
    "bank": env.text("PUNTE_OPERATOR_BANK"),
    "email": env.text("PUNTE_OPERATOR_EMAIL"),
}
if PLANS and OPERATOR["iban"] and not (OPERATOR["name"] and OPERATOR["cui"]):
    raise ImproperlyConfigured("PUNTE_OPERATOR_IBAN: a proforma also needs PUNTE_OPERATOR_NAME and PUNTE_OPERATOR_CUI")

# --- help: where people may write besides the tickets of the product; empty: not shown ---
SUPPORT_EMAIL = env.text("PUNTE_SUPPORT_EMAIL")
SUPPORT_CHAT = env.address("PUNTE_SUPPORT_CHAT")

INSTALLED_APPS = [
    "punte.web.design",
    "punte.web.accounts",
    "punte.web.firms",
    "punte.web.connection",
    "punte.web.invoices",
    "punte.web.limits",
    "punte.web.archive",
    "punte.web.spv",
    "punte.web.delivery",
    "punte.web.inbox",
    "punte.web.proof",
    "punte.web.work",
    "punte.web.plans",
    "punte.web.support",
    "punte.web.transfer",
    "django_htmx",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "punte.web.work.views.WatchersFirst",
    "punte.web.config.logs.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "punte.web.accounts.language.LanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "punte.web.firms.current.CurrentFirmMiddleware",
]

ROOT_URLCONF = "punte.web.config.urls"
WSGI_APPLICATION = "punte.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "punte.web.firms.current.firm",
                "punte.web.config.menu.menu",
                "punte.web.accounts.language.switch",
            ],
            "builtins": ["punte.web.design.templatetags.design"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database: SQLite in the data directory, or PostgreSQL by DATABASE_URL ---
DATABASES = {"default": dj_database_url.parse(env.secret("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'punte.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    # kept between two steps; asked whether it still lives, since a database may have been restarted meanwhile
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    # compiling a question (JIT) pays for long analyses; ours are short. `options` of the address says otherwise
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    INSTALLED_APPS.append("procrastinate.contrib.django")  # its tables are PostgreSQL's (punte.web.work.jobs)
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

# --- the sealed archive: `database`, a folder, or s3://bucket/prefix (docs/operare/arhiva.md) ---
ARCHIVE = archive.configured(DATA_DIR, sqlite=DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3")
ARCHIVE_ENDPOINT = env.address("PUNTE_ARCHIVE_ENDPOINT")  # of a service that is not Amazon's
ARCHIVE_REGION = env.text("PUNTE_ARCHIVE_REGION")
ARCHIVE_ACCESS_KEY = env.secret("PUNTE_ARCHIVE_ACCESS_KEY")
ARCHIVE_SECRET_KEY = env.secret("PUNTE_ARCHIVE_SECRET_KEY")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "punte.web.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = env.choice("PUNTE_EMAIL_VERIFICATION", ("mandatory", "optional", "none"), "optional")
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Punte: "
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None  # the person is asked
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _base.scheme
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# --- mail: to the console until a server is named ---
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env.text('PUNTE_SMTP_HOST') else 'console'}.EmailBackend"
EMAIL_HOST = env.text("PUNTE_SMTP_HOST")
EMAIL_PORT = int(env.text("PUNTE_SMTP_PORT", "587"))
EMAIL_HOST_USER = env.text("PUNTE_SMTP_USER")
EMAIL_HOST_PASSWORD = env.secret("PUNTE_SMTP_PASSWORD")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 20  # seconds; the worker has other things to do
DEFAULT_FROM_EMAIL = env.text("PUNTE_MAIL_FROM", f"Punte <punte@{_base.hostname}>")

# --- language and time: dates and deadlines in Bucharest, UTC in the database ---
LANGUAGE_CODE = "ro"
LANGUAGES = [("ro", "Română"), ("en", "English")]  # which of them: punte.web.accounts.language
LANGUAGE_COOKIE_NAME = "punte_limba"
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
TIME_ZONE = "Europe/Bucharest"
USE_TZ = True
USE_I18N = True

# --- static files ---
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
TEST_RUNNER = "django.test.runner.DiscoverRunner"
