"""前台受理、后台审批: what a counter receives goes to the department's list, is taken, comes back with its times."""

from datetime import timedelta

import pytest

from siban.cases import actions, guards_counter
from siban.cases.actions import pushing
from siban.cases.models import Case
from siban.cases.models_push import CasePush
from siban.cases.queries import pushing as queries
from siban.kernel import journal
from siban.kernel.flow import Refused

from . import cast as standing

AT = standing.MONDAY
ITEM = standing.SITUATED


def received(cast, who="citizen"):
    case = standing.filled(cast, ITEM, by=cast.clerk.through("window"), at=AT, who=who)
    actions.submit(case_id=case.pk, by=cast.clerk.through("window"), at=AT)
    while journal.deliver(at=AT):
        pass
    return Case.objects.get(pk=case.pk)


def page(cast, who, part="waiting"):
    return queries.push_page(cast.actors[who], queries.Wanted(part))


def test_what_the_counter_receives_is_pushed_and_taken_and_comes_back(cast):
    case = received(cast)
    assert [line.case_id for line in page(cast, "clerk").lines] == [case.pk]
    (group,) = page(cast, "clerk").groups
    assert (group.name, group.waiting, group.taken, group.returned) == ("鄂温克旗住建", 1, 0, 0)
    taken = AT + timedelta(hours=1)
    assert pushing.take_pushed(cases=[case.pk], by=cast.reviewer, at=taken) == 1
    (line,) = page(cast, "clerk", "taken").lines
    assert (line.taken_at, line.taken_by) == (taken, "演示reviewer")
    if case.state == "submitted":
        actions.accept(case_id=case.pk, by=cast.clerk, at=taken)
    actions.start_review(case_id=case.pk, by=cast.reviewer, at=taken)
    actions.pass_unseen(case_id=case.pk, by=cast.reviewer, at=taken)
    actions.propose(case_id=case.pk, outcome="approve", opinion="材料齐全，符合条件", by=cast.reviewer, at=taken)
    actions.approve(case_id=case.pk, by=cast.head, at=taken)
    (line,) = page(cast, "clerk", "returned").lines
    assert line.decided_at == taken


def test_what_comes_in_online_is_not_pushed(cast):
    standing.in_state(cast, "submitted")
    while journal.deliver(at=AT):
        pass
    assert not CasePush.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "other_reviewer", "township_clerk", "citizen", "inspector"])
def test_only_the_department_takes_what_was_pushed_to_it(cast, who):
    case = received(cast)
    with pytest.raises(Refused):
        pushing.take_pushed(cases=[case.pk], by=cast.actors[who], at=AT)
    assert CasePush.objects.get().taken_at is None


def test_neighbours_see_nothing_of_it(cast):
    received(cast)
    for who in ("other_reviewer", "township_clerk", "inspector", "stranger"):
        found = page(cast, who)
        assert (found.groups, found.lines) == ((), ())


def test_taken_twice_is_taken_once(cast):
    case = received(cast)
    pushing.take_pushed(cases=[case.pk], by=cast.reviewer, at=AT)
    with pytest.raises(Refused, match="已经接收"):
        pushing.take_pushed(cases=[case.pk], by=cast.chief, at=AT + timedelta(hours=1))
    assert CasePush.objects.get().taken_by_id == cast.reviewer.account_id


def test_the_list_costs_the_same_for_any_number(cast, django_assert_num_queries):
    received(cast)
    with django_assert_num_queries(2):
        page(cast, "clerk")
    received(cast, "stranger")
    received(cast, "agent")
    with django_assert_num_queries(2):
        assert len(page(cast, "clerk").lines) == 3


def test_the_department_takes_through_its_page(cast):
    case = received(cast)
    client = standing.client_of(cast, "reviewer")
    assert case.number in client.get("/desk/push/").content.decode()
    assert case.number in client.get("/desk/push/sheet/").content.decode()
    assert "已接收 1 件" in client.post("/desk/push/", {"case": [str(case.pk), "x"]}, follow=True).content.decode()
    front = standing.client_of(cast, "clerk").get("/desk/push/?part=taken").content.decode()
    assert case.number in front
    assert cast.persons["citizen"].name not in front


def test_front_and_back_apart_is_a_bar_for_who_received(cast, settings):
    case = received(cast)
    settings.SIBAN_SEPARATE_FRONT_BACK = True
    assert "决定要由另一个人作出" in guards_counter.front_and_back_apart(cast.clerk, case, AT)
    assert guards_counter.front_and_back_apart(cast.reviewer, case, AT) is None
    settings.SIBAN_SEPARATE_FRONT_BACK = False
    assert guards_counter.front_and_back_apart(cast.clerk, case, AT) is None
