"""W1: how a service item is claimed, compiled, reviewed and published. Diagram: docs/flows/items.md (generated)."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.kernel.flow import Machine, Move

from . import access


class ItemState(TextChoices):
    TO_CLAIM = "to_claim", "待认领"
    CLAIMED = "claimed", "已认领"
    DRAFTING = "drafting", "编制中"
    SELF_CHECKED = "self_checked", "已自检"
    SUBMITTED = "submitted", "待审核"
    REVIEWED = "reviewed", "审核通过"
    SCHEDULED = "scheduled", "已定日发布"
    PUBLISHED = "published", "已发布"
    SUSPENDED = "suspended", "已暂停"
    CANCELLED = "cancelled", "已取消"


class ChangeKind(TextChoices):
    """《事项调整申请》的类型 (W1)."""

    NEW = "new", "新增"
    CHANGE = "change", "变更"
    TAKE_OVER = "take_over", "承接"
    DELEGATE = "delegate", "下放"
    CANCEL = "cancel", "取消"


class ChangeBasis(TextChoices):
    """What gives rise to a change (W1)."""

    LAW = "law", "法律法规立改废释"
    DUTIES = "duties", "职能划转"
    BASE = "base", "上级目录或者上级事项变更"
    BUSINESS = "business", "业务变化"
    FEEDBACK = "feedback", "投诉反映"


DOCUMENTED = frozenset({ChangeKind.TAKE_OVER, ChangeKind.DELEGATE, ChangeKind.CANCEL})
"""Kinds that are not made without the number of a document (办理“承接下放取消”事项须留文号)."""

S = ItemState
STANDARD = "国发〔2022〕5号"  # 三化: items are claimed, compiled and published by standard
CONCENTRATED = "行政许可法第二十五条"  # 相对集中行政许可权
LISTED = "行政许可法第三十条"  # items, basis, conditions, materials are made public

DRAFTED = (S.DRAFTING, S.SELF_CHECKED)


def in_force(item: Any, at: datetime) -> str | None:
    """A draft beside a version in force: the item goes on with that version."""
    return None if item.version_id and not item.is_suspended else "没有正在执行的版本，放弃草稿后不能回到“已发布”。"


def suspended(item: Any, at: datetime) -> str | None:
    """A draft of a suspended item: it stays suspended."""
    return None if item.version_id and item.is_suspended else "这个事项不在暂停中。"


def never_published(item: Any, at: datetime) -> str | None:
    """A first draft: the item is claimed, as before it was begun."""
    return None if not item.version_id else "这个事项发布过，放弃草稿后回到发布或者暂停的状态。"


DISCARDS = ("discard", "discard_suspended", "discard_first")
"""Giving up a draft, by what the item falls back to; exactly one of them is open."""

ITEM_FLOW = Machine(
    name="items",
    title="事项认领、编制与发布",
    model="catalog.ImplementationItem",
    states=ItemState,
    start=S.TO_CLAIM,
    ends={S.CANCELLED},
    owners={
        S.TO_CLAIM: "部门事项管理员",
        S.CLAIMED: "部门事项管理员",
        S.DRAFTING: "部门事项管理员",
        S.SELF_CHECKED: "部门事项管理员",
        S.SUBMITTED: "政务服务管理机构",
        S.REVIEWED: "政务服务管理机构",
        S.SCHEDULED: "到生效日由系统切换",
        S.PUBLISHED: "部门事项管理员",
        S.SUSPENDED: "政务服务管理机构",
    },
    moves=(
        Move("claim", "认领", (S.TO_CLAIM,), S.CLAIMED, access.item_manager, STANDARD),
        Move("draft", "开始编制", (S.CLAIMED,), S.DRAFTING, access.item_manager, STANDARD),
        Move("self_check", "完成自检", (S.DRAFTING,), S.SELF_CHECKED, access.item_manager, STANDARD),
        Move("submit", "提交审核", (S.SELF_CHECKED,), S.SUBMITTED, access.item_manager, STANDARD),
        Move("send_back", "退回修改", (S.SUBMITTED, S.REVIEWED), S.DRAFTING, access.service_admin, STANDARD),
        Move("review", "审核通过", (S.SUBMITTED,), S.REVIEWED, access.service_admin, STANDARD),
        Move("publish", "发布", (S.REVIEWED,), S.PUBLISHED, access.service_admin, LISTED),
        Move("schedule", "定日发布", (S.REVIEWED,), S.SCHEDULED, access.service_admin, LISTED),
        Move("take_effect", "到期生效", (S.SCHEDULED,), S.PUBLISHED, access.the_system, LISTED, deemed=True),
        Move("withdraw_schedule", "撤回定日发布", (S.SCHEDULED,), S.REVIEWED, access.service_admin, LISTED),
        Move("request_change", "申请调整", (S.PUBLISHED, S.SUSPENDED), S.DRAFTING, access.item_manager, STANDARD),
        Move("discard", "放弃草稿", DRAFTED, S.PUBLISHED, access.item_manager, STANDARD, needs=(in_force,)),
        Move("discard_suspended", "放弃草稿", DRAFTED, S.SUSPENDED, access.item_manager, STANDARD, needs=(suspended,)),
        Move("discard_first", "放弃草稿", DRAFTED, S.CLAIMED, access.item_manager, STANDARD, needs=(never_published,)),
        Move("suspend", "暂停", (S.PUBLISHED,), S.SUSPENDED, access.service_admin, LISTED),
        Move("resume", "恢复", (S.SUSPENDED,), S.PUBLISHED, access.service_admin, LISTED),
        Move(
            "cancel", "取消", (S.TO_CLAIM, S.CLAIMED, S.DRAFTING, S.PUBLISHED, S.SUSPENDED), S.CANCELLED,
            access.service_admin, LISTED,
        ),
        Move("transfer_out", "划出", (S.PUBLISHED, S.SUSPENDED), S.CANCELLED, access.by_memo, CONCENTRATED, deemed=True),
        Move("transfer_in", "划入", (S.TO_CLAIM,), S.PUBLISHED, access.by_memo, CONCENTRATED, deemed=True),
    ),
)  # fmt: skip
