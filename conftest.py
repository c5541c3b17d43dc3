"""The harness of all tests: a real PostgreSQL, no network, shuffled rows, undefined template variables fail."""

import os
import random
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from config import home, postgres

# How long drawing an example takes says something of the machine, nothing of the code.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything connects: a home of the tests' own, and its database."""
    from django.conf import settings

    from config.settings import database_options

    if not os.environ.get("SIBAN_HOME"):
        place = Path(tempfile.gettempdir()) / f"siban-tests-{os.getuid()}"
        place.mkdir(mode=0o711, exist_ok=True)
        os.environ["SIBAN_HOME"] = str(place)
    settings.HOME = home.prepared(home.home())
    settings.SECRET_KEY = "only-for-tests-" + "0" * 40
    address = os.environ.get("DATABASE_URL") or postgres.ensure(settings.HOME).url
    database = settings.DATABASES["default"]
    database.update({k: v for k, v in database_options(address).items() if k != "TEST"}, CONN_MAX_AGE=0)
    database["TEST"]["NAME"] = f"test_siban_{os.getpid()}"


class Undefined(str):
    """What a template puts for a variable nobody gave: the test fails there and then."""

    def __mod__(self, missing: object) -> str:
        raise AssertionError(f"undefined template variable: {missing}")

    def __contains__(self, needle: object) -> bool:
        return needle == "%s"


@pytest.fixture(autouse=True, scope="session")
def _strict_templates(django_test_environment: None) -> None:
    from django.template import engines

    engines["django"].engine.string_if_invalid = Undefined("%s")  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.HOME_FILES = tmp_path / "files"
    settings.ACTOR_TRUSTED_SECONDS = 0
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _brakes_released() -> None:
    """Limits on how often something may be asked start anew in each test."""
    from siban.kernel.web import throttle

    for limit in throttle.EVERY:
        limit.clear()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine answers: a connection anywhere else fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(address, tuple) and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _unordered_rows_come_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queryset nobody ordered gives its rows in any order, as the database may."""
    from django.db.models.query import QuerySet

    fetch = QuerySet._fetch_all

    def shuffled(self: Any) -> None:
        fresh = self._result_cache is None
        fetch(self)
        if fresh and not self.ordered and not self.query.is_sliced and isinstance(self._result_cache, list):
            random.shuffle(self._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", shuffled)


@pytest.fixture
def deliver() -> Callable[[], int]:
    """Hand out what the journal has for its listeners, as the worker would."""
    from siban.kernel import clock, journal

    def now() -> int:
        return journal.deliver(at=clock.now())

    return now
