"""跨域通办: received here, decided there, handed out here. Diagram: docs/flows/cross.md (generated)."""

from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor
from siban.kernel.flow import Deadline, Machine, Move

from . import access
from .rules_cross import LAW, NAMES


class CrossState(TextChoices):
    RECEIVED = "received", "已收件，待受理推送"
    SENT = "sent", "已推送，待办理地接收"
    RETURNED = "returned", "办理地退回，待补充"
    TAKEN = "taken", "办理地办理中"
    RESULT = "result", "已有结果，待寄回"
    COMING = "coming", "结果在途"
    BACK = "back", "结果已到，待领取"
    DONE = "done", "已交申请人"
    ENDED = "ended", "办理已结束"


H = CrossState
LATE = "逐级预警：负责这一程的单位、政务服务管理机构"


def here(actor: Actor, cross: Any) -> bool:
    """由收件的窗口办理。"""
    return actor.has_role(*access.FRONT) and actor.org_id == cross.from_org_id


def there(actor: Actor, cross: Any) -> bool:
    """由办理地的窗口或者实施部门办理。"""
    if actor.has_role("window_clerk") and actor.covers(cross.region_id):
        return bool(actor.org_id != cross.from_org_id)
    return actor.has_role("approver", "chief_rep", "unit_head") and actor.org_id == cross.to_org_id


def system(actor: Actor, cross: Any) -> bool:
    """由系统随办件的办理情况记录。"""
    return actor.is_system


CROSS_FLOW = Machine(
    name="cross",
    title="跨域通办",
    model="cases.CrossRegion",
    states=CrossState,
    start=H.RECEIVED,
    ends={H.DONE, H.ENDED},
    owners={
        H.RECEIVED: "收件的窗口", H.SENT: "办理地的窗口或者实施部门", H.RETURNED: "收件的窗口", H.TAKEN: "办理地的实施部门",
        H.RESULT: "办理地的窗口或者实施部门", H.COMING: "收件的窗口", H.BACK: "收件的窗口",
    },
    moves=(
        Move("push", "受理后推送", (H.RECEIVED,), H.SENT, system, LAW, paper="cross"),
        Move("push_again", "补充后再次推送", (H.RETURNED,), H.SENT, here, LAW, paper="cross"),
        Move("take", "复核接收", (H.SENT,), H.TAKEN, there, LAW),
        Move("send_back", "退回收件地", (H.SENT,), H.RETURNED, there, LAW),
        Move("have_result", "作出结果", (H.SENT, H.TAKEN), H.RESULT, system, LAW),
        Move("send_result", "寄出结果", (H.RESULT,), H.COMING, there, LAW),
        Move("print_here", "电子结果，收件地直接打印", (H.RESULT,), H.BACK, here, LAW),
        Move("receive_result", "收到结果", (H.COMING,), H.BACK, here, LAW),
        Move("hand_out", "交给申请人", (H.SENT, H.TAKEN, H.RESULT, H.COMING, H.BACK), H.DONE, system, LAW),
        Move("end", "办件提前结束", (H.RECEIVED, H.SENT, H.RETURNED, H.TAKEN, H.RESULT, H.COMING, H.BACK), H.ENDED, system, LAW),
    ),
    deadlines=(
        Deadline("cross_received", NAMES["received"], (H.RECEIVED,), LAW, otherwise=LATE),
        Deadline("cross_sent", NAMES["sent"], (H.SENT,), LAW, otherwise=LATE),
        Deadline("cross_returned", NAMES["returned"], (H.RETURNED,), LAW, otherwise=LATE),
        Deadline("cross_result", NAMES["result"], (H.RESULT,), LAW, otherwise=LATE),
    ),
)  # fmt: skip
