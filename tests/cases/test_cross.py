"""跨域通办: received at one place, decided at another, handed out at the first; each side its own part, a third none."""

from datetime import timedelta

import pytest
from django.urls import reverse

from siban.cases import actions
from siban.cases.actions import crossing
from siban.cases.flow_cross import CROSS_FLOW, CrossState
from siban.cases.models import Case
from siban.cases.models_cross import CrossRegion
from siban.cases.queries import counter
from siban.cases.queries import crossing as queries
from siban.catalog import cross as scopes
from siban.catalog.models import ImplementationItem
from siban.identity import api as identity
from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.papers import papers_of

from . import cast as standing

AT = standing.MONDAY
ITEM = standing.SITUATED
FAR, THIRD = "150702000000", "150202000000"
HOUR = timedelta(hours=1)


@pytest.fixture
def places(cast):
    """Two more places: a counter in a neighbour banner of the same city, one in another city."""
    for who, code, n in (("far", FAR, 7), ("third", THIRD, 8)):
        identity.Region.objects.get_or_create(code=code, defaults={"name": f"演示{who}区", "level": 4})
        org = standing._org(who, f"演示{who}政务服务中心", f"演示{who}", code, n)
        cast.orgs[who] = org
        cast.accounts[who] = identity.open_staff_account(
            login=who, name=f"演示{who}", password=standing.PASSWORD, posts=[("window_clerk", org, code)], by=SYSTEM, at=AT,
            since=standing.SINCE,
        )  # fmt: skip
        cast.actors[who] = identity.of_post(cast.accounts[who], cast.accounts[who].posts.select_related("org").get())
    return cast


def reaching(cast, words, **more):
    """The item's scope as its version words it."""
    item = cast.items[ITEM]
    ImplementationItem.objects.filter(pk=item.pk).update(cross_scope=scopes.scope_of(words), **more)
    item.refresh_from_db()
    return item


def settle():
    while journal.deliver(at=AT + timedelta(days=1)):
        pass


def received(cast, who="far"):
    reaching(cast, "跨县")
    case = standing.filled(cast, ITEM, by=cast.actors[who].through("window"), at=AT)
    actions.submit(case_id=case.pk, by=cast.actors[who].through("window"), at=AT)
    settle()
    return Case.objects.get(pk=case.pk)


def pushed(cast):
    case = received(cast)
    if case.state == "submitted":
        actions.accept(case_id=case.pk, by=cast.far, at=AT + HOUR)
    settle()
    return Case.objects.get(pk=case.pk)


def state(case):
    return CrossRegion.objects.get(pk=case.pk).state


@pytest.mark.parametrize(
    ("words", "decides", "receives", "said"),
    [
        ("无", FAR, standing.BANNER, ""), (None, FAR, standing.BANNER, ""), ("跨县", FAR, standing.BANNER, "全市通办"),
        ("跨县", FAR, THIRD, ""), ("跨市", FAR, THIRD, "全区通办"), ("全区", FAR, standing.BANNER, "全市通办"),
        ("全区", FAR, "110101000000", ""), ("全国", FAR, "110101000000", "跨省通办"), ("跨省", FAR, THIRD, "全区通办"),
    ],
)  # fmt: skip
def test_the_scope_reaches_as_far_as_its_word_and_has_the_name_of_the_two_places(words, decides, receives, said):
    assert scopes.narrowest(scopes.scope_of(words), decides=decides, receives=receives) == said


@pytest.mark.parametrize(("words", "far", "third"), [("无", 0, 0), ("跨县", 1, 0), ("全区", 1, 1)])
def test_a_counter_finds_only_what_reaches_its_place(places, words, far, third):
    item = reaching(places, words)
    for who, wanted in (("far", far), ("third", third)):
        found = counter.items(places.actors[who], item.name)
        assert len(found) == wanted
        assert all("通办" in choice.note for choice in found)


@pytest.mark.parametrize("who", ["far", "third"])
def test_what_does_not_reach_a_place_is_not_taken_in_there(places, who):
    item = reaching(places, "无")
    with pytest.raises(Refused, match="不能收"):
        actions.start(
            item=item,
            by=places.actors[who].through("window"),
            at=AT,
            person=places.persons["citizen"],
            enterprise=None,
        )


@pytest.mark.parametrize(("grassroots", "found"), [(True, 1), (False, 0)])
def test_a_township_takes_in_for_its_banner_what_is_named_and_counts_it_as_its_own(places, grassroots, found):
    item = reaching(places, "无", is_grassroots=grassroots)
    clerk = places.township_clerk.through("window")
    assert len(counter.items(clerk, item.name)) == found
    if not grassroots:
        with pytest.raises(Refused, match="不能收"):
            actions.start(item=item, by=clerk, at=AT, person=places.persons["citizen"], enterprise=None)
        return
    case = standing.filled(places, ITEM, by=clerk, at=AT)
    actions.submit(case_id=case.pk, by=clerk, at=AT)
    settle()
    case = Case.objects.get(pk=case.pk)
    assert (case.is_cross, case.received_org_id, CrossRegion.objects.exists()) == (
        False,
        places.orgs["township"].pk,
        False,
    )
    assert Case.objects.visible_to(places.township_clerk).filter(pk=case.pk).exists()
    if case.state == "submitted":
        actions.accept(case_id=case.pk, by=places.township_clerk, at=AT)


def test_received_there_decided_here_handed_out_there(places):
    case = pushed(places)
    way = CrossRegion.objects.get(pk=case.pk)
    assert (way.kind, way.state, way.from_region_id, way.region_id) == ("全市通办", "sent", FAR, standing.BANNER)
    assert papers_of(("cases.Case", str(case.pk))).filter(kind="cross").count() == 1
    with pytest.raises(Refused, match="接收或者退回"):
        actions.start_review(case_id=case.pk, by=places.reviewer, at=AT + HOUR)
    with pytest.raises(Refused, match="写明"):
        crossing.move(case_id=case.pk, name="send_back", by=places.reviewer, at=AT + HOUR)
    crossing.move(case_id=case.pk, name="send_back", by=places.reviewer, at=AT + HOUR, note="户口簿缺一页")
    crossing.move(case_id=case.pk, name="push_again", by=places.far, at=AT + HOUR)
    crossing.move(case_id=case.pk, name="take", by=places.reviewer, at=AT + HOUR)
    Case.objects.filter(pk=case.pk).update(delivery="counter")
    actions.start_review(case_id=case.pk, by=places.reviewer, at=AT + HOUR)
    actions.pass_unseen(case_id=case.pk, by=places.reviewer, at=AT + HOUR)
    actions.propose(case_id=case.pk, outcome="approve", opinion="符合条件", by=places.reviewer, at=AT + HOUR)
    actions.approve(case_id=case.pk, by=places.head, at=AT + HOUR)
    actions.issue(case_id=case.pk, by=places.reviewer, at=AT + HOUR)
    settle()
    assert state(case) == "result"
    with pytest.raises(Refused, match="还没有到收件的窗口"):
        actions.deliver(case_id=case.pk, receiver="演示甲", by=places.far, at=AT + HOUR)
    crossing.move(case_id=case.pk, name="send_result", by=places.reviewer, at=AT + HOUR, waybill="1234567890")
    crossing.move(case_id=case.pk, name="receive_result", by=places.far, at=AT + HOUR)
    actions.deliver(case_id=case.pk, receiver="演示甲", by=places.far, at=AT + 2 * HOUR)
    settle()
    assert state(case) == "done"
    assert papers_of(("cases.Case", str(case.pk))).filter(kind="cross").count() == 2


def test_each_leg_has_its_day_and_the_legal_clock_does_not_move(places):
    case = pushed(places)
    legal = case.legal_due_on
    tuesday = local_day(AT) + timedelta(days=1)
    assert CrossRegion.objects.get(pk=case.pk).due_on == tuesday
    crossing.move(case_id=case.pk, name="take", by=places.reviewer, at=AT + HOUR)
    assert CrossRegion.objects.get(pk=case.pk).due_on is None
    case.refresh_from_db()
    assert case.legal_due_on == legal


def test_a_late_leg_is_told_to_who_owes_it_once_a_day(places):
    pushed(places)
    late = AT + timedelta(days=2)
    assert crossing.warn(at=AT) == 0
    assert crossing.warn(at=late) > 0
    assert crossing.warn(at=late) == 0


def test_withdrawn_ends_the_way(places):
    case = pushed(places)
    actions.withdraw(case_id=case.pk, by=places.citizen, at=AT + HOUR)
    settle()
    assert state(case) == "ended"


WHO = ("far", "third", "clerk", "reviewer", "other_reviewer", "head", "township_clerk", "citizen")
BY_HAND = {
    "push_again": {"far"}, "print_here": {"far"}, "receive_result": {"far"}, "take": {"clerk", "reviewer", "head"},
    "send_back": {"clerk", "reviewer", "head"}, "send_result": {"clerk", "reviewer", "head"},
}  # fmt: skip


def test_every_move_in_every_state_by_everybody(places):
    case = pushed(places)
    row = CrossRegion.objects.select_related("from_org").get(pk=case.pk)
    for at_state in CrossState.values:
        row.state = at_state
        for name, move in CROSS_FLOW.moves.items():
            for who in WHO:
                allowed = any(
                    c.name == name and c.allowed for c in CROSS_FLOW.choices(row, by=places.actors[who], at=AT)
                )
                assert allowed == (at_state in move.sources and who in BY_HAND.get(name, ())), (at_state, name, who)


@pytest.mark.parametrize(
    ("who", "out", "inn"),
    [
        ("far", 1, 0),
        ("third", 0, 0),
        ("clerk", 0, 1),
        ("reviewer", 0, 1),
        ("other_reviewer", 0, 0),
        ("administrator", 0, 1),
    ],
)
def test_both_sides_count_it_once_and_a_third_sees_nothing(places, who, out, inn):
    case = pushed(places)
    sums = queries.sums(places.actors[who], today=local_day(AT))
    assert (sums["out"]["all"], sums["in"]["all"]) == (out, inn)
    browser = standing.client_of(places, who)
    for side, wanted in (("out", out), ("in", inn)):
        page = browser.get(reverse("cross-ledger"), {"side": side})
        assert len(page.context["lines"]) == wanted
        sheet = browser.get(reverse("cross-sheet"), {"side": side})
        assert b"".join(sheet.streaming_content).startswith(b"PK")
    assert browser.get(reverse("cross-way", args=[case.number])).status_code == (200 if out + inn else 404)
    assert Case.objects.visible_to(places.actors[who]).filter(pk=case.pk).exists() == bool(out + inn)


def test_the_steps_are_taken_on_the_page(places):
    case = pushed(places)
    there, here = (standing.client_of(places, who) for who in ("reviewer", "far"))
    page = reverse("cross-way", args=[case.number])
    assert "退回收件地" in there.get(page).content.decode()
    said = there.post(reverse("cross-step", args=[case.number, "send_back"]), {"note": " "}, follow=True)
    assert "请写明为什么退回" in said.content.decode()
    there.post(reverse("cross-step", args=[case.number, "send_back"]), {"note": "户口簿缺一页"})
    assert "户口簿缺一页" in here.get(page).content.decode()
    here.post(reverse("cross-step", args=[case.number, "push_again"]))
    there.post(reverse("cross-step", args=[case.number, "take"]))
    assert state(case) == "taken"
    assert here.post(reverse("cross-step", args=[case.number, "nonsense"])).status_code == 404


def test_what_was_sent_back_is_supplemented_and_goes_over_again_with_its_own_receipt(places):
    case = pushed(places)
    there, here = (standing.client_of(places, who) for who in ("reviewer", "far"))
    page, add = reverse("cross-way", args=[case.number]), reverse("cross-supplement", args=[case.number])
    wanted = case.wanted()[0]
    assert "办理地退回以后" in here.post(add, {"material": wanted.id, "on_paper": "yes"}, follow=True).content.decode()
    crossing.move(case_id=case.pk, name="send_back", by=places.reviewer, at=AT + HOUR, note="缺第 2 页")
    before = case.materials.count()
    for said, answer in (
        ({}, "请选择补充的是哪一份材料"), ({"material": wanted.id}, "请选择扫描件"), ({"material": "x", "on_paper": "yes"}, "材料清单"),
    ):  # fmt: skip
        assert answer in here.post(add, said, follow=True).content.decode()
    assert (
        "只有收件的窗口" in there.post(add, {"material": wanted.id, "on_paper": "yes"}, follow=True).content.decode()
    )
    assert case.materials.count() == before
    for said in ({"material": wanted.id, "file": standing.pdf()}, {"material": wanted.id, "on_paper": "yes"}):
        assert f"已补充“{wanted.name}”" in here.post(add, said, follow=True).content.decode()
    assert case.materials.count() == before + 2
    here.post(reverse("cross-step", args=[case.number, "push_again"]))
    assert state(case) == "sent"
    drawn = list(papers_of(("cases.Case", str(case.pk))).filter(kind="cross").order_by("issued_at", "id"))
    first, second = (len(paper.content["pieces"]) for paper in drawn)
    assert second == first + 2
    shown = there.get(page).content.decode()
    assert "推送以后补充的材料" in shown
    assert "最迟 2026年" in shown
