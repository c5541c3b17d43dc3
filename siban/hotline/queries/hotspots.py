"""未诉先办: what many call about in one place, what is on the rise, and who calls again and again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from typing import Any

from django.db.models import Count, F, Max, Min, Q, Sum
from django.urls import reverse

from siban.identity.api import Region
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.ui.parts import Cell, Column, Lamp, Table

from ..models import Category, Order
from .orders import Wanted, short

LEAST = 3
CHANCE = 0.01
SPANS = {"7": 7, "30": 30, "90": 90}


@dataclass(frozen=True, slots=True)
class HotSpot:
    """One category in one township: callers now, and as many days before."""

    leaf: str
    leaf_name: str
    town: str
    town_name: str
    now: int
    before: int
    open: int

    @property
    def is_rising(self) -> bool:
        return rises(self.now, self.before)

    @property
    def key(self) -> str:
        return f"{self.leaf}-{self.town}"


def rises(now: int, before: int) -> bool:
    """Whether so many now would be rarer than one in a hundred if nothing had changed (Poisson, at least one expected).

    >>> rises(6, 1), rises(3, 2)
    (True, False)
    """
    if now < LEAST or now <= before:
        return False
    mean = max(float(before), 1.0)
    below, term = 0.0, exp(-mean)
    for n in range(now):
        below += term
        term *= mean / (n + 1)
    return 1 - below < CHANCE


def hotspots(actor: Actor, *, days: int, at: datetime, limit: int = 60) -> list[HotSpot]:
    """Category × township with three callers or more, risen ones first: three statements, however many orders."""
    since, before = at - timedelta(days=days), at - timedelta(days=2 * days)
    rows = Order.objects.visible_to(actor).filter(received_at__gte=before, received_at__lte=at).exclude(leaf="").order_by()  # fmt: skip
    found = (
        rows.values("leaf", "region_id").annotate(
            now=Count("pk", filter=Q(received_at__gte=since)), before=Count("pk", filter=Q(received_at__lt=since)),
            open=Count("pk", filter=Q(received_at__gte=since, closed_at=None)),
        ).filter(now__gte=LEAST).order_by("-now", "leaf", "region_id")
    )  # fmt: skip
    shown = list(found[:500])
    names = dict(
        Category.objects.filter(code__in={r["leaf"] for r in shown}, valid_to=None).values_list("code", "name")
    )
    towns = dict(Region.objects.filter(code__in={r["region_id"] for r in shown}).values_list("code", "name"))
    spots = [
        HotSpot(
            r["leaf"],
            names.get(r["leaf"], r["leaf"]),
            r["region_id"],
            towns.get(r["region_id"], ""),
            r["now"],
            r["before"],
            r["open"],
        )
        for r in shown
    ]
    return sorted(spots, key=lambda s: (not s.is_rising, -s.now, s.leaf))[:limit]


def hotspot_table(spots: list[HotSpot], *, days: int, at: datetime) -> Table:
    since = local_day(at) - timedelta(days=days)
    base = reverse("hotline-orders")
    lines = [
        (
            Cell(s.leaf_name, note=s.town_name), Cell(s.now, url=base + Wanted().address(tab="all", leaf=s.leaf, town=s.town, since=since)),
            s.before, s.open, Cell(lamp=Lamp("red", "突然增多") if s.is_rising else Lamp("amber", "多人反映")),
            Cell("提出治理建议", url=reverse("hotline-propose", args=[s.leaf, s.town])),
        )
        for s in spots
    ]  # fmt: skip
    heads = [
        "类别和地点",
        Column("这段时间", numeric=True),
        Column("上一段时间", numeric=True),
        Column("未办结", numeric=True),
        "情况",
        "未诉先办",
    ]
    return Table("高频问题", heads, lines, empty="这段时间没有三人以上反映的同类问题。", caption_hidden=True)


def by_town(actor: Actor, *, days: int, at: datetime) -> list[dict[str, Any]]:
    """Callers by township, for the map and the list beside it: one statement."""
    rows = Order.objects.visible_to(actor).filter(received_at__gte=at - timedelta(days=days), received_at__lte=at).order_by()  # fmt: skip
    return list(
        rows.values(code=F("region_id"), name=F("region__name")).annotate(count=Count("pk"), open=Count("pk", filter=Q(closed_at=None)), callers=Sum("weight"))
        .order_by("-count", "code")
    )  # fmt: skip


def repeat_callers(actor: Actor, *, days: int, at: datetime) -> Table:
    """Who called three times or more; shown without number, opened by their orders."""
    rows = Order.objects.visible_to(actor).filter(received_at__gte=at - timedelta(days=days)).exclude(caller_key="").order_by()  # fmt: skip
    found = (
        rows.values("caller_key").annotate(count=Count("pk"), leaves=Count("leaf", distinct=True), first=Min("received_at"), last=Max("received_at"), number=Max("number"), redos=Sum("redos"))
        .filter(count__gte=LEAST).order_by("-count", "caller_key")[:30]
    )  # fmt: skip
    lines = [
        (Cell("某诉求人", url=reverse("hotline-order", args=[r["number"]]), note="最近一张工单"), r["count"], r["leaves"], r["redos"], short(r["first"]), short(r["last"]))
        for r in found
    ]  # fmt: skip
    heads = [
        "诉求人",
        Column("来电次数", numeric=True),
        Column("涉及类别", numeric=True),
        Column("重办次数", numeric=True),
        "最早",
        "最近",
    ]
    return Table("多次来电", heads, lines, empty="这段时间没有三次以上来电的诉求人。", caption_hidden=True)
