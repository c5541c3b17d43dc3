"""The operator's console: one screen from the first word of a call to the order, with help beside it while one types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from .. import access, helping, rules
from ..actions import dispatching, intake, merging
from ..forms import Sent, taken
from ..models import Category, Order
from ..queries import knowledge, orders, twins
from ..queries.leaves import leaves_for
from ..queries.orders import lamp, short
from .acts import pairs
from .intake import classified, marks

MOST_HELPED = 600


@dataclass(frozen=True, slots=True)
class Offer:
    """One suggested category, ready to be taken over with one press."""

    code: str
    name: str
    unit: str
    words: str
    limit: str


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.OPERATORS)
def console(request: HttpRequest) -> HttpResponse:
    """Take a call; what was typed stays when something is refused."""
    by = request.actor  # type: ignore[attr-defined]
    given, said = taken(request), ""
    if request.method == "POST":
        try:
            order, told = _take(request, given)
        except Refused as why:
            said = str(why)
        else:
            messages.success(request, told)
            if given.get("then") == "next":
                return redirect("hotline-console")
            return redirect("hotline-order", number=order.number)
    at = clock.now()
    context = {
        "given": given or Sent(channel="phone"), "said": said, "key": given.get("key") or uuid4().hex, "channels": tuple(rules.CHANNELS.items()),
        "towns": (("", "请选择"), *orders.towns_for(by)), "leaves": leaves_for(by.region_code, at=at), "natures": tuple(rules.NATURES.items()),
        "levels": (("", "照清单"), *rules.LEVELS.items()), "marks": marks(given), "reasons": pairs(rules.OUT_OF_SCOPE),
        "lines": (("", "没有转接"), *((k, f"{k} {v}") for k, v in rules.EMERGENCY_LINES.items())), "may_dispatch": by.has_role(*access.BUREAU),
        "crumbs": [("热线工单", reverse("hotline-orders"))], "help": help_for(by, given, at=at) if given.get("text") else None,
    }  # fmt: skip
    return render(request, "hotline/console.html", context, status=422 if said else 200)


@transaction.atomic
def _take(request: HttpRequest, given: Mapping[str, str]) -> tuple[Order, str]:
    """Write the call down and do with it what the operator chose: all of it, or nothing."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if not given.get("town"):
        raise Refused("请选择事情发生在哪个苏木乡镇。诉求和其他内容都还在。")
    order = intake.receive(
        by=by, at=at, channel=given.get("channel", ""), text=given.get("text", ""), region_code=given["town"][:12],
        place=given.get("place", ""), caller_name=given.get("caller_name", ""), caller_phone=given.get("caller_phone", ""),
        is_secret=given.get("secret") == "yes", key=f"{by.id}:{given.get('key', '')}"[:64],
    )  # fmt: skip
    if order.state != "received":
        return order, f"这个来电已经登记过，编号 {order.number}。"
    match given.get("do", "register"):
        case "answer":
            intake.answer(
                order_id=order.pk, by=by, at=at, words=given.get("answer", ""), article=given.get("article", "")
            )
            return order, f"已经当场答复，编号 {order.number}。"
        case "refer":
            intake.refer(
                order_id=order.pk, by=by, at=at, reason=given.get("reason", ""), emergency_line=given.get("line", "")
            )
            return order, f"已经告知正确渠道，编号 {order.number}。"
    about: dict[str, Any] = (
        classified(dict(given)) if given.get("leaf") else {"is_emergency": given.get("emergency") == "yes"}
    )
    intake.register(order_id=order.pk, by=by, at=at, emergency_line=given.get("line", ""), **about)
    if given.get("do") == "merge":
        main = Order.objects.visible_to(by).get(number=given.get("main", "")[:20])
        merging.merge(main_id=main.pk, order_ids=[order.pk], by=by, at=at, words="登记时发现是同一件事")
        return order, f"已经登记并并入 {main.number}，编号 {order.number}。"
    if given.get("do") == "dispatch":
        sent = dispatching.dispatch(order_id=order.pk, by=by, at=at)
        return order, f"已经登记，并派给{sent.lead.short_name if sent.lead else ''}，编号 {order.number}。"
    return order, f"已经登记，等待派单，编号 {order.number}。"


@require_POST
@never_cache
@staff_required(*access.OPERATORS)
def help_beside(request: HttpRequest) -> HttpResponse:
    """What helps with the words typed so far."""
    by = request.actor  # type: ignore[attr-defined]
    given = taken(request)
    context = {"help": help_for(by, given, at=clock.now()), "may_dispatch": by.has_role(*access.BUREAU)}
    return render(request, "hotline/_help.html", context)


def help_for(by: Any, given: Mapping[str, str], *, at: Any) -> dict[str, Any]:
    """Suggestions, orders about the same event, articles, and what this caller said before."""
    text = given.get("text", "").strip()[:MOST_HELPED]
    town, place, phone = given.get("town", ""), given.get("place", ""), given.get("caller_phone", "").strip()
    found = helping.suggest(text, place=place, township_code=town) if len(text) >= 4 else None
    codes = [r.key for r in found.leaves[:5]] if found else []
    return {
        "found": found, "offers": _offers(by, found, at=at) if found else [], "twins": twins.twins(by, text=text, place=place, town=town, caller=phone, leaves=codes, at=at) if found else [],
        "articles": knowledge.matching(text, limit=3) if found else [], "history": _history(by, phone, at=at), "nature": rules.NATURES.get(found.nature, "") if found else "",
        "level": rules.LEVELS.get(found.level, "") if found else "", "door": rules.OUT_OF_SCOPE.get(found.out_of_scope) if found else None,
        "line": rules.EMERGENCY_LINES.get(found.emergency_line, "") if found else "",
    }  # fmt: skip


def _offers(by: Any, found: helping.Suggestion, *, at: Any) -> list[Offer]:
    region = f"{by.region_code[:6]}000000"
    codes = [r.key for r in found.leaves[:4]]
    rows = {c.code: c for c in Category.objects.in_force(local_day(at)).filter(region_id=region, code__in=codes)}
    names = helping.unit_names()
    offers = []
    for r in found.leaves[:4]:
        row = rows.get(r.key)
        if row is None:
            continue
        unit = "属地苏木乡镇" if row.lead_unit == "territorial" else names.get(row.lead_unit, row.lead_unit)
        limit = f"{row.limit_value} 个工作日" if row.limit_value else ""
        offers.append(Offer(r.key, r.name, unit, "、".join(r.words), limit))
    return offers


def _history(by: Any, phone: str, *, at: Any) -> list[dict[str, Any]]:
    """What this telephone called about before, the latest five."""
    if len(phone) < 7:
        return []
    rows = Order.objects.visible_to(by).filter(caller_key=phone).select_related("lead").order_by("-received_at", "-id")[:5]  # fmt: skip
    return [
        {"number": o.number, "text": orders.first_words(o.text), "lamp": lamp(o, at), "at": short(o.received_at), "unit": o.lead.short_name if o.lead else ""}
        for o in rows
    ]  # fmt: skip
