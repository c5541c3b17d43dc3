"""Who may do what with messages. Pure: (actor, subject) -> bool; the docstring is the rule."""

from typing import Any

from siban.kernel.actor import Actor

OVERSEES = ("service_admin", "supervisor", "auditor", "data_admin")
"""Roles that see how the messages of their territory went out."""


def system(actor: Actor, delivery: Any) -> bool:
    """由系统的后台任务办理。"""
    return actor.is_system


def oversees(actor: Actor) -> bool:
    """政务服务管理机构、督查、审计和系统管理员可以查看本地区的发送情况。"""
    return actor.has_role(*OVERSEES)


def may_resend(actor: Actor) -> bool:
    """重新发送由本地区的政务服务管理机构或者系统管理员办理。"""
    return actor.has_role("service_admin", "data_admin")


def resender(actor: Actor, delivery: Any) -> bool:
    """由本地区的政务服务管理机构或者系统管理员办理。"""
    return may_resend(actor) and actor.covers(delivery.message.region_id)
