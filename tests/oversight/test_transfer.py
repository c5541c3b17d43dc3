"""划转: nothing is handed over without a signed memo, never do two offices accept, running cases go where the memo says."""

from datetime import date, timedelta
from typing import Any

import pytest

from siban.cases.actions.renewing import require_current
from siban.cases.api import Case
from siban.catalog.actions import assign
from siban.catalog.api import ImplementationItem, open_item
from siban.exchange.models import Message
from siban.identity.api import Person
from siban.kernel import journal
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7
from siban.kernel.models import JournalEntry, Paper
from siban.kernel.papers import PaperIncomplete
from siban.oversight.models import DecisionPush, TransferBatch
from siban.oversight.transfer import actions
from siban.oversight.transfer.flow import TRANSFER_FLOW, TransferState

from .conftest import AT, Reform, add_version, later, make_item

DAY = date(2026, 3, 1)


def case_of(item: ImplementationItem, n: int, state: str = "accepted") -> Case:
    person, _ = Person.objects.get_or_create(id_number="演示", defaults={"name": "演示甲", "created_at": AT})
    return Case.objects.create(
        id=uuid7(), number=None if state == "draft" else f"N{n}", item=item, version=item.version, org=item.org, region=item.region, state=state,
        title=item.name, case_type="promised", person=person, applicant_name="演示甲", applicant_id_number="演示", channel="web",
        created_at=AT, submitted_at=None if state == "draft" else AT, accepted_at=AT if state == "accepted" else None,
    )  # fmt: skip


def signed(reform: Reform, items: list[Any], *, running: str = "stay") -> TransferBatch:
    by = reform.actor("service_admin")
    batch = actions.open_batch(name="首批", from_org=reform.office.pk, to_org=reform.neighbour.pk, by=by, at=AT)
    key: dict[str, Any] = {"batch_id": batch.pk, "by": by, "at": AT}
    actions.approve_pilot(document="演示批〔2026〕1号", **key)
    actions.fix_items(items=[i.pk for i in items], **key)
    actions.transfer_staff(count=2, document="演示编〔2026〕2号", **key)
    actions.make_seal(name="行政审批专用章", made_on=DAY, **key)
    actions.prepare_memo(
        duties="审批由审批局负责，监管由原部门负责", archives="移交近三年档案", seals="启用审批专用章，原印章不再用于审批", running=running,
        hand_over_on=AT.date(), transition_until=AT.date() + timedelta(days=30), **key,
    )  # fmt: skip
    with pytest.raises(Refused):  # V14.2
        actions.hand_over(batch_id=batch.pk, by=by, at=AT)
    with pytest.raises(PaperIncomplete, match="原部门签署人"):
        actions.sign_memo(signed_from=" ", signed_to="演示·乙", signed_on=DAY, **key)
    return actions.sign_memo(signed_from="演示·甲", signed_to="演示·乙", signed_on=DAY, **key)


@pytest.fixture
def items(reform: Reform) -> list[ImplementationItem]:
    made = [make_item(reform.office, n) for n in range(2)]
    for item in made:
        add_version(item, date(2026, 1, 5))
        item.refresh_from_db()
    return made


def test_the_order_of_the_procedure_is_the_only_way(reform: Reform) -> None:
    by, order = reform.actor("service_admin"), list(TransferState)
    batch = actions.open_batch(name="首批", from_org=reform.office.pk, to_org=reform.neighbour.pk, by=by, at=AT)
    for state in order:
        batch.state = state
        leads = {m.target for m in TRANSFER_FLOW.moves.values() if state in m.sources}
        assert leads <= {state, *order[order.index(state) + 1 : order.index(state) + 2]}
        for who in (reform.actor("dept_admin"), reform.actor("supervisor"), reform.actor("service_admin", reform.far)):
            assert TRANSFER_FLOW.choices(batch, by=who, at=AT) == []


def test_from_the_hand_over_only_the_new_code_accepts(reform: Reform, items: list[Any]) -> None:
    old, draft = items[0], case_of(items[0], 1, "draft")
    batch = signed(reform, items)
    assert open_item(old.impl_code) is not None
    assert not ImplementationItem.objects.filter(org=reform.neighbour).exists()  # nothing of it before the hand-over
    running = case_of(items[1], 2)
    actions.hand_over(batch_id=batch.pk, by=reform.actor("service_admin"), at=AT)
    for line in batch.lines.order_by("old_code"):
        assert line.new_code == line.new_item.impl_code == f"{reform.neighbour.uscc}4{line.item.catalog_item_id}"
        assert open_item(line.old_code) is None
        found = open_item(line.new_code)
        assert found is not None
        assert found.org_id == reform.neighbour.pk
        content = line.new_item.version.content
        assert (content["dept_id"], content["impl_code"]) == ("neighbour", line.new_code)
    draft.refresh_from_db()
    with pytest.raises(Refused, match="不能提交"):  # V14.1: what was begun under the old code is not taken in
        require_current(draft, at=later(0))
    running.refresh_from_db()
    assert running.org == reform.office  # the memo leaves it there
    by_base = ImplementationItem.objects.published().filter(catalog_item=old.catalog_item)
    assert [i.org_id for i in by_base] == [reform.neighbour.pk]
    assert {*JournalEntry.objects.filter(subject_type="catalog.ImplementationItem").values_list("move", flat=True)} >= {
        "transfer_in", "transfer_out",
    }  # fmt: skip
    with pytest.raises(Refused, match="不用再次下达"):  # nor is the item put before the old office again
        assign(catalog_item=old.catalog_item, org=reform.office, slug="again", by=reform.actor("service_admin"), at=AT)
    paper = Paper.objects.get(kind="transfer_memo")
    assert paper.number == TransferBatch.objects.get().memo_number
    assert len(paper.content["items"]) == 2


def test_one_item_that_cannot_go_stops_all(reform: Reform, items: list[Any]) -> None:
    batch = signed(reform, items)
    rival = make_item(reform.neighbour, 1)
    add_version(rival, date(2026, 1, 6))
    with pytest.raises(Refused, match="不能两家都办"):
        actions.hand_over(batch_id=batch.pk, by=reform.actor("service_admin"), at=AT)
    for item in items:
        assert open_item(item.impl_code) is not None
    assert TransferBatch.objects.get().state == "memo_signed"


def test_the_day_of_the_memo_is_waited_for(reform: Reform, items: list[Any]) -> None:
    batch = signed(reform, items)
    TransferBatch.objects.update(hand_over_on=AT.date() + timedelta(days=1))
    with pytest.raises(Refused, match="还没有到"):
        actions.hand_over(batch_id=batch.pk, by=reform.actor("service_admin"), at=AT)
    actions.hand_over(batch_id=batch.pk, by=reform.actor("service_admin"), at=later(1))
    actions.begin_transition(batch_id=batch.pk, by=reform.actor("service_admin"), at=later(1))
    with pytest.raises(Refused, match="过渡期到"):
        actions.settle(batch_id=batch.pk, by=reform.actor("service_admin"), at=later(2))


def test_running_cases_go_over_where_the_memo_says_and_each_decision_is_told_once(
    reform: Reform, items: list[Any], deliver: Any
) -> None:
    case, over = case_of(items[0], 1), case_of(items[0], 2, "withdrawn")
    batch = signed(reform, items, running="move")
    actions.hand_over(batch_id=batch.pk, by=reform.actor("service_admin"), at=AT)
    case.refresh_from_db()
    over.refresh_from_db()
    assert (case.org, over.org) == (reform.neighbour, reform.office)
    assert Message.objects.filter(subject_id=str(case.pk), title__contains="继续办理").count() == 1
    assert not Message.objects.filter(subject_id=str(over.pk)).exists()
    fresh = case_of(batch.lines.order_by("pk")[1].new_item, 3)
    for one in (case, fresh, fresh):
        journal.write(subject=one, move="approve", by=reform.actor("approver", reform.neighbour), at=AT)
    deliver()
    assert sorted(p.case_id for p in DecisionPush.objects.filter(org=reform.office)) == sorted([case.pk, fresh.pk])
    keys = list(DecisionPush.objects.values_list("pk", flat=True))
    assert actions.take_note(push_ids=keys, by=reform.actor("approver", reform.neighbour), at=AT) == 0
    assert actions.take_note(push_ids=keys, by=reform.actor("approver"), at=AT) == 2


def test_pages_are_for_the_bureau_and_the_two_sides(reform: Reform, items: list[Any]) -> None:
    batch = signed(reform, items)
    bureau, side, third = (
        reform.client("service_admin"),
        reform.client("unit_head"),
        reform.client("dept_admin", reform.bureau_org),
    )
    address = f"/desk/reform/transfers/{batch.pk}/"
    assert bureau.get(address).status_code == side.get(address).status_code == 200
    assert third.get(address).status_code == 404
    assert side.post(address, {"do": "hand_over"}).status_code == 403
    TransferBatch.objects.update(hand_over_on=date(2020, 1, 1))
    assert bureau.post(address, {"do": "hand_over"}).status_code == 302
    assert (
        bureau.get("/desk/reform/transfers/").status_code
        == bureau.get("/desk/reform/transfers/pushes/").status_code
        == 200
    )
    assert TransferBatch.objects.get().handed_over_at is not None
    assert "已停用" in bureau.get(address).content.decode()
