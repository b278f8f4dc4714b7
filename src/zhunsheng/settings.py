"""All settings, each from the environment with a default that runs the demo on one machine.

Needs nothing but this file to be understood: docs/install.md says which of them a real site sets.
"""

import json
import os
import secrets
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(f"ZHUNSHENG_{name}", default)


def flag(name: str, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


VAR = Path(env("VAR", "var")).resolve()
"""Where the database, uploads, the signing key and the secret of this installation lie."""

DEMO = flag("DEMO")
DEMO_PASSWORD = "plumb-line-2026" if DEMO else ""
DEBUG = flag("DEBUG")


def kept_secret(name: str, file: str) -> str:
    """A secret of the installation: from the environment, else made once and kept in VAR, readable by its owner only."""
    if given := env(name):
        return given
    path = VAR / file
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
                kept.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass  # the other process of the same start-up was first
    return path.read_text().strip()


SECRET_KEY = kept_secret("SECRET_KEY", "secret-key")
IDENTITY_KEY = kept_secret("IDENTITY_KEY", "identity-key")
"""What identity numbers are hashed with. Whoever loses it can match no identity number any more, so it belongs in the backup."""
FACTOR_KEY = kept_secret("FACTOR_KEY", "factor-key")
"""What the secrets of second factors are sealed with. Without it nobody's second factor works any more: each sets up a new one."""
ALLOWED_HOSTS = env("HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [x for x in env("TRUSTED_ORIGINS").split(",") if x]
SITE_URL = env("SITE_URL", "http://127.0.0.1:8000")


def database(url: str) -> dict[str, object]:
    """A Django database entry from `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "CONN_MAX_AGE": 60,  # opened anew for each page, it reads the schema and begins with an empty cache: pages took twice as long
            "NAME": unquote(parts.path[1:]) if parts.path.startswith("//") else unquote(parts.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 90,  # longer than the switch of the longest file, a million scope lines, holds the one write lock
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                " PRAGMA cache_size=-65536;",
            },
        }
    options: dict[str, object] = {}
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 60,
        "OPTIONS": options,
    }


DATABASES = {"default": database(env("DATABASE_URL", f"sqlite://{VAR / 'zhunsheng.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

COUNTS = VAR / "counts"
"""Where the workers of one machine count together how often somebody asks or tries to sign in."""


def shared_cache(engine: object) -> dict[str, object]:
    """A cache that all workers share: a table of PostgreSQL, so that several machines count together; beside SQLite, files."""
    if engine == "django.db.backends.postgresql":
        return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}
    return {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(COUNTS)}


CACHES = {"default": {**shared_cache(DATABASES["default"]["ENGINE"]), "OPTIONS": {"MAX_ENTRIES": 10_000}}}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules",
    "zhunsheng.foundation.accounts",
    "zhunsheng.foundation.journal",
    "zhunsheng.foundation.attachments",
    "zhunsheng.foundation.imports",
    "zhunsheng.foundation.calendar",
    "zhunsheng.foundation.messages",
    "zhunsheng.registry.institutions",
    "zhunsheng.registry.people",
    "zhunsheng.registry.equipment",
    "zhunsheng.registry.catalogue",
    "zhunsheng.registry.scopes",
    "zhunsheng.registry.stocktaking",
    "zhunsheng.registry.findings",
    "zhunsheng.registry.management",
    "zhunsheng.capability.evidence",
    "zhunsheng.activities.campaigns.plan",
    "zhunsheng.activities.campaigns.selfcheck",
    "zhunsheng.activities.campaigns.draw",
    "zhunsheng.activities.campaigns.screen",
    "zhunsheng.activities.campaigns.inspection",
    "zhunsheng.activities.campaigns.rectification",
    "zhunsheng.activities.campaigns.summary",
    "zhunsheng.activities.proficiency",
    "zhunsheng.activities.proficiency.plan",
    "zhunsheng.activities.proficiency.report",
    "zhunsheng.activities.proficiency.prepare",
    "zhunsheng.activities.proficiency.enrol",
    "zhunsheng.activities.proficiency.ship",
    "zhunsheng.activities.proficiency.collect",
    "zhunsheng.activities.proficiency.follow",
    "zhunsheng.decisions.eligibility",
    "zhunsheng.faces.jobs",
    "zhunsheng.faces",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "zhunsheng.faces.middleware.speak_the_readers_language",
    "zhunsheng.faces.uploads.refuse_what_is_too_large",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "zhunsheng.faces.middleware.reset_passwords_only_by_mail",
    "zhunsheng.faces.middleware.know_the_visitor",
    "zhunsheng.faces.middleware.require_second_factor",
]

ROOT_URLCONF = "zhunsheng.faces.urls"
WSGI_APPLICATION = "zhunsheng.faces.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "faces" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "zhunsheng.faces.templating.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "faces" / "allauth_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "zhunsheng.faces.api.tokens.TokensEndWithThePassword"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "zhunsheng.foundation.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("TRUSTED_PROXIES", "0"))
"""How many proxies stand before the site and add to X-Forwarded-For: attempts to sign in are counted by the visitor's address."""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Zhunsheng"
MFA_ADAPTER = "zhunsheng.foundation.accounts.factor_adapter.FactorAdapter"
SECOND_FACTOR_REQUIRED = flag("SECOND_FACTOR_REQUIRED", default=not DEMO)
"""Whoever decides about others (a regulator, a provider) signs in with a second factor; the demo asks for none."""


def oidc(given: str) -> dict[str, object]:
    """Sign-in by OpenID Connect from `{"issuer": …, "client_id": …, "secret": …, "name": …}`; from nothing, none."""
    if not given:
        return {}
    try:
        said = json.loads(given)
        app = {
            "provider_id": "oidc", "name": said["name"], "client_id": said["client_id"], "secret": said["secret"],
            "settings": {"server_url": said["issuer"].rstrip("/"), "token_auth_method": said.get("token_auth_method")},
        }  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise ImproperlyConfigured('ZHUNSHENG_OIDC needs {"issuer", "client_id", "secret", "name"} as JSON') from wrong
    return {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}


OIDC_ISSUER = json.loads(env("OIDC"))["issuer"] if oidc(env("OIDC")) else ""
OIDC_NAME = json.loads(env("OIDC"))["name"] if OIDC_ISSUER else ""
SOCIALACCOUNT_PROVIDERS = {"openid_connect": oidc(env("OIDC"))}
SOCIALACCOUNT_ADAPTER = "zhunsheng.faces.oidc.SocialAccountAdapter"

NINJA_NUM_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT
"""The API counts the questions of those without a token by address, found the same way."""

# Language, time
LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
TIME_ZONE = env("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

OUTLINES = env("OUTLINES")
"""Address of a GeoJSON file with region outlines instead of the shipped one: a public site in China shows a reviewed map."""

# Files the browser asks for
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [PACKAGE / "faces" / "static", PACKAGE / "foundation" / "typesetting" / "static"]
WHITENOISE_USE_FINDERS = DEMO or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR / "files"
FILE_UPLOAD_HANDLERS = [
    "zhunsheng.foundation.attachments.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
# A checklist has up to 500 items, each with five fields and a file, and its page sends all of them.
DATA_UPLOAD_MAX_NUMBER_FIELDS, DATA_UPLOAD_MAX_NUMBER_FILES = 3000, 510
UPLOAD_LIMIT = 32 * 1024 * 1024
PUBLIC_UPLOAD_LIMIT = 16 * 1024 * 1024
"""What anyone may send without signing in: a report to be checked."""
IMPORT_UPLOAD_LIMIT = int(env("IMPORT_UPLOAD_MB", "128")) * 1024 * 1024
"""Files for the registers may be larger than others: a million scope lines are some hundred megabytes."""


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *([origin_of(OIDC_ISSUER)] if OIDC_ISSUER else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = flag("HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_SSL_REDIRECT = True

# Work in the background
QUEUE_BACKENDS = {
    "database": "django_tasks_db.DatabaseBackend",
    "procrastinate": "zhunsheng.faces.jobs.queues.procrastinate.Backend",
}


def queue(name: str, engine: object) -> str:
    """Which engine hands jobs to workers; one that the database cannot carry is refused at the start."""
    if name not in QUEUE_BACKENDS:
        raise ImproperlyConfigured(f"ZHUNSHENG_QUEUE must be one of: {', '.join(QUEUE_BACKENDS)}")
    if name == "procrastinate" and engine != "django.db.backends.postgresql":
        raise ImproperlyConfigured("ZHUNSHENG_QUEUE=procrastinate needs PostgreSQL: set ZHUNSHENG_DATABASE_URL")
    return name


QUEUE = queue(env("QUEUE", "database"), DATABASES["default"]["ENGINE"])
TASKS = {"default": {"BACKEND": QUEUE_BACKENDS[QUEUE], "QUEUES": []}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
if QUEUE == "procrastinate":
    INSTALLED_APPS.append("procrastinate.contrib.django")
JOB_HEARTBEAT_SECONDS = float(env("JOB_HEARTBEAT", "2"))
JOB_LOST_AFTER_SECONDS = float(env("JOB_LOST_AFTER", "10"))
SEQUENCE_SECONDS = float(env("SEQUENCE", "5"))
"""How often a worker puts new acts into the journal's log: until then an act can be changed behind the guards unseen."""
SCATTER = env("SCATTER")
"""Address of a Dask scheduler that takes long pure work, such as tcp://host:8786; empty: processes of this machine."""
PROCESSES = int(env("PROCESSES", str(os.cpu_count() or 1)))
"""So many processes of this machine share long pure work."""

# Signing
SIGNING_KEY = Path(env("SIGNING_KEY", str(VAR / "signing-key.pem")))
TRUSTED_KEYS = Path(env("TRUSTED_KEYS", str(VAR / "trusted-keys")))
"""A directory of public keys (*.pem) that the public check vouches for beside the site's own: those it signed with before."""

# Rules


def rule_dates(text: str) -> dict[str, date]:
    """The days on which versions of regulations took effect here, from JSON such as {"SAMR-39@2025": "2025-05-01"}."""
    try:
        return {str(version): date.fromisoformat(day) for version, day in json.loads(text or "{}").items()}
    except (ValueError, TypeError, AttributeError) as fault:
        raise ImproperlyConfigured('ZHUNSHENG_RULE_DATES must look like {"SAMR-39@2025": "2025-05-01"}') from fault


RULE_DATES = rule_dates(env("RULE_DATES"))


def mail(url: str) -> dict[str, object]:
    """Mail settings from `smtp://user:password@host:port?tls=1` (STARTTLS) or `smtps://…`; from nothing, mail that goes nowhere.

    Never Django's console: a link that resets a password would stand in the log for whoever reads logs.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("ZHUNSHENG_EMAIL_URL must look like smtp://user:password@host:587?tls=1")
    tls, implicit = "tls=1" in parts.query.split("&"), parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if implicit else 587 if tls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls and not implicit,
        "EMAIL_USE_SSL": implicit,
        "EMAIL_TIMEOUT": 10,
    }


MAIL_IS_SENT = bool(env("EMAIL_URL"))
globals().update(mail(env("EMAIL_URL")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", "zhunsheng@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "WARNING")},
    "loggers": {"django_tasks_db": {"level": env("LOG_LEVEL", "ERROR")}},  # its only warnings are its goodbyes
}
