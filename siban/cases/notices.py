"""The statutory papers of a case (文书): what each must say, and how its contents are gathered."""

from datetime import datetime, timedelta
from typing import Any

from siban.kernel import papers
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.models import Paper
from siban.kernel.papers import PaperKind

from . import rules
from .models import Case

COMMON = {
    "case_number": "办件编号",
    "applicant": "申请人",
    "item": "事项名称",
    "item_code": "事项编码",
    "received_on": "收件日期",
    "office": "办理机关",
}
SHEET = "cases/notice.typ"

RECEIPT = PaperKind("receipt", "收件凭证", "收", SHEET, "行政许可法第三十二条", {**COMMON, "materials": "收到的材料"})
ACCEPTANCE = PaperKind("acceptance", "受理通知书", "受", SHEET, "行政许可法第三十二条第一款第五项", {**COMMON, "accepted_on": "受理日期", "limits": "办结期限"})  # fmt: skip
CORRECTION = PaperKind("correction", "一次性补正告知书", "补", SHEET, "行政许可法第三十二条第一款第四项", {**COMMON, "points": "全部补正内容", "until": "补正期限"})  # fmt: skip
NON_ACCEPTANCE = PaperKind("non_acceptance", "不予受理决定书", "不受", SHEET, "行政许可法第三十二条第一款第一项、第二项", {**COMMON, "reasons": "理由", "remedies": "救济途径"})  # fmt: skip
APPROVAL = PaperKind("approval", "准予行政许可决定书", "准", SHEET, "行政许可法第三十八条第一款", {**COMMON, "decided_on": "决定日期"})  # fmt: skip
REJECTION = PaperKind("rejection", "不予行政许可决定书", "不准", SHEET, "行政许可法第三十八条第二款", {**COMMON, "reasons": "理由", "basis": "依据条款", "remedies": "救济途径"})  # fmt: skip
DELIVERY = PaperKind("delivery", "送达回证", "送", SHEET, "行政许可法第四十四条", {**COMMON, "delivered": "送达的文书证照", "receiver": "签收人"})  # fmt: skip
TERMINATION = PaperKind("termination", "终止办理告知书", "终", SHEET, "平台办件规则（补正期限、容缺期限）", {**COMMON, "reasons": "理由", "remedies": "救济途径"})  # fmt: skip
DEFICIENT = PaperKind("deficient_acceptance", "容缺受理通知书", "容受", SHEET, "容缺受理制度（实施清单容缺要素）", {**COMMON, "accepted_on": "受理日期", "points": "需要补交的材料", "until": "补交期限", "limits": "办结期限"})  # fmt: skip
PROMISE = PaperKind("promise", "告知承诺书", "承", SHEET, "国办发〔2020〕42号", {**COMMON, "promised": "承诺内容", "liability": "不实承诺的责任", "supervision": "核查方式", "signature": "承诺人签名"})  # fmt: skip
SPECIAL = PaperKind("special", "特别程序告知书", "特", SHEET, "行政许可法第四十五条", {**COMMON, "procedure": "特别程序种类", "reasons": "理由", "until": "所需时间"})  # fmt: skip
INSPECTION_ORDER = PaperKind("inspection_order", "现场核查通知书", "核", SHEET, "行政许可法第三十四条第三款", {**COMMON, "inspectors": "核查人员", "place": "核查地点", "visit_on": "核查日期"})  # fmt: skip
INSPECTION_RECORD = PaperKind("inspection_record", "现场核查记录", "核记", SHEET, "行政许可法第三十四条第三款", {**COMMON, "inspectors": "核查人员", "place": "核查地点", "visit_on": "核查日期", "findings": "核查情况", "conclusion": "核查结论"})  # fmt: skip
HEARING_RIGHT = PaperKind("hearing_right", "听证告知书", "听告", SHEET, "行政许可法第四十七条", {**COMMON, "reasons": "告知听证的事由", "until": "申请听证的期限"})  # fmt: skip
HEARING_NOTICE = PaperKind("hearing_notice", "听证通知书", "听", SHEET, "行政许可法第四十八条", {**COMMON, "held_on": "听证时间", "place": "听证地点", "chair": "听证主持人"})  # fmt: skip
EXTENSION = PaperKind("extension", "延长办理期限告知书", "延", SHEET, "行政许可法第四十二条", {**COMMON, "reasons": "延长的理由", "until": "延长后的期限", "approved_by": "批准人"})  # fmt: skip
REVOCATION = PaperKind("revocation", "撤销决定书", "撤", SHEET, "行政许可法第六十九条", {**COMMON, "reasons": "理由", "basis": "依据的文书", "remedies": "救济途径"})  # fmt: skip
CANCELLATION = PaperKind("cancellation", "注销决定书", "注", SHEET, "行政许可法第七十条", {**COMMON, "reasons": "注销的情形和理由", "basis": "依据的文书", "remedies": "救济途径"})  # fmt: skip
ARCHIVE = PaperKind("archive", "归档目录", "档", SHEET, "平台办件规则（电子归档）", {**COMMON, "pieces": "卷内文件"})  # fmt: skip
AUTO_RULES = PaperKind("auto_rules", "秒批规则签署单", "秒批", SHEET, "行政许可法第三十四条第二款；国发〔2022〕5号", {"item": "事项名称", "item_code": "事项编码", "office": "实施部门", "pieces": "规则", "signature": "签署人"})  # fmt: skip
BENEFIT = PaperKind("benefit", "免申即享兑现通知书", "享", SHEET, "国发〔2022〕5号（免申即享）", {"applicant": "享受人", "item": "政策名称", "office": "实施部门", "result": "兑现内容"})  # fmt: skip
OTHER_TITLES = {"approval": "办理决定书（准予）", "rejection": "不予办理决定书"}
"""What the decision is called where the matter is no licence."""


def words(day: Any) -> str:
    """`2026年3月2日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def common(case: Case) -> dict[str, Any]:
    assert case.submitted_at is not None
    return {
        "case_number": case.number,
        "applicant": "、".join((case.applicant_name, *(row.person.name for row in case.joined("agreed")))),
        "applicant_id": masked_number(case),
        "item": case.title,
        "item_code": case.elements.impl_code,
        "scenario": next((x.path for x in (case.elements.situations.leaves if case.elements.situations else ()) if x.scenario_id == case.scenario_id), ""),
        "received_on": words(local_day(case.submitted_at)),
        "office": case.org.name,
        "phone": "、".join(case.elements.consult_phones),
    }  # fmt: skip


def masked_number(case: Case) -> str:
    """The applicant's number as papers show it: middle hidden for persons, whole for enterprises."""
    number = case.applicant_id_number
    return number if case.enterprise_id else f"{number[:3]}{'*' * max(len(number) - 7, 0)}{number[-4:]}"


def remedies(case: Case, at: datetime) -> list[str]:
    """Where to turn against a refusal, with days counted out (行政复议法第二十条、行政诉讼法第四十六条)."""
    day = local_day(at)
    review = case.elements.review_org or "本级人民政府"
    court = case.elements.lawsuit_org or "有管辖权的人民法院"
    return [
        f"自知道本决定之日起 {rules.REVIEW_DAYS} 日内（{words(day + timedelta(days=rules.REVIEW_DAYS))}前），可以向{review}申请行政复议；",
        f"或者自知道本决定之日起 {rules.LAWSUIT_MONTHS} 个月内，向{court}提起行政诉讼。",
    ]


def issue(kind: PaperKind, case: Case, extra: dict[str, Any], *, at: datetime) -> Paper:
    item = case.elements
    licence = item.item_type == rules.LICENCE
    at_once = case.decided_on_the_spot and kind.name in OTHER_TITLES
    law = rules.on_the_spot(kind.law) if at_once else kind.law
    return papers.issue(
        kind,
        title="" if licence else OTHER_TITLES.get(kind.name, ""),
        subject=("cases.Case", str(case.pk)),
        issuer_code=case.org.code,
        issuer_word=case.org.short_name,
        issued_by=case.org.name,
        content={**common(case), "law": rules.cited(item, law), **extra},
        at=at,
    )


def receipt(case: Case, *, at: datetime) -> Paper:
    """What was taken in; drawn up once for each hand-in, after the case is safely stored."""
    taken = [f"{m.name}（{m.get_source_display()}）" for m in case.papers_in if m.is_provided]
    taken += [f"{m.name}（在线填写）" for m in case.form_materials()]
    note = (
        f"窗口将在 {rules.NOTICE_DAYS} 个工作日内（{words(case.notice_due_on)}前）告知是否受理、是否需要补正。"
        if case.notice_due_on
        else ""
    )
    return issue(RECEIPT, case, {"materials": taken or ["申请登记"], "note": note}, at=at)


def _limits(case: Case) -> list[str]:
    """Both limits of the item with the days they end on."""
    item = case.elements
    limits = [
        f"承诺期限：{item.limit_for(case.answers).words}"
        + (f"（{words(case.promised_due_on)}前）" if case.promised_due_on else "")
    ]
    limits += [
        f"法定期限：{item.legal_limit.words}" + (f"（{words(case.legal_due_on)}前）" if case.legal_due_on else "")
    ]
    if case.due_provisional:
        limits.append("跨入的年度尚未公布放假安排，期限暂按周末推算，公布后重新计算并告知。")
    return limits


def acceptance(case: Case, *, by: Actor, at: datetime) -> Paper:
    assert case.accepted_at is not None
    extra = {"accepted_on": words(local_day(case.accepted_at)), "limits": _limits(case)}
    return issue(ACCEPTANCE, case, extra, at=at)


def deficient_acceptance(case: Case, *, names: list[str], at: datetime) -> Paper:
    """What has still to come, by when, and what happens if it does not (一次告知)."""
    assert case.accepted_at is not None
    assert case.deficiency_due_on is not None
    overdue = case.elements.deficiency.overdue if case.elements.deficiency else ""
    until = f"请在{words(case.deficiency_due_on)}前补齐。{overdue or '逾期未补的，退回申请并书面告知'}。补齐以前不发办理结果。"
    extra = {
        "accepted_on": words(local_day(case.accepted_at)),
        "points": names,
        "until": until,
        "limits": _limits(case),
    }
    return issue(DEFICIENT, case, extra, at=at)


def promise(case: Case, *, made: Any, at: datetime) -> Paper:
    """What was told, promised and signed, kept as it stood that day."""
    extra = {
        "promised": made.content, "liability": made.liability, "supervision": made.supervision,
        "signature": made.signature, "note": f"作出决定后 {made.check_days} 日内对承诺内容进行核查。",
    }  # fmt: skip
    return issue(PROMISE, case, extra, at=at)


def termination(case: Case, *, reason: str, at: datetime) -> Paper:
    return issue(TERMINATION, case, {"reasons": [reason], "remedies": remedies(case, at)}, at=at)


def special(
    case: Case, *, kind: str, reason: str, basis: str, days: int, unit: str, ends_on: Any, at: datetime
) -> Paper:
    told = "个工作日" if unit == "workday" else "日"
    until = (
        f"所需时间 {days} {told}"
        + (f"（至{words(ends_on)}）" if ends_on else "")
        + "，不计入办结期限；提前完成的，自完成之日恢复计时。"
    )
    extra = {"procedure": kind, "reasons": [reason], "until": until, "basis": basis}
    return issue(SPECIAL, case, extra, at=at)


def inspection(case: Case, visit: Any, *, at: datetime) -> Paper:
    """The order before the visit, the record after it."""
    extra = {"inspectors": "、".join(visit.inspectors), "place": visit.place, "visit_on": words(visit.visit_on)}
    if visit.recorded_at is None:
        return issue(INSPECTION_ORDER, case, extra, at=at)
    extra |= {"findings": visit.findings, "conclusion": visit.get_conclusion_display(), "present": visit.present}
    return issue(INSPECTION_RECORD, case, extra, at=at)


def hearing_right(case: Case, *, reason: str, until: Any, at: datetime) -> Paper:
    said = f"您可以在{words(until)}前申请听证；逾期不申请的，视为放弃。听证不收费。"
    return issue(HEARING_RIGHT, case, {"reasons": [reason], "until": said}, at=at)


def hearing_notice(case: Case, *, held_on: Any, place: str, chair: str, at: datetime) -> Paper:
    return issue(HEARING_NOTICE, case, {"held_on": words(held_on), "place": place, "chair": chair}, at=at)


def extension(case: Case, *, days: int, reason: str, by: Actor, at: datetime) -> Paper:
    until = f"延长 {days} 个工作日" + (f"，法定期限延至{words(case.legal_due_on)}" if case.legal_due_on else "") + "。"
    return issue(
        EXTENSION, case, {"reasons": [reason], "until": until, "approved_by": by.post_label or by.name}, at=at
    )


def revocation(case: Case, *, reason: str, document: str, at: datetime) -> Paper:
    extra = {"reasons": [reason], "basis": document, "remedies": remedies(case, at)}
    return issue(REVOCATION, case, extra, at=at)


def auto_rules(table: Any, *, by: Actor, at: datetime) -> Paper:
    """What the head of a department signed: every row in order, the share checked by hand, the fingerprint."""
    lines = [
        f"{r['when'] or '其他情况'}：{ {'grant': '自动准予', 'person': '转人工审批'}[r['outcome']] }。{r['words']}"
        for r in table.rows
    ]
    content = {
        "applicant": table.org.name, "item": table.item.name, "item_code": table.item.impl_code, "office": table.org.name,
        "pieces": lines, "signature": by.name,
        "note": f"第 {table.number} 版。随机抽取 {table.sample_percent}% 由人复核。内容摘要：{table.digest}",
    }  # fmt: skip
    return papers.issue(
        AUTO_RULES, subject=("cases.AutoTable", str(table.pk)), issuer_code=table.org.code,
        issuer_word=table.org.short_name, issued_by=table.org.name, content=content, at=at,
    )  # fmt: skip


def benefit(candidate: Any, plan: Any, *, by: Actor, at: datetime) -> Paper:
    """What was granted without an application, to whom, on what ground."""
    content = {
        "applicant": candidate.person.name, "item": plan.name, "item_code": plan.item.impl_code, "office": plan.org.name,
        "result": plan.gives, "basis": plan.basis, "decided_on": words(local_day(at)),
    }  # fmt: skip
    return papers.issue(
        BENEFIT, subject=("cases.BenefitCandidate", str(candidate.pk)), issuer_code=plan.org.code,
        issuer_word=plan.org.short_name, issued_by=plan.org.name, content=content, at=at,
    )  # fmt: skip


def cancellation(case: Case, *, ground: str, reason: str, document: str, at: datetime) -> Paper:
    """The licence is struck off: on which ground, by which document, and where to turn against it."""
    extra = {"reasons": [ground, reason], "basis": document, "remedies": remedies(case, at)}
    return issue(CANCELLATION, case, extra, at=at)


def archive(case: Case, *, pieces: list[str], at: datetime) -> Paper:
    return issue(ARCHIVE, case, {"pieces": pieces}, at=at)


def correction(case: Case, *, days: int, by: Actor, at: datetime) -> Paper:
    points = [f"{p['name']}：{p['what']}" for p in case.correction]
    until = f"请在 {days} 个工作日内（{words(case.correction_due_on)}前）补正。逾期未补正的，可以终止办理，您可以重新申请。"
    return issue(CORRECTION, case, {"points": points, "until": until}, at=at)


def non_acceptance(case: Case, *, reason: str, ask_instead: str, by: Actor, at: datetime) -> Paper:
    extra = {"reasons": [reason], "ask_instead": ask_instead, "remedies": remedies(case, at)}
    return issue(NON_ACCEPTANCE, case, extra, at=at)


def approval(case: Case, *, by: Actor, at: datetime) -> Paper:
    assert case.decided_at is not None
    extra = {
        "decided_on": words(local_day(case.decided_at)),
        "result": case.elements.result.name,
        "note": case.decision_note,
        "basis": "；".join(f"《{b.law}》{b.article}" for b in case.elements.legal_basis[:3]),
    }
    return issue(APPROVAL, case, extra, at=at)


def rejection(case: Case, *, reason: str, basis: str, by: Actor, at: datetime) -> Paper:
    reasons = [line.strip() for line in reason.splitlines() if line.strip()]
    return issue(REJECTION, case, {"reasons": reasons, "basis": basis, "remedies": remedies(case, at)}, at=at)


def delivery(case: Case, *, receiver: str, tracking: str, by: Actor, at: datetime) -> Paper:
    things = [
        p.title + " " + p.number
        for p in papers.papers_of(("cases.Case", str(case.pk)))
        if p.kind in ("approval", "rejection")
    ]
    if case.certificate_id:
        things.append(f"{case.elements.result.name}（电子证照）")
    extra = {"delivered": things or [case.elements.result.name], "receiver": receiver, "tracking": tracking,
             "way": case.get_delivery_display()}  # fmt: skip
    return issue(DELIVERY, case, extra, at=at)


def _sees(actor: Actor, subject_id: str) -> bool:
    """Who may open a case may open its papers."""
    return Case.objects.visible_to(actor).filter(pk=subject_id).exists()


papers.viewers.register("cases.Case", _sees)


def _sees_benefit(actor: Actor, subject_id: str) -> bool:
    """The person and the department may open the notice of a granted policy."""
    from .models import BenefitCandidate

    rows = BenefitCandidate.objects.filter(pk=subject_id)
    if actor.is_citizen and actor.person_id:
        return rows.filter(person_id=actor.person_id).exists()
    return actor.is_staff and actor.org_id is not None and rows.filter(org_id=actor.org_id).exists()


papers.viewers.register("cases.BenefitCandidate", _sees_benefit)
