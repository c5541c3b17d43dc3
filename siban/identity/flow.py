"""委托: one asks, the other confirms, each may end it at once. Diagram: docs/flows/entrustments.md (generated)."""

from django.db.models import TextChoices

from siban.kernel.flow import Machine, Move

from . import access


class EntrustmentState(TextChoices):
    ASKED = "asked", "等对方确认"
    IN_FORCE = "in_force", "委托中"
    REFUSED = "refused", "对方没有同意"
    ENDED = "ended", "已结束"


E = EntrustmentState
LAW = "行政许可法第二十九条第二款；民法典第一百六十五条"
ENDS = "民法典第一百七十三条第二项"

ENTRUSTMENT_FLOW = Machine(
    name="entrustments",
    title="委托代办",
    model="identity.Entrustment",
    states=EntrustmentState,
    start=E.ASKED,
    ends={E.REFUSED, E.ENDED},
    owners={E.ASKED: "被邀请的一方", E.IN_FORCE: "委托人和代办人"},
    moves=(
        Move("confirm", "同意", (E.ASKED,), E.IN_FORCE, access.awaited, LAW),
        Move("refuse", "不同意", (E.ASKED,), E.REFUSED, access.awaited, LAW),
        Move("end", "结束委托", (E.ASKED, E.IN_FORCE), E.ENDED, access.party, ENDS),
    ),
)
