"""The one settings file, and the only reader of the environment.

What each variable means stands in `.env.example`; tests/test_house.py holds the two files together.
A value that cannot be read stops the start: nothing here guesses.
"""

import sys
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_email_url
import pghistory
from django.conf import global_settings
from environs import FileAwareEnv

from wsis.databases import database
from wsis.headers import CONTENT_SECURITY_POLICY  # noqa: F401 - a setting
from wsis.local.folder import OWNER, LocalFolder
from wsis.logs import LOGGING  # noqa: F401 - a setting
from wsis.s3 import s3_storage

BASE_DIR = Path(__file__).resolve().parent.parent

# NAME_FILE may name a file that holds the value of NAME.
env = FileAwareEnv(strip_whitespace=True)
env.read_env(BASE_DIR / ".env", recurse=False)

# Where the embedded default keeps its data, keys, mails and exports.
LOCAL_DIR = Path(env.str("LOCAL_DIR", "") or BASE_DIR / ".local")
_local = LocalFolder(LOCAL_DIR)

DEBUG = env.bool("DEBUG", False)

# --- Who we are ------------------------------------------------------------------------------------------

# Where the web server listens.
PORT = env.int("PORT", 8000)
BIND = env.str("BIND", f"127.0.0.1:{PORT}")
WEB_PROCESSES = env.int("WEB_PROCESSES", 2)

# The address the public uses. Hosts, cookie flags, HSTS and the links in mails all follow from it.
IS_PUBLIC_URL_GIVEN = bool(env.str("PUBLIC_URL", ""))
PUBLIC_URL = (env.str("PUBLIC_URL", "") or f"http://127.0.0.1:{PORT}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname:
    raise ValueError(f"PUBLIC_URL is {PUBLIC_URL!r}; it wants the form https://consultation.example.org")
IS_HTTPS = _public.scheme == "https"
_is_local = _public.hostname in {"127.0.0.1", "localhost", "::1"}
if DEBUG and not _is_local:
    raise ValueError(f"DEBUG shows settings and code to every visitor of {PUBLIC_URL}: leave it out.")

# No default outside the embedded one, whose key `make run` makes once and keeps with mode 600.
SECRET_KEY = env.str("SECRET_KEY", "") or _local.read_key("secret-key") or ("only-for-debug" if DEBUG else "")
# What was signed and sealed with these still opens: late-access links, private links in mails, sessions.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
if not SECRET_KEY and sys.argv[1:2] != ["run"]:  # which makes one
    raise ValueError("SECRET_KEY is not set. Set it, or start with `make run`, which makes one.")

ALLOWED_HOSTS = [_public.hostname, *(["localhost"] if _public.hostname == "127.0.0.1" else [])]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]
# Empty: the review's secretariat, in the reader's language.
ORGANISER = env.str("ORGANISER", "")
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", "")
REGISTER_KEY = env.str("REGISTER_KEY", "") or _local.read_key("register-key")
REGISTER_KEY_FALLBACKS: list[str] = env.list("REGISTER_KEY_FALLBACKS", [])  # publication/register/notes.py
TIMESTAMP_AUTHORITIES: list[str] = env.list("TIMESTAMP_AUTHORITIES", [])  # publication/register/stamps.py
TIMESTAMP_ROOTS = env.str("TIMESTAMP_ROOTS", "")
# Whoever brings it may read /metrics/; empty: nobody may (wsis/metrics.py).
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# --- What it is made of ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "wsis",
    "accounts",
    "themes",
    "submissions",
    "privacy",
    "publication",
    "crispy_forms",
    "accounts.apps.WorkspaceConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "django_countries",
    "axes",
    "django_otp",
    "django_otp_webauthn",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "wsis.metrics.Measured",
    "wsis.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "wsis.back_pressure.BackPressure",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.SessionLimits",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wsis.tracking.WorkspaceHistory",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wsis.faults.WhenTheDatabaseIsAway",
    "wsis.addresses.ImpossibleAddresses",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "wsis.urls"
WSGI_APPLICATION = "wsis.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_loaders = [
    "django.template.loaders.filesystem.Loader" if DEBUG else "wsis.template_loader.CompactLoader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wsis.pages.site",
            ],
            "builtins": ["themes.templatetags.texts"],
        },
    }
]

# Forms are laid out once, in Python, and drawn by the templates in templates/wsis/ (docs/adr/0003).
CRISPY_TEMPLATE_PACK = "wsis"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("wsis",)
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "wsis.form_renderer.FormRenderer"

# --- Where it keeps things -------------------------------------------------------------------------------

IS_DATABASE_EMBEDDED = not env.str("DATABASE_URL", "")
_database_url = env.str("DATABASE_URL", "") or _local.database_url()
# The role of web, worker and beat, which owns nothing (wsis/database_roles.py).
DATABASE_RUNTIME_ROLE = str(database(_database_url)["USER"])
# What changes tables or what is final, or dates made-up submissions back, is their owner's, and these commands' alone.
if sys.argv[1:2] in (["prepare"], ["migrate"], ["demo"], ["set_retention"], ["personal_data"]):
    _local_owner_url = _local.database_url(OWNER) if IS_DATABASE_EMBEDDED else ""
    _database_url = env.str("DATABASE_OWNER_URL", "") or _local_owner_url or _database_url
DATABASES: dict[str, dict[str, Any]] = {"default": database(_database_url)}

if _pool_size := env.int("DATABASE_POOL_SIZE", 8):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool_size, "timeout": 5}

# A replica takes the long reading of exports. The record is never read there: it must not lag behind.
EXPORTS_READ_FROM = "default"
if _replica_url := env.str("DATABASE_REPLICA_URL", ""):
    EXPORTS_READ_FROM = "replica"
    DATABASES["replica"] = {**database(_replica_url), "TEST": {"MIRROR": "default"}}

IS_REDIS_EMBEDDED = not env.str("REDIS_URL", "")
REDIS_URL = env.str("REDIS_URL", "") or _local.redis_url()

# "default" stays in each process; what all of them count together is in Valkey.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "counts": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
}

# Exports and records hold personal data: nothing serves this place but admin views, which ask for the right first.
if _bucket := env.str("EXPORTS_S3_BUCKET", ""):
    _kept = s3_storage(
        _bucket,
        endpoint=env.str("EXPORTS_S3_ENDPOINT", ""),
        region=env.str("EXPORTS_S3_REGION", "us-east-1"),
        access_key=env.str("EXPORTS_S3_ACCESS_KEY", ""),
        secret_key=env.str("EXPORTS_S3_SECRET_KEY", ""),
    )
else:
    _kept = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": Path(env.str("EXPORTS_DIR", "") or LOCAL_DIR / "exports"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }
STORAGES: dict[str, dict[str, Any]] = {
    "default": _kept,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# How long what is kept (privacy/data_map.py); records stay.
DRAFTS_KEPT = timedelta(days=env.int("DRAFTS_KEPT_DAYS", 30))
CONTACTS_KEPT = timedelta(days=env.int("CONTACTS_KEPT_DAYS", 730))
MAILS_KEPT = timedelta(days=env.int("MAILS_KEPT_DAYS", 365))
EXPORTS_KEPT = timedelta(days=env.int("EXPORTS_KEPT_DAYS", 7))
CONTACT_VIEWS_KEPT = timedelta(days=env.int("CONTACT_VIEWS_KEPT_DAYS", 1095))
TRAIL_KEPT = timedelta(days=env.int("TRAIL_KEPT_DAYS", 1825))
SECURITY_LOG_KEPT = timedelta(days=env.int("SECURITY_LOG_KEPT_DAYS", 30))
# Where a file grows before it is stored whole: on a disk, and never in /tmp where that is memory.
SCRATCH_DIR = Path(env.str("SCRATCH_DIR", "") or LOCAL_DIR / "scratch")
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_DIR", "") or LOCAL_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [*global_settings.STATICFILES_FINDERS, "wsis.scripts.SiteScriptFinder"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Celery: the app, how it works and the timetable are in wsis/celery.py --------------------------------

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)

# --- Mail ------------------------------------------------------------------------------------------------

# Without EMAIL_URL every mail becomes a file under LOCAL_DIR/mail. wsis.smtp takes addresses of any script (RFC 6531).
EMAIL_URL = env.str("EMAIL_URL", "")
_mail = dj_email_url.parse(EMAIL_URL)
_backend = _mail["EMAIL_BACKEND"] if EMAIL_URL else "django.core.mail.backends.filebased.EmailBackend"
EMAIL_BACKEND = _backend.replace("django.core.mail.backends.smtp.", "wsis.smtp.")
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"] if EMAIL_URL else LOCAL_DIR / "mail"
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "") or f"consultation@{_public.hostname}"
MAIL_SMTPUTF8 = env.bool("MAIL_SMTPUTF8", False)
# The mailbox of MAIL_FROM, where reports of lost mails and answers arrive: imaps://user:password@host/INBOX.
MAILBOX_URL = env.str("MAILBOX_URL", "")
# Whom pages and mails name to write to, and whom an answer to a mail reaches.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "") or parseaddr(DEFAULT_FROM_EMAIL)[1]

# --- Language and time -----------------------------------------------------------------------------------

# The six of the United Nations, each by its own name. `make messages` brings locale/ up to date.
LANGUAGE_CODE = "en"
LANGUAGES = [("ar", "العربية"), ("zh-hans", "中文"), ("en", "English")]
LANGUAGES += [("fr", "Français"), ("ru", "Русский"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["wsis.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# The United Nations use the official short names of ISO 3166, not the common ones.
COUNTRIES_COMMON_NAMES = False

# --- Safety ----------------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
# Not "no-referrer": over HTTPS Django's CSRF check wants the origin of a form's own page.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
# The lists that browsers ship are left in months, so nobody is put on them unasked.
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
# How many proxies of ours stand before the web server: what they say of the visitor's address and of HTTPS is believed.
TRUSTED_HOPS = env.int("TRUSTED_HOPS", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_HOPS else None
# Times the limits of wsis/rate_limits.py: more for a hall of people behind one address.
RATE_LIMIT_FACTOR = env.float("RATE_LIMIT_FACTOR", 1.0)
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
# A browser takes a cookie of this name from this very host over HTTPS alone: no neighbour can plant one.
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
SESSION_ENGINE = "accounts.models.session"
SESSION_COOKIE_AGE = 8 * 3600  # and half an hour without a page: accounts/sessions.py
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "wsis.pages.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"
# Far above any text that is accepted, so that one that is too long comes back in its page and not as an error.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
FILE_UPLOAD_HANDLERS = [
    "wsis.uploads.TooLargeUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# On the machine it runs on, for trying it out, a password is enough.
SECOND_FACTOR = env.bool("SECOND_FACTOR", not DEBUG and not _is_local)
OTP_TOTP_ISSUER = OTP_WEBAUTHN_RP_ID = OTP_WEBAUTHN_RP_NAME = _public.hostname
# Browsers make passkeys over HTTPS, or for "localhost"; elsewhere they are not offered (accounts/passkeys.py).
OTP_WEBAUTHN_ALLOWED_ORIGINS = [PUBLIC_URL if IS_HTTPS or _public.hostname == "localhost" else "https://none.invalid"]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
# Five wrong passwords for a name from one network (accounts/sign_in.py). Nothing of it is in the database.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.sign_on.backend.PasswordBackend"]
AXES_HANDLER = "accounts.sign_in.SignInHandler"
AXES_CACHE = "counts"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "wsis.network.client_network"
AXES_LOCKOUT_CALLABLE = "accounts.sign_in.locked_out"
AXES_FAILURE_LIMIT, AXES_COOLOFF_TIME = 5, timedelta(minutes=15)
AXES_RESET_ON_SUCCESS, AXES_ENABLE_ADMIN = True, False
# The workspace's history: every change of a tracked row, written by PostgreSQL's triggers, and by nobody changed again.
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)  # nothing that is tracked changes on GET
BREACH_LIST = env.str("BREACH_LIST", "")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.ObviousPasswordValidator"},
    {"NAME": "accounts.passwords.BreachedPasswordValidator", "OPTIONS": {"path": BREACH_LIST}},
]
# Single sign-on (accounts/sign_on/), where an organisation has an OpenID provider.
if OIDC_ISSUER := env.str("OIDC_ISSUER", ""):
    AUTHENTICATION_BACKENDS += ["accounts.sign_on.backend.OrganisationBackend"]
OIDC_NAME = env.str("OIDC_NAME", "")
OIDC_RP_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_RP_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_RP_SCOPES = env.str("OIDC_SCOPES", "openid profile email")
OIDC_GROUPS_CLAIM = env.str("OIDC_GROUPS_CLAIM", "groups")
OIDC_GROUPS: dict[str, str] = env.dict("OIDC_GROUPS", {})
EMERGENCY_ACCOUNT = env.str("EMERGENCY_ACCOUNT", "admin")
OIDC_USE_PKCE, OIDC_TIMEOUT = True, 5
OIDC_AUTHENTICATION_CALLBACK_URL = "admin:sign_on_callback"
