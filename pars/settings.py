"""One settings file, fed by the environment. What is missing in production stops start-up.

DATABASE_URL     libpq address of PostgreSQL 18 or later
REDIS_URL        address of the broker; it only wakes workers, nothing is kept there
PARS_DB_ROLE     pars_owner (migrations), pars_web or pars_worker; empty where the login is one of them itself
PARS_SECRET_KEY  signs sessions and links
PARS_FIELD_KEY   64 bytes in hex: encrypts birthdays and stored uploads
PARS_LOCAL       folder for stored uploads
PARS_HOSTS       public host names, separated by commas; empty: loopback only
PARS_SITE        where the site is, for links in mail; made from the first of PARS_HOSTS unless set
PARS_DEMO        1 for the demo: sign-in without a second factor, mail kept on a page. Only beside loopback
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parent.parent


def _needed(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(
            f"Set {name}. What it is for stands at the top of pars/settings.py."
        ) from None


SECRET_KEY = _needed("PARS_SECRET_KEY")
FIELD_KEY = bytes.fromhex(_needed("PARS_FIELD_KEY"))
LOCAL_DIR = Path(_needed("PARS_LOCAL"))
DEBUG = False
DEMO = os.environ.get("PARS_DEMO") == "1"
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
PUBLIC_HOSTS = [host for host in os.environ.get("PARS_HOSTS", "").split(",") if host]
ALLOWED_HOSTS = LOOPBACK + PUBLIC_HOSTS
SITE = os.environ.get("PARS_SITE") or (
    f"https://{PUBLIC_HOSTS[0]}" if PUBLIC_HOSTS else "http://localhost:8000"
)
if DEMO and PUBLIC_HOSTS:
    raise ImproperlyConfigured(
        "PARS_DEMO switches the second factor off and is only for loopback. Unset it or PARS_HOSTS."
    )
if len(FIELD_KEY) != 64:
    raise ImproperlyConfigured("PARS_FIELD_KEY is 64 bytes: 128 hexadecimal digits.")

INSTALLED_APPS = [
    "pars.access",
    "pars.audit",
    "pars.web",
    "pars.outbox",
    "pars.people",
    "pars.batches",
    "providers",
    "activities",
    "activities.year_end",
    "learners",
    "boards",
    "passport",
    "pars.demo",
    "django.contrib.admin.apps.SimpleAdminConfig",  # for pars.records alone: no other admin is discovered
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "pars.web.health.liveness",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pars.people.middleware.OurSite",
    "pars.access.middleware.ActorMiddleware",
]

ROOT_URLCONF = "pars.urls"
WSGI_APPLICATION = "pars.wsgi.application"

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
                "pars.web.context.site",
            ]
        },
    }
]
# The e-mail address is unique without regard to case, by a constraint that this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
FORM_RENDERER = "pars.web.forms.Renderer"


def _database(role: str) -> dict[str, Any]:
    parts = {key: str(value) for key, value in conninfo_to_dict(_needed("DATABASE_URL")).items()}
    options: dict[str, Any] = {"connect_timeout": 5}
    if role:
        options["assume_role"] = role
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": options | parts,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


# Two connections to one database: what is counted on `counters` stays counted when a request rolls back.
DATABASES = {
    "default": _database(os.environ.get("PARS_DB_ROLE", "")),
    "counters": _database(os.environ.get("PARS_DB_ROLE", "")) | {"TEST": {"MIRROR": "default"}},
}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "pars.access.counters.CounterCache", "LOCATION": "access_counter"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(PUBLIC_HOSTS)
SESSION_COOKIE_NAME = "__Host-session" if PUBLIC_HOSTS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PUBLIC_HOSTS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "pars.web.views.csrf_failure"

# IDLE_MINUTES: reliability-security.md S2, 15 minutes for boards and operators, 30 for everyone else.
IDLE_MINUTES = {"board": 15, "accreditor": 15, "provider": 30, "physician": 30}

SECURE_CONTENT_TYPE_NOSNIFF = True
# Not no-referrer: browsers then send the origin of our own forms as "null", and every POST is refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PUBLIC_HOSTS:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in PUBLIC_HOSTS]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static", ("uswds", BASE_DIR / "node_modules/@uswds/uswds/dist")]
STATICFILES_FINDERS = ["pars.web.assets.Finder", "django.contrib.staticfiles.finders.AppDirectoriesFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "pars.web.assets.Storage"},
}
UPLOADS_DIR = LOCAL_DIR / "uploads"
FILE_UPLOAD_HANDLERS = ["pars.batches.upload_handler.BoundedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en-us"
USE_I18N = True

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "pars.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "1000/5m", "login_failed": "10/5m/ip,10/5m/key", "signup": "20/h/ip"}
MFA_ADAPTER = "pars.people.adapter.SecondFactorAdapter"
ACCOUNT_FORMS = {
    "login": "pars.people.forms.SignInForm",
    "signup": "pars.people.forms.SignUpForm",
    "add_email": "pars.people.forms.AddEmailForm",
    "reset_password": "pars.people.forms.ForgottenPasswordForm",
    "reset_password_from_key": "pars.people.forms.NewPasswordForm",
    "change_password": "pars.people.forms.ChangePasswordForm",
}
MFA_FORMS = {
    "activate_totp": "pars.people.forms.ActivateAppForm",
    "add_webauthn": "pars.people.forms.PasskeyForm",
    "authenticate": "pars.people.forms.SecondStepForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "PARS"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_HOSTS

# Whose views are not ours and say for themselves who may use them.
FOREIGN_VIEWS = ("allauth.", "django.contrib.staticfiles.")
# The one place that knows which physician a user is: (user id) → physician id or None.
PHYSICIAN_OF = "passport.identity.physician_of"

EMAIL_BACKEND = "pars.web.mail.SinkBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("PARS_SMTP_HOST", "localhost")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("PARS_MAIL_FROM", "PARS <no-reply@localhost>")

REDIS_URL = _needed("REDIS_URL")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "fido2": {"level": "WARNING"},  # it would name each passkey that signs in
        "kombu": {"level": "WARNING"},
    },
}
