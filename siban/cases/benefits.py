"""免申即享: a policy reaches those it is for without an application. Diagrams: docs/flows/benefits.md, benefit_plans.md."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.catalog.api import facts
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.conditions import ConditionError, Row, Table, names_in
from siban.kernel.flow import Deadline, Machine, Move

LAW = "国发〔2022〕5号（免申即享）"
PUBLIC_DAYS = 5  # house default: working days a list stands in public before anything is paid


class PlanState(TextChoices):
    DRAFT = "draft", "编写中"
    OPEN = "open", "兑现中"
    CLOSED = "closed", "已结束"


class CandidateState(TextChoices):
    LISTED = "listed", "待本人确认"
    CONFIRMED = "confirmed", "本人已确认"
    PUBLISHED = "published", "公示中"
    GRANTED = "granted", "已兑现"
    DECLINED = "declined", "本人不享受"
    BARRED = "barred", "不予兑现"
    LAPSED = "lapsed", "逾期未确认"


def office(actor: Actor, subject: Any) -> bool:
    """由实施部门的审批人员、首席代表或者主要负责人办理。"""
    return actor.has_role("approver", "chief_rep", "unit_head") and actor.org_id == subject.org_id


def head(actor: Actor, subject: Any) -> bool:
    """由实施部门的主要负责人办理。"""
    return actor.has_role("unit_head") and actor.org_id == subject.org_id


def person(actor: Actor, candidate: Any) -> bool:
    """由本人确认。"""
    return actor.is_citizen and actor.person_id == candidate.person_id


def system(actor: Actor, candidate: Any) -> bool:
    """由系统在期限届满时作出。"""
    return actor.is_system


def readable(plan: Any, at: datetime) -> str | None:
    """条件能读懂，只用核验过的信息。"""
    try:
        table(plan.name, plan.condition)
    except ConditionError as error:
        return str(error)
    return None


def no_double(candidate: Any, at: datetime) -> str | None:
    """没有重复享受同类政策，也没有在办或者办成的同一事项。"""
    return candidate.double()  # type: ignore[no-any-return]


def public_over(candidate: Any, at: datetime) -> str | None:
    """公示期已满。"""
    if candidate.public_until is None or local_day(at) <= candidate.public_until:
        return f"公示到 {candidate.public_until} 届满，届满以前不能兑现。"
    return None


def plan_over(candidate: Any, at: datetime) -> str | None:
    """政策已经到期。"""
    return None if local_day(at) > candidate.plan.valid_to else "政策还没有到期。"


P, C = PlanState, CandidateState
PLAN_FLOW = Machine(
    name="benefit_plans",
    title="免申即享政策",
    model="cases.BenefitPlan",
    states=PlanState,
    start=P.DRAFT,
    ends={P.CLOSED},
    owners={P.DRAFT: "实施部门", P.OPEN: "实施部门"},
    moves=(
        Move("open_plan", "签署，开始兑现", (P.DRAFT,), P.OPEN, head, LAW, needs=(readable,)),
        Move("close_plan", "结束", (P.DRAFT, P.OPEN), P.CLOSED, head, LAW),
    ),
)  # fmt: skip
CANDIDATE_FLOW = Machine(
    name="benefits",
    title="免申即享",
    model="cases.BenefitCandidate",
    states=CandidateState,
    start=C.LISTED,
    ends={C.GRANTED, C.DECLINED, C.BARRED, C.LAPSED},
    owners={C.LISTED: "本人", C.CONFIRMED: "实施部门", C.PUBLISHED: "实施部门"},
    moves=(
        Move("confirm", "确认享受", (C.LISTED,), C.CONFIRMED, person, LAW, needs=(no_double,)),
        Move("decline", "不享受", (C.LISTED,), C.DECLINED, person, LAW),
        Move("lapse", "政策到期未确认", (C.LISTED,), C.LAPSED, system, LAW, needs=(plan_over,), deemed=True),
        Move("publish", "公示", (C.CONFIRMED,), C.PUBLISHED, office, LAW, needs=(no_double,), clock="start"),
        Move("grant", "兑现", (C.PUBLISHED,), C.GRANTED, office, LAW, needs=(no_double, public_over), clock="end",
             paper="benefit"),
        Move("bar", "不予兑现", (C.LISTED, C.CONFIRMED, C.PUBLISHED), C.BARRED, office, LAW, clock="end"),
    ),
    deadlines=(
        Deadline("plan", "政策有效期", (C.LISTED,), LAW, "lapse"),
        Deadline("public", "公示期", (C.PUBLISHED,), LAW, "grant"),
    ),
)  # fmt: skip


def table(name: str, condition: str) -> Table:
    """The condition as a table of one question. Raises ConditionError naming what is wrong with it."""
    known = facts()
    names = names_in(condition) if condition.strip() else ()
    if not names:
        raise ConditionError('请写明享受条件，例如：age >= 80 && residence == "本旗"。')
    for word in names:
        if word not in known:
            raise ConditionError(f"条件用到了“{word}”，系统没有这项核验过的信息，请从列出的信息里选。")
    used = {word: known[word].domain for word in names}
    rows = [Row({names[0]: condition}, {"is_for": True}), Row({}, {"is_for": False})]
    return Table(name, used, rows, ("is_for",))
