"""Who may manage accounts. Pure: (actor, organisation) -> bool; the docstring is the rule, shown with a refusal."""

from typing import Any

from siban.kernel.actor import Actor


def administrator(actor: Actor, org: Any) -> bool:
    """账号和岗位由所在地区的系统与数据管理员办理。"""
    return actor.has_role("data_admin") and actor.covers(org.region_id)
