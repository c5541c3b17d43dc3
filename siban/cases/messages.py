"""Who is told what by which step: one entry a notice, in the words of the person who reads it.

A sentence stands in a message only if everything it names is known; `{words}` are the fields of `Facts`. To tell of a
further step, add one `Notice`; a step that needs none is named in `SILENT` with the reason. Both together name every
move of the procedure: a test keeps it so, and a name the procedure does not have does not import.
"""

from datetime import date
from uuid import UUID

from siban.cases import rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case, Hearing
from siban.exchange.api import Recipient, to_account, to_person, to_post
from siban.identity.api import EnterpriseMember, Entrustment, Post
from siban.kernel import clock
from siban.kernel.clock import local_day
from siban.kernel.codes.region import prefix
from siban.kernel.models import JournalEntry

from . import messages_beside as beside
from .messages_words import ASK, Facts, Notice

__all__ = ["BY_MOVE", "NOTICES", "SILENT", "Facts", "Notice", "applicants", "facts_of", "recipients"]

NOTICES = (
    *beside.NOTICES,
    Notice("submit", "applicant", "已经收到您的申请", (
        "您申请的“{title}”已经收到，编号 {number}。",
        "窗口会在{notice_until}前告诉您是否受理、要不要补正。",
        "收件凭证可以在办件里下载。", ASK,
    )),
    Notice("resubmit", "applicant", "已经收到您补正的材料", (
        "“{title}”补正的材料已经收到，编号 {number}。",
        "窗口会在{notice_until}前告诉您是否受理。", ASK,
    )),
    Notice("resubmit", "reviewers", "补正材料已经交来", (
        "办件 {number}“{title}”的申请人已经交来补正材料。", "请在{notice_until}前决定是否受理。",
    ), channels=()),
    Notice("resubmit", "receiver", "补正材料已经交来", (
        "您收件的 {number}“{title}”，申请人已经交来补正材料。", "请在{notice_until}前决定是否受理。",
    ), channels=()),
    Notice("request_correction", "applicant", "请补正材料", (
        "您申请的“{title}”（编号 {number}）有内容需要补正，请在{correct_until}前改好再提交一次。",
        "要补正的是：{points}。",
        "逾期没有补正的，办理可能终止，您可以重新申请。", ASK,
    ), is_statutory=True),
    Notice("accept", "applicant", "您的申请已经受理", (
        "您申请的“{title}”（编号 {number}）已经受理，由{office}办理。",
        "会在{decide_until}前作出决定。", "现在不需要您做什么。", ASK,
    ), is_statutory=True),
    Notice("deem_accepted", "applicant", "您的申请已经受理", (
        "您申请的“{title}”（编号 {number}）超过五个工作日没有答复您，依法自收到材料之日起即为受理。",
        "会在{decide_until}前作出决定。", ASK,
    ), is_statutory=True),
    Notice("deem_accepted", "reviewers", "逾期未告知，已视为受理", (
        "办件 {number}“{title}”在五个工作日内没有告知，依法视为受理，期限从收到材料之日起算。",
        "请在{decide_until}前作出决定。",
    ), channels=(), is_urgent=True),
    Notice("deem_accepted", "heads", "本单位有办件逾期未告知", (
        "办件 {number}“{title}”在五个工作日内没有告知，依法视为受理。", "请督促在{decide_until}前作出决定。",
    ), channels=(), is_urgent=True),
    Notice("refuse_acceptance", "applicant", "您的申请没有受理", (
        "您申请的“{title}”（编号 {number}）没有受理。",
        "理由、应当向哪里申请、不服可以怎么办，写在《不予受理决定书》里，请打开查看。", ASK,
    ), is_statutory=True),
    Notice("approve", "applicant", "您的申请已经同意", (
        "您申请的“{title}”（编号 {number}）已经同意。",
        "正在制作“{result}”。", "会在{deliver_until}前送达。", ASK,
    ), is_statutory=True),
    Notice("reject", "applicant", "您的申请没有同意", (
        "您申请的“{title}”（编号 {number}）没有同意。",
        "理由、依据和不服可以怎么办，写在决定书里，请打开查看。", "决定书会在{deliver_until}前送达。", ASK,
    ), is_statutory=True),
    Notice("issue", "applicant", "办理结果已经做好", (
        "您申请的“{title}”（编号 {number}），办理结果已经做好。", "结果是“{result}”。",
        "{collect}", "{by_mail}", ASK,
    )),
    Notice("deliver", "applicant", "办理结果已经送达", (
        "您申请的“{title}”（编号 {number}）已经办完，结果已经送达。",
        "{sent_electronically}", "欢迎在办件页面评价这次服务，评价自愿。",
    ), is_statutory=True),
    Notice("withdraw", "applicant", "申请已经撤回", (
        "您申请的“{title}”（编号 {number}）已经撤回，不再办理。", "需要时可以重新申请。",
    )),
    Notice("withdraw", "reviewers", "申请人撤回了申请", (
        "办件 {number}“{title}”的申请人已经撤回申请，不用再办理。",
    ), channels=()),
    Notice("terminate", "applicant", "办理已经终止", (
        "您申请的“{title}”（编号 {number}）过了补正期限还没有补正，办理已经终止。", "您可以重新申请。", ASK,
    ), is_statutory=True),
)  # fmt: skip

SILENT = {
    **beside.SILENT,
    "start_review": "审查开始，申请人不需要做什么，期限也不变；进度在办件页面可以看到",
    "close": "和送达同时发生，送达时已经告知",
    "discard": "只是本人删除自己的草稿，还没有交到办理机关",
}

if unknown := SILENT.keys() - CASE_FLOW.moves.keys():
    raise ValueError(f"the procedure of cases has no move {sorted(unknown)}")
BY_MOVE = {move: tuple(n for n in NOTICES if n.move == move) for move in dict.fromkeys(n.move for n in NOTICES)}


def facts_of(case: Case) -> Facts:
    """What is known of a case now (`version` and `org` loaded)."""
    item, day = case.elements, _day
    mail, counter = case.delivery == Case.Delivery.MAIL, case.delivery == Case.Delivery.COUNTER
    return Facts(
        title=case.title,
        number=case.number or "",
        office=case.org.name,
        phone=next(iter(item.consult_phones), "") or case.org.consult_phone,
        notice_until=day(case.notice_due_on),
        decide_until=day(case.promised_due_on or case.legal_due_on),
        correct_until=day(case.correction_due_on),
        deliver_until=day(case.due_on) if case.state in ("approved", "rejected", "issued") else "",
        points="；".join(f"{p['name']}：{p['what'].strip().rstrip('。；')}" for p in case.correction),
        result=item.result.name,
        collect="请带身份证件到窗口领取。" if counter else "",
        by_mail="会寄到您填写的地址，寄出后可以查询邮件。" if mail else "",
        sent_electronically="电子证照在“我的证照”里，可以随时出示。" if case.certificate_id else "",
        legal_until=day(case.legal_due_on),
        special_until=day(case.special_due_on),
        deficiency_until=day(case.deficiency_due_on),
        owed="、".join(m.name for m in item.materials if m.id in case.deficiency.get("materials", ())),
        extended=str(case.extension.get("days", "")),
        reason=str(case.extension.get("reason", "")),
        **_visit(case),
        **_hearing(case),
    )


def _visit(case: Case) -> dict[str, str]:
    """The inspection that is to come."""
    visit = case.inspections.filter(recorded_at=None).first() if case.state in ("in_review", "in_special") else None
    return {"visit": visit.place, "visit_on": _day(visit.visit_on)} if visit else {}


def _hearing(case: Case) -> dict[str, str]:
    heard = Hearing.objects.filter(case=case).first() if case.state in ("in_review", "in_special") else None
    return {"hearing_until": _day(heard.ask_until), "hearing_on": _day(heard.held_on)} if heard else {}


def _day(on: object) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else ""  # type: ignore[attr-defined]


def recipients(notice: Notice, case: Case) -> list[Recipient]:
    """Who gets it."""
    if notice.to == "applicant":
        return applicants(case)
    if notice.to == "handler":
        return [to_account(case.handler_id)] if case.handler_id else [to_post("approver", case.org_id)]
    if notice.to == "bureaus":
        return (
            [to_post("service_admin", org) for org in bureaus(case.region_id, on=local_day(clock.now()))]
            if _joint(case)
            else []
        )
    if notice.move == "ask_extension" and _joint(case):
        return []  # the head of the office does not approve it (行政许可法第四十二条第二款)
    if notice.to == "assignee":
        return [to_account(case.handler_id)] if case.handler_id else []
    if notice.to == "consulted":
        asked = case.opinions.filter(answered_at=None, dropped_at=None).order_by("asked_at")
        return [to_post("approver", org) for org in asked.values_list("org_id", flat=True)]
    if notice.to == "receiver":
        return [to_account(case.received_by_id)] if case.received_by_id else []
    return [to_post("approver" if notice.to == "reviewers" else "unit_head", case.org_id)]


def _joint(case: Case) -> bool:
    """Whether the extension is the government's to approve."""
    return (case.elements.legal_limit.value or 0) >= rules.JOINT_LIMIT


def bureaus(region: str, *, on: date) -> tuple[UUID, ...]:
    """The service bureaus whose territory a region lies in, on a day."""
    posts = Post.objects.held_on(on).filter(role="service_admin").order_by("org_id", "region_id")
    found = (org for org, code in posts.values_list("org_id", "region_id") if region.startswith(prefix(code)))
    return tuple(dict.fromkeys(found))


def applicants(case: Case) -> list[Recipient]:
    """The applicant, of an enterprise whoever acted and still belongs to it, and the agent while the entrustment runs.

    An enterprise that applied at a counter without one of its people is told through all of them.
    """
    acted = JournalEntry.objects.filter(
        subject_type="cases.Case", subject_id=str(case.pk), actor_kind="citizen", actor_id__isnull=False
    )
    told = {case.person_id} if case.person_id else set[UUID]()
    if case.enterprise_id:
        told |= {pk for pk in acted.values_list("actor_id", flat=True) if pk is not None}
        members = set(
            EnterpriseMember.objects.filter(enterprise_id=case.enterprise_id).values_list("person_id", flat=True)
        )
        told = (told & members) or members
    told |= set(_agent(case)) | {row.person_id for row in case.joined("agreed") if row.person_id}
    mobile = {case.person_id: case.mobile}
    return [to_person(pk, mobile=mobile.get(pk, "")) for pk in sorted(told)]


def _agent(case: Case) -> list[UUID]:
    """The agent of a case, as long as the entrustment is in force."""
    if case.entrustment_id is None:
        return []
    running = Entrustment.objects.in_force(local_day(clock.now())).filter(pk=case.entrustment_id)
    return list(running.values_list("agent_id", flat=True))
