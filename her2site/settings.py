"""All settings. No SECRET_KEY in the environment: a laptop. SECRET_KEY: production.

There is no state in which DEBUG is on and strangers are answered.
"""

import os
import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

from her2site import logs
from her2site.environment import env, read_number, read_switch, read_words

BASE_DIR = Path(__file__).resolve().parent.parent


# Not through `env`, which would take a key that begins with $ for another variable's name.
SECRET_KEY = os.environ.get("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = [key for key in [os.environ.get("OLD_SECRET_KEY", "")] if key]
PRODUCTION = bool(SECRET_KEY)
DEBUG = not PRODUCTION

if PRODUCTION and len(SECRET_KEY) < 50:
    msg = (
        "SECRET_KEY is too short. Set it to at least 50 random characters, for instance "
        'those that this prints: python -c "import secrets; print(secrets.token_urlsafe(50))"'
    )
    raise ImproperlyConfigured(msg)
if not PRODUCTION:
    SECRET_KEY = "only-for-a-laptop-where-nobody-else-can-reach-the-site"  # noqa: S105

ALLOWED_HOSTS = read_words("ALLOWED_HOSTS")
if PRODUCTION and not ALLOWED_HOSTS:
    msg = "ALLOWED_HOSTS is missing. Set it to the site's host names, for instance ALLOWED_HOSTS=learn.example.org"
    raise ImproperlyConfigured(msg)
if any("*" in host for host in ALLOWED_HOSTS):
    msg = "ALLOWED_HOSTS must not contain *. Write out each host name, separated by commas."
    raise ImproperlyConfigured(msg)
# Django would start with any of these and then refuse every visitor.
if not all(
    re.fullmatch(r"[^\s/:]+|\[[0-9a-fA-F:.]+\]", host) for host in ALLOWED_HOSTS
):
    msg = (
        "ALLOWED_HOSTS must name hosts alone, without https://, path, port or blank, for "
        "instance ALLOWED_HOSTS=learn.example.org,www.example.org"
    )
    raise ImproperlyConfigured(msg)
if not PRODUCTION:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]

DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").absolute()
if not PRODUCTION:
    DATA_DIR.mkdir(parents=True, exist_ok=True)

INSTALLED_APPS = [
    "her2site.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "her2site.apps.SiteConfig",
    "articles",
    "quizzes",
]

MIDDLEWARE = [
    # First, so that also refusals, redirects and static files carry the policy.
    "her2site.middleware.HeadersMiddleware",
    "her2site.health.HealthMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "her2site.middleware.EncodingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "her2site.second_factor.SecondFactorMiddleware",
]

ROOT_URLCONF = "her2site.urls"
WSGI_APPLICATION = "her2site.wsgi.application"

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
                "her2site.pages.urgent_help",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "daylight"
CRISPY_TEMPLATE_PACK = "daylight"
CRISPY_FAIL_SILENTLY = False

# --- Database -------------------------------------------------------------------------------


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite library has the fix for the WAL-reset race (sqlite.org, 3.51.3).

    Before it, write-ahead logging can corrupt the file in rare cases, so older libraries get
    the TRUNCATE journal instead: slower, and safe.
    """
    fixed_branches = {(3, 44): 6, (3, 50): 7}
    patch = fixed_branches.get(version[:2])
    if patch is not None:
        return version[2] >= patch
    return version >= (3, 51, 3) and version != (3, 52, 0)


def read_database() -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="")
    if not url:
        return {"ENGINE": SQLITE, "NAME": DATA_DIR / "site.sqlite3"}
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        msg = "DATABASE_URL must begin with sqlite:/// or postgres://"
        raise ImproperlyConfigured(msg)
    try:
        database: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError:
        database = {}
    if not database.get("NAME"):
        # Without the original error: it can quote a part of the password.
        msg = (
            "DATABASE_URL cannot be read. Write postgres://user:password@host:5432/name, "
            "with special characters of the password as %-codes."
        )
        raise ImproperlyConfigured(msg)
    return database


SQLITE = "django.db.backends.sqlite3"
JOURNAL = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "TRUNCATE"
DATABASE = read_database()
DATABASES = {"default": DATABASE}
if DATABASE["ENGINE"] == SQLITE:
    # IMMEDIATE takes the write lock at BEGIN, so that parallel writers wait instead of failing
    # with "database is locked". FULL loses no acknowledged answer at a power cut; NORMAL does.
    DATABASE["CONN_MAX_AGE"] = 600
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={JOURNAL}; PRAGMA synchronous=FULL; "
            "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-20000;"
        ),
    }
else:
    DATABASE["CONN_MAX_AGE"] = 0
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["OPTIONS"] = DATABASE.get("OPTIONS", {}) | {
        "pool": {"min_size": 1, "max_size": 4, "timeout": 10, "max_lifetime": 1800},
        "options": "-c statement_timeout=10000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=15000",
        "connect_timeout": 3,
        "application_name": "her2site",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache and sessions ---------------------------------------------------------------------


def read_cache() -> dict[str, Any]:
    url = env.str("CACHE_URL", default="")
    if not url:
        # Limits on signing in are counted here, so all processes must see the same numbers.
        # When it is full, entries go regardless of their age: never let it fill up.
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "her2site_cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    if urlsplit(url).scheme not in {"redis", "rediss"} or not urlsplit(url).hostname:
        msg = "CACHE_URL must read redis://host:6379/0 (Valkey too; rediss:// with TLS)"
        raise ImproperlyConfigured(msg)
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }


CACHES = {
    "default": read_cache(),
    # Finished pages by ETag: each process may keep its own and is never out of date.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}
KIOSK = read_switch("KIOSK", default=False)
# A cache alone may drop sessions, and with them the way back to a half-done quiz.
SESSION_ENGINE = "django.contrib.sessions.backends." + (
    "cached_db" if env.str("CACHE_URL", default="") else "db"
)
# On a shared device, whoever forgets to clear it is forgotten within the hour.
SESSION_COOKIE_AGE = 60 * 60 if KIOSK else 30 * 24 * 60 * 60
STAFF_SESSION_AGE = 8 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Security -------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    # The __Host- prefix makes browsers refuse these cookies from any other host or over http.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_HSTS_SECONDS = read_number("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # The browsers' built-in list is hard to leave again, so joining it is the host's decision.
    SECURE_HSTS_PRELOAD = read_switch("SECURE_HSTS_PRELOAD", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
CSRF_TRUSTED_ORIGINS = read_words("CSRF_TRUSTED_ORIGINS")
if not all(
    origin.startswith(("https://", "http://")) for origin in CSRF_TRUSTED_ORIGINS
):
    msg = "CSRF_TRUSTED_ORIGINS must name origins with https://, for instance https://learn.example.org"
    raise ImproperlyConfigured(msg)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Only where a proxy in front strips this header from visitors; otherwise anyone could forge it.
BEHIND_PROXY = read_switch("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Accounts -------------------------------------------------------------------------------

AUTH_USER_MODEL = "her2site.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my-learning"
ACCOUNT_ADAPTER = "her2site.accounts.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
# Nobody has to wait for a mail before they may learn.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
# Whoever finds a screen unlocked must not be able to take the account over.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Ask, with an empty box: many devices are shared. On one that always is, do not even ask.
ACCOUNT_SESSION_REMEMBER = False if KIOSK else None
ACCOUNT_FORMS = {
    "add_email": "her2site.forms.ChangeAddressForm",
    "change_password": "her2site.forms.ChangePasswordForm",
    "confirm_login_code": "her2site.forms.EnterCodeForm",
    "login": "her2site.forms.SignInForm",
    "reauthenticate": "her2site.forms.ConfirmPasswordForm",
    "request_login_code": "her2site.forms.SendCodeForm",
    "reset_password": "her2site.forms.ForgottenPasswordForm",
    "reset_password_from_key": "her2site.forms.NewPasswordForm",
    "set_password": "her2site.forms.FirstPasswordForm",
    "signup": "her2site.forms.SignUpForm",
}
# A classroom shares one address and signs in within a minute, with a few slips; a machine
# that tries passwords fails far more often. A failure counts for its account as well.
ACCOUNT_RATE_LIMITS = {
    "login": "100/m/ip",
    "login_failed": "100/10m/ip,5/5m/key",
    "request_login_code": "60/m/ip,5/30m/key",
    "reset_password": "60/m/ip,5/30m/key",
    "reset_password_from_key": "60/m/ip",
    "signup": "60/m/ip,300/d/ip",
}
# Visitors can write any address into X-Forwarded-For; only the proxy's own, last entry counts.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_ADAPTER = "her2site.accounts.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Her2 Learn"
MFA_TOTP_TOLERANCE = 1
# So that a key can be tried out on a laptop, at http://localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {
    "activate_totp": "her2site.forms.ActivateAppForm",
    "add_webauthn": "her2site.forms.AddKeyForm",
    "authenticate": "her2site.forms.SecondStepForm",
    "edit_webauthn": "her2site.forms.RenameKeyForm",
    "reauthenticate": "her2site.forms.ConfirmCodeForm",
}
REQUIRE_STAFF_MFA = read_switch("REQUIRE_STAFF_MFA", default=PRODUCTION)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Language, time, mail, files ------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", default="") or "Europe/London"
try:
    ZoneInfo(TIME_ZONE)
except (KeyError, ValueError, OSError):
    msg = "TIME_ZONE must be a name like Europe/London"
    raise ImproperlyConfigured(msg) from None
USE_I18N = False
FORMAT_MODULE_PATH = "her2site.formats"
USE_TZ = True
try:
    vars().update(
        env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://")
    )
except (ImproperlyConfigured, ValueError):
    msg = "EMAIL_URL must read smtp+tls://user:password@host:587 (or smtp+ssl://, consolemail://)"
    raise ImproperlyConfigured(msg) from None
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or f"noreply@{ALLOWED_HOSTS[0]}"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default="") or DATA_DIR / "static").absolute()
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = DATA_DIR / "media"
WHITENOISE_USE_FINDERS = not PRODUCTION
# Listed once: an address that leads out of the folders is then one like any other unknown.
WHITENOISE_AUTOREFRESH = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Nobody else has a use for our files; Cross-Origin-Resource-Policy says so too.
WHITENOISE_ALLOW_ALL_ORIGINS = False
if PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        },
    }

# --- The site's own -------------------------------------------------------------------------

# Pages are kept for all readers, so they name themselves by one address, however they were
# asked for.
SITE_ADDRESS = f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000"

# What the help block on every page says beside "your hospital's 24-hour number", per deployment.
URGENT_HELP = env.str("URGENT_HELP", default="")

LOGGING = logs.LOGGING
