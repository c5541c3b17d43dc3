"""A person's fee: what, how much, by which law; paying it online; asking for it back. And the channel's notices."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.cases import fees
from siban.cases.models_fees import Payment, PaymentOrder
from siban.cases.queries import fees as queries
from siban.exchange import api as exchange
from siban.identity.gate import citizen_required
from siban.kernel import clock
from siban.kernel.actor import SYSTEM
from siban.kernel.flow import Refused
from siban.kernel.web import refusals


def _order(request: HttpRequest, number: str) -> PaymentOrder:
    try:
        return queries.order_of_case(request.actor, number)  # type: ignore[attr-defined]
    except PaymentOrder.DoesNotExist:
        raise Http404 from None


@require_GET
@never_cache
@citizen_required
def fee(request: HttpRequest, number: str) -> HttpResponse:
    """What is due and what came in."""
    order = _order(request, number)
    page = queries.fee_page(order, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    return render(request, "cases/public/fee.html", {"page": page, "pays_online": exchange.pays_online()})


@require_http_methods(["GET", "POST"])
@never_cache
@citizen_required
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The demonstration cash desk: no money moves; its notice goes the same way as a real channel's."""
    order, at = _order(request, number), clock.now()
    page = queries.fee_page(order, by=request.actor, at=at)  # type: ignore[attr-defined]
    if not page.due_fen or not exchange.pays_in_demo():
        messages.info(
            request, "现在没有要缴的费用。" if not page.due_fen else "本平台还没有接通网上支付，请到收费窗口缴费。"
        )
        return redirect("my-fee", number=number)
    trade_no = request.POST.get("trade_no", "")
    if request.method == "POST" and len(trade_no) == 36:
        body, stamp, given = exchange.demo_notice(
            exchange.Paid(order.number, f"demo-{trade_no}", page.due_fen, at), at=at
        )  # fmt: skip
        status, said = taken(body, stamp=stamp, given=given)
        if status == 200:
            messages.success(request, "缴费已经收到，凭证可以在下面下载。")
        else:
            messages.error(request, str(said["error"]))
        return redirect("my-fee", number=number)
    return render(request, "cases/public/fee_pay.html", {"page": page, "trade_no": str(uuid4())})


@require_POST
@citizen_required
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for what was paid to be given back."""
    order, by = _order(request, number), request.actor  # type: ignore[attr-defined]
    page = queries.fee_page(order, by=by, at=clock.now())
    try:
        fees.ask_refund(
            order_id=order.pk, amount=page.refundable_fen, reason=request.POST.get("reason", "")[:300], by=by,
            at=clock.now(),
        )  # fmt: skip
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "退费申请已经收到，审核结果会发消息告诉您。")
    return redirect("my-fee", number=number)


@csrf_exempt
@require_POST
def notify(request: HttpRequest) -> HttpResponse:
    """Where a payment channel tells of money: signed, safe to repeat."""
    status, said = taken(
        request.body,
        stamp=request.headers.get("X-Siban-Timestamp", ""),
        given=request.headers.get("X-Siban-Signature", ""),
    )
    if status == 401:
        refusals.note(request, refusals.Kind.TOKEN, "缴费通知的签名不对或者时间相差太多")
    return JsonResponse(said, status=status)


def taken(body: bytes, *, stamp: str, given: str) -> tuple[int, dict[str, Any]]:
    """Check a notice and keep the money it tells of; the status and answer for the channel."""
    at = clock.now()
    try:
        paid = exchange.read_notice(body, stamp=stamp, given=given, at=at)
    except exchange.NotGenuine as why:
        return 401, {"error": str(why)}
    except ValueError as why:
        return 422, {"error": str(why)}
    order = PaymentOrder.objects.filter(number=paid.order).first()
    if order is None:
        return 404, {"error": "没有这张缴费单。"}
    try:
        kept = fees.receive(
            order_id=order.pk, channel=Payment.Channel.ONLINE, trade_no=paid.trade_no, amount=paid.amount, by=SYSTEM,
            paid_at=paid.paid_at, at=at,
        )  # fmt: skip
    except Refused as why:
        return 409, {"error": str(why)}
    return 200, {"state": kept.state, "received": kept.received, "due": max((kept.amount or 0) - kept.received, 0)}


__all__ = ["fee", "notify", "pay", "refund", "taken"]
