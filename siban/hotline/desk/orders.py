"""热线工单 on the desk: the list of a unit or a territory, one order, and what is done with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.api import note_reading
from siban.identity.gate import staff_required
from siban.kernel import clock, journal
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Page
from siban.kernel.web.rowsheets import exported
from siban.kernel.web.shown import shown_file

from .. import access, rules
from ..flow import LEG_FLOW, ORDER_FLOW
from ..forms import taken
from ..models import Leg, Order
from ..queries import order_page, orders
from .acts import ACTS, ADD_LEG, DANGER, LEG_ACTS, UNIT_BOXES

PAGE = 30
DESK = tuple(dict.fromkeys((*access.OVERSEERS, *access.HANDLERS)))
FIRST_ACTS = ("reply", "visit")
"""Acts with a page of their own."""


@require_GET
@never_cache
@staff_required(*DESK)
def index(request: HttpRequest) -> HttpResponse:
    """工单 of a unit, all orders of a territory for the hotline and the bureau."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    asked = orders.wanted(request.GET)
    found = orders.order_list(actor, asked, at=at, size=PAGE)
    territory = access.sees_territory(actor)
    context = {
        "found": found, "asked": asked, "page": Page(found.shown, "", found.next_url, unit="张"), "territory": territory,
        "query": asked.address(), "clear": reverse("hotline-orders") + f"?tab={asked.tab}",
        "units": (("", "全部单位"), *orders.units_for(actor.region_code)[1:]) if territory else (),
        "towns": (("", "全部苏木乡镇"), *orders.towns_for(actor)), "tops": (("", "全部大类"), *orders.tops_for(actor, at=at)),
        "natures": (("", "全部性质"), *rules.NATURES.items()), "may_receive": access.may_receive(actor),
        "narrowed": bool(asked.unit or asked.town or asked.top or asked.nature or asked.since or asked.until),
    }  # fmt: skip
    return render(request, "hotline/orders.html", context)


@require_GET
@staff_required(*DESK)
def export(request: HttpRequest) -> Any:
    """The list as it is filtered."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    rows = orders.export_rows(actor, orders.wanted(request.GET), at=clock.now())
    return exported("热线工单", orders.HEADS, rows)


@require_GET
@never_cache
@staff_required(*DESK)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One order; that it was opened is kept, for the caller to see."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    order = order_page.find(actor, number)
    if order.person_id is not None:
        note_reading(
            subject=order, title=f"热线工单 {order.number}", what="诉求内容", purpose="办理热线工单", by=actor, at=at,
            person_id=order.person_id,
        )  # fmt: skip
    return _detail(request, order)


def _detail(request: HttpRequest, order: Order, *, said: str = "", status: int = 200) -> HttpResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    page = order_page.order_page(order, by=actor, at=at)
    context = {
        "page": page, "order": order, "said": said, "danger": DANGER, "crumbs": [("热线工单", reverse("hotline-orders"))],
        "choices": [c for c in page.choices if c.name in ACTS or c.name in FIRST_ACTS],
        "plain": [name for name, act in ACTS.items() if act.plain],
        "leg_plain": [name for name, act in LEG_ACTS.items() if act.plain], "urgent_line": rules.EMERGENCY_LINES.get(order.emergency_line, ""),
        "may_reveal": order_page.may_reveal(actor, order), "nature": rules.NATURES.get(order.nature, "未定"),
        "level": rules.LEVELS.get(order.level, "未定"), "channel": rules.CHANNELS[order.channel],
        "may_add": access.dispatcher(actor, order) and order.state in ("dispatched", "handling"),
        "may_classify": any(c.name == "reclassify" for c in page.choices), "visits": rules.VISITS,
    }  # fmt: skip
    return render(request, "hotline/order.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*DESK)
def act(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """Ask what an act needs, then do it; every word typed stays when it is refused."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    order = order_page.find(actor, number)
    if move not in ACTS:
        raise Http404
    doing = ACTS[move]
    if request.method == "GET":
        return redirect("hotline-order", number=number) if doing.plain else _ask(request, order, move, {})
    given = taken(request)
    try:
        doing.call(order, given, actor, at)
    except Refused as why:
        order = order_page.find(actor, number)
        if doing.plain:
            return _detail(request, order, said=str(why), status=409)
        return _ask(request, order, move, given, said=str(why), status=409)
    messages.success(request, doing.done)
    if not Order.objects.visible_to(actor).filter(pk=order.pk).exists():
        return redirect("hotline-orders")  # given back: it is another unit's now
    return redirect("hotline-order", number=number)


def _ask(
    request: HttpRequest, order: Order, move: str, given: Mapping[str, str], *, said: str = "", status: int = 200
) -> HttpResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    refusal = "" if said else ORDER_FLOW.refusal(move, order, by=actor, at=at) or ""
    return asked_for(
        request, order, ACTS[move], ORDER_FLOW.moves[move].label, given, said=said, refusal=refusal, status=status
    )


def asked_for(
    request: HttpRequest, order: Order, doing: Any, label: str, given: Mapping[str, str], *, said: str, refusal: str, status: int
) -> HttpResponse:  # fmt: skip
    """The page that asks for an act."""
    needs_units = any(ask.name in UNIT_BOXES for ask in doing.asks)
    offered = orders.units_for(order.region_id) if needs_units else ()

    def choices(ask: Any) -> Any:
        if ask.name not in UNIT_BOXES:
            return ask.choices
        return offered[1:] if ask.kind == "checkboxes" else offered

    start = _start(order, doing) if not given else {}
    context = {
        "order": order, "doing": doing, "label": label, "said": said, "refusal": refusal,
        "asks": [(ask, _value(ask, {**start, **given}), choices(ask)) for ask in doing.asks],
        "state": order.state_label, "back": reverse("hotline-order", args=[order.number]),
        "crumbs": [("热线工单", reverse("hotline-orders")), (order.number, reverse("hotline-order", args=[order.number]))],
    }  # fmt: skip
    return render(request, "hotline/act.html", context, status=status)


def _start(order: Order, doing: Any) -> dict[str, str]:
    """What a box holds at first: the unit a return suggested."""
    if order.suggested_id and any(ask.name == "unit" for ask in doing.asks):
        return {"unit": str(order.suggested_id)}
    return {}


def _value(ask: Any, given: Mapping[str, str]) -> Any:
    value = given.get(ask.name, "")
    return value.split(",") if ask.kind == "checkboxes" else value


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*DESK)
def leg(request: HttpRequest, number: str, pk: UUID, move: str) -> HttpResponse:
    """A co-handler's part: signed, fed back, recalled."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    order = order_page.find(actor, number)
    part = Leg.objects.filter(order=order, pk=pk, role="co").first()
    if move not in LEG_ACTS or part is None:
        raise Http404
    doing, given = LEG_ACTS[move], taken(request)
    if request.method == "GET":
        if doing.plain:
            return redirect("hotline-order", number=number)
        refusal = LEG_FLOW.refusal(move, part, by=actor, at=at) or ""
        return asked_for(request, order, doing, LEG_FLOW.moves[move].label, {}, said="", refusal=refusal, status=200)
    try:
        doing.call(part, given, actor, at)
    except Refused as why:
        if doing.plain:
            return _detail(request, order, said=str(why), status=409)
        return asked_for(
            request, order, doing, LEG_FLOW.moves[move].label, given, said=str(why), refusal="", status=409
        )
    messages.success(request, doing.done)
    return redirect("hotline-order", number=number)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.BUREAU)
def add_leg(request: HttpRequest, number: str) -> HttpResponse:
    """One more unit helps."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    order, given, said = order_page.find(actor, number), taken(request), ""
    if request.method == "POST":
        try:
            ADD_LEG.call(order, given, actor, at)
        except Refused as why:
            said = str(why)
        else:
            messages.success(request, ADD_LEG.done)
            return redirect("hotline-order", number=number)
    return asked_for(
        request, order, ADD_LEG, "增加协办单位", given, said=said, refusal="", status=409 if said else 200
    )


@require_POST
@never_cache
@staff_required(*DESK)
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Name and telephone in full, for a stated reason; who read it is journalled, and shown to the caller."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    order = order_page.find(actor, number)
    if not order_page.may_reveal(actor, order):
        return _detail(request, order, said="您的岗位不联系诉求人，不能查看电话。", status=403)
    purpose = request.POST.get("purpose", "").replace("\x00", "").strip()[:200]
    said = "" if len(purpose) >= 2 else "请写明为什么要看，例如：联系诉求人。"
    if not said:
        note_reading(
            subject=order, title=f"热线工单 {order.number}", what="姓名、电话", purpose=purpose, by=actor, at=at,
            person_id=order.person_id,
        )  # fmt: skip
        journal.write(
            subject=order, move="read_contact", by=actor, at=at, law="个人信息保护法第六条", note=purpose,
        )  # fmt: skip
    context = {"order": order, "said": said, "purpose": purpose, "back": reverse("hotline-order", args=[number])}
    part = request.headers.get("HX-Request") == "true"
    return render(
        request, "hotline/_contact.html" if part else "hotline/contact.html", context, status=422 if said else 200
    )


@require_GET
@never_cache
@staff_required(*DESK)
def file(request: HttpRequest, number: str, pk: UUID) -> Any:
    """A photo or a paper of the order."""
    order = order_page.find(request.actor, number)  # type: ignore[attr-defined]
    row = order.files.select_related("file").filter(pk=pk).first()
    if row is not None:
        return shown_file(row.file)
    visited = order.visits.select_related("photo").filter(pk=pk, photo__isnull=False).first()
    if visited is None:
        raise Http404
    return shown_file(visited.photo)
