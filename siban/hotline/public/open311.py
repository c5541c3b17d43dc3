"""Open311 GeoReport v2 under /open311/v2/: discovery, services, definitions, requests, tokens; JSON and XML."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as Tree

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from siban.identity.api import Region
from siban.kernel import clock
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.web import refusals
from siban.kernel.web.throttle import Throttle, address_of

from .. import rules_open311 as rules
from ..actions import intake, opening
from ..models_open311 import InterfaceKey
from ..queries import open311 as queries
from ..rules_open311 import BadRequest

ASKING = Throttle("open311", capacity=120, per_minute=240)
FILING = Throttle("open311-filing", capacity=30, per_minute=60)
FORMATS = {"json": "application/json", "xml": "text/xml"}
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LISTS = {
    "services": "service", "service_requests": "request", "attributes": "attribute", "values": "value", "endpoints": "endpoint",
    "formats": "format", "errors": "error",
}  # fmt: skip
NOTICE = "办理每走一步都可以凭编号查询；有危险请直接拨打 110、119、120。"


def _answer(root: str, data: Any, form: str, *, status: int = 200) -> HttpResponse:
    if form == "xml":
        text = Tree.tostring(_element(root, data), encoding="unicode")
        response = HttpResponse(
            f'<?xml version="1.0" encoding="utf-8"?>\n{text}', content_type="text/xml; charset=utf-8", status=status
        )
    else:
        response = JsonResponse(data, safe=False, status=status, json_dumps_params={"ensure_ascii": False})
        response["Content-Type"] = "application/json; charset=utf-8"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _element(name: str, data: Any) -> Tree.Element:
    made = Tree.Element(name)
    if isinstance(data, Mapping):
        made.extend(_element(key, value) for key, value in data.items())
    elif isinstance(data, (list, tuple)):
        made.extend(_element(LISTS[name], value) for value in data)
    elif isinstance(data, bool):
        made.text = "true" if data else "false"
    elif data not in (None, ""):
        made.text = NOT_XML.sub("", str(data))
    return made


def _wrong(form: str, status: int, sentence: str) -> HttpResponse:
    return _answer("errors", [{"code": status, "description": sentence}], form, status=status)


def _spoken(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """An address of the interface: its format, its method, its limit, our jurisdiction; refusals in the form of the specification."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt  # programmes without a browser; filing needs a key
        @never_cache
        @wraps(view)
        def spoken(request: HttpRequest, form: str, **named: Any) -> HttpResponse:
            if form not in FORMATS:
                return _wrong("json", 404, "只有 .json 和 .xml 两种格式。")
            method = "GET" if request.method == "HEAD" else str(request.method)
            if method not in methods:
                response = _wrong(form, 405, f"这个地址只接受 {'、'.join(methods)}。")
                response["Allow"] = ", ".join(methods)
                return response
            limit = FILING if method == "POST" else ASKING
            if seconds := limit.take(address_of(request), at=clock.now()):
                refusals.note(request, refusals.Kind.ENUMERATION, f"超过限额（{limit.name}）")
                response = _wrong(form, 429, f"请求太频繁，请过 {seconds} 秒再试。")
                response["Retry-After"] = str(seconds)
                return response
            try:
                _ours(_said(request).get("jurisdiction_id", ""))
                return view(request, form, **named)
            except BadRequest as why:
                return _wrong(form, why.status, why.sentence)
            except (Refused, FileRefused) as why:
                return _wrong(form, 400, str(why))

        return spoken

    return wrap


def _said(request: HttpRequest) -> dict[str, str]:
    """What was sent, in the body or in the address. Raises BadRequest."""
    said = {name: str(value).replace("\x00", "") for name, value in request.GET.items()}
    if request.method == "POST":
        try:
            said |= {name: str(value).replace("\x00", "") for name, value in request.POST.items()}
        except (MultiPartParserError, RequestDataTooBig, TooManyFilesSent, UnicodeDecodeError):
            raise BadRequest(400, "提交的内容读不出来，或者太大。请用表单格式（UTF-8）提交。") from None
    return said


def _ours(jurisdiction: str) -> None:
    if jurisdiction and jurisdiction not in (settings.SITE_REGION, settings.SITE_REGION[:6]):
        raise BadRequest(404, f"jurisdiction_id 应是 {settings.SITE_REGION}，或者不填。")


@_spoken("GET")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """What this server offers."""
    base = request.build_absolute_uri(reverse("open311-root")).rstrip("/")
    formats = list(FORMATS.values())
    data = {
        "changeset": "2026-11-26T00:00:00+08:00", "contact": "政务服务局 12345 热线", "key_service": "向政务服务局申请接口密钥，提交诉求时放在 api_key 里。",
        "endpoints": [
            {"specification": SPECIFICATION, "url": base, "changeset": "2026-11-26T00:00:00+08:00", "type": "production", "formats": formats}
        ],
    }  # fmt: skip
    return _answer("discovery", data, form)


@_spoken("GET")
def services(request: HttpRequest, form: str) -> HttpResponse:
    """What may be asked for."""
    rows = queries.services(on=clock.local_day(clock.now()))
    return _answer("services", [queries.as_service(row) for row in rows], form)


@_spoken("GET")
def definition(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """What a service asks for."""
    row = queries.service(code, on=clock.local_day(clock.now()))
    return _answer("service_definition", queries.definition(row), form)


@_spoken("GET", "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """The list, or a new one."""
    if request.method == "POST":
        return _filed(request, form)
    said, now = _said(request), clock.now()
    rows, number, more = queries.orders(said, now=now)
    response = _answer("service_requests", [queries.as_request(row) for row in rows], form)
    if more:
        following = request.GET.copy()
        following["page"] = str(number + 1)
        response["Link"] = f'<{request.build_absolute_uri(request.path)}?{following.urlencode()}>; rel="next"'
    return response


@_spoken("GET")
def one(request: HttpRequest, form: str, number: str) -> HttpResponse:
    """One request."""
    return _answer("service_requests", [queries.as_request(queries.order(number))], form)


@_spoken("GET")
def token(request: HttpRequest, form: str, mark: str) -> HttpResponse:
    """The number behind a token."""
    try:
        found = queries.public().filter(pk=UUID(mark)).first()
    except ValueError:
        found = None
    if found is None:
        raise BadRequest(404, "没有这个 token。")
    return _answer("service_requests", [{"service_request_id": found.number, "token": mark}], form)


def _filed(request: HttpRequest, form: str) -> HttpResponse:
    at, said = clock.now(), _said(request)
    key = _key(request, said.get("api_key", ""))
    if not said.get("service_code", "").strip():
        raise BadRequest(400, "没有填写 service_code。请先从 services 里选择服务。")
    service = queries.service(said["service_code"].strip(), on=clock.local_day(at))
    text = said.get("description", "").strip()
    if not text:
        raise BadRequest(400, "没有填写 description。请写明什么时候、在哪里、出了什么事。")
    if len(text) > rules.LONGEST_DESCRIPTION:
        raise BadRequest(400, f"description 有 {len(text)} 个字，最多 {rules.LONGEST_DESCRIPTION} 个字。")
    latitude, longitude = (
        rules.degrees(said.get("lat", ""), "lat", 90),
        rules.degrees(said.get("long", ""), "long", 180),
    )
    address = said.get("address_string", "").strip()
    region = _region(said, address)
    if (latitude is None) != (longitude is None):
        raise BadRequest(400, "lat 和 long 要一起填写。")
    if latitude is None and not address and not region:
        raise BadRequest(400, "没有写地点。请填写 lat 和 long，或者 address_string，或者 address_id（苏木乡镇代码）。")
    photos = [photo for name in ("media", "photo", "file") for photo in request.FILES.getlist(name)]
    if len(photos) > intake.MOST_FILES:
        raise BadRequest(400, f"照片有 {len(photos)} 张，最多 {intake.MOST_FILES} 张。")
    if link := said.get("media_url", "").strip()[:500]:
        text = f"{text}\n（照片网址：{link}）"
    order = opening.file(
        key=key, at=at, service=service, nature=_nature(service.natures, said.get("attribute[nature]", "")), latitude=latitude,
        longitude=longitude, region=region or queries.region_of(address), photos=photos,
        said={**{k: v for k, v in said.items() if k != "api_key"}, "description": text, "address_string": address},
        given=request.headers.get("Idempotency-Key", "")[:200],
    )  # fmt: skip
    data = [
        {"service_request_id": order.number, "service_notice": NOTICE, "account_id": said.get("account_id", "")[:64]}
    ]
    response = _answer("service_requests", data, form, status=201)
    response["Location"] = request.build_absolute_uri(reverse("open311-request", args=[order.number, form]))
    return response


def _key(request: HttpRequest, said: str) -> InterfaceKey:
    if not said:
        raise BadRequest(403, "没有填写 api_key。请向政务服务局申请接口密钥。")
    key = InterfaceKey.objects.filter(digest=opening.digest(said), revoked_at=None).first()
    if key is None:
        refusals.note(request, refusals.Kind.TOKEN, "开放接口的密钥不对或者已经停用")
        raise BadRequest(403, "api_key 不对，或者已经停用。")
    return key


def _nature(offered: list[str], said: str) -> str:
    if said and said not in offered:
        raise BadRequest(400, f"attribute[nature] 只能是 {'、'.join(offered)}，收到的是“{said[:20]}”。")
    return said or ("help" if "help" in offered else offered[0])


def _region(said: Mapping[str, str], address: str) -> str:
    code = said.get("attribute[town]", "").strip() or said.get("address_id", "").strip()
    if code and (not code.startswith(queries.home()) or not Region.objects.filter(pk=code[:12]).exists()):
        raise BadRequest(400, f"没有代码为“{code[:20]}”的苏木乡镇，请从服务定义的 town 里选择。")
    return code
