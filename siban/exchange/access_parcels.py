"""Who may do what with parcels. Pure: (actor, parcel) -> bool; the docstring is the rule."""

from typing import Any

from siban.kernel.actor import Actor

OFFICE = ("window_clerk", "township_clerk", "approver", "chief_rep")
READS = (*OFFICE, "unit_head", "service_admin", "supervisor", "auditor")


def office(actor: Actor, parcel: Any) -> bool:
    """由办理机关或者本地区的窗口人员办理。"""
    if not actor.has_role(*OFFICE):
        return False
    return actor.org_id == parcel.org_id or (actor.role == "window_clerk" and actor.covers(parcel.region_id))


def carrier(actor: Actor, parcel: Any) -> bool:
    """由寄递单位的回报确认。"""
    return actor.is_system


def sender(actor: Actor, parcel: Any) -> bool:
    """由交寄的一方，或者寄递单位的回报确认。"""
    if actor.is_system or office(actor, parcel):
        return True
    return (
        actor.is_citizen and parcel.direction == "in" and actor.person_id is not None and parcel.is_of(actor.person_id)
    )


def oversees(actor: Actor) -> bool:
    """政务服务管理机构、督查和审计可以查看本地区的寄递。"""
    return actor.has_role("service_admin", "supervisor", "auditor")
