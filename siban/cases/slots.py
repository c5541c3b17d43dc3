"""What cases add to the staff desk: navigation, the figures of the home page, the search."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from siban.kernel import clock
from siban.kernel.ui import slots
from siban.kernel.ui.parts import Cell, Column, Figure, Findings, Lamp, Link, NavItem, Table

from . import access, rules_custody
from .access import DECIDING
from .queries import custody, home
from .queries.case_page import CasePage


def cases(request: HttpRequest) -> NavItem | None:
    """办件 in the navigation of who may open the list."""
    return NavItem("办件", reverse("case-inbox"), "paper") if request.actor.has_role(*access.DESK) else None  # type: ignore[attr-defined]


def counter(request: HttpRequest) -> NavItem | None:
    """窗口收件 for who receives visitors."""
    return NavItem("窗口收件", reverse("counter"), "user") if request.actor.has_role(*access.FRONT) else None  # type: ignore[attr-defined]


def opinions(request: HttpRequest) -> NavItem | None:
    """征求意见 for who answers for a unit."""
    return NavItem("征求意见", reverse("case-opinions"), "paper") if request.actor.has_role(*DECIDING) else None  # type: ignore[attr-defined]


def promises(request: HttpRequest) -> NavItem | None:
    """承诺核查 for who checks promises or oversees it."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.has_role(*DECIDING) or access.sees_territory(actor):
        return NavItem("承诺核查", reverse("case-promises"), "paper")
    return None


def automatic(request: HttpRequest) -> NavItem | None:
    """秒批规则 for who writes, signs or oversees them."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.has_role(*DECIDING) or access.sees_territory(actor):
        return NavItem("秒批规则", reverse("auto-list"), "check")
    return None


def mandates(request: HttpRequest) -> NavItem | None:
    """首席代表授权 for the head of a unit."""
    return NavItem("首席代表授权", reverse("case-mandates"), "user") if request.actor.has_role("unit_head") else None  # type: ignore[attr-defined]


def issue(request: HttpRequest) -> NavItem | None:
    """统一出件 for who holds paper things."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("统一出件", reverse("issue-list"), "printer") if actor.has_role(*rules_custody.HANDLERS) else None


def pushed(request: HttpRequest) -> NavItem | None:
    """推送清单 for counters and departments."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("推送清单", reverse("push-list"), "arrow") if actor.has_role(*rules_custody.HANDLERS) else None


def pickup(request: HttpRequest, page: CasePage) -> SafeString | None:
    """On the applicant's own page: where the result lies, and the code to fetch it with."""
    found = custody.pickup_of(page.case) if page.case.delivery == "counter" else None
    return render_to_string("cases/public/_pickup.html", {"pickup": found}) if found else None


def waiting(request: HttpRequest) -> list[Figure] | None:
    """Overdue, near, to accept, to decide, to hand over, parked: by what the post does."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.has_role(*access.DESK):
        return None
    today = clock.local_day(clock.now())
    return [
        Figure(f.label, f.value, reverse(f.page) + f.query, f.tone, f.note, capped=f.capped)
        for f in home.figures(actor, today=today)
    ]


def found(request: HttpRequest, wanted: str) -> Findings | None:
    """Cases by number, applicant or item."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.has_role(*access.DESK):
        return None
    today = clock.local_day(clock.now())
    rows = [
        (
            Cell(hit["title"], url=hit["url"], note=hit["number"]),
            hit["name"],
            Cell(lamp=Lamp(hit["tone"], hit["state"])),
            hit["left"],
        )
        for hit in home.search(actor, wanted, today=today)
    ]
    table = Table("办件", ("事项", "申请人", "状态", Column("期限", nowrap=True)), rows, caption_hidden=True)
    more = reverse("case-inbox") + "?" + urlencode({"name": wanted}) if len(rows) == home.HITS else ""
    return Findings("办件", table, more)


slots.register("desk.nav", 10, counter)
slots.register("desk.nav", 20, cases)
slots.register("desk.nav", 21, pushed)
slots.register("desk.nav", 22, opinions)
slots.register("desk.nav", 24, promises)
slots.register("desk.nav", 26, mandates)
slots.register("desk.nav", 28, automatic)
slots.register("desk.nav", 21, issue)
slots.register("case.public.aside", 5, pickup)
slots.register("desk.home", 10, waiting)
slots.register("desk.search", 10, found)


def my_cases(request: HttpRequest) -> Link | None:
    """我的办件 on the pages of a person logged in."""
    actor = request.actor  # type: ignore[attr-defined]
    return Link("我的办件", reverse("my-home"), "进度、草稿、补正、文书") if actor.is_citizen else None


def progress(request: HttpRequest) -> Link:
    """查询办件进度 for everybody."""
    return Link("查询办件进度", reverse("case-progress"), "凭办件编号和证件号码后四位")


slots.register("portal.my", 10, my_cases)
slots.register("portal.tools", 20, progress)
