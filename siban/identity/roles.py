"""The sixteen roles of the procedures, and which posts see a whole territory rather than one organisation."""

from django.db.models import TextChoices


class Role(TextChoices):
    """Who takes part (workflows.md, 角色); `applicant` is held by persons, never by a post."""

    APPLICANT = "applicant", "申请人"
    WINDOW_CLERK = "window_clerk", "窗口人员"
    CHIEF_REP = "chief_rep", "首席代表"
    APPROVER = "approver", "部门审批人"
    DEPT_ADMIN = "dept_admin", "部门事项管理员"
    SERVICE_ADMIN = "service_admin", "政务服务管理机构"
    TOWNSHIP_CLERK = "township_clerk", "苏木镇便民中心"
    VILLAGE_AGENT = "village_agent", "嘎查代办员"
    ASSIST_AGENT = "assist_agent", "帮办代办员"
    HOTLINE_OPERATOR = "hotline_operator", "热线话务员"
    HOTLINE_DISPATCHER = "hotline_dispatcher", "热线派单员"
    UNDERTAKER = "undertaker", "承办单位"
    UNIT_HEAD = "unit_head", "单位主要负责人"
    SUPERVISOR = "supervisor", "督查人员"
    DATA_ADMIN = "data_admin", "系统与数据管理员"
    AUDITOR = "auditor", "审计监察"


TERRITORIAL = frozenset({Role.SERVICE_ADMIN, Role.SUPERVISOR, Role.AUDITOR, Role.DATA_ADMIN})
"""Roles that see every organisation of their territory (督查看全部，部门只看本部门)."""

FRONT = frozenset({Role.WINDOW_CLERK, Role.TOWNSHIP_CLERK, Role.VILLAGE_AGENT})
"""Roles that receive visitors at a counter."""
