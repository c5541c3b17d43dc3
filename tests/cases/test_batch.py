"""Several cases with one press, and lists kept under a name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from siban.cases import actions
from siban.cases.actions import material_checks
from siban.cases.models import Case
from siban.cases.models_desk import SavedView
from siban.cases.queries import chosen, inbox
from siban.exchange.models import Message
from siban.kernel.flow import Refused

from . import cast as standing
from .procedure import at, now
from .test_inbox import TODAY, copies

WHOLE = "/desk/cases/?whole=1"


@pytest.fixture
def three(cast):
    """Three accepted cases, one of them of the neighbour department."""
    first = standing.in_state(cast, "accepted")
    copies(first, 2)
    rows = list(Case.objects.order_by("id"))
    Case.objects.filter(pk=rows[-1].pk).update(org_id=cast.orgs["other"].pk)
    return rows


def numbers(rows):
    return [row.number for row in rows]


def test_each_case_stands_by_itself_and_what_failed_is_named(cast, three):
    mine, again, other = three
    actions.start_review(case_id=again.pk, by=cast.chief, at=at(1))
    done = actions.together(verb="start_review", numbers=numbers(three), by=cast.reviewer, at=at(1))
    said = {one.number: (one.is_done, one.said) for one in done}
    assert said[mine.number] == (True, "已开始审查")
    assert said[again.number][0] is False
    assert "审查中" in said[again.number][1]
    assert said[other.number] == (False, "没有找到这个办件，或者不归您办理。")
    assert (now(mine).state, now(other).state, now(again).handler_id) == (
        "in_review",
        "accepted",
        cast.chief.account_id,
    )


def test_assigning_several_tells_the_colleague_and_can_be_taken_back(cast, three, deliver):
    client = standing.client_of(cast, "head")
    chief = cast.chief.account_id
    page = client.post("/desk/cases/batch/", {"verb": "assign", "case": numbers(three)}).content.decode()
    assert "可以分办 2 件" in page
    assert "演示chief" in page
    assert three[2].number not in page
    sent = {"verb": "assign", "case": numbers(three)[:2], "handler": str(chief), "confirm": "1"}
    page = client.post("/desk/cases/batch/", sent).content.decode()
    assert "2 件都已办理" in page
    deliver()
    assert Message.objects.filter(kind="case.assign.assignee", account_id=chief).count() == 2
    other = cast.reviewer.account_id
    actions.assign(case_id=three[1].pk, handler_id=other, by=cast.head, at=at(2))
    client.post("/desk/cases/batch/undo/", {"handler": str(chief), "before": [f"{n}|" for n in numbers(three)]})
    assert [now(row).handler_id for row in three[:2]] == [None, other], "what moved on stays as it is"


@pytest.mark.parametrize("who", ["clerk", "other_reviewer", "citizen"])
def test_nobody_else_assigns(cast, three, who):
    with pytest.raises((Refused, Case.DoesNotExist)):
        actions.assign(case_id=three[0].pk, handler_id=cast.reviewer.account_id, by=cast.actors[who], at=at(1))
    with pytest.raises(Refused, match="本部门现在在岗"):
        actions.assign(case_id=three[0].pk, handler_id=cast.clerk.account_id, by=cast.head, at=at(1))


def test_what_wants_weighing_is_never_granted_among_several(cast):
    case = standing.in_state(cast, "proposed")
    (one,) = actions.together(verb="approve", numbers=[case.number], confirmed=[case.number], by=cast.head, at=at(1))
    assert (one.is_done, "第三十四条" in one.said) == (False, True)
    with pytest.raises(Refused, match="不能成批"):
        actions.together(verb="reject", numbers=[case.number], by=cast.head, at=at(1))
    assert now(case).state == "proposed"


def test_an_instant_case_is_granted_among_several_when_confirmed_and_every_point_passed(db):
    cast = standing.cast(standing.INSTANT)
    cases = [standing.in_state(cast, "submitted", standing.INSTANT, who=who) for who in ("citizen", "stranger")]
    for case in cases:
        material_checks.pass_rest(case_id=case.pk, by=cast.clerk, at=at(0, 12))
        actions.accept(case_id=case.pk, by=cast.clerk, at=at(0, 13))
    looked, skipped = cases
    done = actions.together(
        verb="approve", numbers=numbers(cases), confirmed=[looked.number], by=cast.head, at=at(0, 14)
    )
    assert {one.number: one.is_done for one in done} == {looked.number: True, skipped.number: False}
    assert (now(looked).state, now(skipped).state) == ("approved", "accepted")
    skipped.material_checks.all().delete()
    (one,) = actions.together(
        verb="approve", numbers=[skipped.number], confirmed=[skipped.number], by=cast.head, at=at(0, 15)
    )
    assert "没有标为符合" in one.said or not now(skipped).asked_points()


def test_a_message_to_several_is_told_once_however_often_it_is_pressed(cast, three):
    for _ in range(2):
        actions.together(
            verb="tell", numbers=numbers(three), text="请带身份证原件到窗口", token="t1", by=cast.reviewer, at=at(1)
        )
    told = Message.objects.filter(kind="case.word")
    assert sorted(told.values_list("subject_id", flat=True)) == sorted(str(r.pk) for r in three[:2])
    assert "请带身份证原件到窗口" in told.first().body


def test_the_ticked_cases_are_a_workbook_of_their_own(cast, three):
    answer = standing.client_of(cast, "reviewer").post(
        "/desk/cases/batch/", {"verb": "export", "case": numbers(three)[1:]}
    )
    from .test_inbox import sheet

    assert [row[0] for row in sheet(answer)[1:]] == [three[1].number]


@pytest.mark.parametrize("verb", ["assign", "approve", "issue"])
def test_the_page_before_costs_the_same_for_many(cast, verb):
    first = standing.in_state(cast, "accepted")
    counts = []
    for more in (1, 30):
        copies(first, more)
        listed = list(Case.objects.values_list("number", flat=True).order_by("id"))
        chosen.chosen(cast.reviewer, listed, verb=verb, most=50)
        with CaptureQueriesContext(connection) as caught:
            chosen.chosen(cast.reviewer, listed, verb=verb, most=50)
        counts.append(len(caught))
    assert counts[0] == counts[1]


# -- lists ---------------------------------------------------------------------------------------------------------


def test_mine_and_nobody_s_are_lists_of_their_own(cast, three):
    Case.objects.filter(pk=three[0].pk).update(handler_id=cast.reviewer.account_id)

    def seen(whose):
        return [row[0] for row in inbox.inbox(cast.reviewer, inbox.Filter.of({"whose": whose}), today=TODAY).rows]

    assert seen("mine") == [three[0].pk]
    assert seen("none") == [three[1].pk]
    assert set(seen("")) == {three[0].pk, three[1].pk}
    page = standing.client_of(cast, "reviewer").get(WHOLE).content.decode()
    assert "承办：演示reviewer" in page


@pytest.mark.parametrize(("whose", "index"), [("mine", "case_of_handler"), ("none", "case_unassigned")])
def test_each_of_them_is_read_from_its_own_index(cast, whose, index):
    case = standing.in_state(cast, "accepted")
    copies(case, 600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET handler_id = %s WHERE mod(('x' || right(id::text, 4))::bit(16)::int, 20) = 0",
            [cast.reviewer.account_id],
        )
        if whose == "none":
            cursor.execute(
                "UPDATE cases_case SET handler_id = %s WHERE handler_id IS NULL AND id <> %s",
                [cast.chief.account_id, case.pk],
            )
        cursor.execute("ANALYZE cases_case")
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
    rows = inbox.chosen(cast.reviewer, inbox.Filter(whose=whose), today=TODAY)
    plan = rows.order_by("due_on", "id").values_list(*inbox.COLUMNS)[:50].explain()
    assert index in plan
    assert "Sort" not in plan


def test_a_view_is_kept_opened_first_and_let_go(cast, three):
    client = standing.client_of(cast, "reviewer")
    client.get(WHOLE)
    answer = client.post("/desk/cases/views/", {"name": "我的", "query": "whose=mine&sort=newest", "is_default": "on"})
    view = SavedView.objects.get()
    assert answer["Location"] == f"/desk/cases/?whose=mine&sort=newest&view={view.pk}"
    assert client.get("/desk/cases/")["Location"] == answer["Location"]
    assert client.get(WHOLE).status_code == 200
    client.post("/desk/cases/views/change/", {"first": ""})
    assert client.get("/desk/cases/").status_code == 200
    client.post("/desk/cases/views/change/", {"drop": str(view.pk)})
    assert not SavedView.objects.exists()


def test_a_shared_view_is_seen_in_the_unit_and_nowhere_else(cast, three):
    view = actions.save_view(name="临期的", query="lamp=amber", is_shared=True, by=cast.reviewer, at=at(1))
    own = actions.save_view(name="自己的", query="lamp=red", by=cast.reviewer, at=at(1))
    seen = {
        who: set(SavedView.objects.visible_to(cast.actors[who]).values_list("pk", flat=True))
        for who in ("reviewer", "chief", "other_reviewer", "clerk", "citizen")
    }
    assert seen == {
        "reviewer": {view.pk, own.pk}, "chief": {view.pk}, "other_reviewer": set(), "clerk": set(), "citizen": set(),
    }  # fmt: skip
    with pytest.raises(SavedView.DoesNotExist):
        actions.drop_view(view_id=view.pk, by=cast.chief)
    with pytest.raises(SavedView.DoesNotExist):
        actions.open_first(view_id=view.pk, by=cast.chief)


def test_one_default_and_one_name_a_person(cast):
    for name in ("甲", "乙", "甲"):
        actions.save_view(name=name, query="", is_default=True, by=cast.reviewer, at=at(1))
    assert list(SavedView.objects.order_by("name").values_list("name", "is_default")) in (
        [("甲", True), ("乙", False)], [("乙", False), ("甲", True)],
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.update(is_default=True)
    with pytest.raises(Refused, match="起个名字"):
        actions.save_view(name=" ", query="", by=cast.reviewer, at=at(1) + timedelta(hours=1))


def test_a_view_holds_only_what_the_list_understands(cast):
    client = standing.client_of(cast, "reviewer")
    client.post("/desk/cases/views/", {"name": "怪", "query": "state=nonsense&evil=1&lamp=red&after=x"})
    assert SavedView.objects.get().query == "lamp=red"
