"""Faults that speak: what happened, what to do, and nothing lost. Pages for people, JSON for programs."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from siban.kernel.actor import ANONYMOUS
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.ui.context import ui
from siban.kernel.ui.errors import FAILURES

log = logging.getLogger(__name__)

SENTENCES = {
    400: ("请求无法识别", "提交的内容不完整或者格式不对。请返回上一页检查后再试。"),
    403: ("没有权限", "您当前的身份不能查看或者办理这一项。如果需要，请联系本单位管理员开通权限。"),
    404: ("没有找到", "没有这一页，或者您无权查看。请检查网址，或者回到首页搜索。"),
    409: ("现在不能这样办", "事情已经有了新的进展。请刷新页面后再试。"),
    413: ("文件太大", "一次上传的内容超过了限制。请压缩文件，或者分几次上传；已填写的内容没有丢失。"),
    419: ("页面已过期", "这一页打开的时间太长，或者您重新登录过。已保存的内容没有丢失，请刷新页面后再提交。"),
    500: ("系统出了问题", "我们已经记录了这个问题。已提交成功的内容不会丢失，请稍后再试，急事请拨打 12345。"),
    503: ("系统正在恢复", "数据库暂时连不上，系统会自动重试。已保存的内容没有丢失，请过一会儿刷新页面。"),
}


class ClearFaults:
    """Turns what goes wrong into an answer that a person, or a program, can act on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if refused := self._too_large(request):
            return refused
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as fault:  # raised by middleware before any view
            return self.process_exception(request, fault) or answer(request, 503)

    def _too_large(self, request: HttpRequest) -> HttpResponse | None:
        """Refuse before reading: what claims to be larger than any lawful upload is never taken in."""
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
            case FileRefused():
                return answer(request, 400, str(fault))
            case PermissionDenied():
                return answer(request, 403, str(fault))
            case ObjectDoesNotExist() | Http404():
                return answer(request, 404)
            case RequestDataTooBig() | TooManyFilesSent():
                return answer(request, 413)
            case OperationalError() | InterfaceError():
                log.warning("database not reachable: %s", fault)
                return answer(request, 503)
        log.exception("fault at %s", request.path)
        return None if settings.DEBUG else answer(request, 500)


def answer(request: HttpRequest, status: int, said: str = "") -> HttpResponse:
    """An error answer in the shape the client asked for: JSON for the API, a fragment for htmx, else a page."""
    title, sentence = SENTENCES.get(status, SENTENCES[400])
    code = 403 if status == 419 else status
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"status": code, "title": title, "detail": said or sentence}}, status=code)
    if not hasattr(request, "actor"):
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
    if request.headers.get("HX-Request") == "true":
        return _fragment(said or sentence, code)
    failure = replace(FAILURES.get(status, FAILURES[400]), code=code, title=title, what=said or sentence)
    context = {**ui(request), "csrf_token": get_token(request), "error": failure}
    body = render_to_string("ui/error.html", context)
    response = HttpResponse(body, status=code)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "5"
    return response


def _fragment(said: str, code: int) -> HttpResponse:
    """For a part of a page that asked: the sentence as a message, while everything on the page stays."""
    response = HttpResponse(said, status=code, content_type="text/plain; charset=utf-8")
    response["HX-Trigger"] = json.dumps({"siban:toast": {"text": said, "tone": "error"}})
    return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits: the session ended, or the page stood open too long."""
    return answer(request, 419)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403)


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, 500)
