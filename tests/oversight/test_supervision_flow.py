"""Who may make which move on a task from which state: the whole table, written out."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from siban.kernel.actor import SYSTEM, Actor, staff
from siban.oversight.flow import DIRECTIVE_FLOW, TASK_FLOW, TaskState
from siban.oversight.rules_supervision import Watch
from tests.oversight.supervised import MONDAY, TODAY

UNIT, OTHER, BUREAU = UUID(int=1), UUID(int=2), UUID(int=3)
WHERE = "150724000000"


def post(role: str, org: UUID, account: int, region: str = WHERE) -> Actor:
    return staff(region_code=region, role=role, org_id=org, account_id=UUID(int=account))


WHO = {
    "head": post("unit_head", UNIT, 11),
    "worker": post("dept_admin", UNIT, 12),
    "bureau": post("service_admin", BUREAU, 13),
    "system": SYSTEM,
    "neighbour_head": post("unit_head", OTHER, 14),
    "far_bureau": post("service_admin", BUREAU, 15, "150626000000"),
    "auditor": post("auditor", BUREAU, 16),
    "clerk": post("window_clerk", UNIT, 17),
    "citizen": Actor(kind="citizen", person_id=UUID(int=18)),
}
# state: what each may do on a document task that is acknowledged, has evidence and is past its day
TABLE = """
issued              head acknowledge appoint ask_extension | worker ask_extension | bureau withdraw | system fall_overdue
acknowledged        head appoint begin attach submit_evidence ask_extension | worker begin attach submit_evidence ask_extension | bureau withdraw | system fall_overdue
in_progress         head appoint note_progress attach submit_evidence ask_extension | worker note_progress attach submit_evidence ask_extension | bureau withdraw | system fall_overdue
returned            head appoint note_progress attach submit_evidence ask_extension | worker note_progress attach submit_evidence ask_extension | bureau withdraw | system fall_overdue
overdue             head appoint note_progress attach submit_evidence ask_extension | worker note_progress attach submit_evidence ask_extension | bureau withdraw | system
evidence_submitted  head | worker | bureau verify send_back withdraw | system
verified            head | worker | bureau send_back close withdraw | system
closed              head | worker | bureau reopen withdraw | system
withdrawn           head | worker | bureau | system
"""  # fmt: skip


def subject(state: str, **said: Any) -> Any:
    about = {
        "state": state, "org_id": UNIT, "region_id": WHERE, "acknowledged_at": MONDAY, "has_fresh_evidence": True,
        "due_on": TODAY.replace(day=1), "extension": {}, "is_measured": False, "wants_documents": True, "verified_at": None,
        "submitted_by_id": UUID(int=12), "watch": Watch(), "hold_days": 2, "held_days": 0,
    }  # fmt: skip
    return SimpleNamespace(**{**about, **said})


def allowed(state: str, who: Actor, **said: Any) -> set[str]:
    row = subject(state, **said)
    return {
        name for name, move in TASK_FLOW.moves.items()
        if TASK_FLOW.refusal(name, row, by=who, at=MONDAY) is None
    }  # fmt: skip


def test_every_state_move_and_role_is_as_the_table_says() -> None:
    seen = set()
    for line in TABLE.strip().splitlines():
        state, _, rest = line.partition(" ")
        seen.add(state)
        wanted = {words.split()[0]: set(words.split()[1:]) for words in rest.split("|")}
        for who, actor in WHO.items():
            assert allowed(state, actor) == wanted.get(who, set()), (state, who)
    assert seen == set(TaskState.values)


def test_what_is_not_acknowledged_is_not_worked_on() -> None:
    for state in ("in_progress", "overdue", "returned"):
        for who in ("head", "worker"):
            assert not allowed(state, WHO[who], acknowledged_at=None) & {"note_progress", "attach", "submit_evidence"}
    assert "acknowledge_late" in allowed("overdue", WHO["head"], acknowledged_at=None)


def test_nothing_is_verified_without_evidence_or_by_the_hand_that_handed_it_in() -> None:
    assert "submit_evidence" not in allowed("in_progress", WHO["worker"], has_fresh_evidence=False)
    own = {"submitted_by_id": WHO["bureau"].id}
    assert not allowed("evidence_submitted", WHO["bureau"], **own) & {"verify", "send_back"}
    assert "close" not in allowed("verified", WHO["bureau"], **own)


def test_a_measured_task_closes_on_its_figure_alone() -> None:
    measured = {"is_measured": True, "wants_documents": False}
    assert "close" not in allowed("verified", WHO["bureau"], **measured)
    held = {**measured, "watch": Watch(TODAY, 1, 2), "held_days": 2}
    assert "close" in allowed("verified", WHO["bureau"], **held)
    for state in ("issued", "acknowledged", "in_progress", "evidence_submitted", "verified", "returned", "overdue"):
        assert "close_by_measure" in allowed(state, SYSTEM, **held)
        assert "close_by_measure" not in allowed(state, SYSTEM, **measured)
        assert "close_by_measure" not in allowed(state, SYSTEM, **{**held, "wants_documents": True})
        assert "close_by_measure" not in allowed(state, WHO["bureau"], **held)
    assert "rebound" in allowed("closed", SYSTEM, **held)
    assert "rebound" not in allowed("closed", SYSTEM)


def test_more_time_is_granted_by_another_hand() -> None:
    asked = {"extension": {"by_id": str(WHO["worker"].id), "until": "2026-04-01"}}
    assert {"grant_extension", "refuse_extension"} <= allowed("in_progress", WHO["bureau"], **asked)
    assert "grant_late_extension" in allowed("overdue", WHO["bureau"], **asked)
    own = {"extension": {"by_id": str(WHO["bureau"].id), "until": "2026-04-01"}}
    assert "grant_extension" not in allowed("in_progress", WHO["bureau"], **own)
    assert "ask_extension" not in allowed("in_progress", WHO["worker"], **asked)


def test_only_the_bureau_of_the_territory_directs() -> None:
    for state in ("draft", "issued"):
        row = SimpleNamespace(state=state, region_id=WHERE, open_tasks=lambda: 0)
        able = {who for who, actor in WHO.items() if DIRECTIVE_FLOW.choices(row, by=actor, at=MONDAY)}
        assert able == {"bureau"}
