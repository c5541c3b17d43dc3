"""Who may do what to an item. Pure: (actor, item) -> bool; the docstring is the rule."""

from typing import Any

from siban.kernel.actor import Actor


def sees_territory(actor: Actor) -> bool:
    """政务服务管理机构、督查和审计可以查看本地区全部事项。"""
    return actor.has_role("service_admin", "supervisor", "auditor", "data_admin")


def item_manager(actor: Actor, item: Any) -> bool:
    """由事项所属部门的事项管理员办理。"""
    return actor.has_role("dept_admin") and actor.org_id == item.org_id


def service_admin(actor: Actor, item: Any) -> bool:
    """由本级政务服务管理机构办理。"""
    return actor.has_role("service_admin") and actor.covers(item.region_id)


def the_system(actor: Actor, item: Any) -> bool:
    """由系统在生效日自动办理。"""
    return actor.is_system


def by_memo(actor: Actor, item: Any) -> bool:
    """由系统在签署了划转备忘录、到交接时办理。"""
    return actor.is_system


def manager_or_admin(actor: Actor, item: Any) -> bool:
    """由事项所属部门的事项管理员或者政务服务管理机构办理。"""
    return item_manager(actor, item) or service_admin(actor, item)


def links_materials(actor: Actor) -> bool:
    """由政务服务管理机构维护材料与电子证照的关联。"""
    return actor.has_role("service_admin")


def imports_items(actor: Actor) -> bool:
    """由部门事项管理员或者政务服务管理机构导入事项表格。"""
    return actor.has_role("dept_admin", "service_admin")


def keeps_powers(actor: Actor, org: Any) -> bool:
    """由本单位的事项管理员或者管辖本单位的政务服务管理机构维护。"""
    own = actor.has_role("dept_admin") and actor.org_id == org.pk
    return own or (actor.has_role("service_admin") and actor.covers(org.region_id))


def keeps_base_list(actor: Actor) -> bool:
    """由管辖范围覆盖该目录事项全部实施单位的政务服务管理机构调整。"""
    return actor.has_role("service_admin")


def switches_rules(actor: Actor, region: str) -> bool:
    """由本级政务服务管理机构在本地区范围内调整。"""
    return actor.has_role("service_admin") and actor.covers(region)
