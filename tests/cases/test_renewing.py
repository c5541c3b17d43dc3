"""Drafts begun on a version that is replaced: handed in on it until a day, then moved with all that fits; cases never."""

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from siban.cases import actions
from siban.cases.models import Case
from siban.catalog.models import ItemVersion
from siban.kernel import journal
from siban.kernel.flow import Refused

from . import cast as standing
from .cast import MONDAY, Cast

UNTIL = MONDAY.date() + timedelta(days=10)
ITEM = standing.FOR_FIRMS


def replaced(cast: Cast, *, until: date = UNTIL, **changed: Any) -> ItemVersion:
    """A further version in force, the one before retired with a last day for drafts."""
    item, old = cast.items[ITEM], cast.items[ITEM].version
    assert old is not None
    said = {**copy.deepcopy(old.content), "version": 2, **changed}
    standing.republish(item, said, at=MONDAY)
    ItemVersion.objects.filter(pk=old.pk).update(retired_at=MONDAY, drafts_until=until)
    assert item.version is not None
    return item.version


@pytest.fixture
def cast(db: None) -> Cast:
    return standing.cast(ITEM)


@pytest.mark.parametrize(("days", "taken"), [(0, True), (10, True), (11, False), (400, False)])
def test_a_draft_is_handed_in_on_its_own_version_until_the_hard_day(cast: Cast, days: int, taken: bool) -> None:
    case = standing.filled(cast, ITEM)
    replaced(cast)
    at = MONDAY + timedelta(days=days)
    if not taken:
        with pytest.raises(Refused, match="改用新版指南"):
            actions.submit(case_id=case.pk, by=cast.citizen, at=at)
        assert Case.objects.get(pk=case.pk).form == case.form | {"application_date": case.form["application_date"]}
        return
    done = actions.submit(case_id=case.pk, by=cast.citizen, at=at)
    assert done.version.number == 1


def test_a_case_under_way_keeps_its_version_whatever_comes(cast: Cast) -> None:
    case = standing.in_state(cast, "correcting", ITEM)
    replaced(cast, until=MONDAY.date() - timedelta(days=1))
    assert Case.objects.get(pk=case.pk).version.number == 1
    with pytest.raises(Refused, match="按提交时的版本"):
        actions.renew(case_id=case.pk, by=cast.citizen, at=MONDAY)


def test_what_fits_is_taken_over_and_nothing_entered_is_lost(cast: Cast) -> None:
    case = standing.filled(cast, ITEM)
    rows = list(case.materials.order_by("pk"))
    gone = rows[-1].material_id
    old = cast.items[ITEM].version
    assert old is not None
    materials = [m for m in copy.deepcopy(old.content["materials"]) if m["id"] != gone]
    number = {m["id"]: f"n{n:02d}" for n, m in enumerate(materials)}
    for material in materials:
        material["id"] = number[material["id"]]
    materials.append({"id": gone, "name": "另一份同号的材料", "necessity": "required"})
    replaced(cast, materials=materials, situations=None, has_situations=False)
    done = actions.renew(case_id=case.pk, by=cast.citizen, at=MONDAY)
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.version.number == 2
    assert fresh.form == case.form
    assert fresh.materials.count() == len(rows)
    assert done.left == (rows[-1].name,)
    known = {r.pk: r.material_id for r in fresh.materials.all()}
    for row in rows[:-1]:
        assert known[row.pk] == number[row.material_id]
    assert known[rows[-1].pk] not in {gone, *number.values()}
    assert "另一份同号的材料" in fresh.missing_materials()
    assert journal.timeline(fresh).last().move == "renew"
    assert actions.renew(case_id=case.pk, by=cast.citizen, at=MONDAY).left == ()


def test_the_applicant_is_told_in_words_and_moves_by_a_button(cast: Cast) -> None:
    case = standing.filled(cast, ITEM)
    replaced(cast, promised_limit={"value": 1, "unit": "workday"})
    browser = standing.client_of(cast, "citizen")
    page = browser.get(f"/apply/case/{case.pk}/review/").content.decode()
    assert "办事指南已经更新" in page
    shown = browser.get(f"/apply/case/{case.pk}/renew/").content.decode()
    assert "承诺时限由" in shown
    assert "1 个工作日" in shown
    assert standing.client_of(cast, "stranger").post(f"/apply/case/{case.pk}/renew/").status_code == 404
    assert browser.post(f"/apply/case/{case.pk}/renew/").status_code == 302
    assert Case.objects.get(pk=case.pk).version.number == 2
    assert "办事指南已经更新" not in browser.get(f"/apply/case/{case.pk}/review/").content.decode()


@pytest.mark.parametrize("state", ["suspended", "cancelled"])
def test_nothing_is_handed_in_for_an_item_that_is_closed_and_the_draft_stays(cast: Cast, state: str) -> None:
    case = standing.filled(cast, ITEM)
    cast.items[ITEM].state = state
    cast.items[ITEM].save()
    with pytest.raises(Refused, match="还在草稿里"):
        actions.submit(case_id=case.pk, by=cast.citizen, at=MONDAY)
    assert Case.objects.get(pk=case.pk).state == "draft"
