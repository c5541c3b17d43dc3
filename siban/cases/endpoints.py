"""Applications over the interface: handed in by authorised business systems, and how they stand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import Router

from siban.catalog.api import open_item
from siban.exchange import api as exchange
from siban.identity.api import Enterprise, known_person, register_enterprise, register_person
from siban.kernel import clock, files
from siban.kernel.actor import Actor
from siban.kernel.codes.errors import CodeError
from siban.kernel.flow import Refused
from siban.kernel.together import Batch
from siban.kernel.web import refusals

from . import actions
from .actions import Applicant, MaterialIn
from .forms import FormInvalid
from .models import Case

router = Router(tags=["办件"])
SCOPE = "applications"
encode = msgspec.json.Encoder().encode


class PersonIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """申请人（个人）."""

    name: str
    id_number: str
    mobile: str = ""


class EnterpriseIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """申请单位."""

    name: str
    uscc: str


class HandedIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One material: a stored file by its id, or paper when there is none."""

    material_id: str
    file_id: UUID | None = None


class ApplicationIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An application as it is sent in."""

    item: str
    person: PersonIn | None = None
    enterprise: EnterpriseIn | None = None
    answers: dict[str, str] = {}
    form: dict[str, Any] = {}
    materials: tuple[HandedIn, ...] = ()


decode = msgspec.json.Decoder(ApplicationIn).decode


class Wrong(Exception):
    """Input that can't be taken: each place with its sentence."""

    def __init__(self, *places: dict[str, str]) -> None:
        super().__init__()
        self.places = places


def place(path: str, name: str, sentence: str) -> dict[str, str]:
    return {"path": path, "name": name, "sentence": sentence}


def answer(status: int, body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(encode(body), status=status, content_type="application/json; charset=utf-8")


def refuse(status: int, sentence: str, **more: Any) -> HttpResponse:
    return answer(status, {"error": sentence, **more})


def client_of(request: HttpRequest) -> "exchange.ApiClient | HttpResponse":
    """The authorised client, or the answer that sends an unknown one away."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = exchange.client_of(
        token.strip() if kind.lower() == "bearer" else "", at=clock.now(), address=request.META.get("REMOTE_ADDR", "")
    )
    if found is None:
        if token:
            refusals.note(request, refusals.Kind.TOKEN, "访问令牌不存在、已停用或者已过期")
        gone = refuse(
            401, "没有提供有效的访问令牌。请在请求头写明 Authorization: Bearer 令牌；令牌由政务服务管理机构发放。"
        )
        gone["WWW-Authenticate"] = "Bearer"
        return gone
    if SCOPE not in found.scopes:
        return refuse(403, "这个令牌没有提交申请的授权。请向政务服务管理机构申请开通。")
    return found


@router.post("/applications", openapi_extra={
    "requestBody": {"content": {"application/json": {"schema": msgspec.json.schema(ApplicationIn, ref_template="#/components/schemas/{name}")}}},
    "parameters": [{"in": "header", "name": "Idempotency-Key", "required": True, "schema": {"type": "string", "maxLength": 100}}],
})  # fmt: skip
def apply(request: HttpRequest) -> HttpResponse:
    """Create and hand in an application. 201 made now, 200 made before by the same request, 409, 422."""
    client = client_of(request)
    if isinstance(client, HttpResponse):
        return client
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > 100:
        return refuse(
            400, "请求头缺少幂等键（Idempotency-Key，1 至 100 个字符）。同一份申请重发时用同一个键，不会重复收件。"
        )
    by, at = exchange.actor_of(client), clock.now()
    token = uuid5(NAMESPACE_URL, f"{client.pk}:{key}")

    def kept(case: Case) -> list[Batch]:
        row = exchange.answer_row(client, key, request.body, status=201, answer=shown(case), at=at)
        return [(type(row), [row])]

    try:
        return answer(201, shown(_take_in(decode(request.body), token, kept, owner=client.pk, by=by, at=at)))
    except (msgspec.DecodeError, Wrong, Refused, IntegrityError) as fault:
        return _answered_before(request, client, key) or _refusal(fault)


def _answered_before(request: HttpRequest, client: "exchange.ApiClient", key: str) -> HttpResponse | None:
    """The same request again gets the answer it got, whatever would be said of it today."""
    try:
        given = exchange.given_answer(client, key, request.body)
    except Refused as why:
        refusals.note(request, refusals.Kind.REPLAY, "同一个幂等键带来不同的内容")
        return refuse(409, str(why))
    return answer(200, given[1]) if given else None


def _refusal(fault: Exception) -> HttpResponse:
    match fault:
        case msgspec.DecodeError():  # a ValidationError is one too: it names the path in the body
            return refuse(422, "申请内容的格式不对。", errors=[_from_fault(fault)])
        case Wrong():
            return refuse(422, "申请内容有需要修改的地方。", errors=list(fault.places))
        case FormInvalid():
            places = [place(f"form.{w.element}", w.name, w.sentence) for w in fault.wrong]
            return refuse(422, str(fault), errors=places)
        case Refused():
            return refuse(409, str(fault))
    raise fault


def _from_fault(fault: msgspec.DecodeError) -> dict[str, str]:
    said, _, path = str(fault).partition(" - at `$")
    where = path.rstrip("`").lstrip(".")
    return place(
        where,
        where.rsplit(".", 1)[-1] or "请求体",
        f"{where or '请求体'}的内容无法识别（{said}）。请对照接口文档检查字段名和类型。",
    )


def _take_in(
    sent: ApplicationIn, token: UUID, also: "Callable[[Case], list[Batch]]", *, owner: UUID, by: Actor, at: datetime
) -> Case:
    item = open_item(sent.item)
    if item is None:
        raise Wrong(place("item", "事项编码", f"没有编码为“{sent.item[:40]}”的已发布事项。请核对 31 位实施编码。"))
    return actions.take_in(
        item=item,
        applicant=_applicant(sent, by=by, at=at),
        answers=sent.answers,
        form=sent.form,
        materials=[MaterialIn(m.material_id, m.file_id) for m in sent.materials],
        token=token,
        by=by,
        at=at,
        also=also,
        owner=owner,
    )


def _applicant(sent: ApplicationIn, *, by: Actor, at: datetime) -> Applicant:
    if (sent.person is None) and (sent.enterprise is None):
        raise Wrong(place("person", "申请人", "没有写明申请人。请填写 person（个人）或者 enterprise（单位）。"))
    person, firm = None, None
    if sent.person:
        try:
            name, number, mobile = sent.person.name.strip(), sent.person.id_number, sent.person.mobile
            person = known_person(name=name, id_number=number, mobile=mobile) or register_person(
                name=name, id_number=number, mobile=mobile, by=by, at=at
            )
        except (CodeError, Refused) as why:
            raise Wrong(place("person.id_number", "身份证号码", str(why))) from why
    if sent.enterprise:
        try:
            firm = register_enterprise(
                name=sent.enterprise.name.strip(),
                code=sent.enterprise.uscc,
                representative=None,
                region_code=None,
                by=by,
                at=at,
            )
        except CodeError as why:
            raise Wrong(place("enterprise.uscc", "统一社会信用代码", str(why))) from why
        _same_name(firm, sent.enterprise.name.strip())
    return Applicant(person, firm)


def _same_name(firm: Enterprise, name: str) -> None:
    if firm.name != name:
        raise Wrong(
            place("enterprise.name", "单位名称", "这个统一社会信用代码登记的是另一个单位名称。请核对营业执照。")
        )


@router.post("/files", openapi_extra={
    "requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}}}},
})  # fmt: skip
def keep_file(request: HttpRequest) -> HttpResponse:
    """Store a file to be handed in with an application. 201 with its id; 422 says why it is not taken."""
    client = client_of(request)
    if isinstance(client, HttpResponse):
        return client
    sent = request.FILES.get("file")
    if sent is None or sent.file is None:
        return refuse(422, "没有收到文件。请用 multipart/form-data 的 file 字段上传一个文件。")
    try:
        stored = files.keep(sent.file, name=sent.name or "", at=clock.now(), owner_id=client.pk)
    except files.FileRefused as why:
        refusals.upload(request, why)
        return refuse(422, str(why))
    return answer(
        201,
        {
            "file_id": str(stored.pk), "name": stored.name, "size": stored.size, "media_type": stored.media_type,
            "sha256": stored.sha256,
        },
    )  # fmt: skip


@router.get("/applications/{number}")
def stands(request: HttpRequest, number: str) -> HttpResponse:
    """How an application stands."""
    client = client_of(request)
    if isinstance(client, HttpResponse):
        return client
    case = Case.objects.visible_to(exchange.actor_of(client)).filter(number=number).first()
    if case is None:
        refusals.missed(request)
        return refuse(404, "没有这个编号的办件，或者不在您的授权范围内。请核对编号。")
    return answer(200, shown(case))


def shown(case: Case) -> dict[str, Any]:
    """An application as the interface shows it: where it stands, nothing of what is in it."""
    return {
        "number": case.number,
        "state": case.state,
        "state_label": case.get_state_display(),
        "title": case.title,
        "submitted_at": case.submitted_at.isoformat() if case.submitted_at else None,
        "accepted_at": case.accepted_at.isoformat() if case.accepted_at else None,
        "due_on": case.due_on.isoformat() if case.due_on else None,
    }
