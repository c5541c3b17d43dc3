"""Who may do what to a rating. Pure: (actor, review) -> bool; the docstring is the rule."""

from typing import Any

from siban.kernel.actor import Actor

READING = ("approver", "chief_rep", "unit_head", "dept_admin", "township_clerk")


def rater(actor: Actor, review: Any) -> bool:
    """由办事人本人评价（登录后，或者凭评价邀请；单位申请的由单位现在的人员评价），代办人、工作人员不得代为评价。"""
    if actor.is_citizen:
        return actor.person_id is not None and review.is_of(actor.person_id)
    return actor.is_anonymous


def sees_territory(actor: Actor) -> bool:
    """政务服务管理机构、督查和审计可以查看本地区的评价。"""
    return actor.has_role("service_admin", "supervisor", "auditor")


def reads_own_office(actor: Actor) -> bool:
    """被评价单位的工作人员可以查看对本单位的评价。"""
    return actor.has_role(*READING) and actor.org_id is not None


def opens_desk(actor: Actor) -> bool:
    """被评价单位，以及政务服务管理机构、督查和审计人员可以查看评价。"""
    return sees_territory(actor) or reads_own_office(actor)
