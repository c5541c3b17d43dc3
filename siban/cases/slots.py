"""What cases add to the staff desk: navigation, the figures of the home page, the search."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from siban.exchange import api as exchange
from siban.kernel import clock
from siban.kernel.ui import slots
from siban.kernel.ui.parts import Cell, Column, Figure, Findings, Lamp, Link, NavItem, Table

from . import access, access_fees, parcels, rules_custody
from .access import DECIDING
from .flow import OPEN
from .models import Case
from .queries import custody, home
from .queries import fees as fee_orders
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


def benefits(request: HttpRequest) -> NavItem | None:
    """免申即享 for who writes, signs or oversees policies."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.has_role(*DECIDING) or access.sees_territory(actor):
        return NavItem("免申即享", reverse("benefit-list"), "star")
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


def crossing(request: HttpRequest) -> NavItem | None:
    """跨域通办 for counters, departments and who oversees them."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("跨域通办", reverse("cross-ledger"), "people") if actor.has_role(*access.DESK) else None


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
slots.register("desk.nav", 21, crossing)
slots.register("desk.nav", 22, opinions)
slots.register("desk.nav", 24, promises)
slots.register("desk.nav", 26, mandates)
slots.register("desk.nav", 28, automatic)
slots.register("desk.nav", 29, benefits)
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


def my_joint(request: HttpRequest) -> Link | None:
    """共同申请 on the pages of a person logged in."""
    actor = request.actor  # type: ignore[attr-defined]
    return Link("共同申请", reverse("my-joint"), "别人请我一起申请的") if actor.is_citizen else None


def my_acting(request: HttpRequest) -> Link | None:
    """委托代办 on the pages of a person logged in."""
    actor = request.actor  # type: ignore[attr-defined]
    return Link("委托代办", reverse("my-acting"), "请人替我办、我替别人办") if actor.is_citizen else None


def my_archive(request: HttpRequest) -> Link | None:
    """我的档案 on the pages of a person logged in."""
    actor = request.actor  # type: ignore[attr-defined]
    return Link("我的档案", reverse("my-archive"), "办件、证照、资料，谁查看过") if actor.is_citizen else None


def archives(request: HttpRequest) -> NavItem | None:
    """查阅档案 for who decides or oversees."""
    roles = (*DECIDING, "service_admin", "supervisor", "auditor")
    return NavItem("查阅档案", reverse("desk-archive"), "user") if request.actor.has_role(*roles) else None  # type: ignore[attr-defined]


slots.register("desk.nav", 60, archives)
slots.register("portal.my", 10, my_cases)
slots.register("portal.my", 11, my_archive)
slots.register("portal.my", 12, my_acting)
slots.register("portal.my", 13, my_joint)
slots.register("portal.tools", 20, progress)


def fees(request: HttpRequest) -> NavItem | None:
    """缴费 for who takes, assesses or oversees fees."""
    return NavItem("缴费", reverse("desk-fees"), "paper") if request.actor.has_role(*access_fees.DESK) else None  # type: ignore[attr-defined]


def fee_of_case(request: HttpRequest, case: Any) -> SafeString | None:
    """The card beside a case that costs something: what is due, what is paid."""
    order = fee_orders.card_of(getattr(case, "pk", None) or getattr(case, "id", None))
    if order is None:
        return None
    citizen = request.actor.is_citizen  # type: ignore[attr-defined]
    url = reverse("my-fee", args=[order.case_number]) if citizen else reverse("desk-fee", args=[order.id])
    title = "请缴费" if citizen and order.is_due else "缴费"
    return render_to_string("cases/public/_fee.html", {"title": title, "url": url, "sentence": order.sentence})


def parcels_of_case(request: HttpRequest, case: Any) -> SafeString | None:
    """The card beside a case: its parcels, and how to send one."""
    key = getattr(case, "pk", None) or getattr(case, "id", None)
    seen = Case.objects.filter(pk=key).only("number", "state", "delivery").first() if key else None
    if seen is None or not seen.number:
        return None
    actor = request.actor  # type: ignore[attr-defined]
    lines = exchange.lines_of(("cases.Case", str(seen.pk)))
    send = reverse("my-case-send", args=[seen.number]) if actor.is_citizen and seen.state in OPEN else ""
    ready = seen.delivery == Case.Delivery.MAIL and seen.state in parcels.READY
    under_way = any(line.is_open for line in lines)
    may = actor.is_staff and ready and not under_way and actor.has_role(*access.DESK)
    book = reverse("desk-case-parcel", args=[seen.number]) if may else ""
    if not (lines or send or book):
        return None
    said = {
        "lines": lines, "send_url": send, "book_url": book, "address": "my-parcel" if actor.is_citizen else "desk-parcel",
    }  # fmt: skip
    return render_to_string("cases/_parcels.html", said, request)


slots.register("desk.nav", 25, fees)
slots.register("case.public.aside", 15, parcels_of_case)
slots.register("desk.case.aside", 25, parcels_of_case)
slots.register("case.public.aside", 10, fee_of_case)
slots.register("desk.case.aside", 20, fee_of_case)


def my_benefits(request: HttpRequest) -> Link | None:
    """免申即享 on the pages of a person logged in."""
    actor = request.actor  # type: ignore[attr-defined]
    return Link("我能直接享受的政策", reverse("my-benefits"), "不用申请，确认即可") if actor.is_citizen else None


def benefit_lists(request: HttpRequest) -> Link:
    """免申即享 for everybody."""
    return Link("免申即享政策", reverse("benefit-lists"), "不用申请的政策和公示名单")


slots.register("portal.my", 15, my_benefits)
slots.register("portal.tools", 25, benefit_lists)
