"""Situations: proven before they are published, asked no more than need be, decided again by the server."""

import copy
from datetime import date
from itertools import product
from typing import Any

import msgspec
import pytest
from django.test import Client

from siban.catalog import actions
from siban.catalog.linting import linter
from siban.catalog.models import ImplementationItem, ItemVersion
from siban.catalog.situations import deciding, facts, tree, writing
from siban.kernel.conditions import Choice, Flag
from siban.kernel.flow import Refused

from .conftest import AT, acting, logged_in

M = [{"id": f"m0{n}", "name": f"材料{n}"} for n in range(1, 5)]


def option(id_: str, label: str, *materials: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "label": label, "materials": list(materials), "next": None, **more}


def item(*questions: tuple[str, str, list[dict[str, Any]]], **more: Any) -> dict[str, Any]:
    said = {
        "root": questions[0][0], "common_materials": ["m01"], "leaves": [],
        "questions": [{"id": q, "question": text, "options": options} for q, text, options in questions],
    }  # fmt: skip
    content = {"materials": copy.deepcopy(M), "promised_limit": {"value": 10, "unit": "workday"}, **more}
    return writing.written(content, said)


def found(content: dict[str, Any]) -> list[tuple[str, str]]:
    return [(f.number, f.message) for f in linter("", ("R10", "S01", "S02", "S03", "S04")).item(content, {})]


OLD, YOUNG = option("a", "六十岁以上", "m02", when="age >= 60"), option("b", "不满六十岁", "m03", when="age < 60")


def test_a_sound_tree_has_no_finding() -> None:
    assert found(item(("q1", "多大年纪？", [OLD, YOUNG]))) == []


@pytest.mark.parametrize(
    ("options", "rule", "words"),
    [
        ([OLD, {**YOUNG, "when": "age < 50"}], "S03", "“年龄”为 50 至 59时没有一个选项适用"),
        ([OLD, {**YOUNG, "when": "age <= 60"}], "S03", "“年龄”为 60时“六十岁以上”与“不满六十岁”同时适用"),
        ([OLD, {**YOUNG, "when": "age < 0"}], "S03", "永远轮不到"),
        ([OLD, {**YOUNG, "when": None}], "S03", "有的选项写了条件"),
        ([OLD, {**YOUNG, "when": "alter < 60"}], "S03", "系统没有这项信息"),
        ([OLD, {**YOUNG, "when": "age <"}], "S03", "写法有误"),
        ([OLD], "S01", "不足两个选项"),
        ([OLD, {**YOUNG, "next": "q9"}], "S01", "下一题“q9”不存在"),
        ([OLD, {**YOUNG, "next": "q1"}], "S01", "绕回"),
        ([OLD, {**YOUNG, "id": "a"}], "S01", "重复"),
        ([OLD, {**YOUNG, "limit_value": 11, "limit_unit": "workday"}], "S04", "比事项的还长"),
        ([OLD, {**YOUNG, "limit_value": 3}], "S04", "没有写天数或者单位"),
    ],
)  # fmt: skip
def test_each_fault_of_a_tree_is_named(options: list[dict[str, Any]], rule: str, words: str) -> None:
    said = [message for number, message in found(item(("q1", "多大年纪？", options))) if number == rule]
    assert any(words in message for message in said), said


def test_a_question_nobody_reaches_and_one_too_deep_are_named(settings: Any) -> None:
    apart = item(("q1", "？", [OLD, YOUNG]), ("q2", "孤岛？", [option("a", "甲", "m04"), option("b", "乙")]))
    assert [n for n, m in found(apart) if "问不到" in m] == ["S01"]
    settings.SITUATIONS_DEEPEST = 1
    deep = item(
        ("q1", "一？", [option("a", "甲", "m02", next="q2"), option("b", "乙", "m03")]),
        ("q2", "二？", [option("a", "丙", "m04"), option("b", "丁")]),
    )
    assert [n for n, m in found(deep) if "连问 2 题" in m] == ["S01"]


def test_leaves_that_differ_from_the_tree_are_found() -> None:
    content = item(("q1", "？", [OLD, YOUNG]))
    content["situations"]["leaves"][1]["materials"] = ["m01"]
    assert [n for n, _ in found(content)] == ["S02"]


def test_whatever_a_proven_question_is_told_it_decides_exactly_one_option() -> None:
    options = [
        option("a", "甲", "m02", when='age >= 60 && residence == "本旗"'),
        option("b", "乙", "m03", when='age >= 60 && residence != "本旗"'),
        option("c", "丙", when="age < 60"),
    ]
    content = item(("q1", "？", options))
    assert found(content) == []
    question = writing.typed(content["situations"]).questions[0]
    for age, home in product(range(0, 131, 5), facts.RESIDENCES):
        right = "c" if age < 60 else "a" if home == "本旗" else "b"
        assert deciding.decided(question, {"age": age, "residence": home}) == right
    assert deciding.decided(question, {"age": 30}) == "c"  # the rest need not be known
    assert deciding.decided(question, {"age": 70}) is None
    assert deciding.decided(question, {}) is None


def test_a_question_that_changes_nothing_is_not_asked() -> None:
    same = item(
        ("q1", "男还是女？", [option("a", "男", next="q2"), option("b", "女", next="q2")]),
        ("q2", "新办还是补办？", [option("a", "新办", "m02"), option("b", "补办", "m03")]),
    )
    said = writing.typed(same["situations"])
    way = said.walk({})
    assert (way.open and way.open.id) == "q2"
    done = said.walk({"q2": "b"})
    assert (done.open, done.label, done.scenario_id) == (None, "补办", "q2b")
    assert said.materials(done) == {"m01", "m03"}
    differing = copy.deepcopy(same["situations"])
    differing["questions"][0]["options"][0]["cost"] = "10 元"
    opened = writing.typed(differing).walk({}).open
    assert opened
    assert opened.id == "q1"


def test_every_tree_of_the_library_asks_no_more_than_its_depth_and_ends_in_its_leaf(library: None) -> None:
    for content in ItemVersion.objects.filter(content__has_situations=True).values_list("content", flat=True):
        said = msgspec.convert(content["situations"], tree.Situations)
        order = tuple(m["id"] for m in content["materials"])
        assert tree.expanded(said, order) == [
            {"scenario_id": x["scenario_id"], "path": x["path"], "materials": x["materials"]}
            for x in content["situations"]["leaves"]
        ]


def test_facts_are_a_closed_list_with_names_and_sources() -> None:
    for name, fact in facts.facts().items():
        assert name.isidentifier()
        assert fact.label
        assert fact.source
        assert isinstance(fact.domain, Flag | Choice) or fact.domain.low <= fact.domain.high


@pytest.mark.parametrize(("home", "word"), [
    ("150724100000", "本旗"), ("150722000000", "本盟市其他旗县"), ("150102000000", "区内其他盟市"), ("110101000000", "区外"),
])  # fmt: skip
def test_residence_is_seen_from_the_item(home: str, word: str) -> None:
    assert facts.residence(home, "150724000000") == word


@pytest.fixture
def drafted(library: None) -> tuple[ImplementationItem, Client]:
    subject = ImplementationItem.objects.filter(org__code="civil_affairs", base=None, version__isnull=False).order_by(
        "slug"
    )[0]
    by = acting("dept_admin", "civil_affairs")
    actions.request_change(item=subject.pk, reason="重新梳理情形", by=by, at=AT)
    return subject, logged_in("dept_admin", "civil_affairs")


def test_the_tree_is_edited_tried_and_kept_on_the_desk(drafted: tuple[ImplementationItem, Client]) -> None:
    subject, browser = drafted
    here = f"/desk/items/{subject.pk}/situations/"
    draft = subject.versions.get(is_published=False)
    first, second = (m["id"] for m in draft.content["materials"][:2])
    sent = {
        "seen": draft.content_hash, "common": [first], "q1__question": "多大年纪？",
        "q1__a__label": "六十岁以上", "q1__a__materials": [second], "q1__a__when": "age >= 60", "q1__a__next": "",
        "q1__b__label": "不满六十岁", "q1__b__when": "age < 60", "q1__b__next": "", "q1__b__days": "", "q1__b__unit": "",
    }  # fmt: skip
    tried = browser.post(here, {**sent, "do": "try", "fact_age": "72"}).content.decode()
    assert "根据年龄选“六十岁以上”" in tried
    more = browser.post(here, {**sent, "do": "option:q1"}).content.decode()
    assert 'name="q1__c__label"' in more
    assert "多大年纪？" in more
    wrong = browser.post(here, {**sent, "do": "save", "q1__b__days": "三天"})
    assert wrong.status_code == 422
    assert "不是天数" in wrong.content.decode()
    assert browser.post(here, {**sent, "do": "save", "seen": "old"}).status_code == 409
    assert browser.post(here, {**sent, "do": "save"}).status_code == 302
    kept = subject.versions.get(is_published=False).content
    assert [x["scenario_id"] for x in kept["situations"]["leaves"]] == ["q1a", "q1b"]
    assert kept["situations"]["leaves"][1]["materials"] == [first]
    assert browser.get(here).status_code == 200


def test_a_tree_with_a_hole_is_not_handed_in(drafted: tuple[ImplementationItem, Client]) -> None:
    subject, _ = drafted
    by, draft = acting("dept_admin", "civil_affairs"), subject.versions.get(is_published=False)
    ids = [m["id"] for m in draft.content["materials"]]
    said = {
        "root": "q1", "common_materials": ids[:1], "leaves": [],
        "questions": [{"id": "q1", "question": "多大年纪？", "options": [
            option("a", "六十岁以上", *ids[1:], when="age >= 60"), option("b", "不满五十岁", when="age < 50"),
        ]}],
    }  # fmt: skip
    content = writing.written(draft.content, said)
    actions.save_draft(item=subject.pk, content=content, seen=draft.content_hash, by=by, at=AT)
    with pytest.raises(Refused, match="50 至 59"):
        actions.self_check(item=subject.pk, by=by, at=AT)


def test_a_stranger_and_the_neighbour_department_do_not_reach_the_tree(
    drafted: tuple[ImplementationItem, Client],
) -> None:
    subject, _ = drafted
    here = f"/desk/items/{subject.pk}/situations/"
    assert Client().get(here).status_code == 302
    assert logged_in("dept_admin", "market_regulation").get(here).status_code == 404


def test_the_day_decides_the_age() -> None:
    from siban.catalog.situations.known import _of_number
    from siban.identity.models import Person

    person = Person(id_number="11010519491231002X")
    assert _of_number(person, date(2026, 12, 30)) == {"age": 76, "sex": "女"}
    assert _of_number(person, date(2026, 12, 31)) == {"age": 77, "sex": "女"}
