"""报送: what units are asked for, and what each of them hands in. Diagrams: docs/flows/collections.md, submissions.md."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor
from siban.kernel.flow import STAYS, Deadline, Machine, Move

from . import access_supervision as access

RULE = "平台报送规则"


class CollectionState(TextChoices):
    DRAFT = "draft", "草稿"
    OPEN = "open", "报送中"
    CLOSED = "closed", "已截止"
    WITHDRAWN = "withdrawn", "已撤回"


class SubmissionState(TextChoices):
    AWAITED = "awaited", "待报送"
    PARTIAL = "partial", "部分报送"
    SUBMITTED = "submitted", "已报送"
    RETURNED = "returned", "退回更正"
    ACCEPTED = "accepted", "已收妥"
    CANCELLED = "cancelled", "不再报送"


C, S = CollectionState, SubmissionState


def still_open(submission: Any, at: datetime) -> str | None:
    """The collection still takes returns, late ones too."""
    return None if submission.collection.state == C.OPEN else "这次报送已经截止或者撤回，不能再报。请联系下达单位。"


def takes_nil(submission: Any, at: datetime) -> str | None:
    """Nil returns are allowed."""
    return None if submission.collection.takes_nil else "这次报送不接受零报送，请按要求填报。"


def is_monthly(collection: Any, at: datetime) -> str | None:
    """It is repeated every month."""
    return None if collection.is_monthly else "这次报送不是每月重复的。"


def another_hand(actor: Actor, submission: Any, at: datetime) -> str | None:
    """Returns are looked through by another person than who handed them in."""
    if actor.id is not None and actor.id == submission.submitted_by_id:
        return "这份报送是您本人报的，要由另一个人审核。"
    return None


COLLECTION_FLOW = Machine(
    name="collections",
    title="报送要求",
    model="oversight.Collection",
    states=C,
    start=C.DRAFT,
    ends={C.CLOSED, C.WITHDRAWN},
    owners={C.DRAFT: "起草人", C.OPEN: "政务服务管理机构、督查人员"},
    moves=(
        Move("open", "下达", (C.DRAFT,), C.OPEN, access.directs, RULE),
        Move("open_again", "每月重复下达", (C.DRAFT,), C.OPEN, access.system, f"{RULE}（每月报送）", deemed=True),
        Move("postpone", "调整期限", (C.OPEN,), STAYS, access.directs, RULE),
        Move("stop_repeating", "不再每月重复", (C.OPEN, C.CLOSED), STAYS, access.directs, RULE, applies=(is_monthly,)),
        Move("urge", "催报", (C.OPEN,), STAYS, access.directs, RULE),
        Move("close", "截止", (C.OPEN,), C.CLOSED, access.directs, RULE),
        Move("withdraw", "撤回", (C.DRAFT, C.OPEN), C.WITHDRAWN, access.directs, RULE),
    ),
)

SUBMISSION_FLOW = Machine(
    name="submissions",
    title="单位报送",
    model="oversight.Submission",
    states=S,
    start=S.AWAITED,
    ends={S.CANCELLED},
    owners={
        S.AWAITED: "报送单位",
        S.PARTIAL: "报送单位",
        S.RETURNED: "报送单位",
        S.SUBMITTED: "政务服务管理机构、督查人员",
        S.ACCEPTED: "政务服务管理机构、督查人员（发现有误时退回更正）",
    },
    deadlines=(
        Deadline("due", "报送期限", (S.AWAITED, S.PARTIAL, S.RETURNED), RULE, otherwise="记为迟报，按轮次催报（每月报送的超过20日记为 V11.3）"),
    ),
    moves=(
        Move("save_part", "先报一部分", (S.AWAITED, S.PARTIAL, S.RETURNED), S.PARTIAL, access.works_for_unit, RULE, needs=(still_open,)),
        Move("submit", "报送", (S.AWAITED, S.PARTIAL, S.RETURNED), S.SUBMITTED, access.works_for_unit, RULE, needs=(still_open,)),
        Move("submit_nil", "零报送", (S.AWAITED, S.PARTIAL, S.RETURNED), S.SUBMITTED, access.works_for_unit, RULE, needs=(still_open, takes_nil)),
        Move("accept", "收妥", (S.SUBMITTED,), S.ACCEPTED, access.directs, RULE, bars=(another_hand,)),
        Move("send_back", "退回更正", (S.SUBMITTED, S.ACCEPTED), S.RETURNED, access.directs, RULE, needs=(still_open,), bars=(another_hand,)),
        Move("cancel", "不再报送", (S.AWAITED, S.PARTIAL, S.RETURNED), S.CANCELLED, access.directs, RULE),
    ),
)  # fmt: skip
