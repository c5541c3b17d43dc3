"""Who writes articles, who publishes them, who sees them. Pure: (actor, version) -> bool; the docstring is the rule."""

from typing import Any

from siban.kernel.actor import Actor

from .access import BUREAU, HANDLERS, OPERATORS, OVERSEERS

DESK = tuple(dict.fromkeys((*OVERSEERS, *HANDLERS)))


def author(actor: Actor, version: Any) -> bool:
    """由条目的归属单位、热线派单员或者政务服务管理机构办理。"""
    return is_owner(actor, version) or publisher(actor, version)


def is_owner(actor: Actor, version: Any) -> bool:
    """由条目的归属单位办理。"""
    return actor.has_role(*HANDLERS) and actor.org_id is not None and actor.org_id == version.owner_id


def publisher(actor: Actor, version: Any) -> bool:
    """由本地区的热线派单员、政务服务管理机构办理。"""
    return actor.is_system or (actor.has_role(*BUREAU) and actor.covers(str(version.region_id)))


def system(actor: Actor, version: Any) -> bool:
    """由系统在有效期届满时作出。"""
    return actor.is_system


def sees_territory(actor: Actor) -> bool:
    """热线、政务服务管理机构、督查和审计人员查看本地区的条目。"""
    return actor.has_role(*OVERSEERS) and bool(actor.region_prefix)


def sees_unit(actor: Actor) -> bool:
    """归属单位的工作人员查看本单位的条目。"""
    return actor.has_role(*HANDLERS) and actor.org_id is not None


def opens(actor: Actor) -> bool:
    """热线、政务服务管理机构、督查、审计和各单位的工作人员可以查看。"""
    return sees_territory(actor) or sees_unit(actor)


def may_publish(actor: Actor) -> bool:
    """热线派单员、政务服务管理机构发布条目、处理没有答案的问题。"""
    return actor.has_role(*BUREAU) and bool(actor.region_prefix)


def may_write(actor: Actor) -> bool:
    """各单位的工作人员写本单位的条目，热线派单员、政务服务管理机构写各单位的条目。"""
    return may_publish(actor) or sees_unit(actor)


def hears_questions(actor: Actor) -> bool:
    """热线话务员、派单员和政务服务管理机构查看提问和留言。"""
    return actor.has_role(*OPERATORS, *BUREAU) and bool(actor.region_prefix)
