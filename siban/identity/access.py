"""Who may manage accounts. Pure: (actor, organisation) -> bool; the docstring is the rule, shown with a refusal."""

from typing import Any

from siban.kernel.actor import Actor


def administrator(actor: Actor, org: Any) -> bool:
    """账号和岗位由所在地区的系统与数据管理员办理。"""
    return actor.has_role("data_admin") and actor.covers(org.region_id)


def awaited(actor: Actor, entrustment: Any) -> bool:
    """由被邀请的一方本人确认。"""
    return actor.is_citizen and actor.person_id is not None and actor.person_id in entrustment.awaited_ids


def party(actor: Actor, entrustment: Any) -> bool:
    """由委托人（委托单位的人员）或者代办人本人办理。"""
    if not actor.is_citizen or actor.person_id is None:
        return False
    return actor.person_id == entrustment.agent_id or actor.person_id in entrustment.principal_ids
