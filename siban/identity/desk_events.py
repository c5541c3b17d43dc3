"""安全事件: what was turned away as an attack, by kind, day and source, for who answers for the system."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from siban.kernel import clock
from siban.kernel.models import SecurityEvent
from siban.kernel.ui.paging import number_of, page_of
from siban.kernel.web import rowsheets

from .gate import staff_required
from .models import Account
from .roles import Role

ANSWER_FOR = (Role.DATA_ADMIN, Role.AUDITOR)
KINDS = (("", "全部"), *SecurityEvent.Kind.choices)
PAGE, EXPORTED, LOOKED_BACK = 50, 20_000, timedelta(days=30)
HEADS = ("日期", "种类", "原因", "页面或接口", "来源地址", "账号", "次数", "第一次", "最近一次")


def answers_for_site(actor: Any) -> None:
    """只有管辖本站全部地区的系统管理员和审计人员可以查看：来源地址也是个人信息。"""
    if not actor.covers(settings.SITE_REGION):
        raise PermissionDenied("安全事件由管辖本平台全部地区的系统管理员和审计人员查看。您的岗位只管辖其中一部分。")


def sought(request: HttpRequest) -> tuple[QuerySet[SecurityEvent], dict[str, str]]:
    """The events the filter asks for, newest first, and the filter as understood."""
    kind, source = request.GET.get("kind", ""), request.GET.get("source", "").replace("\x00", "").strip()[:64]
    since = _day(request.GET.get("since")) or clock.local_day(clock.now()) - LOOKED_BACK
    until = _day(request.GET.get("until"))
    found = SecurityEvent.objects.filter(day__gte=since)
    if kind in SecurityEvent.Kind.values:
        found = found.filter(kind=kind)
    if source:
        found = found.filter(source=source)
    if until:
        found = found.filter(day__lte=until)
    said = {"kind": kind if kind in SecurityEvent.Kind.values else "", "source": source, "since": str(since)}
    return found, {**said, "until": str(until or "")}


def _day(said: str | None) -> date | None:
    try:
        return parse_date(said or "")
    except ValueError:
        return None


def line_of(event: SecurityEvent, names: dict[Any, str]) -> list[object]:
    """One event as the list and the sheet show it."""
    return [
        event.day, event.get_kind_display(), event.reason, event.place or "/", event.source,
        names.get(event.account_id, "没有登录") if event.account_id else "没有登录", event.times,
        f"{timezone.localtime(event.first_at):%Y-%m-%d %H:%M}", f"{timezone.localtime(event.last_at):%Y-%m-%d %H:%M}",
    ]  # fmt: skip


def _names(events: list[SecurityEvent]) -> dict[Any, str]:
    asked = {e.account_id for e in events if e.account_id}
    return dict(Account.objects.filter(pk__in=asked).order_by().values_list("pk", "name"))


@never_cache
@require_safe
@staff_required(*ANSWER_FOR)
def events(request: HttpRequest) -> HttpResponse:
    """The list, with a sum for each kind."""
    answers_for_site(request.actor)  # type: ignore[attr-defined]
    found, said = sought(request)
    number = number_of(request.GET)
    shown = list(found[(number - 1) * PAGE : number * PAGE + 1])
    more, shown = len(shown) > PAGE, shown[:PAGE]
    names = _names(shown)
    sums = dict(found.order_by("kind").values_list("kind").annotate(n=Sum("times")))
    context = {
        "heads": HEADS, "rows": [list(zip(HEADS, line_of(e, names), strict=True)) for e in shown], "said": said, "kinds": KINDS,
        "sums": [
            (label, sums[kind], "?" + urlencode({k: v for k, v in {**said, "kind": kind}.items() if v}))
            for kind, label in SecurityEvent.Kind.choices if kind in sums
        ],
        "pages": page_of(len(shown), number, more, **said), "clear": reverse("security-events"),
        "export": f"{reverse('security-events-export')}?{request.GET.urlencode()}",
    }  # fmt: skip
    return render(request, "identity/security_events.html", context)


@never_cache
@require_safe
@staff_required(*ANSWER_FOR)
def export(request: HttpRequest) -> HttpResponse:
    """What is filtered, as a spreadsheet; text stays text."""
    answers_for_site(request.actor)  # type: ignore[attr-defined]
    found = list(sought(request)[0][:EXPORTED])
    names = _names(found)
    return rowsheets.exported("安全事件", HEADS, (line_of(event, names) for event in found))
