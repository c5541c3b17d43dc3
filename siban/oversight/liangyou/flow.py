"""W10: how a department reports the results of a round. Diagram: docs/flows/liangyou.md (generated)."""

from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor
from siban.kernel.flow import Machine, Move

from . import rules


class ReportState(TextChoices):
    COLLECTING = "collecting", "待报送"
    SUBMITTED = "submitted", "已报送成果"
    EXPLAINED = "explained", "已报情况说明"
    RETURNED = "returned", "已退回"
    QUALIFIED = "qualified", "已审定"


S = ReportState


def reporter(actor: Actor, report: Any) -> bool:
    """由报送单位的事项管理员或者主要负责人办理。"""
    return rules.department(actor) and actor.org_id == report.org_id


def reviewer(actor: Actor, report: Any) -> bool:
    """由本级政务服务管理机构办理。"""
    return rules.bureau(actor) and actor.covers(report.region_id)


REPORT_FLOW = Machine(
    name="liangyou",
    title="“两优”成果报送",
    model="oversight.LiangyouReport",
    states=S,
    start=S.COLLECTING,
    ends={S.QUALIFIED},
    owners={
        S.COLLECTING: "报送单位",
        S.SUBMITTED: "政务服务管理机构",
        S.EXPLAINED: "政务服务管理机构",
        S.RETURNED: "报送单位",
    },
    moves=(
        Move("submit_results", "报送成果", (S.COLLECTING, S.RETURNED), S.SUBMITTED, reporter, rules.LAW),
        Move("explain", "报送情况说明", (S.COLLECTING, S.RETURNED), S.EXPLAINED, reporter, rules.LAW),
        Move("return_report", "退回", (S.SUBMITTED, S.EXPLAINED), S.RETURNED, reviewer, rules.LAW),
        Move("qualify", "审定", (S.SUBMITTED, S.EXPLAINED), S.QUALIFIED, reviewer, rules.LAW),
    ),
)
