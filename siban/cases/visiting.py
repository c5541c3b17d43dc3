"""接待: one person at a counter, from sitting down to leaving. Diagram: docs/flows/visits.md (generated)."""

from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor
from siban.kernel.flow import Machine, Move

from . import access

RULE = "平台办件规则（综合窗口接待）"


class VisitState(TextChoices):
    OPEN = "open", "接待中"
    PARKED = "parked", "已挂起"
    ENDED = "ended", "已结束"
    CLEARED = "cleared", "当日清理"


def _own(actor: Actor, visit: Any) -> bool:
    """由正在接待的窗口人员办理。"""
    return actor.has_role(*access.FRONT) and actor.account_id == visit.clerk_id and actor.org_id == visit.org_id


def colleague(actor: Actor, visit: Any) -> bool:
    """由同一窗口单位的人员接着办理。"""
    return actor.has_role(*access.FRONT) and actor.org_id == visit.org_id


def _system(actor: Actor, visit: Any) -> bool:
    """由系统在下一天清理。"""
    return actor.is_system


V = VisitState
VISIT_FLOW = Machine(
    name="visits",
    title="窗口接待",
    model="cases.CounterVisit",
    states=VisitState,
    start=V.OPEN,
    ends={V.ENDED, V.CLEARED},
    owners={V.OPEN: "正在接待的窗口人员", V.PARKED: "同一窗口单位的人员"},
    moves=(
        Move("park", "挂起", (V.OPEN,), V.PARKED, _own, RULE),
        Move("resume", "接着办", (V.PARKED,), V.OPEN, colleague, RULE),
        Move("end", "结束接待", (V.OPEN, V.PARKED), V.ENDED, colleague, RULE),
        Move("clear", "当日没有办完，清理", (V.OPEN, V.PARKED), V.CLEARED, _system, RULE, deemed=True),
    ),
)  # fmt: skip
