"""What must be true before a step of an order; each returns the sentence of refusal, or None. Pure over the order."""

from datetime import datetime
from typing import Any

from siban.kernel.actor import Actor
from siban.kernel.clock import local

from . import rules


def is_classified(order: Any, at: datetime) -> str | None:
    """The order has a category and a nature."""
    return None if order.leaf and order.nature else "还没有分类。请先选定诉求类别和性质，再派单。"


def within_return_time(order: Any, at: datetime) -> str | None:
    """A unit returns an order only within the time after signing."""
    if order.return_by is not None and at > order.return_by:
        return f"退单应在签收后 {rules.step_limit('return').words}内提出，这张工单到 {local(order.return_by):%m月%d日 %H:%M} 为止。请办理，或者申请会商。"
    return None


def returns_left(order: Any, at: datetime) -> str | None:
    """After the second return the hotline rules, and nobody returns the order again (首接负责)."""
    if order.is_ruled:
        return "派单争议已经裁定，按首接负责不能再退单。有不同意见的，请申请会商。"
    return None


def is_second_return(order: Any, at: datetime) -> str | None:
    """The order was returned as often as leads to a ruling."""
    if order.returns < int(rules.setting("counts", "returns_before_ruling")):
        return "退单还没有达到应裁定的次数，请直接审核。"
    return None


def is_first_return(order: Any, at: datetime) -> str | None:
    """Only so many returns are settled by agreeing; then the hotline rules."""
    most = int(rules.setting("counts", "returns_before_ruling"))
    if order.returns >= most:
        return f"已经是第 {order.returns} 次退单，请转为派单争议，由热线管理机构裁定。"
    return None


def before_due(order: Any, at: datetime) -> str | None:
    """More time is asked for before the time is over."""
    if order.due_at is not None and at > order.due_at:
        return "已经超过办理时限，不能再申请延期。请尽快办结，并写明逾期原因。"
    return None


def extensions_left(order: Any, at: datetime) -> str | None:
    """No more extensions than configured."""
    most = int(rules.setting("counts", "extensions"))
    return (
        f"已经延期 {order.extensions} 次，最多 {most} 次。请办结，或者申请挂单、会商。"
        if order.extensions >= most
        else None
    )


def nothing_asked(order: Any, at: datetime) -> str | None:
    """No extension waits for an answer."""
    return "已经申请过延期，正在等待审批。" if order.extension else None


def extension_asked(order: Any, at: datetime) -> str | None:
    """An extension waits for an answer."""
    return None if order.extension else "没有等待审批的延期申请。"


def was_contacted(order: Any, at: datetime) -> str | None:
    """The caller was contacted before the reply (未联系不得答复)."""
    return None if order.contacted_at else "还没有联系诉求人的记录。请先联系诉求人，登记联系情况，再答复。"


def was_visited(order: Any, at: datetime) -> str | None:
    """三上门: a visit is on record, or why there was none."""
    if rules.wants_visit(order.nature) and not order.has_visit and not order.no_visit_reason:
        return "还没有上门记录。请登记上门办理、劝导或者反馈；确实不用上门的，写明原因。"
    return None


def co_handlers_done(order: Any, at: datetime) -> str | None:
    """Every co-handler has handed in its part."""
    if left := order.open_legs():
        return f"还有 {left} 个协办单位没有反馈。请催办，或者请热线撤回协办。"
    return None


def was_terminated_lawfully(order: Any, at: datetime) -> str | None:
    """Ground, basis and evidence are written."""
    return None if order.terminations.exists() else "还没有写明终结的理由和依据。"


def attempts_made(order: Any, at: datetime) -> str | None:
    """The caller was tried as often as configured."""
    most = int(rules.setting("counts", "callback_attempts"))
    if order.attempts < most:
        return f"已经回访 {order.attempts} 次没有接通，至少 {most} 次才能按“无法接通”办结。"
    return None


def is_difficult(order: Any, at: datetime) -> str | None:
    """Redone or sent round as often as makes an order a difficult one."""
    return None if rules.is_difficult(order.redos, order.transfers) else "重办或者转办还没有达到提级的次数。"


def appeal_open(order: Any, at: datetime) -> str | None:
    """The days of the appeal are not over."""
    if order.step_due_at is not None and at > order.step_due_at:
        return f"申诉应在 {local(order.step_due_at):%Y年%m月%d日} 以前提出，已经过期。您可以就新的情况重新提出诉求。"
    return None


def appeal_over(order: Any, at: datetime) -> str | None:
    """The days of the appeal are over."""
    return None if order.step_due_at is not None and at > order.step_due_at else "申诉期还没有过。"


def plan_kept(order: Any, at: datetime) -> str | None:
    """What was hung has a running plan."""
    return None if order.stopped_at else "这张工单没有挂单。"


def not_own_hand(actor: Actor, order: Any, at: datetime) -> str | None:
    """回访人不能是承办人。"""
    if actor.id is not None and str(actor.id) in order.hands:
        return "您办理过这张工单，按“回访与承办分离”，应由另一位话务员回访。"
    return None


def not_the_asker(actor: Actor, order: Any, at: datetime) -> str | None:
    """Who asked does not approve."""
    if actor.id is not None and str(actor.id) == order.asked_by:
        return "申请是您本人提出的，应由另一个人审核。"
    return None


def not_the_reviewer(actor: Actor, order: Any, at: datetime) -> str | None:
    """Who reviewed does not approve."""
    if actor.id is not None and str(actor.id) in (order.asked_by, order.reviewed_by):
        return "您已经申请或者审核过，应由另一个人批准。"
    return None
