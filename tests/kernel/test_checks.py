"""Checks: declared once, run on an object, found with place and mend."""

import pytest

from siban.kernel.checks import Check, CheckError, Found, Registry, run


def catalogue():
    registry = Registry()

    @registry.check("X02", "名称不能为空", "E", source="演示依据", mend="请填写名称。")
    def name_given(item, context):
        if not item["name"]:
            yield Found("name", item["name"], "名称为空。")

    @registry.check("X01", "材料份数", "W", source="演示依据", mend="请填写份数。", needs=("limit",))
    def copies_given(item, context):
        for place, count in enumerate(item["copies"]):
            if count > context["limit"]:
                yield Found(
                    f"materials[{place}].copies", count, f"份数 {count} 过多。", f"改为 {context['limit']} 份。"
                )

    return registry


BAD = {"name": "", "copies": [1, 9]}


def test_findings_come_in_the_order_of_numbers_with_place_and_mend():
    found = run(catalogue(), BAD, {"limit": 2})
    assert [(one.number, one.severity, one.path, one.value, one.mend) for one in found] == [
        ("X01", "W", "materials[1].copies", 9, "改为 2 份。"),
        ("X02", "E", "name", "", "请填写名称。"),
    ]
    assert [one.number for one in found.errors] == ["X02"]
    assert [one.number for one in found.warnings] == ["X01"]
    assert not found.not_run


def test_a_good_object_has_no_findings():
    assert len(run(catalogue(), {"name": "甲", "copies": [1]}, {"limit": 2})) == 0


def test_findings_are_found_by_their_place_and_what_it_holds():
    found = run(catalogue(), BAD, {"limit": 2})
    assert [one.number for one in found.at("materials")] == ["X01"]
    assert [one.number for one in found.at("materials[1]")] == ["X01"]
    assert [one.number for one in found.at("name")] == ["X02"]
    assert found.at("mat") == ()


def test_a_check_without_what_it_needs_is_listed_as_not_run():
    found = run(catalogue(), BAD, {})
    assert found.not_run == {"X01": ("limit",)}
    assert [one.number for one in found] == ["X02"]


@pytest.mark.parametrize(
    ("select", "ignore", "numbers"),
    [((), (), ["X01", "X02"]), (("X02",), (), ["X02"]), ((), ("X02",), ["X01"]), (("X02",), ("X02",), [])],
)
def test_checks_are_selected_and_ignored_by_number(select, ignore, numbers):
    assert [one.number for one in run(catalogue(), BAD, {"limit": 2}, select, ignore)] == numbers


@pytest.mark.parametrize("wrong", [{"select": ("X09",)}, {"ignore": ("X09",)}])
def test_an_unknown_number_is_refused(wrong):
    with pytest.raises(CheckError, match="没有编号为 X09 的检查"):
        run(catalogue(), BAD, {}, **wrong)


def test_a_number_is_given_once():
    registry = catalogue()
    with pytest.raises(CheckError, match="已用于“名称不能为空”"):
        registry.add(registry["X02"])
    assert (len(registry), "X01" in registry, "X03" in registry) == (2, True, False)


@pytest.mark.parametrize("change", [{"severity": "F"}, {"title": " "}, {"source": ""}, {"mend": ""}, {"number": ""}])
def test_an_incomplete_check_is_refused(change):
    told = {"number": "X03", "title": "名", "severity": "E", "source": "依据", "mend": "改法"}
    with pytest.raises(CheckError, match="检查"):
        Check(find=lambda item, context: [], **(told | change))


def test_a_check_that_fails_in_itself_is_not_taken_for_a_finding():
    broken = Check("X03", "坏", "E", "依据", lambda item, context: [1 // 0], "改法")
    with pytest.raises(ZeroDivisionError):
        run(Registry([broken]), BAD, {})
