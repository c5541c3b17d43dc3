"""Slots: higher modules add to pages of lower ones."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.safestring import SafeString, mark_safe

from siban.kernel.ui import slots
from siban.kernel.ui.parts import NavItem


@pytest.fixture(autouse=True)
def _own_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_slots", {})


@pytest.fixture
def request_at_inbox(rf: RequestFactory) -> HttpRequest:
    return rf.get("/desk/cases/inbox/")


def late(request: HttpRequest) -> str:
    return "后"


def early(request: HttpRequest) -> str:
    return "先"


def silent(request: HttpRequest) -> None:
    return None


def about(request: HttpRequest, subject: str) -> SafeString:
    return mark_safe(f"<b>{len(subject)}</b>")


def test_slot_keeps_the_declared_order(request_at_inbox: HttpRequest) -> None:
    slots.register("page", 20, late)
    slots.register("page", 10, early)
    assert slots.collect("page", request_at_inbox) == ["先", "后"]


def test_slot_leaves_out_those_who_have_nothing_to_say(request_at_inbox: HttpRequest) -> None:
    slots.register("page", 1, silent)
    assert slots.collect("page", request_at_inbox) == []
    assert slots.render("page", request_at_inbox) == ""


def test_slot_hands_over_the_subject_and_keeps_markup(request_at_inbox: HttpRequest) -> None:
    slots.register("page", 1, about)
    assert slots.render("page", request_at_inbox, "办件") == "<b>2</b>"


def test_slot_escapes_plain_text(request_at_inbox: HttpRequest) -> None:
    def hostile(request: HttpRequest) -> str:
        return "<script>"

    slots.register("page", 1, hostile)
    assert slots.render("page", request_at_inbox) == "&lt;script&gt;"


def test_registering_again_does_not_double(request_at_inbox: HttpRequest) -> None:
    slots.register("page", 1, early)
    slots.register("page", 5, early)
    assert slots.collect("page", request_at_inbox) == ["先"]
    slots.unregister("page", early)
    assert slots.collect("page", request_at_inbox) == []


def test_two_unnamed_fillings_are_refused() -> None:
    slots.register("page", 1, lambda request: "a")
    with pytest.raises(ValueError, match="give it a name"):
        slots.register("page", 1, lambda request: "b")


@pytest.mark.parametrize(
    ("path", "current"),
    [("/desk/cases/inbox/", "待办"), ("/desk/cases/", "办件"), ("/desk/", "工作台"), ("/elsewhere/", None)],
)
def test_navigation_marks_the_nearest_address(rf: RequestFactory, path: str, current: str | None) -> None:
    for order, (label, url) in enumerate(
        [("工作台", "/desk/"), ("办件", "/desk/cases/"), ("待办", "/desk/cases/inbox/")]
    ):
        slots._slots.setdefault("desk.nav", {})[label] = slots._Filling(
            order, label, lambda request, label=label, url=url: NavItem(label, url)
        )
    marked = [item.label for item in slots.nav("desk.nav", rf.get(path)) if item.current]
    assert marked == ([current] if current else [])
