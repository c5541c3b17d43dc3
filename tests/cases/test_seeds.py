"""The demonstration has one case in every state a visitor may want to see, each lawful, and telling it twice adds nothing."""

from datetime import date

import pytest

from siban.cases import seeds_stories
from siban.cases.models import AutoDecision, Case, Mandate, Opinion, Promise
from siban.cases.models_counter import MaterialCheck
from siban.identity import api as identity
from siban.kernel import clock
from siban.kernel.actor import SYSTEM
from siban.kernel.papers import papers_of

from . import cast as standing

STANDS = {
    "demo-special": "in_special", "demo-deficient": "in_review", "demo-promised": "closed", "demo-false": "closed",
    "demo-consulted": "in_review", "demo-proposed": "proposed", "demo-automatic": "closed", "demo-archived": "archived",
    "demo-wanting": "in_review",
}  # fmt: skip


@pytest.fixture
def cast(db):
    made = standing.cast(*(s.item for s in seeds_stories.SCENES))
    standing._org("health", "演示卫健委", "鄂温克旗卫健", standing.BANNER, 9)
    identity.Org.objects.filter(code="demo-health").update(code="health")
    made.persons["elder"] = identity.register_person(
        name="演示丁", id_number=standing.number(7, date(1944, 4, 4)), mobile="13800000007", address="演示苏木演示嘎查 7 号",
        by=SYSTEM, at=standing.MONDAY,
    )  # fmt: skip
    return made


def tell(cast):
    who = {"approver": "reviewer", "unit_head": "head", "window_clerk": "clerk", "chief_rep": "chief"}
    return seeds_stories.build(
        staff=lambda role, org: cast.actors[who[role]], person=cast.persons.__getitem__, firm=cast.firm,
        today=clock.local_day(clock.now()),
    )  # fmt: skip


def test_every_state_a_visitor_may_want_to_see_is_there_once(cast):
    Mandate.objects.all().delete()
    assert tell(cast) == len(seeds_stories.SCENES)
    assert dict(Case.objects.order_by("window_id").values_list("window_id", "state")) == STANDS
    by = {c.window_id: c for c in Case.objects.select_related("version").order_by("pk")}
    today = clock.local_day(clock.now())
    assert by["demo-special"].special_due_on >= today
    assert "special" in {p.kind for p in papers_of(("cases.Case", str(by["demo-special"].pk)))}, "told in writing"
    assert by["demo-deficient"].deficiency_due_on >= today
    assert by["demo-deficient"].missing_materials()
    states = Promise.objects.order_by("pk").values_list("case__window_id", "state")
    assert dict(states) == {"demo-promised": "checking", "demo-false": "false"}
    assert Opinion.objects.get(answered_at=None, dropped_at=None).case == by["demo-consulted"]
    assert AutoDecision.objects.get(outcome="grant").case == by["demo-automatic"]
    assert MaterialCheck.objects.get(verdict="not_ok").case == by["demo-wanting"]
    assert Mandate.objects.get().account_id == cast.chief.account_id
    assert tell(cast) == 0
    assert Case.objects.count() == len(STANDS)


def test_a_story_that_fails_leaves_nothing_behind(cast, monkeypatch):
    monkeypatch.setattr(seeds_stories.actions, "ask_opinion", lambda **said: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tell(cast)
    assert not Case.objects.filter(window_id="demo-consulted").exists()
