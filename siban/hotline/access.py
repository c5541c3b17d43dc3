"""Who takes the call, who dispatches, who handles, who calls back. Pure: (actor, order) -> bool; the docstring is the rule."""

from typing import Any

from siban.kernel.actor import Actor

OPERATORS = ("hotline_operator", "hotline_dispatcher")
BUREAU = ("service_admin", "hotline_dispatcher")
HANDLERS = ("undertaker", "unit_head", "dept_admin", "approver", "chief_rep", "township_clerk", "village_agent")
OVERSEERS = ("service_admin", "supervisor", "auditor", "hotline_dispatcher", "hotline_operator")


def operator(actor: Actor, order: Any) -> bool:
    """由本地区的热线话务员、派单员办理。"""
    return actor.has_role(*OPERATORS) and actor.covers(str(order.region_id))


def operator_or_caller(actor: Actor, order: Any) -> bool:
    """由热线话务员、派单员或者诉求人本人办理。"""
    return operator(actor, order) or caller(actor, order)


def intake(actor: Actor, order: Any) -> bool:
    """由热线话务员、诉求人本人登记，或者由开放接口代为登记。"""
    return operator_or_caller(actor, order) or actor.is_system


def dispatcher(actor: Actor, order: Any) -> bool:
    """由本地区的热线派单员、政务服务管理机构办理。"""
    return actor.has_role(*BUREAU) and actor.covers(str(order.region_id))


def dispatcher_or_system(actor: Actor, order: Any) -> bool:
    """由本地区的热线派单员、政务服务管理机构办理，主单撤回时由系统办理。"""
    return dispatcher(actor, order) or actor.is_system


def bureau(actor: Actor, order: Any) -> bool:
    """由本地区的政务服务管理机构办理。"""
    return actor.has_role("service_admin") and actor.covers(str(order.region_id))


def handler(actor: Actor, order: Any) -> bool:
    """由承办单位的工作人员办理。"""
    return actor.has_role(*HANDLERS) and actor.org_id is not None and actor.org_id == order.lead_id


def handler_or_dispatcher(actor: Actor, order: Any) -> bool:
    """由承办单位或者热线派单员、政务服务管理机构办理。"""
    return handler(actor, order) or dispatcher(actor, order)


def caller(actor: Actor, order: Any) -> bool:
    """由诉求人本人办理。"""
    return actor.is_citizen and actor.person_id is not None and actor.person_id == order.person_id


def system(actor: Actor, order: Any) -> bool:
    """由系统在期限届满或者达到次数时作出。"""
    return actor.is_system


def co_handler(actor: Actor, leg: Any) -> bool:
    """由协办单位的工作人员办理。"""
    return actor.has_role(*HANDLERS) and actor.org_id is not None and actor.org_id == leg.org_id


def sees_territory(actor: Actor) -> bool:
    """热线、政务服务管理机构、督查和审计人员查看本地区的工单。"""
    return actor.has_role(*OVERSEERS) and bool(actor.region_prefix)


def sees_unit(actor: Actor) -> bool:
    """承办单位的工作人员只看派给本单位的工单。"""
    return actor.has_role(*HANDLERS) and actor.org_id is not None


def opens(actor: Actor) -> bool:
    """热线、政务服务管理机构、督查、审计，以及承办单位的工作人员可以查看。"""
    return sees_territory(actor) or sees_unit(actor)


def may_receive(actor: Actor) -> bool:
    """热线话务员、派单员可以登记来电。"""
    return actor.has_role(*OPERATORS) and bool(actor.region_prefix)


def may_set_rules(actor: Actor) -> bool:
    """热线派单员、政务服务管理机构可以修改派单清单。"""
    return actor.has_role(*BUREAU) and bool(actor.region_prefix)
