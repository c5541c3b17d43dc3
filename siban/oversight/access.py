"""Who may see which figures. Pure; the docstring is the rule."""

from siban.kernel.actor import Actor


def sees_all_units(actor: Actor) -> bool:
    """政务服务管理机构、督查和审计查看本地区全部单位。"""
    return actor.has_role("service_admin", "supervisor", "auditor")


def sees_own_unit(actor: Actor) -> bool:
    """其他工作人员只看本单位。"""
    return actor.is_staff and actor.org_id is not None


def records_figures(actor: Actor) -> bool:
    """政务服务管理机构记录指标快照、更正已经记录的指标。"""
    return actor.has_role("service_admin")


def writes_documents(actor: Actor) -> bool:
    """调度、通报和总结由政务服务管理机构和督查人员起草。"""
    return actor.has_role("service_admin", "supervisor")
