"""Fees on the desk: the list, one order with everything that may be done to it, the daily check."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.cases import access_fees, fees, reconciling, rules_fees
from siban.cases.models_fees import Difference, Payment, PaymentOrder, Refund, Statement
from siban.cases.queries import fees as queries
from siban.exchange import api as exchange
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.paging import number_of, page_of

LARGEST = 5 * 1024 * 1024  # bytes of a statement


def _fen(text: str) -> int:
    """An amount as it was typed; says what an amount looks like when it is none."""
    found = rules_fees.fen_of(text)
    if found is None:
        raise Refused(f"“{text[:20]}”不是金额。请填写大于零的数，最多两位小数，例如 80 或者 80.50。")
    return found


@require_GET
@never_cache
@staff_required(*access_fees.DESK)
def orders(request: HttpRequest) -> HttpResponse:
    """Payment orders of the cases one sees."""
    state, number = request.GET.get("state", ""), number_of(request.GET)
    state = state if state in (*queries.STATES, "refund") else ""
    lines, more = queries.orders_page(request.actor, state=state, number=number)  # type: ignore[attr-defined]
    context = {
        "lines": lines, "state": state, "states": [("", "全部"), *queries.STATES.items(), ("refund", "有退费要办")],
        "pages": page_of(len(lines), number, more, state=state), "clear": reverse("desk-fees"),
        "may_check": access_fees.reconciles(request.actor),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "cases/desk/fees.html", context)


@require_GET
@never_cache
@staff_required(*access_fees.DESK)
def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One payment order."""
    return _shown(request, pk)


def _shown(request: HttpRequest, pk: UUID, *, why: str = "", act: str = "") -> HttpResponse:
    by: Any = request.actor  # type: ignore[attr-defined]
    try:
        found = queries.order_by_id(by, pk)
    except PaymentOrder.DoesNotExist:
        raise Http404 from None
    page = queries.fee_page(found, by=by, at=clock.now())
    said = request.POST if request.method == "POST" else {}
    context = {
        "page": page, "why": why, "act": act,
        "said": {name: said.get(name, "") for name in ("amount", "reckoning", "ground", "trade_no", "reason", "channel")},
        "take_amount": said.get("amount") or (page.due.removesuffix(" 元") if page.due_fen else ""),
        "may_take": access_fees.cashier(by, found), "channels": [("cash", "现金"), ("pos", "刷卡")],
        "may_ask": access_fees.cashier(by, found) or access_fees.assessor(by, found),
    }  # fmt: skip
    return render(request, "cases/desk/fee.html", context, status=422 if why else 200)


def _assess(request: HttpRequest, pk: UUID) -> str:
    fees.assess(order_id=pk, amount=_fen(request.POST.get("amount", "")), reckoning=request.POST.get("reckoning", ""), **_who(request))  # fmt: skip
    return "金额已核定，已通知申请人缴费。"


def _waive(request: HttpRequest, pk: UUID) -> str:
    fees.waive(order_id=pk, ground=request.POST.get("ground", ""), **_who(request))
    return "已减免，申请人不用缴费。"


def _take(request: HttpRequest, pk: UUID) -> str:
    channel = request.POST.get("channel", "")
    if channel not in ("cash", "pos"):
        raise Refused("请选择收款方式：现金或者刷卡。")
    at = clock.now()
    fees.receive(
        order_id=pk, channel=channel, trade_no=request.POST.get("trade_no", ""), amount=_fen(request.POST.get("amount", "")),
        by=request.actor, paid_at=at, at=at,  # type: ignore[attr-defined]
    )  # fmt: skip
    return "收款已登记。"


def _ask(request: HttpRequest, pk: UUID) -> str:
    fees.ask_refund(order_id=pk, amount=_fen(request.POST.get("amount", "")), reason=request.POST.get("reason", ""), **_who(request))  # fmt: skip
    return "退费已提出，等待另一人审核。"


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": clock.now()}  # type: ignore[attr-defined]


ACTS: dict[str, Callable[[HttpRequest, UUID], str]] = {"assess": _assess, "waive": _waive, "take": _take, "ask": _ask}


@require_POST
@never_cache
@staff_required(*access_fees.DESK)
def act(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Assess, waive, take money, ask for a refund."""
    if name not in ACTS or not PaymentOrder.objects.visible_to(request.actor).filter(pk=pk).exists():  # type: ignore[attr-defined]
        raise Http404
    try:
        messages.success(request, ACTS[name](request, pk))
    except Refused as why:
        return _shown(request, pk, why=str(why), act=name)
    return redirect("desk-fee", pk=pk)


@require_POST
@never_cache
@staff_required(*access_fees.DESK)
def refund(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Approve or decline a refund, note that it was given back."""
    seen = PaymentOrder.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    found = Refund.objects.filter(pk=pk, order__in=seen).first()
    if found is None or name not in ("approve", "decline", "refund"):
        raise Http404
    try:
        if name == "approve":
            fees.approve_refund(refund_id=pk, **_who(request))
        elif name == "decline":
            fees.decline_refund(refund_id=pk, note=request.POST.get("reason", ""), **_who(request))
        else:
            fees.give_back(refund_id=pk, trade_no=request.POST.get("trade_no", ""), **_who(request))
    except Refused as why:
        return _shown(request, found.order_id, why=str(why), act=name)
    messages.success(
        request, {"approve": "已同意退费。", "decline": "已记为不予退费。", "refund": "已登记退费。"}[name]
    )
    return redirect("desk-fee", pk=found.order_id)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required("service_admin")
def checks(request: HttpRequest) -> HttpResponse:
    """对账: upload a channel's statement of a day; the days checked."""
    why, said = "", {"channel": "online", "day": clock.local_day(clock.now()).isoformat()}
    if request.method == "POST":
        said = {"channel": request.POST.get("channel", ""), "day": request.POST.get("day", "")}
        try:
            made = reconciling.check_statement(
                channel=_channel(said["channel"]), day=_day(said["day"]), body=_file(request), **_who(request)
            )
        except Refused as refused:
            why = str(refused)
        else:
            return redirect("desk-fee-check", pk=made.pk)
    context = {
        "statements": queries.statements(request.actor), "why": why, "said": said,  # type: ignore[attr-defined]
        "channels": list(queries.CHANNELS.items()), "has_demo": exchange.pays_in_demo(),
    }  # fmt: skip
    return render(request, "cases/desk/fee_checks.html", context, status=422 if why else 200)


def _channel(text: str) -> str:
    if text not in queries.CHANNELS:
        raise Refused("请选择渠道。")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("请选择对账的日期。") from None


def _file(request: HttpRequest) -> bytes:
    sent: Any = request.FILES.get("statement")
    if sent is None:
        raise Refused("请选择渠道提供的对账文件（CSV）。")
    if sent.size > LARGEST:
        raise Refused("对账文件超过 5 MB，请按天分开上传。")
    return bytes(sent.read())


@require_GET
@never_cache
@staff_required("service_admin")
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One day's differences."""
    try:
        page = queries.statement_page(request.actor, pk)  # type: ignore[attr-defined]
    except Statement.DoesNotExist:
        raise Http404 from None
    return render(request, "cases/desk/fee_check.html", {"page": page})


@require_POST
@staff_required("service_admin")
def resolve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what became of a difference."""
    try:
        found = queries.difference_in(request.actor, pk)  # type: ignore[attr-defined]
    except Difference.DoesNotExist:
        raise Http404 from None
    try:
        reconciling.resolve(difference_id=pk, reason=request.POST.get("reason", ""), **_who(request))
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已记下处理结果。")
    return redirect("desk-fee-check", pk=found.statement_id)


@require_GET
@never_cache
@staff_required("service_admin")
def demo_statement(request: HttpRequest) -> HttpResponse:
    """The statement that the demonstration channel would give for a day."""
    if not exchange.pays_in_demo():
        raise Http404
    day = _day(request.GET.get("day", ""))
    out = io.StringIO()
    book = csv.writer(out)
    book.writerow(rules_fees.COLUMNS)
    rows = Payment.objects.filter(channel="online", day=day, order__region_id__startswith=request.actor.region_prefix)  # type: ignore[attr-defined]
    for number, fen in rows.order_by("trade_no").values_list("trade_no", "amount").iterator(chunk_size=2000):
        book.writerow((number, f"{fen // 100}.{fen % 100:02d}"))
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="demo-{day}.csv"'
    return response
