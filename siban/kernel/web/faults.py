"""Faults that speak: what happened, what to do, and nothing lost. Pages for people, JSON for programs."""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from siban.kernel.codes import CodeError
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.ui import errors

from . import refusals

log = logging.getLogger(__name__)
AWAY = (OperationalError, InterfaceError)  # what it looks like when the database does not answer
PATIENCE, PAUSE, PIECE = 10.0, 0.5, 64 * 1024
NUL_CHARACTER = "填写的内容里有看不见的无效字符，没有保存。请删除从别处粘贴来的内容，重新输入后再提交。"


class ClearFaults:
    """Turns what goes wrong into an answer that a person, or a program, can act on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answered(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            drain(request)
        return response

    def _answered(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:  # no address of ours has one, and PostgreSQL takes none
            return answer(request, 404)
        if refused := self._too_large(request):
            return refused
        try:
            return self.get_response(request)
        except AWAY as fault:  # raised by middleware before any view
            return self.process_exception(request, fault) or answer(request, 503)

    def _too_large(self, request: HttpRequest) -> HttpResponse | None:
        """Refuse before reading: what claims to be larger than any lawful upload is never taken in."""
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            return answer(request, 411)  # of unknown length: it would be read as empty
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return answer(request, 400)
        if length > settings.UPLOAD_LIMIT + 2 * 1024 * 1024:
            limit = settings.UPLOAD_LIMIT // (1024 * 1024)
            said = (
                f"这次上传有 {length // (1024 * 1024)} MB，每个文件不能超过 {limit} MB。"
                "请压缩、降低清晰度或者拆成几份后再上传；已填写的内容没有丢失。"
            )
            return answer(request, 413, said)
        return None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        match fault:
            case Refused():
                return answer(request, 409, str(fault))
            case FileRefused() | CodeError():
                refusals.upload(request, fault)
                return answer(request, 400, str(fault))
            case PermissionDenied():
                refusals.missed(request)
                return answer(request, 403, str(fault))
            case ObjectDoesNotExist() | Http404():
                refusals.missed(request)
                return answer(request, 404)
            case RequestDataTooBig() | TooManyFilesSent():
                return answer(request, 413)
            case DataError() if "NUL" in str(fault):
                return answer(request, 400, NUL_CHARACTER)
            case ValueError() if "NUL" in str(fault):
                return answer(request, 400, NUL_CHARACTER)
            case _ if isinstance(fault, AWAY):
                log.warning("database not reachable: %s", fault)
                return answer(request, 503)
        log.exception("fault at %s", request.path)
        return None if settings.DEBUG else answer(request, 500)


def drain(request: HttpRequest) -> None:
    """Let what is still on its way run out unkept, so that the sender hears the refusal and not a broken connection.

    Nothing is stored. The wait ends after `PATIENCE` seconds, or as soon as nothing came for `PAUSE` seconds: whoever
    announces a body and does not send it holds no place here.
    """
    if not str(request.META.get("CONTENT_LENGTH") or "").isdigit() or int(request.META["CONTENT_LENGTH"]) <= PIECE:
        return
    come = [0]

    def read_out() -> None:
        try:
            while piece := request.read(PIECE):
                come[0] += len(piece)
        except (OSError, ValueError) as fault:  # the sender is gone already
            log.info("nobody waits for the answer at %s: %s", request.path, fault)

    reader = threading.Thread(target=read_out, daemon=True)
    reader.start()
    until, before = time.monotonic() + PATIENCE, -1
    while reader.is_alive() and time.monotonic() < until and come[0] != before:
        before = come[0]
        reader.join(PAUSE)


def answer(request: HttpRequest, status: int, said: str = "") -> HttpResponse:
    """An error answer in the shape the client asked for: JSON for programs, a message for htmx, else a page.

    Args:
        status: 419 stands for an expired page and is sent as 403, 409 for a move that is refused.
        said: the sentence of the refusal; the general one of the status when empty.
    """
    failure = errors.FAILURES[status]
    sentence = said or failure.what
    code = 403 if status == 419 else status
    if _for_program(request):
        response: HttpResponse = JsonResponse(
            {"error": {"status": code, "title": failure.title, "detail": sentence}}, status=code,
            json_dumps_params={"ensure_ascii": False},
        )  # fmt: skip
    elif request.headers.get("HX-Request") == "true":
        response = HttpResponse(sentence, status=code, content_type="text/plain; charset=utf-8")
        response["HX-Trigger"] = json.dumps({"siban:toast": {"text": sentence, "tone": "error"}})
        response["HX-Reswap"] = "none"
    else:
        response = errors.page(request, status, said=said)
        response.status_code = code
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "5"
    return response


def _for_program(request: HttpRequest) -> bool:
    """Whether a script or another system asked: it gets JSON, never a page."""
    asked = request.headers
    by_script = asked.get("X-Requested-With") == "XMLHttpRequest"  # saving as one types
    return request.path.startswith("/api/") or by_script or "application/json" in asked.get("Accept", "")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits: the session ended, the page stood open too long, or another site sent it."""
    refusals.note(request, refusals.Kind.FORM, reason or "表单凭据不符")
    return answer(request, 419)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Also where the session could not be kept: because the database went away, or because it was ended meanwhile."""
    if isinstance(exception, SessionInterrupted):
        return answer(request, 503 if _is_away(exception) else 419)
    return answer(request, 400)


def _is_away(fault: BaseException | None) -> bool:
    """Whether a fault, or one it came of, says that the database does not answer."""
    return fault is not None and (isinstance(fault, AWAY) or _is_away(fault.__cause__ or fault.__context__))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view caught: when session or log-in could not be read because the database is away, it says so."""
    if isinstance(sys.exc_info()[1], AWAY):
        return answer(request, 503)
    return answer(request, 500)
