"""Messages of the staff, and for who oversees them: how sending goes, what failed, what the demonstration channel holds."""

import tempfile
from typing import Any
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.clock import CHINA

from . import access, actions, pages, rules
from .models import Delivery, DemoSms, Message
from .queries import sending

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@never_cache
@staff_required()
def my_messages(request: HttpRequest) -> HttpResponse:
    """Messages to oneself and to the post one acts in."""
    return pages.listing(request, "exchange/desk/messages.html")


@require_POST
@staff_required()
def open_mine(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a message."""
    return pages.opened(request, pk, "desk-messages")


@require_POST
@staff_required()
def take_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take up a message to one's post."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    try:
        message = actions.take_up(message_id=pk, by=actor, at=clock.now())
    except Message.DoesNotExist:
        raise Http404 from None
    if message.taken_by_id == actor.account_id:
        messages.success(request, "已由您接手，同岗位的人能看到。")
    elif message.role:
        messages.info(request, f"{message.taken_by_name}已经接手了这条消息。")
    return redirect("desk-messages")


@require_POST
@staff_required()
def read_mine(request: HttpRequest) -> HttpResponse:
    """Mark one's own as read."""
    return pages.everything_read(request, "desk-messages")


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required()
def my_settings(request: HttpRequest) -> HttpResponse:
    """How a member of staff is reached."""
    return pages.reached(request, "exchange/desk/settings.html", "desk-message-settings")


@require_GET
@never_cache
@staff_required(*access.OVERSEES)
def sent(request: HttpRequest) -> HttpResponse:
    """发送情况: by channel and state, failed ones with their reason."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    wanted, number = sending.Wanted.of(request.GET), pages.number_of(request.GET)
    page = sending.sending_page(actor, wanted, number=number, may_resend=access.may_resend(actor))
    context = {
        "page": page, "wanted": wanted,
        "pages": pages.page_of(len(page.lines), number, page.has_more, channel=wanted.channel, state=wanted.state),
        "channels": [("", "全部"), *rules.CHANNELS.items()], "states": [("", "全部"), *sending.STATES.items()],
        "clear": reverse("messages-sent"),
        "export": f"{reverse('messages-export')}?channel={wanted.channel}&state={wanted.state}",
    }  # fmt: skip
    return render(request, "exchange/desk/sent.html", context)


@require_GET
@never_cache
@staff_required(*access.OVERSEES)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook, addresses masked."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet("发送情况"), book.add_format({"bold": True})
    for column, width in enumerate((18, 10, 22, 36, 20, 40, 8, 18, 18)):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, sending.HEADS, bold)
    sheet.freeze_panes(1, 0)
    lines = sending.every_line(request.actor, sending.Wanted.of(request.GET))  # type: ignore[attr-defined]
    for n, x in enumerate(lines, 1):
        told = (_at(x.at), x.channel, x.address, x.title, x.lamp.label, x.reason, x.attempts, _at(x.sent_at))
        sheet.write_row(n, 0, (*told, _at(x.received_at)))
    book.close()
    file.seek(0)
    name = f"发送情况-{clock.local_day(clock.now()):%Y%m%d}.xlsx"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=SHEET)
    response["Cache-Control"] = "no-store"
    return response


def _at(at: Any) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else ""


@require_POST
@staff_required("service_admin", "data_admin")
def resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a failed one again, to the address known now."""
    try:
        actions.resend(delivery_id=pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Delivery.DoesNotExist:
        raise Http404 from None
    messages.success(request, "已经排队重新发送，一般在一分钟内发出。")
    return redirect("messages-sent")


@require_GET
@never_cache
@staff_required(*access.OVERSEES)
def demo_sms(request: HttpRequest) -> HttpResponse:
    """短信演示通道: what would have been sent."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    number = pages.number_of(request.GET)
    lines, has_more = sending.sms_page(actor, number=number)
    context = {
        "lines": lines, "pages": pages.page_of(len(lines), number, has_more), "may_report": access.may_resend(actor),
    }  # fmt: skip
    return render(request, "exchange/desk/sms.html", context)


@require_POST
@staff_required("service_admin", "data_admin")
def demo_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say for a demonstration message what a gateway would report."""
    try:
        receipt = sending.demo_receipt(request.actor, pk)  # type: ignore[attr-defined]
    except DemoSms.DoesNotExist:
        raise Http404 from None
    got = request.POST.get("outcome") == "received"
    actions.record_report(
        channel="sms", receipt=receipt, is_received=got, reason="" if got else "空号（模拟）", at=clock.now()
    )
    messages.success(request, "已记为送达。" if got else "已记为没有送到。")
    return redirect("messages-sms")
