"""Where the hotline stands now: what runs out, what waits for whom, by unit. Only open orders are looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse

from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Cell, Column, Figure, Table

from ..flow import OPEN, OrderState
from ..models import Order
from .orders import Wanted

RUNNING = Q(closed_at=None, stopped_at=None, merged_into=None)


def conditions(at: datetime) -> dict[str, Q]:
    """What the wall counts, by name."""
    return {
        "unassigned": RUNNING & Q(lead=None), "unsigned": RUNNING & Q(state=OrderState.DISPATCHED, step_due_at__lt=at),
        "in_24": RUNNING & Q(due_at__gte=at, due_at__lt=at + timedelta(hours=24)),
        "in_48": RUNNING & Q(due_at__gte=at + timedelta(hours=24), due_at__lt=at + timedelta(hours=48)),
        "late": RUNNING & Q(due_at__lt=at), "returning": Q(state__in=(OrderState.RETURNING, OrderState.RULING)),
        "redone": Q(redos__gt=0), "callback": Q(state=OrderState.REPLIED),
        "callback_late": Q(state=OrderState.REPLIED, step_due_at__lt=at), "emergency": RUNNING & Q(is_emergency=True),
        "difficult": Q(is_difficult=True), "open": Q(),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wall:
    """The supervisor's wall."""

    stats: tuple[Figure, ...]
    by_unit: Table
    at: datetime


SHOWN = (
    ("late", "已逾期", "red", {"tab": "late"}), ("in_24", "24 小时内到期", "amber", {"tab": "near"}), ("in_48", "48 小时内到期", "amber", {"tab": "near"}),
    ("unassigned", "还没有派单", "amber", {"tab": "open", "unit": "none"}), ("unsigned", "逾期未签收", "red", {"tab": "open", "state": "dispatched"}),
    ("returning", "退单、争议", "amber", {"tab": "open", "turn": "returns"}), ("redone", "重办", "amber", {"tab": "open", "turn": "redos"}),
    ("callback", "待回访", "blue", {"tab": "callback"}), ("callback_late", "回访超时", "red", {"tab": "callback", "turn": "late"}),
    ("emergency", "危及生命财产", "red", {"tab": "open", "turn": "emergency"}), ("difficult", "疑难", "amber", {"tab": "open", "turn": "difficult"}),
    ("open", "未办结", "grey", {"tab": "open"}),
)  # fmt: skip


def wall(actor: Actor, *, at: datetime) -> Wall:
    """All counts in two statements."""
    rows, asked = Order.objects.visible_to(actor).filter(closed_at=None, state__in=OPEN).order_by(), conditions(at)
    counts = rows.aggregate(**{name: Count("pk", filter=q) for name, q in asked.items()})
    base = reverse("hotline-orders")
    stats = tuple(
        Figure(label, counts[name], base + Wanted().address(**said), tone if counts[name] else "grey", unit="张")
        for name, label, tone, said in SHOWN
    )
    return Wall(stats, _by_unit(rows, asked, base), at)


def _by_unit(rows: Any, asked: Mapping[str, Q], base: str) -> Table:
    names = ("late", "in_24", "in_48", "unsigned", "redone", "callback", "open")
    found = (
        rows.exclude(lead=None).values("lead_id", unit=F("lead__short_name"), rank=F("lead__order"), code=F("lead__code"))
        .annotate(**{name: Count("pk", filter=asked[name]) for name in names}).order_by("-late", "-in_24", "rank", "code")
    )  # fmt: skip
    said = {name: about for name, _, _, about in SHOWN}
    heads = {name: label for name, label, _, _ in SHOWN}
    lines = [
        (line["unit"], *(Cell(line[n], url=base + Wanted().address(**{**said[n], "unit": line["lead_id"]}) if line[n] else "") for n in names))
        for line in found
    ]  # fmt: skip
    columns = ["承办单位", *(Column(heads[n], numeric=True) for n in names)]
    return Table("各承办单位", columns, lines, empty="现在没有未办结的工单。", caption_hidden=True)
