"""Who may do what to a certificate. Pure: (actor, certificate) -> bool; the docstring is the rule, shown with a refusal."""

from typing import Any

from siban.kernel.actor import Actor

ISSUING = ("approver", "chief_rep")
READING = (*ISSUING, "unit_head", "dept_admin")


def issuer(actor: Actor, certificate: Any) -> bool:
    """由发证机关的审批人员或者首席代表办理。"""
    return actor.has_role(*ISSUING) and actor.org_id is not None and actor.org_id == certificate.issuer_id


def holder(actor: Actor, certificate: Any) -> bool:
    """由持证人本人（或者持证单位的经办人）办理。"""
    return actor.is_citizen and actor.person_id is not None and actor.person_id in certificate.holder_ids


def system(actor: Actor, certificate: Any) -> bool:
    """由系统在有效期届满时作出。"""
    return actor.is_system


def sees_territory(actor: Actor) -> bool:
    """政务服务管理机构、督查和审计可以查看本地区各机关制发的证照。"""
    return actor.has_role("service_admin", "supervisor", "auditor")


def reads_own_office(actor: Actor) -> bool:
    """发证机关的审批人员、首席代表、负责人和事项管理员可以查看本机关制发的证照。"""
    return actor.has_role(*READING) and actor.org_id is not None


def opens_desk(actor: Actor) -> bool:
    """发证机关，以及政务服务管理机构、督查和审计人员可以查看证照。"""
    return sees_territory(actor) or reads_own_office(actor)


def purpose_of(actor: Actor) -> str:
    """Why an official opens a certificate, as the post says it."""
    return "监督检查" if sees_territory(actor) else "办理证照登记"
