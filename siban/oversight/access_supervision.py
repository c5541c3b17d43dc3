"""Who directs, who does the work, who verifies. Pure: (actor, subject) -> bool; the docstring is the rule."""

from typing import Any

from siban.kernel.actor import Actor

WORKING = (
    "unit_head",
    "dept_admin",
    "approver",
    "chief_rep",
    "township_clerk",
    "village_agent",
    "undertaker",
)
BUREAU = ("service_admin", "supervisor")
SEES_SUPERVISION = (*BUREAU, "auditor", *WORKING)


def directs(actor: Actor, subject: Any) -> bool:
    """由本地区的政务服务管理机构、督查人员办理。"""
    return actor.has_role(*BUREAU) and actor.covers(str(subject.region_id))


def heads_unit(actor: Actor, subject: Any) -> bool:
    """由被督查单位的主要负责人办理。"""
    return actor.has_role("unit_head") and actor.org_id is not None and actor.org_id == subject.org_id


def works_for_unit(actor: Actor, subject: Any) -> bool:
    """由被督查单位的工作人员办理。"""
    return actor.has_role(*WORKING) and actor.org_id is not None and actor.org_id == subject.org_id


def system(actor: Actor, subject: Any) -> bool:
    """由系统根据日期和指标快照作出。"""
    return actor.is_system


def may_direct(actor: Actor) -> bool:
    """政务服务管理机构、督查人员可以起草、下达督查通知和报送要求。"""
    return actor.has_role(*BUREAU) and bool(actor.region_prefix)


def sees_territory(actor: Actor) -> bool:
    """政务服务管理机构、督查和审计人员查看本地区的督查任务和报送。"""
    return actor.has_role(*BUREAU, "auditor") and bool(actor.region_prefix)


def sees_unit(actor: Actor) -> bool:
    """被督查单位的工作人员只看本单位的任务和报送。"""
    return actor.has_role(*WORKING) and actor.org_id is not None


def opens(actor: Actor) -> bool:
    """政务服务管理机构、督查、审计，以及被督查单位的工作人员可以查看。"""
    return sees_territory(actor) or sees_unit(actor)
