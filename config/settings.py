"""How the house is set up; everything that differs between two machines comes from the environment."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from config import home, postgres

ROOT = Path(__file__).resolve().parent.parent
HOME = home.prepared(home.home())
HOME_FILES = HOME / "files"


def _secret() -> str:
    """A key of this installation, made once and readable by its owner alone."""
    if given := os.environ.get("SIBAN_SECRET_KEY"):
        return given
    kept = HOME / "secret_key"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        fresh = HOME / f".secret_key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        try:
            os.link(fresh, kept)  # of two first starts at once, one key wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text()


def database_options(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]  # `hostname` would write a socket's folder in small letters
    host = place.rpartition(":")[0] if parts.port else place
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or unquote(host.removeprefix("[").removesuffix("]")),
        "PORT": query.get("port") or parts.port or "",
        "CONN_MAX_AGE": int(os.environ.get("SIBAN_CONN_MAX_AGE", "600")),
        "CONN_HEALTH_CHECKS": False,  # kernel.web.alive asks, but only a connection that was silent
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2, "connect_timeout": 5},
        "TEST": {"NAME": os.environ.get("SIBAN_TEST_DATABASE")},
    }


SECRET_KEY = _secret()
DEBUG = os.environ.get("SIBAN_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("SIBAN_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SIBAN_ORIGINS", "").split(",") if o]

SITE_REGION = os.environ.get("SIBAN_REGION", "150724000000")
BASE_CHANGE_CONFIRM_DAYS = int(
    os.environ.get("SIBAN_BASE_CHANGE_CONFIRM_DAYS", "15")
)  # 平台规定：上级事项变更后下级确认的期限（自然日）
SIBAN_ARCHIVE_AFTER_DAYS = int(os.environ.get("SIBAN_ARCHIVE_AFTER_DAYS", "30"))  # 平台办件规则：办结多少天后归档
SIBAN_SEPARATE_FRONT_BACK = os.environ.get("SIBAN_SEPARATE_FRONT_BACK", "1") == "1"  # 前台受理和后台审批不是同一个人
SITUATIONS_DEEPEST = int(os.environ.get("SIBAN_SITUATIONS_DEEPEST", "2"))  # 情形格式规则 3: questions on a way
SITE_HOSTS = frozenset(
    filter(None, os.environ.get("SIBAN_SITE_HOSTS", "").split(","))
)  # whose links are our own pages
SIBAN_SITE = {
    "region_name": os.environ.get("SIBAN_REGION_NAME", "鄂温克族自治旗"),
    "demo": os.environ.get("SIBAN_DEMO", "1") == "1",
}

SITE_URL = os.environ.get("SIBAN_SITE_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/"  # in messages
EMAIL_URL = os.environ.get("SIBAN_EMAIL_URL", "")  # smtp://…, smtps://…; without it there is no e-mail
EMAIL_SENDER = os.environ.get("SIBAN_EMAIL_FROM", "政务服务 <noreply@localhost>")
SMS_URL = os.environ.get("SIBAN_SMS_URL", "")  # without it short messages are written down, in a demonstration only
SMS_KEY = os.environ.get("SIBAN_SMS_KEY", "")
SMS_SECRET = os.environ.get("SIBAN_SMS_SECRET", "")
PAY_SECRET = os.environ.get("SIBAN_PAY_SECRET", "")  # of the online payment channel
POST_SECRET = os.environ.get("SIBAN_POST_SECRET", "")  # of the carrier that tells of parcels
NO_SECOND_PROMISE = tuple(
    filter(None, os.environ.get("SIBAN_NO_SECOND_PROMISE", "1502").split(","))
)  # 包头市；地区代码前缀
RANK_AT_LEAST = int(os.environ.get("SIBAN_RANK_AT_LEAST", "5"))  # units with fewer rows take no part in a ranking
FEES_AFTER = os.environ.get("SIBAN_FEES_AFTER", "approve")  # accept: charged on acceptance; approve: before the result

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "siban.kernel",
    "siban.identity",
    "siban.exchange",
    "siban.certificates",
    "siban.catalog",
    "siban.cases",
    "siban.onething",
    "siban.halls",
    "siban.hotline",
    "siban.assistance",
    "siban.ratings",
    "siban.oversight",
    "siban.portal",
]

MIDDLEWARE = [
    "siban.kernel.web.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "siban.kernel.web.faults.ClearFaults",
    "siban.kernel.web.alive.LiveConnection",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "siban.identity.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "siban.kernel.ui.context.ui",
            ],
        },
    }
]
FORM_RENDERER = "siban.kernel.ui.forms.SibanRenderer"

DATABASES = {
    "default": database_options(
        os.environ.get("DATABASE_URL") or postgres.url_if_running(HOME) or "postgresql:///siban"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "siban.identity.passwords.Composed"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MESSAGE_STORAGE = "siban.kernel.web.notes.WhenSaid"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "siban_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = os.environ.get("SIBAN_HTTPS") == "1"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SESSION_COOKIE_AGE = 8 * 3600
ACTOR_TRUSTED_SECONDS = 2  # see identity.middleware
CSRF_FAILURE_VIEW = "siban.kernel.web.faults.stale_form"

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [p for p in [ROOT / "frontend" / "static"] if p.exists()]
STATIC_ROOT = (
    p if (p := HOME / "static").is_dir() else None
)  # nothing is collected: files are found where they were built
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

DEMO_PASSWORD = os.environ.get("SIBAN_DEMO_PASSWORD", "Siban-2026-demo")

PAPER_FONTS = [ROOT / "frontend" / "static" / "fonts"]
UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes a file; larger ones are refused before they are read
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SIBAN_LOG", "WARNING")},
}
