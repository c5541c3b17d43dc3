"""Who may do what to a case. Pure: (actor, case) -> bool; the docstring is the rule, shown with a refusal."""

from typing import Any

from siban.kernel.actor import Actor
from siban.kernel.codes.region import contains

FRONT = ("window_clerk", "township_clerk", "village_agent")


def applicant(actor: Actor, case: Any) -> bool:
    """由申请人本人、申请单位现在的经办人或者有委托的代办人办理。"""
    return actor.is_citizen and actor.person_id is not None and case.is_acted_for_by(actor.person_id)


def counter(actor: Actor, case: Any) -> bool:
    """由收件窗口的人员办理。"""
    if not actor.has_role(*FRONT):
        return False
    is_own = actor.org_id is not None and actor.org_id in (case.org_id, case.received_org_id)
    if actor.covers(case.region_id):
        return actor.role == "window_clerk" or is_own
    return is_own and (case.is_cross or contains(case.region_id, actor.region_code))  # 跨域通办的，基层代收的


def receiver(actor: Actor, case: Any) -> bool:
    """由收件窗口或者实施部门的审查人员办理。"""
    return counter(actor, case) or reviewer(actor, case)


def reviewer(actor: Actor, case: Any) -> bool:
    """由实施部门的审批人员或者首席代表办理。"""
    return actor.has_role("approver", "chief_rep") and actor.org_id == case.org_id


def decider(actor: Actor, case: Any) -> bool:
    """由实施部门的审批人员、首席代表或者主要负责人办理。"""
    return reviewer(actor, case) or head(actor, case)


def head(actor: Actor, case: Any) -> bool:
    """由实施部门的主要负责人办理。"""
    return actor.has_role("unit_head") and actor.org_id == case.org_id


def consulted(actor: Actor, case: Any) -> bool:
    """由被征求意见的单位的审批人员、首席代表或者主要负责人办理。"""
    return actor.has_role("approver", "chief_rep", "unit_head") and case.is_consulted(actor.org_id)


def deliverer(actor: Actor, case: Any) -> bool:
    """由出件窗口、保管着办理结果的其他窗口或者实施部门办理。"""
    return receiver(actor, case) or (actor.has_role(*FRONT) and case.custody_pieces.lying_at(actor.org_id))


def applicant_or_counter(actor: Actor, case: Any) -> bool:
    """由申请人本人，或者当面受理的窗口人员办理。"""
    return applicant(actor, case) or counter(actor, case)


def overrider(actor: Actor, case: Any) -> bool:
    """由实施部门的审批人员、首席代表或者主要负责人，或者政务服务管理机构办理，须两人。"""
    return decider(actor, case) or (actor.has_role("service_admin") and actor.covers(case.region_id))


def system(actor: Actor, case: Any) -> bool:
    """由系统在期限届满时作出。"""
    return actor.is_system


def by_rules(actor: Actor, case: Any) -> bool:
    """由系统依照部门签署的秒批规则作出。"""
    return actor.is_system


def extends(actor: Actor, case: Any) -> bool:
    """由实施部门的主要负责人批准；法定期限 45 日以上的，由政务服务管理机构登记本级人民政府负责人的批准。"""
    return head(actor, case) or (actor.has_role("service_admin") and actor.covers(case.region_id))


def sees_territory(actor: Actor) -> bool:
    """政务服务管理机构、督查和审计可以查看本地区全部办件。"""
    return actor.has_role("service_admin", "supervisor", "auditor")


DESK = (*FRONT, "approver", "chief_rep", "unit_head", "service_admin", "supervisor", "auditor")
"""Roles that open the list of cases; what each sees of it is `Case.objects.visible_to`."""
DECIDING = ("approver", "chief_rep", "unit_head")
"""Roles that speak for a department: review, decide, answer other units."""
