"""The way of a message through one channel outside the site. Diagram: docs/flows/messages.md (generated)."""

from django.db.models import TextChoices

from siban.kernel.flow import Machine, Move

from . import access, rules


class DeliveryState(TextChoices):
    QUEUED = "queued", "待发送"
    SENT = "sent", "已发出"
    RECEIVED = "received", "已送达"
    FAILED = "failed", "没有发出，稍后重试"
    GIVEN_UP = "given_up", "没有发出，已停止重试"


S = DeliveryState
WAITING = (S.QUEUED, S.FAILED)
RULE = "平台消息规则（docs/decisions/0030）"

DELIVERY_FLOW = Machine(
    name="messages",
    title="消息发送",
    model="exchange.Delivery",
    states=DeliveryState,
    start=S.QUEUED,
    ends={S.RECEIVED},
    owners={S.QUEUED: "系统", S.SENT: "发送通道", S.FAILED: "系统", S.GIVEN_UP: "政务服务管理机构"},
    moves=(
        Move("send", "发出", (S.QUEUED, S.FAILED), S.SENT, access.system, RULE, needs=(rules.is_due,)),
        Move("fail", "没有发出", (S.QUEUED, S.FAILED, S.SENT), S.FAILED, access.system, RULE),
        Move("give_up", "停止重试", (S.FAILED,), S.GIVEN_UP, access.system, RULE),
        Move("confirm", "收到送达回执", (S.SENT, S.FAILED, S.GIVEN_UP), S.RECEIVED, access.system, RULE),
        Move("resend", "重新发送", (S.GIVEN_UP, S.FAILED), S.QUEUED, access.resender, RULE),
    ),
)
