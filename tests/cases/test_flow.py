"""Who may do what to a case, in every state: one table to be read by a lawyer, walked through completely."""

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from siban.cases.flow import CASE_FLOW, CaseState
from siban.kernel.actor import SYSTEM, Actor, staff

from .cast import CHINA

BANNER, SUMU, ELSEWHERE = "150724000000", "150724210000", "150626000000"
OFFICE, OTHER, HALL, TOWN, THIRD = (UUID(int=n) for n in range(1, 6))
APPLICANT, STRANGER, HAND = UUID(int=11), UUID(int=12), UUID(int=13)
AT = datetime(2026, 3, 31, 10, 0, tzinfo=CHINA)


def post(role: str, org: UUID, region: str = BANNER) -> Actor:
    return staff(region_code=region, role=role, org_id=org)


ACTORS = {
    "申请人": Actor(kind="citizen", person_id=APPLICANT),
    "别的群众": Actor(kind="citizen", person_id=STRANGER),
    "访客": Actor(kind="anonymous"),
    "综合窗口": post("window_clerk", HALL),
    "外旗窗口": post("window_clerk", HALL, ELSEWHERE),
    "别的苏木": post("township_clerk", TOWN, SUMU),
    "本部门审批人": post("approver", OFFICE),
    "首席代表": post("chief_rep", OFFICE),
    "别的部门审批人": post("approver", OTHER),
    "负责人": post("unit_head", OFFICE),
    "别的负责人": post("unit_head", THIRD),
    "督查": post("supervisor", HALL),
    "政务服务局": post("service_admin", HALL),
    "系统": SYSTEM,
}

TABLE = """
填写中            | 申请人、综合窗口：提交 放弃
已收件            | 申请人：撤回 | 综合窗口：当场更正 补正 受理 容缺受理 不予受理 撤回 | 本部门审批人、首席代表：补正 受理 容缺受理 不予受理 分办 | 负责人：分办 | 系统：视为受理 秒批受理
待补正            | 申请人：再次提交 撤回 | 综合窗口：再次提交 撤回 终止 | 本部门审批人、首席代表：终止
已受理            | 申请人、综合窗口：撤回 补齐容缺 | 本部门审批人、首席代表：分办 开始审查 准予 不予 | 负责人：分办 准予 不予 | 系统：容缺退件 视为延续 秒批准予
审查中            | 申请人、综合窗口：撤回 补齐容缺 申请听证 放弃听证 | 本部门审批人、首席代表：分办 通过本级 派出核查 登记核查 征求意见 收回征求 告知听证 举行听证 启动特别 申请延长 提交意见 准予 不予 | 负责人：分办 批准延长 不批延长 准予 不予 | 别的部门审批人：答复意见 | 系统：容缺退件 视为延续
特别程序中        | 申请人、综合窗口：撤回 补齐容缺 | 本部门审批人、首席代表：分办 登记核查 结束特别 | 负责人：分办 | 别的部门审批人：答复意见 | 系统：容缺退件 视为延续 恢复计时
已审查，待决定    | 申请人、综合窗口：撤回 补齐容缺 | 本部门审批人、首席代表、负责人：分办 退回 准予 不予 | 别的部门审批人：答复意见 | 系统：容缺退件 视为延续
不予受理          | 本部门审批人、首席代表、负责人、政务服务局：重新办理
准予，待制证      | 本部门审批人、首席代表：分办 制证 | 负责人：分办 | 系统：秒批制证
不予许可（办理），待送达 | 综合窗口：送达 | 本部门审批人、首席代表：送达 重新办理 | 负责人、政务服务局：重新办理
已出证，待送达    | 综合窗口、本部门审批人、首席代表：送达 | 系统：秒批送达
已送达            | 系统：办结
已办结            | 本部门审批人、首席代表、负责人、政务服务局：撤销 注销 重新办理 | 系统：归档
已归档            | 本部门审批人、首席代表、负责人、政务服务局：撤销 注销 重新办理
已撤销            |
已注销            |
已撤回            |
已终止            | 本部门审批人、首席代表、负责人、政务服务局：重新办理
"""
MOVES = {
    "提交": "submit", "再次提交": "resubmit", "补正": "request_correction", "受理": "accept", "视为受理": "deem_accepted",
    "不予受理": "refuse_acceptance", "开始审查": "start_review", "准予": "approve", "不予": "reject", "制证": "issue",
    "送达": "deliver", "办结": "close", "撤回": "withdraw", "放弃": "discard", "终止": "terminate",
    "当场更正": "correct_on_the_spot", "容缺受理": "accept_deficient", "补齐容缺": "complete_deficiency",
    "容缺退件": "lapse_deficiency", "视为延续": "deem_renewed", "通过本级": "pass_level", "派出核查": "assign_inspection",
    "登记核查": "record_inspection", "征求意见": "ask_opinion", "答复意见": "give_opinion", "收回征求": "drop_opinion",
    "告知听证": "tell_hearing_right", "申请听证": "ask_hearing", "放弃听证": "waive_hearing", "举行听证": "summon_hearing",
    "启动特别": "start_special", "结束特别": "end_special", "恢复计时": "resume_clock", "申请延长": "ask_extension",
    "批准延长": "grant_extension", "不批延长": "refuse_extension", "提交意见": "propose", "退回": "return_proposal",
    "秒批受理": "auto_accept", "秒批准予": "auto_approve", "秒批制证": "auto_issue", "秒批送达": "auto_deliver",
    "归档": "archive", "分办": "assign", "撤销": "revoke", "注销": "cancel", "重新办理": "reopen",
}  # fmt: skip


def written() -> dict[str, dict[str, set[str]]]:
    """{state: {who: moves}} as the table says."""
    said: dict[str, dict[str, set[str]]] = {}
    for line in TABLE.strip().splitlines():
        state, *cells = (cell.strip() for cell in line.split("|"))
        rights: dict[str, set[str]] = {}
        for cell in filter(None, cells):
            people, _, moves = cell.partition("：")
            for who in people.split("、"):
                rights[who] = {MOVES[m] for m in moves.split()}
        said[next(s.value for s in CaseState if s.label == state)] = rights
    return said


MET = {
    # conditions that exclude each other are met one at a time: what the move needs
    "accept": {"missing_materials": list},
    "accept_deficient": {"missing_materials": lambda: ["任命文件"]},
    "deem_renewed": {"deficiency_due_on": None},
    "approve": {"is_four_eyes": False},
    "reject": {"is_four_eyes": False},
    "pass_level": {"review_level": 0},
    "ask_extension": {"extension": {}},
    "tell_hearing_right": {"has_hearing": lambda: False},
    "record_inspection": {"open_inspection": lambda: True},
    "drop_opinion": {"open_opinions": lambda: ["民政局"]},
}


WAITING = SimpleNamespace(person=SimpleNamespace(name="演示乙"), agrees_to_withdraw=False)
SENT, COMING = (
    SimpleNamespace(state=s, note="", from_org=SimpleNamespace(name="演示中心")) for s in ("sent", "coming")
)


def case_in(state: str, move: str = "") -> SimpleNamespace:
    """A case whose every other condition is met for a move."""
    level = SimpleNamespace(name="审查", handler_role="审批股室经办人")
    case = SimpleNamespace(
        custody_pieces=SimpleNamespace(lying_at=lambda org_id: False),
        state=state, person_id=APPLICANT, is_acted_for_by=lambda person_id: person_id == APPLICANT, org_id=OFFICE, received_org_id=HALL, region_id=BANNER,
        missing_materials=list, unpromised_materials=list, unfilled_fields=list, open_question=lambda: None,
        notice_due_on=date(2026, 3, 9), correction_due_on=date(2026, 3, 23), special_due_on=date(2026, 3, 23),
        deficiency_due_on=date(2026, 3, 23), renewal_due_on=date(2026, 3, 23), legal_due_on=date(2026, 4, 23),
        elements=SimpleNamespace(
            is_deficiency=True, special_procedures=(SimpleNamespace(type="现场勘验"),), item_type="01", legal_basis=(), legal_limit=SimpleNamespace(value=20),
        ),
        levels=(level, level), review_level=1, is_four_eyes=True, proposed_by_id=UUID(int=99), passed_by_id=UUID(int=98),
        is_consulted=lambda org: org == OTHER, open_opinions=list, open_inspection=lambda: False, inspection_failed=lambda: False,
        hearing_open=lambda on: None, hearing_not_askable=lambda on: None, hearing_waits=lambda: True,
        has_hearing=lambda: True, extension={"state": "asked", "days": 5}, outside_mandate=lambda actor, **on: None,
        not_archivable=lambda on: None, is_auto_granted=lambda: True, payment_order=None, received_by_id=None, wanted=list, is_unsaved=False,
        marks=[], unseen_points=list, reviewed_points=list, delivery="electronic", way=None, is_cross=False, joined=lambda *states: [], joint_lacking=lambda: None, issued_at=AT,
    )  # fmt: skip
    vars(case).update(MET.get(move, {}))
    return case


def test_the_table_speaks_of_every_state_and_every_move():
    assert set(written()) == set(CaseState.values)
    assert set(MOVES.values()) == set(CASE_FLOW.moves)


@pytest.mark.parametrize("state", CaseState.values)
@pytest.mark.parametrize("who", ACTORS)
def test_everybody_may_do_what_the_table_says_and_nothing_else(state, who):
    allowed = {
        name
        for name in CASE_FLOW.moves
        if CASE_FLOW.refusal(name, case_in(state, name), by=ACTORS[who], at=AT) is None
    }
    assert allowed == written()[state].get(who, set())


@pytest.mark.parametrize("state", CaseState.values)
@pytest.mark.parametrize("who", ACTORS)
def test_every_refusal_is_a_sentence(state, who):
    for name in CASE_FLOW.moves:
        why = CASE_FLOW.refusal(name, case_in(state), by=ACTORS[who], at=AT)
        assert why is None or why.endswith("。")


@pytest.mark.parametrize(
    ("move", "state", "unmet"),
    [
        ("accept", "submitted", {"missing_materials": lambda: ["户口簿"]}),
        ("approve", "accepted", {"missing_materials": lambda: ["户口簿"]}),
        ("submit", "draft", {"unfilled_fields": lambda: ["姓名"]}),
        ("submit", "draft", {"open_question": lambda: "哪一种情形？"}),
        ("terminate", "correcting", {"correction_due_on": date(2026, 3, 31)}),
        ("deem_accepted", "submitted", {"notice_due_on": date(2026, 3, 31)}),
        ("deem_accepted", "submitted", {"notice_due_on": None}),
        ("accept_deficient", "submitted", {"missing_materials": list}),
        ("accept_deficient", "submitted", {"unpromised_materials": lambda: ["户口簿"]}),
        ("accept_deficient", "submitted", {"elements": SimpleNamespace(is_deficiency=False)}),
        ("complete_deficiency", "in_review", {"missing_materials": lambda: ["任命文件"]}),
        ("complete_deficiency", "in_review", {"deficiency_due_on": None}),
        ("lapse_deficiency", "in_review", {"deficiency_due_on": date(2026, 3, 31)}),
        ("resume_clock", "in_special", {"special_due_on": date(2026, 3, 31)}),
        ("resume_clock", "in_special", {"special_due_on": None}),
        ("deem_renewed", "proposed", {"renewal_due_on": date(2026, 3, 31)}),
        ("start_special", "in_review", {"elements": SimpleNamespace(special_procedures=())}),
        (
            "start_special",
            "in_review",
            {"elements": SimpleNamespace(special_procedures=(SimpleNamespace(type="听证"),))},
        ),
        ("record_inspection", "in_review", {"open_inspection": lambda: False}),
        ("assign_inspection", "in_review", {"open_inspection": lambda: True}),
        ("drop_opinion", "in_review", {"open_opinions": list}),
        ("tell_hearing_right", "in_review", {"has_hearing": lambda: True}),
        ("auto_accept", "submitted", {"is_auto_granted": lambda: False}),
        ("auto_approve", "accepted", {"is_auto_granted": lambda: False}),
        ("auto_issue", "approved", {"is_auto_granted": lambda: False}),
        ("issue", "approved", {"payment_order": SimpleNamespace(state="due", amount=8000, received=0)}),
        ("auto_deliver", "issued", {"delivery": "counter"}),
        ("start_review", "accepted", {"way": SENT}),
        ("submit", "draft", {"joined": lambda *states: [WAITING] if "asked" in states else []}),
        ("withdraw", "submitted", {"joined": lambda *states: [WAITING] if "agreed" in states else []}),
        ("approve", "accepted", {"way": SENT, "is_four_eyes": False}),
        ("deliver", "issued", {"way": COMING, "delivery": "counter"}),
        ("pass_level", "in_review", {"review_level": 1}),
        ("propose", "in_review", {"review_level": 0}),
        ("propose", "in_review", {"is_four_eyes": False}),
        ("propose", "in_review", {"open_opinions": lambda: ["民政局"]}),
        ("propose", "in_review", {"open_inspection": lambda: True}),
        ("propose", "in_review", {"hearing_open": lambda on: "听证还没有举行。"}),
        ("approve", "accepted", {"is_four_eyes": True}),
        ("reject", "in_review", {"is_four_eyes": True}),
        ("approve", "in_review", {"inspection_failed": lambda: True}),
        ("reject", "in_review", {"open_opinions": lambda: ["民政局"]}),
        ("ask_extension", "in_review", {"extension": {"state": "granted", "days": 5}}),
        ("ask_extension", "in_review", {"legal_due_on": date(2026, 3, 30)}),
        ("ask_extension", "in_review", {"legal_due_on": None}),
        ("grant_extension", "in_review", {"extension": {}}),
        ("ask_hearing", "in_review", {"hearing_not_askable": lambda on: "申请听证的期限已经届满。"}),
        ("summon_hearing", "in_review", {"hearing_waits": lambda: False}),
        ("cancel", "closed", {"issued_at": None}),
        ("cancel", "archived", {"elements": SimpleNamespace(item_type="05", legal_basis=())}),
        ("archive", "closed", {"not_archivable": lambda on: "办结满 30 天后归档。"}),
    ],
)
def test_a_move_waits_for_its_condition(move, state, unmet):
    case, sure = case_in(state, move), case_in(state, move)
    vars(case).update(unmet)
    by = next(a for who, a in ACTORS.items() if move in written()[state].get(who, ()))
    assert CASE_FLOW.refusal(move, sure, by=by, at=AT) is None
    assert CASE_FLOW.refusal(move, case, by=by, at=AT)


@pytest.mark.parametrize(
    ("move", "state", "unmet"),
    [
        ("approve", "proposed", {"proposed_by_id": HAND}),
        ("reject", "proposed", {"proposed_by_id": HAND}),
        ("return_proposal", "proposed", {"proposed_by_id": HAND}),
        ("propose", "in_review", {"passed_by_id": HAND}),
        ("approve", "proposed", {"outside_mandate": lambda actor, **on: "没有授权。"}),
    ],
)
def test_nobody_works_with_both_hands(move, state, unmet):
    """Who reviewed does not decide; who passed one level does not pass the next; no chief beyond the mandate."""
    case, by = case_in(state), replace(ACTORS["首席代表"], account_id=HAND)
    assert CASE_FLOW.refusal(move, case, by=by, at=AT) is None
    vars(case).update(unmet)
    assert CASE_FLOW.refusal(move, case, by=by, at=AT)
