"""Who may see and do what about halls. Pure; the docstring is the rule."""

from typing import Any

from siban.kernel.actor import Actor

SEES = (
    "service_admin", "supervisor", "auditor", "unit_head", "dept_admin", "approver", "chief_rep", "township_clerk",
)  # fmt: skip


def sees_territory(actor: Actor) -> bool:
    """政务服务管理机构、督查和审计查看本地区全部单位，其他人只看本单位。"""
    return actor.has_role("service_admin", "supervisor", "auditor")


def unit(actor: Actor, subject: Any) -> bool:
    """由本单位的事项管理员、主要负责人或者苏木镇便民中心办理。"""
    return of_a_unit(actor) and actor.org_id == subject.org_id


def of_a_unit(actor: Actor) -> bool:
    """由单位的事项管理员、主要负责人或者苏木镇便民中心办理。"""
    return actor.has_role("dept_admin", "unit_head", "township_clerk") and actor.org_id is not None


def bureau(actor: Actor, subject: Any) -> bool:
    """由本级政务服务管理机构办理。"""
    return actor.has_role("service_admin") and actor.covers(subject.region_id)


def is_bureau(actor: Actor) -> bool:
    """由政务服务管理机构办理。"""
    return actor.has_role("service_admin")
