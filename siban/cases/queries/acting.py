"""委托代办 as a person sees it: given, held, waiting for an answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, When

from siban.catalog.api import ImplementationItem
from siban.identity.api import ENTRUSTMENT_FLOW, Entrustment, headed_by
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.ui.parts import Lamp

SIZE = 10
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


def entrustments(by: Actor, *, at: datetime, number: int = 1) -> tuple[tuple[EntrustmentLine, ...], bool]:
    """One page: what waits for an answer first, then what is in force, then the rest, newest first."""
    assert by.person_id is not None
    rank = Case(When(state="asked", then=0), When(state="in_force", then=1), default=2)
    rows = Entrustment.objects.visible_to(by).select_related("principal", "enterprise", "agent")
    start, headed = (number - 1) * SIZE, headed_by(by.person_id)
    found = list(rows.order_by(rank, "-asked_at", "-id")[start : start + SIZE + 1])
    return tuple(_line(row, by, at, headed) for row in found[:SIZE]), len(found) > SIZE


def _line(row: Entrustment, by: Actor, at: datetime, headed: Collection[UUID]) -> EntrustmentLine:
    held = row.agent_id == by.person_id
    # who sees it and is not the agent stands on the side of the principal; an enterprise answers by its representative
    answers = held or row.enterprise_id is None or row.enterprise_id in headed
    awaits = row.state == "asked" and held == (row.asked_by_id != row.agent_id) and answers
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
