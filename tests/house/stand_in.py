"""A site as small as can be: settings, addresses and application in one, to try `siban up` without the product."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import path

_url = urlsplit(os.environ["DATABASE_URL"])

SECRET_KEY = "stand-in"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = __name__
INSTALLED_APPS = ["django.contrib.contenttypes"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path[1:],
        "USER": _url.username,
        "PASSWORD": unquote(_url.password or ""),
        "HOST": _url.hostname,
        "PORT": _url.port,
    }
}


def _healthz(_: HttpRequest) -> HttpResponse:
    return HttpResponse("well")


urlpatterns = [path("healthz", _healthz)]


def application(environ: dict[str, Any], start_response: Any) -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()(environ, start_response)
