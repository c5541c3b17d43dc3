"""Rules about an item among others, run on a workbook alone: what it says of itself, or what lies beside it."""

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from siban.catalog import exporting
from siban.catalog.libraries import completed
from siban.catalog.linting.inspection import Inspection
from siban.catalog.linting.workbooks import Workbook
from siban.catalog.loading import plain
from siban.catalog.models import CatalogItem, ImplementationItem
from siban.catalog.workbook import slicing
from siban.catalog.workbook.beside import Beside
from siban.catalog.workbook.writing import Written, write

from .mutations import documents, item

Content = dict[str, Any]
LOWER, UPPER = "township.social_card", "human_resources_social_security.social_card"


def lower() -> Content:
    """A sumu's item as it stands in a workbook."""
    shared, said = plain(item(LOWER)), documents()["townships.yaml"]
    place = shared["implementations"][0]
    seat = next(o for o in said["organisations"] if o["region_code"] == place["region_code"])
    made = completed(shared, place, plain(seat), level=5)
    return {name: value for name, value in made.items() if name != "implementations"}


def upper() -> Content:
    return copy.deepcopy(plain(item(UPPER)))


def found(path: Path, said: Sequence[Content], around: Mapping[int, Beside] | None = None) -> list[tuple[str, str]]:
    write(path, [Written(one, around=(around or {}).get(n)) for n, one in enumerate(said)])
    return [(row.rule, row.path) for row in Inspection([Workbook(path)]).rows()]


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("slices", [1, 200])
def test_an_item_is_compared_with_the_one_above_in_the_same_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: int, slices: int
) -> None:
    monkeypatch.setattr(slicing, "ITEMS_A_SLICE", slices)
    assert found(tmp_path / "a.xlsx", [lower(), upper()][::order]) == []
    other = {**lower(), "name": "社会保障卡申领受理"}
    assert found(tmp_path / "b.xlsx", [other, upper()][::order]) == [("R09", "name")]


def test_a_base_that_is_only_beside_the_items_is_compared(tmp_path: Path) -> None:
    changed = upper()
    changed["accept_conditions"] = [*changed["accept_conditions"], "另外的条件"]
    same = Beside(base_id=UPPER, base=upper())
    assert found(tmp_path / "a.xlsx", [lower()], {0: same}) == []
    other = Beside(base_id=UPPER, base=changed)
    assert found(tmp_path / "b.xlsx", [lower()], {0: other}) == [("R09", "accept_conditions")]


def test_a_local_promise_longer_than_the_one_above_is_found(tmp_path: Path) -> None:
    strict = upper()
    strict["promised_limit"] = {"value": 1, "unit": "workday", "note": None}
    strict["case_type"], mine = "promised", lower()
    mine["promised_limit"], mine["case_type"] = {"value": 2, "unit": "workday", "note": None}, "promised"
    rules = {rule for rule, _ in found(tmp_path / "a.xlsx", [mine], {0: Beside(base_id=UPPER, base=strict)})}
    assert "L01" in rules


@pytest.mark.parametrize(
    ("status", "rules"), [("active", []), ("cancelled", [("R36", "status")]), ("suspended", [("R36", "status")])]
)
def test_the_base_list_beside_the_items_says_what_is_no_longer_in_use(
    tmp_path: Path, status: str, rules: list[tuple[str, str]]
) -> None:
    said = upper()
    row = {name: said.get(name) for name in ("basic_code", "name", "item_type", "sub_type")} | {"status": status}
    assert found(tmp_path / "a.xlsx", [said], {0: Beside(catalogue=row)}) == rules


def test_a_name_that_the_base_list_does_not_have_is_found(tmp_path: Path) -> None:
    said = upper()
    row = {
        "basic_code": said["basic_code"],
        "name": "别的名称",
        "item_type": said["item_type"],
        "sub_type": None,
        "status": "active",
    }
    assert found(tmp_path / "a.xlsx", [said], {0: Beside(catalogue=row)}) == [("R09", "name")]


@pytest.mark.parametrize("between", [0, 1])
@pytest.mark.parametrize("slices", [1, 200])
def test_two_lists_of_one_unit_for_one_base_item_are_found_at_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slices: int, between: int
) -> None:
    monkeypatch.setattr(slicing, "ITEMS_A_SLICE", slices)
    first, second = upper(), {**upper(), "id": f"{UPPER}_copy"}
    other = [copy.deepcopy(plain(item("civil_affairs.marriage")))] * between
    assert found(tmp_path / "a.xlsx", [first, *other, second]) == [("R38", "basic_code")] * 2


def test_a_row_copied_as_it_is_stays_a_row_too_many(tmp_path: Path) -> None:
    assert [rule for rule, _ in found(tmp_path / "a.xlsx", [upper(), upper()])] == ["TYPE"]


def test_lists_that_stand_elsewhere_are_told_beside(tmp_path: Path) -> None:
    around = Beside(siblings={f"{UPPER}_old": None})
    assert found(tmp_path / "a.xlsx", [upper()], {0: around}) == [("R38", "basic_code")]


def test_an_export_carries_what_its_check_needs(library: None, tmp_path: Path) -> None:
    CatalogItem.objects.filter(name="结婚登记（内地居民）").update(status="cancelled")
    chosen = ImplementationItem.objects.filter(slug__in=["civil_affairs.marriage", f"{LOWER}.150724110000"])
    path = tmp_path / "out.xlsx"
    write(path, exporting.written(chosen.order_by("slug")))
    inspection = Inspection([Workbook(path)])
    assert [(row.rule, row.item) for row in inspection.rows()] == [("R36", "civil_affairs.marriage")]
    assert not inspection.summary.not_run
    hidden = {page.title for page in openpyxl.load_workbook(path).worksheets if page.sheet_state == "hidden"}
    assert {"上级事项（对照）", "基本目录（对照）"} <= hidden


def test_several_workbooks_come_back_marked_each(tmp_path: Path) -> None:
    for name, mine in (("甲", upper()), ("乙", {**upper(), "office_hours": "工作日"})):
        write(tmp_path / f"{name}.xlsx", [Written(mine)])
    folder = tmp_path / "结果"
    folder.mkdir()
    for more, where in (((), tmp_path), (("--output", str(folder)), folder)):
        with pytest.raises(SystemExit) as end:
            call_command("lint", str(tmp_path / "甲.xlsx"), str(tmp_path / "乙.xlsx"), "--format", "xlsx", *more)
        assert end.value.code == 1
        marked = openpyxl.load_workbook(where / "乙-检查结果.xlsx")
        assert [c.comment.text[:3] for c in marked["事项"][2] if c.comment] == ["R14"]
        clean = openpyxl.load_workbook(where / "甲-检查结果.xlsx")
        assert not [c for c in clean["事项"][2] if c.comment]
        assert "检查了 1 个事项，没有发现问题" in str(clean["检查结果"]["A1"].value)
