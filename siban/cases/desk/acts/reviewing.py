"""Between acceptance and decision: levels, inspections, opinions, hearings, special procedures, more time."""

from uuid import UUID

from siban.cases import actions, rules, rules_review
from siban.cases.actions import assigning
from siban.cases.models import Case, Inspection, Opinion
from siban.identity.api import Org
from siban.kernel import clock

from .asking import Act, Ask, day, key, number

KINDS = (("", "请选择"), *Inspection.Conclusion.choices)


def _units(case: Case) -> tuple[tuple[str, str], ...]:
    """Units of the same banner that can be asked."""
    rows = Org.objects.filter(region_id=case.region_id).exclude(pk=case.org_id).order_by("name")
    return (("", "请选择"), *rows.values_list("code", "name"))


def _asked_units(case: Case) -> tuple[tuple[str, str], ...]:
    rows = case.opinions.filter(answered_at=None, dropped_at=None).order_by("asked_at")
    return (("", "请选择"), *rows.values_list("org__code", "org__name"))


def _special_kinds(case: Case) -> tuple[tuple[str, str], ...]:
    listed = [s for s in case.elements.special_procedures if s.type != "听证"]
    return tuple(
        (
            s.type,
            f"{s.type}（不超过 {s.time_limit or '—'} {'个工作日' if s.unit != 'natural_day' else '天'}）",
        )
        for s in listed
    )


def _special_asks(case: Case) -> tuple[Ask, ...]:
    kinds = _special_kinds(case)
    first = next((s for s in case.elements.special_procedures if s.type != "听证"), None)
    basis = "；".join(f"{s.type}依据：{s.legal_basis}" for s in case.elements.special_procedures if s.legal_basis)
    return (
        Ask("kind", "特别程序", "select", hint=basis, choices=kinds, start=kinds[0][0] if kinds else ""),
        Ask(
            "days",
            "所需天数",
            hint="写进告知书；只有告知的天数不计入办结期限",
            start=str(first.time_limit or "") if first else "",
        ),
        Ask("reason", "理由", "textarea"),
    )


def _end_asks(case: Case) -> tuple[Ask, ...]:
    run = case.special_runs.filter(ended_at=None).first()
    hearing = run is not None and run.type == "听证"
    return (
        Ask("result", "结果", hint="例如：专家评审通过；听证已举行"),
        Ask("opinion", "听证笔录主要内容" if hearing else "说明", "textarea", required=hearing),
    )


def colleagues(org_id: UUID) -> tuple[tuple[str, str], ...]:
    """Who may be given a case of a department, by name, once each."""
    rows = assigning.handlers(org_id, at=clock.now()).values_list("account_id", "account__name")
    return tuple(sorted({(str(pk), name) for pk, name in rows}, key=lambda row: row[1]))


ACTS: dict[str, Act] = {
    "assign": Act(
        lambda c, g, by, at: actions.assign(case_id=c.pk, handler_id=key(g, "handler"), by=by, at=at),
        "分给本部门的一位审批人员承办；承办人会收到提醒。选“收回分办”的，暂时没有承办人。",
        lambda case: (
            Ask(
                "handler",
                "由谁承办",
                "select",
                choices=(("", "收回分办"), *colleagues(case.org_id)),
                start=str(case.handler_id or ""),
            ),
        ),
        aside=True,
        done="已分办。",
    ),
    "start_review": Act(
        lambda c, g, by, at: actions.start_review(case_id=c.pk, by=by, at=at),
        plain=True,
        done="已开始审查，您是承办人。",
    ),
    "pass_level": Act(
        lambda c, g, by, at: actions.pass_level(case_id=c.pk, opinion=g.get("opinion", ""), by=by, at=at),
        "通过后交给下一级审查；下一级要由另一个人审查。",
        lambda case: (Ask("opinion", f"{case.levels[case.review_level].name}意见", "textarea"),),
        done="已通过本级审查。",
    ),
    "propose": Act(
        lambda c, g, by, at: actions.propose(
            case_id=c.pk,
            outcome=g.get("outcome", ""),
            opinion=g.get("opinion", ""),
            basis=g.get("basis", ""),
            by=by,
            at=at,
        ),
        "写明审查意见和拟办结论，交给决定人。决定要由另一个人作出。",
        lambda case: (
            Ask(
                "outcome",
                "拟办结论",
                "radios",
                choices=(("approve", "拟准予"), ("reject", "拟不予许可（办理）")),
                start="reject" if rules_review.failed(case.reviewed_points()) else "",
            ),
            Ask(
                "opinion",
                "审查意见",
                "textarea",
                "拟不予的，逐项写理由，每行一项",
                start=rules_review.opinion(case.reviewed_points()),
            ),
            Ask(
                "basis",
                "不予的依据条款",
                required=False,
                suggest=tuple(f"《{b.law}》{b.article}" for b in case.elements.legal_basis),
            ),
        ),
        done="审查意见已提交。",
    ),
    "return_proposal": Act(
        lambda c, g, by, at: actions.return_proposal(case_id=c.pk, reason=g.get("reason", ""), by=by, at=at),
        "审查意见不充分的，退回审查人重新审查。",
        lambda case: (Ask("reason", "退回理由", "textarea"),),
        done="已退回重新审查。",
    ),
    "assign_inspection": Act(
        lambda c, g, by, at: actions.assign_inspection(
            case_id=c.pk,
            inspectors=g.get("inspectors", ""),
            place=g.get("place", ""),
            visit_on=day(g, "visit_on", "核查日期"),
            by=by,
            at=at,
        ),
        "指派两名以上工作人员核查，通知书随即出具。",
        lambda case: (
            Ask("inspectors", "核查人员", hint="两人以上，写姓名和执法证号，用顿号分开"),
            Ask(
                "place",
                "核查地点",
                start=str(case.form.get("business_address") or case.form.get("registered_address") or ""),
            ),
            Ask("visit_on", "核查日期", "date"),
        ),
        aside=True,
        done="现场核查通知书已出具。",
    ),
    "record_inspection": Act(
        lambda c, g, by, at: actions.record_inspection(
            case_id=c.pk,
            findings=g.get("findings", ""),
            conclusion=g.get("conclusion", ""),
            present=g.get("present", ""),
            by=by,
            at=at,
        ),
        "如实登记现场情况和结论；结论不是“符合”的，不能准予。",
        lambda case: (
            Ask("conclusion", "核查结论", "select", choices=KINDS),
            Ask("findings", "核查情况", "textarea"),
            Ask("present", "在场的申请人或者代理人", required=False),
        ),
        done="现场核查记录已出具。",
    ),
    "ask_opinion": Act(
        lambda c, g, by, at: actions.ask_opinion(
            case_id=c.pk,
            org_code=g.get("org_code", ""),
            question=g.get("question", ""),
            days=number(g, "days", "答复期限", most=30),
            by=by,
            at=at,
        ),
        "征求意见不停办结期限；答复或者收回以前不能作出决定。",
        lambda case: (
            Ask("org_code", "征求哪个单位的意见", "select", choices=_units(case)),
            Ask("question", "要对方答复什么", "textarea"),
            Ask("days", "答复期限（工作日）", start=str(rules.OPINION_DAYS)),
        ),
        aside=True,
        done="已发出征求意见。",
    ),
    "give_opinion": Act(
        lambda c, g, by, at: actions.give_opinion(
            case_id=c.pk, verdict=g.get("verdict", ""), answer=g.get("answer", ""), by=by, at=at
        ),
        "代表本单位答复，答复后不能更改。",
        lambda case: (
            Ask("verdict", "意见", "radios", choices=tuple(Opinion.Verdict.choices)),
            Ask("answer", "说明", "textarea", "不同意的要写理由", required=False),
        ),
        done="意见已答复。",
    ),
    "drop_opinion": Act(
        lambda c, g, by, at: actions.drop_opinion(
            case_id=c.pk, org_code=g.get("org_code", ""), reason=g.get("reason", ""), by=by, at=at
        ),
        "",
        lambda case: (
            Ask("org_code", "收回向哪个单位征求的意见", "select", choices=_asked_units(case)),
            Ask("reason", "理由"),
        ),
        aside=True,
        done="已收回。",
    ),
    "tell_hearing_right": Act(
        lambda c, g, by, at: actions.tell_hearing_right(
            case_id=c.pk, reason=g.get("reason", ""), by_office=g.get("by_office") == "on", by=by, at=at
        ),
        "直接涉及申请人与他人之间重大利益关系的，作出决定前应当告知听证权利，五日内可以申请。",
        lambda case: (
            Ask("reason", "告知听证的事由", "textarea"),
            Ask("by_office", "法律规定应当听证，或者本机关认为需要听证（不用等待申请）", "checkbox", required=False),
        ),
        aside=True,
        done="听证权利已告知。",
    ),
    "summon_hearing": Act(
        lambda c, g, by, at: actions.summon_hearing(
            case_id=c.pk,
            held_on=day(g, "held_on", "听证日期"),
            place=g.get("place", ""),
            chair=g.get("chair", ""),
            by=by,
            at=at,
        ),
        "听证的时间、地点在举行的七日前通知。听证期间停止计算办结期限。",
        lambda case: (
            Ask("held_on", "听证日期", "date"),
            Ask("place", "听证地点"),
            Ask("chair", "主持人", hint="审查这个申请以外的工作人员"),
        ),
        done="听证通知书已出具，办结期限暂停计算。",
    ),
    "start_special": Act(
        lambda c, g, by, at: actions.start_special(
            case_id=c.pk,
            kind=g.get("kind", ""),
            days=number(g, "days", "所需天数"),
            reason=g.get("reason", ""),
            by=by,
            at=at,
        ),
        "应当把所需时间书面告知申请人。告知的天数届满还没有结果的，自次日恢复计时。",
        _special_asks,
        aside=True,
        done="特别程序告知书已出具，办结期限暂停计算。",
    ),
    "end_special": Act(
        lambda c, g, by, at: actions.end_special(
            case_id=c.pk, result=g.get("result", ""), opinion=g.get("opinion", ""), by=by, at=at
        ),
        "登记结果后，办结期限自次日恢复计算。",
        _end_asks,
        done="特别程序已结束，办结期限恢复计算。",
    ),
    "ask_extension": Act(
        lambda c, g, by, at: actions.ask_extension(
            case_id=c.pk,
            days=number(g, "days", "延长天数", most=rules.JOINT_EXTENSION_DAYS),
            reason=g.get("reason", ""),
            by=by,
            at=at,
        ),
        "不能在法定期限内作出决定的，经本机关负责人批准可以延长一次，并告知申请人理由。",
        lambda case: (
            Ask(
                "days",
                "延长几个工作日",
                hint=f"不超过 {rules.longest_extension(case.elements.legal_limit.value)} 个工作日",
            ),
            Ask("reason", "延长理由", "textarea", "会写进告知书"),
        ),
        aside=True,
        done="已提出，等待负责人批准。",
    ),
    "grant_extension": Act(
        lambda c, g, by, at: actions.grant_extension(case_id=c.pk, by=by, at=at),
        plain=True,
        done="已批准延长，告知书已出具。",
    ),
    "refuse_extension": Act(
        lambda c, g, by, at: actions.refuse_extension(case_id=c.pk, reason=g.get("reason", ""), by=by, at=at),
        "",
        lambda case: (Ask("reason", "不批准的理由", "textarea"),),
        done="没有批准，期限不变。",
    ),
    "complete_deficiency": Act(
        lambda c, g, by, at: actions.complete_deficiency(case_id=c.pk, by=by, at=at),
        plain=True,
        done="容缺材料已补齐。",
    ),
    "ask_hearing": Act(
        lambda c, g, by, at: actions.ask_hearing(case_id=c.pk, by=by, at=at),
        plain=True,
        aside=True,
        done="已登记听证申请。",
    ),
    "waive_hearing": Act(
        lambda c, g, by, at: actions.waive_hearing(case_id=c.pk, by=by, at=at),
        plain=True,
        aside=True,
        done="已登记放弃听证。",
    ),
}
