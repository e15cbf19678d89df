"""Settings, from the environment only. Whatever is missing or bad is named, all of it at once."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.contrib.messages import constants as messages
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import EnvValidationError, validate

from config import identity
from config.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
# True only for `make demo` and tests on loopback: plain HTTP, invented people, printed passwords.
DEMO = env.bool("HOMEWARD_DEMO", False)
DEBUG = False

_database = env.dj_db_url("DATABASE_URL")
# Only where migrations run.
_owner = env.dj_db_url("DATABASE_OWNER_URL") if env.names("DATABASE_OWNER_URL") else None
_keys = env.dj_db_url("KEYS_DATABASE_URL")
_pool = env.bool("DATABASE_POOL", False)
KEYRING = env.path("KEYRING")
VALKEY_URL = env.str("VALKEY_URL")
CLOCK_OFFSET_FILE = env.str("CLOCK_OFFSET_FILE", "")
# Where `collectstatic` puts what the web server hands out.
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "staticfiles")
# Where documents lie, sealed. Another kind of storage would be named in STORAGES instead.
MEDIA_ROOT = env.path("FILES_ROOT")
# Certificates (PEM) of the authorities whose word counts about who signed a paper.
_roots = env.str("SIGNATURE_ROOTS", "")
SIGNATURE_ROOTS = Path(_roots) if _roots else None
# Agencies' own identity providers, in a file (`config.identity`); without it everybody has a password.
_identity = env.str("IDENTITY_PROVIDERS", "")
# Without it no e-mail is sent. It needs a sender, and where Homeward is opened.
_email = env.mail_server("EMAIL_URL")
EMAIL_FROM = env.str("EMAIL_FROM", validate=validate.Email()) if _email else ""
_is_address = validate.URL(schemes={"https", "http"}, require_tld=False)
SITE_URL = env.str("SITE_URL", validate=_is_address) if _email else ""

try:
    env.seal()
except EnvValidationError as error:
    said: Any = error.error_messages
    lines = "; ".join(f"{name}: {' '.join(says)}" for name, says in sorted(said.items()))
    raise ImproperlyConfigured(f"Homeward cannot start with these settings. {lines}") from None
try:
    _providers = identity.read(Path(_identity), plain_http=DEMO) if _identity else []
except identity.BadProviders as error:
    raise ImproperlyConfigured(f"Homeward cannot start: IDENTITY_PROVIDERS: {error}") from None
if CLOCK_OFFSET_FILE and not DEMO:
    raise ImproperlyConfigured(
        "CLOCK_OFFSET_FILE moves every deadline; it is refused outside the demo and tests."
    )


def _connection(parsed: dict[str, Any], **test: Any) -> dict[str, Any]:
    """Connections are pooled in the server (DATABASE_POOL), opened one by one in commands and tests."""
    pool = {"min_size": 1, "max_size": 8} if _pool else False
    # A test database waits for `default` unless told otherwise, and `default` waits for `owner`.
    options = {**parsed.get("OPTIONS", {}), "pool": pool}
    return parsed | {"CONN_MAX_AGE": 0, "OPTIONS": options, "TEST": {"DEPENDENCIES": [], **test}}


# `default` is the application's role, which owns nothing; `owner` exists where migrations run;
# `keys` is the key store, a database (in production a server) of its own.
DATABASES = {"default": _connection(_database), "keys": _connection(_keys, NAME=f"test_{_keys['NAME']}")}
if _owner:
    DATABASES["owner"] = _connection(_owner, NAME=f"test_{_owner['NAME']}")
    DATABASES["default"]["TEST"] = {"MIRROR": "owner"}
DATABASE_ROUTERS = ["config.routers.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": VALKEY_URL,
        "KEY_PREFIX": "hw",
    }
}

CHANNEL_LAYERS = {"default": {"BACKEND": "accounts.broker.Layer", "CONFIG": {"url": VALKEY_URL}}}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "django_countries",
    "django_fsm",
    "guardian",
    "pgtrigger",
    "procrastinate.contrib.django",
    "simple_history",
    "vault",
    "accounts",
    "workflow",
    "cases",
    "referrals",
    "repatriation",
]

MIDDLEWARE = [
    "config.headers.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.account",
    "accounts.middleware.not_too_often",
    "accounts.middleware.refreshed",
    "accounts.middleware.on_its_page",
    "config.uploads.refuse_what_is_too_large",
    "accounts.middleware.nothing_too_long",
    "accounts.middleware.no_empty_refusal",
    "accounts.gate.gate",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.taken_up",
    "accounts.middleware.sent_once",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ListsMiddleware",
    "accounts.middleware.NotRecordedMiddleware",
    "cases.middleware.GoneMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
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
                "django.template.context_processors.i18n",
                "cases.context.navigation",
                "cases.context.emergency",
            ],
            "builtins": ["accounts.templatetags.lists", "accounts.templatetags.sending"],
        },
    }
]
FORM_RENDERER = "config.forms.Renderer"
# What is said after an act looks like every other notice.
MESSAGE_TAGS = {messages.SUCCESS: "done", messages.WARNING: "due", messages.ERROR: "late"}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Where "Leave" leads: a site that anybody might have open.
QUICK_EXIT_URL = "https://www.wikipedia.org/"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# allauth does the sign-in; accounts are made by an administrator, known by their name, and need no e-mail.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
# No "remember me": the session ends with the browser, and at the latest when the policy says (`session.hours`).
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "change_password": "accounts.forms.proving.ChangePasswordForm",
    "login": "accounts.forms.factors.DoorForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "change_password": "5/m/user",
}

# Every account has a second factor (`accounts.gate`); no browser is remembered. A passkey asks for a finger or a
# number, because it may stand alone where a page is uncovered.
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {
    "authenticate": "accounts.forms.factors.DoorCodeForm",
    "authenticate_webauthn": "accounts.forms.factors.DoorPasskeyForm",
}
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True

# Whom a provider vouches for is an account that an administrator has bound to it; nobody signs up, nothing is stored.
SOCIALACCOUNT_ADAPTER = "accounts.adapter.IdentityAdapter"
SOCIALACCOUNT_PROVIDERS = {"agency": {"APPS": _providers}}
SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# In seconds.
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

# The installation's own countries beside ISO 3166-1, and the calendar of the holidays library that each follows.
COUNTRIES_OVERRIDE = {"XA": _("Arvania"), "XB": _("Belmora"), "XC": _("Corvia")}
HOLIDAY_CALENDARS = {"XA": "AT", "XB": "MD"}

EMAIL_BACKEND = _email.get("EMAIL_BACKEND") or "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _email.get("EMAIL_HOST", ""), _email.get("EMAIL_PORT", 0)
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _email.get("EMAIL_USE_TLS", False), _email.get("EMAIL_USE_SSL", False)
# In seconds: a server that hangs must not keep the job worker.
EMAIL_TIMEOUT = _email.get("EMAIL_TIMEOUT") or 10

LANGUAGE_CODE = "en"
# The six of the OSCE, and two that the children who come speak most.
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("it", "Italiano"),
    ("ru", "Русский"),
    ("es", "Español"),
    ("uk", "Українська"),
    ("ar", "العربية"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Nothing about a child lies on a disk in clear, so an upload stays in memory, and what does not fit is refused.
LARGEST_FILE = 20 * 1024 * 1024
# A file, and beside it the words of its form.
LARGEST_REQUEST = LARGEST_FILE + 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_REQUEST
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

# No inline script or style anywhere; what a page needs, its socket included, comes from our own origin.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "connect-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_ENGINE = "accounts.models.sessions"
# By Django's own count, from the last change on; what ends a session is `Session.ends_at`.
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# Errors go to the process's own output, where an administrator finds them; no line of it names a child.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "console": {"class": "logging.StreamHandler", "level": "ERROR"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": True},
        # What it says of a PDF quotes what strangers wrote into it.
        "pyhanko": {"handlers": ["nowhere"], "propagate": False},
        "pyhanko_certvalidator": {"handlers": ["nowhere"], "propagate": False},
    },
}

ANONYMOUS_USER_NAME = None
# Personal grants are mirrored into CaseAccess, which alone is asked; has_perm is nobody's question.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
