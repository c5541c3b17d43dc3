"""What the department and the authority are refused, and that nobody's work is overwritten."""

import copy
from typing import Any

import pytest

from siban.catalog import actions
from siban.catalog.flow import ITEM_FLOW, ItemState
from siban.catalog.models import ImplementationItem
from siban.kernel import journal
from siban.kernel.actor import ANONYMOUS, Actor
from siban.kernel.flow import Refused

from .conftest import AT, acting

WHO = {
    "D": ("dept_admin", "civil_affairs"),  # the item's own department
    "N": ("dept_admin", "market_regulation"),  # another department
    "S": ("service_admin", "gov_service"),
    "A": ("approver", "civil_affairs"),
    "W": ("window_clerk", "gov_service"),
    "X": ("auditor", "gov_service"),
}

# state: move = who may make it; every pair not listed is refused to everyone
TABLE = """
to_claim     claim=D cancel=S
claimed      draft=D cancel=S
drafting     self_check=D discard=D cancel=S
self_checked submit=D discard=D
submitted    send_back=S review=S
reviewed     send_back=S publish=S schedule=S
scheduled    withdraw_schedule=S
published    request_change=D suspend=S cancel=S
suspended    request_change=D resume=S cancel=S
cancelled
"""


def allowed() -> dict[tuple[str, str], str]:
    found = {}
    for line in TABLE.strip().splitlines():
        state, *moves = line.split()
        for move in moves:
            name, who = move.split("=")
            found[state, name] = who
    return found


def test_the_procedure_is_exactly_the_table(library: None) -> None:
    table = allowed()
    actors: dict[str, Actor] = {letter: acting(*post) for letter, post in WHO.items()}
    item = ImplementationItem.objects.get(slug="civil_affairs.marriage")
    for state in ItemState:
        item.state = state
        for move in ITEM_FLOW.moves:
            for letter, actor in actors.items():
                why = ITEM_FLOW.refusal(move, item, by=actor, at=AT)
                assert (why is None) == (letter in table.get((state, move), "")), (state, move, letter, why)
            assert ITEM_FLOW.refusal(move, item, by=ANONYMOUS, at=AT)


def test_the_authority_of_another_territory_is_refused(library: None) -> None:
    item = ImplementationItem.objects.get(slug="civil_affairs.marriage")
    stranger = acting("service_admin", "township-150724110000")
    with pytest.raises(Refused, match="岗位"):
        actions.suspend(item=item.pk, reason="系统升级期间", by=stranger, at=AT)


@pytest.fixture
def drafting(library: None) -> tuple[ImplementationItem, Any, Actor]:
    """An item whose next version is being compiled."""
    item = ImplementationItem.objects.get(slug="civil_affairs.marriage")
    manager = acting("dept_admin", "civil_affairs")
    draft = actions.request_change(item=item.pk, reason="群众反映时间不便", by=manager, at=AT)
    return item, draft, manager


def test_a_draft_keeps_the_version_in_force(drafting: tuple[ImplementationItem, Any, Actor]) -> None:
    item, draft, _ = drafting
    item.refresh_from_db()
    assert item.version.number == 1
    assert draft.number == 2
    assert ImplementationItem.objects.published().filter(pk=item.pk).exists()


def test_save_draft_refuses_to_overwrite_what_another_saved(drafting: tuple[ImplementationItem, Any, Actor]) -> None:
    item, draft, manager = drafting
    content = {**copy.deepcopy(draft.content), "office_hours": "星期一至星期五：上午09:00-12:00"}
    actions.save_draft(item=item.pk, content=content, seen=draft.content_hash, by=manager, at=AT)
    with pytest.raises(Refused, match="已被别人改过"):
        actions.save_draft(item=item.pk, content=draft.content, seen="0" * 64, by=manager, at=AT)


def test_save_draft_journals_only_what_differs(drafting: tuple[ImplementationItem, Any, Actor]) -> None:
    item, draft, manager = drafting
    content = {**copy.deepcopy(draft.content), "office_hours": "新的时间"}
    actions.save_draft(item=item.pk, content=content, seen=draft.content_hash, by=manager, at=AT)
    entry = journal.timeline(item).last()
    assert entry.move == "save_draft"
    assert entry.changes == {"office_hours": [draft.content["office_hours"], "新的时间"]}


@pytest.mark.parametrize(("role", "org"), [("dept_admin", "market_regulation"), ("service_admin", "gov_service")])
def test_save_draft_is_for_the_items_own_manager(
    drafting: tuple[ImplementationItem, Any, Actor], role: str, org: str
) -> None:
    item, draft, _ = drafting
    with pytest.raises(Refused, match="岗位"):
        actions.save_draft(item=item.pk, content=draft.content, seen=draft.content_hash, by=acting(role, org), at=AT)


def test_save_draft_names_the_element_of_a_wrong_shape(drafting: tuple[ImplementationItem, Any, Actor]) -> None:
    item, draft, manager = drafting
    content = {**copy.deepcopy(draft.content), "promised_limit": {"value": "五"}}
    with pytest.raises(Refused, match=r"promised_limit\.value"):
        actions.save_draft(item=item.pk, content=content, seen=draft.content_hash, by=manager, at=AT)


def test_a_lower_level_can_not_change_locked_elements(library: None) -> None:
    item = ImplementationItem.objects.get(slug="township.social_card.150724110000")
    manager = acting("dept_admin", "township-150724110000")
    draft = actions.request_change(item=item.pk, reason="调整办理地点", by=manager, at=AT)
    content = {**copy.deepcopy(draft.content), "materials": []}
    with pytest.raises(Refused, match="materials"):
        actions.save_draft(item=item.pk, content=content, seen=draft.content_hash, by=manager, at=AT)
    local = {**copy.deepcopy(draft.content), "consult_phones": ["0470-0000999"]}
    actions.save_draft(item=item.pk, content=local, seen=draft.content_hash, by=manager, at=AT)
    actions.self_check(item=item.pk, by=manager, at=AT)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"promised_limit": {"value": 400, "unit": "workday"}}, "超过法定时限"),
        ({"consult_phones": []}, "没有填写咨询电话"),
        ({"windows": []}, "没有填写办理地点"),
        ({"name": "别的名称"}, "名称与基本目录"),
    ],
)
def test_self_check_names_every_fault(library: None, change: dict[str, Any], part: str) -> None:
    item = ImplementationItem.objects.get(slug="market_regulation.food_business")
    manager = acting("dept_admin", "market_regulation")
    draft = actions.request_change(item=item.pk, reason="调整办理要素", by=manager, at=AT)
    content = {**copy.deepcopy(draft.content), **change}
    actions.save_draft(item=item.pk, content=content, seen=draft.content_hash, by=manager, at=AT)
    with pytest.raises(Refused, match=part):
        actions.self_check(item=item.pk, by=manager, at=AT)


@pytest.mark.parametrize("move", ["request_change", "suspend", "cancel"])
def test_a_reason_is_wanted(library: None, move: str) -> None:
    item = ImplementationItem.objects.get(slug="civil_affairs.marriage")
    who = acting("dept_admin", "civil_affairs") if move == "request_change" else acting("service_admin", "gov_service")
    with pytest.raises(Refused, match="请写明"):
        getattr(actions, move)(item=item.pk, reason=" 因 ", by=who, at=AT)
