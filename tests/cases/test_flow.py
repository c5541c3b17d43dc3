"""Who may do what to a case, in every state: one table to be read by a lawyer, walked through completely."""

from datetime import date, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from siban.cases.flow import CASE_FLOW, CaseState
from siban.kernel.actor import SYSTEM, Actor, staff

from .cast import CHINA

BANNER, SUMU, ELSEWHERE = "150724000000", "150724210000", "150626000000"
OFFICE, OTHER, HALL, TOWN = (UUID(int=n) for n in range(1, 5))
APPLICANT, STRANGER = UUID(int=11), UUID(int=12)
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
    "督查": post("supervisor", HALL),
    "政务服务局": post("service_admin", HALL),
    "系统": SYSTEM,
}

TABLE = """
填写中            | 申请人：提交 放弃        | 综合窗口：提交 放弃
已收件            | 申请人：撤回             | 综合窗口：补正 受理 不予受理 撤回 | 本部门审批人、首席代表：补正 受理 不予受理 | 系统：视为受理
待补正            | 申请人：再次提交 撤回    | 综合窗口：再次提交 撤回 终止 | 本部门审批人、首席代表：终止
已受理            | 申请人：撤回             | 综合窗口：撤回 | 本部门审批人、首席代表：开始审查 准予 不予许可
不予受理          |
审查中            | 申请人：撤回             | 综合窗口：撤回 | 本部门审批人、首席代表：准予 不予许可
准予，待制证      | 本部门审批人、首席代表：制证
不予许可，待送达  | 综合窗口、本部门审批人、首席代表：送达
已出证，待送达    | 综合窗口、本部门审批人、首席代表：送达
已送达            | 系统：办结
已办结            |
已撤回            |
已终止            |
"""
MOVES = {
    "提交": "submit", "再次提交": "resubmit", "补正": "request_correction", "受理": "accept", "视为受理": "deem_accepted",
    "不予受理": "refuse_acceptance", "开始审查": "start_review", "准予": "approve", "不予许可": "reject", "制证": "issue",
    "送达": "deliver", "办结": "close", "撤回": "withdraw", "放弃": "discard", "终止": "terminate",
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


def case_in(state: str) -> SimpleNamespace:
    """A case whose every other condition is met."""
    return SimpleNamespace(
        custody_pieces=SimpleNamespace(lying_at=lambda org_id: False),
        state=state, person_id=APPLICANT, org_id=OFFICE, received_org_id=HALL, region_id=BANNER,
        missing_materials=list, unfilled_fields=list, open_question=lambda: None,
        notice_due_on=date(2026, 3, 9), correction_due_on=date(2026, 3, 23),
    )  # fmt: skip


def test_the_table_speaks_of_every_state_and_every_move():
    assert set(written()) == set(CaseState.values)
    assert set(MOVES.values()) == set(CASE_FLOW.moves)


@pytest.mark.parametrize("state", CaseState.values)
@pytest.mark.parametrize("who", ACTORS)
def test_everybody_may_do_what_the_table_says_and_nothing_else(state, who):
    allowed = {
        name for name in CASE_FLOW.moves if CASE_FLOW.refusal(name, case_in(state), by=ACTORS[who], at=AT) is None
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
    ],
)
def test_a_move_waits_for_its_condition(move, state, unmet):
    case, sure = case_in(state), case_in(state)
    vars(case).update(unmet)
    by = next(a for who, a in ACTORS.items() if move in written()[state].get(who, ()))
    assert CASE_FLOW.refusal(move, sure, by=by, at=AT) is None
    assert CASE_FLOW.refusal(move, case, by=by, at=AT)
