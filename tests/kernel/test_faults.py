"""What goes wrong below the pages is said in a sentence, in the shape the client asked for."""

import io
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.exception import convert_exception_to_response
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from siban.kernel.web import faults

from ..identity.conftest import House, house  # noqa: F401 - the fixture


@pytest.fixture
def away(house: House, monkeypatch: pytest.MonkeyPatch) -> Client:  # noqa: F811
    """Somebody is logged in, and then the database goes."""
    browser = house.browser("clerk")
    browser.raise_request_exception = False

    def refuse(*_: Any, **__: Any) -> Any:
        raise OperationalError("connection refused")

    monkeypatch.setattr(SessionStore, "load", refuse)
    return browser


@pytest.mark.parametrize("page", ["/desk/", "/", "/items/", "/desk/security/", "/my/"])
def test_a_database_that_is_away_is_said_on_every_page_of_who_is_logged_in(away: Client, page: str) -> None:
    answer = away.get(page)
    assert answer.status_code == 503
    assert "数据库暂时连不上" in answer.content.decode()
    assert answer["Retry-After"] == "5"


def test_a_database_that_is_away_is_said_to_programs_in_json(away: Client) -> None:
    answer = away.post("/desk/post/", headers={"accept": "application/json"})
    assert answer.status_code == 503
    assert answer.json()["error"]["status"] == 503


def test_the_health_page_needs_no_session(away: Client) -> None:
    assert away.get("/healthz").json()["status"] == "ok"


@pytest.mark.parametrize("page", ["/items/%00/", "/apply/%00/", "/%00", "/my/cases/%00/"])
def test_an_address_with_a_nul_character_is_not_found(page: str, db: Any) -> None:
    assert Client().get(page).status_code == 404


def test_a_nul_character_the_database_refuses_is_explained(rf: RequestFactory) -> None:
    fault = ValueError("A string literal cannot contain NUL (0x00) characters.")
    answer = faults.ClearFaults(lambda r: None).process_exception(rf.get("/"), fault)  # type: ignore[arg-type, return-value]
    assert answer is not None
    assert answer.status_code == 400
    assert "无效字符" in answer.content.decode()


class Slow(io.RawIOBase):
    """A body that is announced and never sent."""

    def read(self, size: int = -1) -> bytes:
        import time

        time.sleep(5)
        return b""


def test_what_is_too_large_is_refused_and_run_out_unkept(rf: RequestFactory) -> None:
    body = io.BytesIO(b"0" * 30_000_000)
    request = rf.generic("POST", "/", b"")
    request.META["CONTENT_LENGTH"], request._stream = "30000000", body
    answer = faults.ClearFaults(lambda r: pytest.fail("reached a view"))(request)  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert "每个文件不能超过 20 MB" in answer.content.decode()
    assert body.tell() == 30_000_000


def test_whoever_announces_a_body_and_sends_none_is_answered_at_once(rf: RequestFactory) -> None:
    import time

    request = rf.generic("POST", "/", b"")
    request.META["CONTENT_LENGTH"], request._stream = "209715200", Slow()
    began = time.monotonic()
    assert faults.ClearFaults(lambda r: pytest.fail("reached a view"))(request).status_code == 413  # type: ignore[arg-type]
    assert time.monotonic() - began < 3


def test_a_title_with_special_characters_is_escaped_once(db: Any) -> None:
    page = Client().get("/items/", {"q": "'a&b"}).content.decode()
    assert "“&#x27;a&amp;b”的办事事项" in page
    assert "&amp;#x27;" not in page


def test_a_body_of_unknown_length_is_refused_and_not_taken_for_empty(rf: RequestFactory) -> None:
    request = rf.generic("POST", "/my/", HTTP_TRANSFER_ENCODING="chunked", HTTP_ACCEPT="application/json")
    assert faults.ClearFaults(lambda r: pytest.fail("reached a view"))(request).status_code == 411  # type: ignore[arg-type]


def test_a_script_that_saves_gets_the_sentence_and_no_page(rf: RequestFactory) -> None:
    answer = faults.answer(rf.post("/apply/", HTTP_X_REQUESTED_WITH="XMLHttpRequest"), 419)
    assert answer["Content-Type"] == "application/json"
    assert answer.status_code == 403


@pytest.mark.parametrize(("why", "status"), [(OperationalError("gone"), 503), (DatabaseError("no row"), 403)])
@pytest.mark.django_db
def test_a_session_that_cannot_be_kept_says_why(rf: RequestFactory, why: Exception, status: int) -> None:
    """The session's own fault hides that of the database: a person must hear "try again", not "wrong input"."""

    class Store(SessionStore):
        def save(self, must_create: bool = False) -> None:
            try:
                raise why
            except DatabaseError:
                raise UpdateError  # noqa: B904 (as the store of sessions does)

    def view(request: HttpRequest) -> HttpResponse:
        request.session = Store()
        request.session["note"] = "kept"
        return HttpResponse("done")

    response = convert_exception_to_response(SessionMiddleware(view))(rf.post("/x/"))
    assert response.status_code == status
