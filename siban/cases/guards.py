"""Conditions of the moves of a case: (case, at) or (actor, case, at) -> sentence of refusal, or None. No rows of their own.

The docstring of each is the condition as `docs/flows/cases.md` prints it.
"""

from datetime import datetime
from typing import Any

from siban.kernel.actor import Actor
from siban.kernel.clock import local_day

from . import rules, rules_cross, rules_joint


def _day(on: Any) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


# -- before and at the counter ------------------------------------------------------------------------------------


def materials_complete(case: Any, at: datetime) -> str | None:
    """必要材料齐全。"""
    if missing := case.missing_materials():
        return f"还缺材料：{'、'.join(missing)}。请补齐，或者出具一次性补正告知书。"
    return None


def form_complete(case: Any, at: datetime) -> str | None:
    """申请表必填项已填。"""
    if empty := case.unfilled_fields():
        shown = "、".join(empty[:5]) + (f"等 {len(empty)} 项" if len(empty) > 5 else "")
        return f"申请表还没有填完：{shown}。"
    return None


def situation_answered(case: Any, at: datetime) -> str | None:
    """办理情形已选定。"""
    if question := case.open_question():
        return f"请先回答：{question}"
    return None


def correction_overdue(case: Any, at: datetime) -> str | None:
    """补正期限已经届满。"""
    if case.correction_due_on and local_day(at) <= case.correction_due_on:
        return f"补正期限到 {_day(case.correction_due_on)} 才届满，现在不能终止。"
    return None


def notice_limit_passed(case: Any, at: datetime) -> str | None:
    """收件满五个工作日未告知。"""
    if case.notice_due_on is None or local_day(at) <= case.notice_due_on:
        return "五个工作日的告知期限还没有届满。"
    return None


def deficiency_listed(case: Any, at: datetime) -> str | None:
    """事项在容缺受理清单上，还有材料没有交。"""
    if not case.elements.is_deficiency:
        return "这个事项没有列入容缺受理清单。"
    return None if case.missing_materials() else "材料已经齐全，请直接受理。"


def deficiency_promised(case: Any, at: datetime) -> str | None:
    """所缺都是清单内可容缺的材料，申请人已经书面承诺补交日期。"""
    if unpromised := case.unpromised_materials():
        return (
            f"“{'、'.join(unpromised)}”没有容缺承诺，或者不在可容缺的材料里。请先由申请人承诺补交，或者一次告知补正。"
        )
    return None


# -- review -------------------------------------------------------------------------------------------------------


def special_listed(case: Any, at: datetime) -> str | None:
    """事项清单列有特别程序。"""
    listed = [s for s in case.elements.special_procedures if s.type != "听证"]
    return None if listed else "这个事项的清单没有列出特别程序，不能停钟。"


def special_over(case: Any, at: datetime) -> str | None:
    """书面告知的特别程序天数已经届满。"""
    if case.special_due_on is None or local_day(at) <= case.special_due_on:
        return "告知的特别程序天数还没有届满。"
    return None


def levels_left(case: Any, at: datetime) -> str | None:
    """还有下一级审查。"""
    if case.review_level + 1 >= len(case.levels):
        return "这已经是最后一级审查，请提交审查意见或者作出决定。"
    return None


def levels_passed(case: Any, at: datetime) -> str | None:
    """前面各级审查已经通过。"""
    if case.review_level + 1 < len(case.levels):
        return f"“{case.levels[case.review_level].name}”以后还有“{case.levels[case.review_level + 1].name}”，请先把审查意见交给下一级。"
    return None


def two_hands(case: Any, at: datetime) -> str | None:
    """事项的审查和决定由两个岗位分别办理。"""
    return None if case.is_four_eyes else "这个事项的审查和决定由同一岗位办理，请直接作出决定。"


def proposed_first(case: Any, at: datetime) -> str | None:
    """审查和决定分岗的，先有审查意见。"""
    if case.is_four_eyes and case.state != "proposed":
        return "这个事项由一人审查、另一人决定。请先提交审查意见，再由决定人作出决定。"
    return None


def other_hand(actor: Actor, case: Any, at: datetime) -> str | None:
    """审查和决定分岗的，不是同一个人。"""
    if case.is_four_eyes and case.proposed_by_id is not None and actor.account_id == case.proposed_by_id:
        return "审查意见是您本人提交的，决定要由另一个人作出。"
    return None


def next_hand(actor: Actor, case: Any, at: datetime) -> str | None:
    """各级审查不是同一个人。"""
    if case.review_level and case.passed_by_id is not None and actor.account_id == case.passed_by_id:
        return "上一级审查是您本人通过的，这一级要由另一个人审查。"
    return None


def mandated(actor: Actor, case: Any, at: datetime) -> str | None:
    """首席代表在授权书的事项和有效期内。"""
    if not actor.has_role("chief_rep"):
        return None
    return case.outside_mandate(actor, on=local_day(at))  # type: ignore[no-any-return]


def mandated_to_refuse(actor: Actor, case: Any, at: datetime) -> str | None:
    """首席代表的授权书包括作出不予决定。"""
    if not actor.has_role("chief_rep"):
        return None
    return case.outside_mandate(actor, on=local_day(at), refusing=True)  # type: ignore[no-any-return]


def opinions_in(case: Any, at: datetime) -> str | None:
    """征求的意见都已答复或者收回。"""
    if waiting := case.open_opinions():
        return f"{'、'.join(waiting)}还没有答复征求的意见。请等待答复，或者说明理由收回征求。"
    return None


def inspected(case: Any, at: datetime) -> str | None:
    """派出的现场核查已有结论。"""
    if case.open_inspection():
        return "现场核查已经派出，还没有登记结论。请先登记核查结论。"
    return None


def inspection_out(case: Any, at: datetime) -> str | None:
    """已经派出现场核查。"""
    return None if case.open_inspection() else "没有派出的现场核查。请先派出核查人员。"


def opinion_out(case: Any, at: datetime) -> str | None:
    """有等待答复的征求意见。"""
    return None if case.open_opinions() else "没有等待答复的征求意见。"


def hearing_settled(case: Any, at: datetime) -> str | None:
    """告知了听证权利的，申请人已放弃、期限已过或者听证已经举行。"""
    return case.hearing_open(on=local_day(at))  # type: ignore[no-any-return]


def extension_unused(case: Any, at: datetime) -> str | None:
    """没有延长过，法定期限还没有届满。"""
    if case.extension.get("state") == "granted":
        return f"这个办件已经延长过 {case.extension['days']} 个工作日，只能延长一次。"
    if case.extension.get("state") == "asked":
        return "已经提出延长期限，正等待负责人批准。"
    if case.legal_due_on is None:
        return "法定期限没有在走，不能延长。"
    if local_day(at) > case.legal_due_on:
        return f"法定期限已于 {_day(case.legal_due_on)} 届满，届满后不能延长。"
    return None


def extension_level(actor: Actor, case: Any, at: datetime) -> str | None:
    """法定期限 45 日以上的，本级人民政府负责人批准（行政许可法第四十二条第二款）；其余本机关负责人批准。"""
    joint = (case.elements.legal_limit.value or 0) >= rules.JOINT_LIMIT
    if joint and not actor.has_role("service_admin"):
        return "这个事项的法定期限在 45 日以上，延长由本级人民政府负责人批准，由政务服务管理机构登记。"
    if not joint and not actor.has_role("unit_head"):
        return "延长由实施部门的主要负责人批准。"
    return None


def inspection_passed(case: Any, at: datetime) -> str | None:
    """做过现场核查的，最近一次结论是“符合”。"""
    if case.inspection_failed():
        return "最近一次现场核查的结论不是“符合”，不能准予。请重新核查，或者作出不予许可（办理）的决定。"
    return None


def extension_asked(case: Any, at: datetime) -> str | None:
    """经办人已经提出延长。"""
    return None if case.extension.get("state") == "asked" else "没有等待批准的延长申请。"


def deficiency_open(case: Any, at: datetime) -> str | None:
    """容缺材料还没有补齐。"""
    return None if case.deficiency_due_on else "这个办件没有待补交的容缺材料。"


def deficiency_settled(case: Any, at: datetime) -> str | None:
    """没有等待补交的容缺材料：补齐以前不出结果，逾期未补的退件（容缺受理制度）。"""
    if case.deficiency_due_on:
        return f"容缺材料承诺在 {_day(case.deficiency_due_on)} 前补交，补齐以前不能出结果；逾期未补的退件。"
    return None


def deficiency_here(case: Any, at: datetime) -> str | None:
    """承诺补交的材料都已交来。"""
    if missing := case.missing_materials():
        return f"“{'、'.join(missing)}”还没有交来。请先上传或者交到窗口。"
    return None


def deficiency_lapsed(case: Any, at: datetime) -> str | None:
    """容缺材料承诺的补交日期已过。"""
    if case.deficiency_due_on is None or local_day(at) <= case.deficiency_due_on:
        return "容缺材料的补交期限还没有届满。"
    return None


def hearing_offered(case: Any, at: datetime) -> str | None:
    """已告知听证权利，还在申请听证的期限内。"""
    return case.hearing_not_askable(on=local_day(at))  # type: ignore[no-any-return]


def hearing_asked(case: Any, at: datetime) -> str | None:
    """申请人已经申请听证，或者本机关认为需要听证。"""
    return None if case.hearing_waits() else "没有等待举行的听证。"


def hearing_not_yet(case: Any, at: datetime) -> str | None:
    """还没有告知过听证权利。"""
    return "已经告知过听证权利，不用再次告知。" if case.has_hearing() else None


# -- decision and after -------------------------------------------------------------------------------------------


def renewal_overdue(case: Any, at: datetime) -> str | None:
    """许可有效期已经届满，仍未作出是否准予延续的决定。"""
    if case.renewal_due_on is None or local_day(at) <= case.renewal_due_on:
        return "原许可的有效期还没有届满。"
    return None


def is_renewal(case: Any, at: datetime) -> str | None:
    """在有效期内提出的延续申请。"""
    return None if case.renewal_due_on else "这不是延续申请。"


def is_licence(case: Any, at: datetime) -> str | None:
    """行政许可事项。"""
    return None if case.elements.item_type == rules.LICENCE else "这个事项不是行政许可，不办理许可的注销手续。"


def was_granted(case: Any, at: datetime) -> str | None:
    """作出的是准予的决定。"""
    return None if case.issued_at is not None else "这个办件没有准予，没有可以注销的许可。"


def archivable(case: Any, at: datetime) -> str | None:
    """办结已满归档前的等待天数。"""
    return case.not_archivable(on=local_day(at))  # type: ignore[no-any-return]


def auto_granted(case: Any, at: datetime) -> str | None:
    """部门签署的秒批规则对这份申请给出准予。"""
    return None if case.is_auto_granted() else "没有秒批规则对这份申请给出准予，由工作人员办理。"


def electronic(case: Any, at: datetime) -> str | None:
    """申请人选择电子送达。"""
    return None if case.delivery == "electronic" else "申请人没有选择电子送达。"


# -- 跨域通办 --------------------------------------------------------------------------------------------------------


def taken_over(case: Any, at: datetime) -> str | None:
    """跨域通办的，办理地已经复核接收。"""
    return rules_cross.taken_over(case.way)


def result_here(case: Any, at: datetime) -> str | None:
    """跨域通办、窗口领取的，结果已经到收件地。"""
    return rules_cross.result_here(case.way, on_paper=case.delivery == "counter")


# -- 共同申请 --------------------------------------------------------------------------------------------------------


def co_applicants_agreed(case: Any, at: datetime) -> str | None:
    """共同申请人都已同意现在的内容，人数符合事项的要求。"""
    return rules_joint.all_agreed(row.person.name for row in case.joined("asked")) or case.joint_lacking()


def all_withdraw(case: Any, at: datetime) -> str | None:
    """共同申请人都同意撤回。"""
    return rules_joint.all_withdraw(row.person.name for row in case.joined("agreed") if not row.agrees_to_withdraw)
