"""What the pages of citizens and of staff have in common: lists by page, one's messages, one's settings."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Page, Tab

from . import actions, connectors
from .forms import ChannelsForm, EmailForm
from .models import Message
from .queries import inbox


def number_of(said: Any) -> int:
    """The page asked for; the first for anything that is no number."""
    asked = said.get("page", "1")
    return max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1


def page_of(shown: int, number: int, has_more: bool, **kept: str) -> Page:
    """Links to the neighbours that keep the filter."""

    def to(wanted: int) -> str:
        return "?" + urlencode({k: v for k, v in {**kept, "page": wanted}.items() if v})

    return Page(shown, to(number - 1) if number > 1 else "", to(number + 1) if has_more else "")


def listing(request: HttpRequest, template: str) -> HttpResponse:
    """The list of one's messages, on either shell."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    only_unread, number = request.GET.get("show") == "unread", number_of(request.GET)
    page = inbox.inbox_page(actor, only_unread=only_unread, number=number)
    context = {
        "page": page,
        "tabs": [Tab("全部", request.path, not only_unread), Tab("未读", "?show=unread", only_unread)],
        "pages": page_of(len(page.lines), number, page.has_more, show="unread" if only_unread else ""),
        "only_unread": only_unread,
    }
    return render(request, template, context)


def opened(request: HttpRequest, message_id: UUID, back: str) -> HttpResponse:
    """Note the reading and go to what the message is about."""
    try:
        message = actions.open_message(message_id=message_id, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Message.DoesNotExist:
        raise Http404 from None
    inside = url_has_allowed_host_and_scheme(message.link, None)
    return redirect(message.link if message.link and inside else back)


def everything_read(request: HttpRequest, back: str) -> HttpResponse:
    """Mark one's own as read and say how many."""
    done = actions.read_all(by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    messages.success(request, f"{done} 条消息已标为已读。" if done else "没有可以一次标为已读的消息。")
    return redirect(back)


def reached(request: HttpRequest, template: str, here: str) -> HttpResponse:
    """The settings of who is logged in, on either shell."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    page = inbox.settings_page(actor)
    about_email = request.method == "POST" and request.POST.get("part") == "email"
    about_channels = request.method == "POST" and not about_email
    channels = ChannelsForm(
        request.POST if about_channels else None, initial={"sms_on": page.sms_on, "email_on": page.email_on}
    )
    email = EmailForm(request.POST if about_email else None, initial={"email": page.email_asked or page.email})
    if about_channels and channels.is_valid():
        actions.choose_channels(**channels.cleaned_data, by=actor, at=clock.now())
        messages.success(request, "已保存。")
        return redirect(here)
    if about_email and email.is_valid():
        try:
            actions.ask_for_email(
                email=email.cleaned_data["email"], by=actor, at=clock.now(),
                region_code=actor.region_code or settings.SITE_REGION,
            )  # fmt: skip
        except Refused as why:
            email.add_error("email", str(why))
        else:
            asked = bool(email.cleaned_data["email"].strip())
            messages.success(request, "确认邮件已经在发送，请打开邮件里的链接。" if asked else "邮箱已经清除。")
            return redirect(here)
    context = {
        "page": page, "channels": channels, "email": email,
        "has_email": connectors.is_set_up("email"), "has_sms": connectors.is_set_up("sms"),
    }  # fmt: skip
    return render(request, template, context, status=422 if channels.errors or email.errors else 200)
