"""反映诉求: a person tells what is wrong, with photos and the place, and follows it until it is solved."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siban.identity.gate import citizen_required
from siban.kernel import clock
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.web import refusals
from siban.kernel.web.shown import shown_file
from siban.kernel.web.throttle import Throttle, throttled

from ..actions import callbacks, intake, ledgers
from ..forms import Sent, degrees, taken
from ..models import Order
from ..queries import my_orders

FILINGS = Throttle("hotline-filing", capacity=20, per_minute=10)


@require_http_methods(["GET", "POST"])
@never_cache
@citizen_required
@throttled(FILINGS, methods=("POST",))
def file_demand(request: HttpRequest) -> HttpResponse:
    """Tell what is wrong; sent twice it is one demand."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    given, said = taken(request), ""
    if request.method == "POST":
        try:
            order = _receive(request, given)
        except (Refused, FileRefused) as why:
            refusals.upload(request, why)
            said = str(why)
        else:
            messages.success(request, f"已经登记，编号 {order.number}。办理每走一步都会告诉您。")
            return redirect("my-order", number=order.number)
    context = {
        "given": given, "said": said, "towns": (("", "请选择"), *my_orders.towns()), "key": given.get("key") or uuid4().hex,
        "person": by.name, "at": at,
    }  # fmt: skip
    return render(request, "hotline/public/file.html", context, status=422 if said else 200)


@transaction.atomic
def _receive(request: HttpRequest, given: Mapping[str, str]) -> Order:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if not given.get("town"):
        raise Refused("请选择事情发生在哪个苏木乡镇。")
    key = f"{by.person_id}:{given.get('key', '')}"[:64]
    known = Order.objects.filter(key=key).first()
    if known is not None:
        return known
    order = intake.receive(
        by=by, at=at, channel="online_portal", text=given.get("text", ""), region_code=given["town"][:12],
        place=given.get("place", ""), caller_name=by.name, caller_phone=given.get("phone", ""), person_id=by.person_id,
        is_secret=given.get("secret") == "yes", latitude=degrees(given.get("latitude", ""), 90),
        longitude=degrees(given.get("longitude", ""), 180), key=key,
    )  # fmt: skip
    for upload in request.FILES.getlist("photo")[: intake.MOST_FILES]:
        intake.attach(order=order, content=upload.file, name=upload.name or "照片", kind="caller", by=by, at=at)
    return intake.register(order_id=order.pk, by=by, at=at)


@require_safe
@never_cache
@citizen_required
def mine(request: HttpRequest) -> HttpResponse:
    """我的诉求."""
    return render(request, "hotline/public/mine.html", {"table": my_orders.my_orders(request.actor)})  # type: ignore[attr-defined]


@require_safe
@never_cache
@citizen_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One demand: where it stands, who holds it, what was done, and what the person may do now."""
    return _order(request, my_orders.find(request.actor, number))  # type: ignore[attr-defined]


def _order(
    request: HttpRequest, found: Order, *, said: str = "", given: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    context = {
        "page": my_orders.my_order(found, by=by, at=at), "order": found, "said": said, "given": given or Sent(),
        "files": found.files.filter(kind="caller").select_related("file"),
        "yes_no": (("yes", "是"), ("no", "否")),
    }  # fmt: skip
    return render(request, "hotline/public/order.html", context, status=status)


@require_POST
@never_cache
@citizen_required
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Confirm or reject the solution, add something, take the demand back, appeal."""
    by, at, given = request.actor, clock.now(), taken(request)  # type: ignore[attr-defined]
    found = my_orders.find(by, number)
    about = {"order_id": found.pk, "by": by, "at": at, "words": given.get("words", "")}
    try:
        if name == "answer":
            said = _answer(found, given, about)
        elif name == "comment":
            intake.comment(**about)
            said = "补充的情况已经转给承办单位。"
        elif name == "withdraw":
            intake.withdraw(**about)
            said = "已经撤回。"
        elif name == "appeal":
            ledgers.appeal(**about)
            said = "申诉已经提交，复核以后告诉您结果。"
        else:
            raise Http404
    except Refused as why:
        found = my_orders.find(by, number)
        return _order(request, found, said=str(why), given=given, status=409)
    messages.success(request, said)
    return redirect("my-order", number=number)


def _answer(found: Order, given: Mapping[str, str], about: dict[str, object]) -> str:
    """满意、解决二问: both yes closes it, else it is done again."""
    if given.get("solved") not in ("yes", "no") or given.get("satisfied") not in ("yes", "no"):
        raise Refused("请回答两个问题：解决了没有，满不满意。")
    solved, satisfied = given["solved"] == "yes", given["satisfied"] == "yes"
    if solved and satisfied:
        callbacks.confirm(**about)  # type: ignore[arg-type]
        return "谢谢您的反馈，这件事已经办结。"
    callbacks.redo(solved=solved, satisfied=satisfied, **about)  # type: ignore[arg-type]
    return "已经退回承办单位重新办理，办好再答复您。"


@require_safe
@never_cache
@citizen_required
def file(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """One's own photo."""
    found = my_orders.find(request.actor, number)  # type: ignore[attr-defined]
    row = found.files.select_related("file").filter(pk=pk, kind="caller").first()
    if row is None:
        raise Http404
    return shown_file(row.file)  # type: ignore[no-any-return]
