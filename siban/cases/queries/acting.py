"""委托代办 as a person sees it: given, held, waiting for an answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from siban.catalog.api import ImplementationItem
from siban.identity.api import ENTRUSTMENT_FLOW, Entrustment
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.ui.parts import Lamp

MOST = 50
TONES = {"asked": "amber", "in_force": "green", "refused": "grey", "ended": "grey"}


@dataclass(frozen=True, slots=True)
class EntrustmentLine:
    """One entrustment in a card."""

    id: UUID
    sentence: str
    state: Lamp
    facts: tuple[tuple[str, str], ...]
    awaits_me: bool
    asks_signature: bool
    may_end: bool


def entrustments(by: Actor, *, at: datetime) -> tuple[EntrustmentLine, ...]:
    """What waits for this person first, then what is in force, then the rest, newest first."""
    rows = Entrustment.objects.visible_to(by).select_related("principal", "enterprise", "agent")[:MOST]
    rank = {"asked": 0, "in_force": 1}
    lines = [(rank.get(row.state, 2), _line(row, by, at)) for row in rows]
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


def _line(row: Entrustment, by: Actor, at: datetime) -> EntrustmentLine:
    held = row.agent_id == by.person_id
    # who sees it and is not the agent stands on the side of the principal: nothing more has to be looked up
    awaits = row.state == "asked" and held == (row.asked_by_id != row.agent_id)
    over = row.state in ("asked", "in_force") and local_day(at) >= row.valid_to
    last = row.last_day
    return EntrustmentLine(
        id=row.pk,
        sentence=f"我替“{row.principal_name}”办理" if held else f"“{row.agent.name}”替“{row.principal_name}”办理",
        state=Lamp("grey", "已到期") if over else Lamp(TONES[row.state], ENTRUSTMENT_FLOW.label(row.state)),
        facts=(
            ("事项", "、".join(line["name"] for line in row.scope) or "全部事项"),
            ("办什么事", row.purpose),
            ("最后一天", f"{last.year}年{last.month}月{last.day}日"),
            ("使用委托人的电子证照", "同意" if row.may_use_certificates else "不同意"),
        ),
        awaits_me=awaits and not over,
        asks_signature=awaits and not row.signature,
        may_end=row.state in ("asked", "in_force") and not over and not awaits,
    )


def named_items(codes: list[str]) -> list[dict[str, str]]:
    """Published matters by their codes, as an entrustment keeps them."""
    rows = ImplementationItem.objects.published().filter(impl_code__in=codes[:20]).order_by("impl_code")
    return [{"code": row.impl_code, "name": row.version.elements.name} for row in rows.select_related("version")]
