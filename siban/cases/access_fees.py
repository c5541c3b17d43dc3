"""Who may do what with fees. Pure: (actor, order) -> bool; the docstring is the rule. `order.case` is the case."""

from typing import Any

from siban.kernel.actor import Actor

from . import access


def system(actor: Actor, order: Any) -> bool:
    """由系统办理。"""
    return actor.is_system


def assessor(actor: Actor, order: Any) -> bool:
    """由实施部门的审批人员或者首席代表办理。"""
    return access.reviewer(actor, order.case)


def payee(actor: Actor, order: Any) -> bool:
    """由收费窗口登记，或者由支付渠道的回执确认。"""
    return actor.is_system or cashier(actor, order)


def cashier(actor: Actor, order: Any) -> bool:
    """由收费窗口的人员办理。"""
    return actor.has_role("window_clerk", "township_clerk") and access.counter(actor, order.case)


def approver(actor: Actor, refund: Any) -> bool:
    """由实施部门的另一个人（审批人员、首席代表或者单位主要负责人）审核，申请退费的人不能审核自己的申请。"""
    mine = actor.has_role("approver", "chief_rep", "unit_head") and actor.org_id == refund.order.org_id
    return mine and actor.id != refund.asked_by


def refunder(actor: Actor, refund: Any) -> bool:
    """由收费窗口的人员办理。"""
    return cashier(actor, refund.order)


def reconciler(actor: Actor, difference: Any) -> bool:
    """由本地区的政务服务管理机构办理。"""
    return reconciles(actor) and actor.covers(difference.statement.region_id)


def reconciles(actor: Actor) -> bool:
    """政务服务管理机构核对缴费。"""
    return actor.has_role("service_admin")


DESK = (
    "window_clerk",
    "township_clerk",
    "approver",
    "chief_rep",
    "unit_head",
    "service_admin",
    "auditor",
    "supervisor",
)
"""Roles that open the list of fees; what each sees of it follows from the cases they see."""
