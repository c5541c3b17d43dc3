"""Items go out as a workbook and come in again as they were; what a cell does not say plainly is told, not guessed."""

import random
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect as info

from siban.catalog.content import ItemContent, read
from siban.catalog.models import ItemVersion
from siban.catalog.workbook import reading, writing
from siban.catalog.workbook.cells import Unreadable, joined, lines, reader
from siban.catalog.workbook.headings import WorkbookRefused
from siban.catalog.workbook.layout import KEY, Kind
from siban.catalog.workbook.sheets import BY_NAME, ITEMS, OPEN, SHEETS

from . import workbooks as w

SITUATED, OTHER = "civil_affairs.minimum_living", "civil_affairs.divorce"


def leaves(said: Any, before: str = "") -> list[str]:
    """Paths of every element of a struct, lists marked with []."""
    if isinstance(said, info.UnionType):
        said = next(t for t in said.types if not isinstance(t, info.NoneType))
    if isinstance(said, info.VarTupleType) and isinstance(said.item_type, info.StructType):
        return leaves(said.item_type, f"{before}[]")
    if isinstance(said, info.StructType):
        return [p for f in said.fields for p in leaves(f.type, f"{before}.{f.name}".lstrip("."))]
    return [before]


def columns() -> set[str]:
    found = {"impl_code"}
    for sheet in SHEETS:
        above = f"{BY_NAME[sheet.parent].path}[]." if sheet.parent else ""
        before = f"{above}{sheet.path}[]." if sheet.path else ""
        found |= {before + column.path for column in sheet.columns if column.kind is not Kind.REST}
    return found


def test_every_element_of_an_item_has_its_column() -> None:
    wanted = {p for p in leaves(info.type_info(ItemContent)) if p not in OPEN}
    assert wanted - columns() == set()
    assert {p for p in columns() - wanted if p.split(".")[0] not in OPEN} == set()


def test_headings_are_once_only_and_notes_are_sentences() -> None:
    for sheet in SHEETS:
        assert len(set(sheet.titles)) == len(sheet.titles)
        assert [c.title for c in sheet.columns if c.note and c.note[-1] not in "。）"] == []


def test_every_published_item_comes_back_as_it_went_out(library: None, tmp_path: Path) -> None:
    contents = list(ItemVersion.objects.order_by("item__slug").values_list("content", flat=True))
    assert len(contents) == 487
    path = w.exported(tmp_path / "all.xlsx", contents)
    book = reading.opened(path)
    entries = list(book.items())
    assert [str(f) for e in entries for f in e.faults] + [str(f) for f in book.faults] == []
    assert book.unknown == []
    for entry, content in zip(entries, contents, strict=True):
        assert read(entry.content) == read(content), content["name"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture])  # fmt: skip
@given(said=st.lists(w.contents(), min_size=1, max_size=3, unique_by=lambda c: c["impl_code"]))
def test_any_content_comes_back_as_it_went_out(tmp_path: Path, said: list[dict[str, Any]]) -> None:
    book = reading.opened(w.exported(tmp_path / "any.xlsx", said))
    entries = list(book.items())
    assert [str(f) for e in entries for f in e.faults] + [str(f) for f in book.faults] == []
    assert [msgspec.to_builtins(read(e.content)) for e in entries] == [msgspec.to_builtins(read(c)) for c in said]


@settings(max_examples=40, deadline=None)
@given(st.lists(w.LINE))
def test_several_texts_of_a_cell_are_told_apart(said: list[str]) -> None:
    assert lines(joined(said)) == said


def test_rows_sorted_otherwise_are_still_found(library: None, tmp_path: Path) -> None:
    contents = list(ItemVersion.objects.order_by("item__slug").values_list("content", flat=True))[:40]
    path = w.exported(tmp_path / "all.xlsx", contents)
    book = openpyxl.load_workbook(path)
    order = random.Random(4)
    for name in ("事项", "材料", "环节"):
        page = book[name]
        rows = [[cell.value for cell in line] for line in page.iter_rows(min_row=2)]
        if name == "事项":
            order.shuffle(rows)
        else:
            rows.sort(key=lambda row: str(row[0])[::-1])
        for at, row in enumerate(rows, start=2):
            for column, value in enumerate(row, start=1):
                page.cell(at, column).value = value
    book.save(path)
    said = {c["impl_code"]: read(c) for c in contents}
    entries = list(reading.opened(path).items())
    assert {e.code: read(e.content) for e in entries} == said
    assert [e.code for e in entries] != list(said)


def test_each_element_is_located_where_it_stands(library: None, tmp_path: Path) -> None:
    content = content_of()
    path = w.exported(tmp_path / "two.xlsx", [content_of(OTHER), content])
    book = openpyxl.load_workbook(path)
    _, entry = reading.opened(path).items()
    for where, value in (
        ("promised_limit.value", content["promised_limit"]["value"]),
        ("office_hours", content["office_hours"]),
        ("materials[1].name", content["materials"][1]["name"]),
        ("process_steps[2].standard", content["process_steps"][2]["standard"]),
        ("situations.questions[0].options[1].label", content["situations"]["questions"][0]["options"][1]["label"]),
        ("windows[0].street", content["windows"][0]["street"]),
    ):
        place = entry.locate(where)
        assert book[place.sheet][f"{place.letter}{place.row}"].value == value, where
    form = next(n for n, m in enumerate(content["materials"]) if m.get("form_fields"))
    place = entry.locate(f"materials[{form}].form_fields[2].name")
    assert (
        book[place.sheet][f"{place.letter}{place.row}"].value == content["materials"][form]["form_fields"][2]["name"]
    )
    assert entry.locate("power_list[0].url").sheet == "权责清单"
    assert entry.locate("unknown").row == 3


@pytest.mark.parametrize(
    ("title", "cell", "meant"),
    [
        ("承诺时限", "１０", 10), ("承诺时限", 3.0, 3), ("承诺时限", " 7 ", 7), ("承诺时限", "3.0", 3),
        ("办件类型", "即办件", "instant"), ("办件类型", "2", "promised"), ("办件类型", 1.0, "instant"), ("办件类型", "承诺件 ", "promised"),
        ("是否收费", "是", True), ("是否收费", "无", False), ("是否收费", 1.0, True), ("是否收费", True, True),
        ("事项类型", 1.0, "01"), ("事项类型", "01", "01"), ("事项类型", "行政许可", "01"),
        ("基本编码", " ００0117112000 ", "000117112000"), ("行使层级", 4.0, 4),
        ("服务对象", "个人\n企业", ["1", "2"]), ("服务对象", "自然人、企业法人", ["1", "2"]), ("服务对象", "其他组织", ["6"]),
        ("咨询电话", 12345.0, ["12345"]), ("受理条件", "一\n　续\n二", ["一\n续", "二"]),
    ],
)  # fmt: skip
def test_cells_in_the_usual_spellings_are_understood(title: str, cell: Any, meant: Any) -> None:
    column = next(c for c in ITEMS.columns if c.title == title)
    assert reader(column)(cell) == meant


@pytest.mark.parametrize(
    ("title", "cell", "part"),
    [
        ("承诺时限", "五天", "应填整数"), ("承诺时限", "5天", "应填整数"), ("承诺时限", 2.5, "应填整数"), ("承诺时限", True, "应填整数"),
        ("办件类型", "马上办", "即办件、承诺件、其他"), ("是否收费", "也许", "是、否"), ("是否收费", 2.0, "是、否"),
        ("基本编码", 1.50178e11, "变成了数字"), ("基本编码", 117112000.0, "变成了数字"),
        ("实施主体统一社会信用代码", 1e17, "变成了数字"), ("办理时间", 1.1e11, "变成了数字"),
        ("服务对象", "个人\n邻居", "个人、企业"),
    ],
)  # fmt: skip
def test_cells_without_one_meaning_are_refused_with_the_reason(title: str, cell: Any, part: str) -> None:
    column = next(c for c in ITEMS.columns if c.title == title)
    with pytest.raises(Unreadable, match=part):
        reader(column)(cell)


def content_of(slug: str = SITUATED) -> dict[str, Any]:
    found: dict[str, Any] = ItemVersion.objects.get(item__slug=slug).content
    return found


@pytest.mark.parametrize(
    ("sheet", "title", "new", "said"),
    [
        ("事项", "承诺时限", "五天", "“事项”表第 2 行 AE 列“承诺时限”填的是“五天”：应填整数，不带单位和其他文字。"),
        ("事项", "事项名称", None, "“事项”表第 2 行 B 列“事项名称”是空的：这一格必须填写。"),
        ("材料", "材料形式", "纸", "“材料”表第 2 行 H 列“材料形式”填的是“纸”：应从下列中选一个：纸质、电子、纸质或者电子。"),
        ("材料", "材料编号", "m02", "“材料”表第 3 行 C 列“材料编号”填的是“m02”：同一事项里有两行的材料编号相同"),
        ("材料", "实施编码", "1" * 31, "“材料”表第 2 行 A 列“实施编码”填的是“1111111111111111111111111111111”：“事项”表里没有这个实施编码的事项。"),
        ("材料", "实施编码", 1.50178e30, "被表格软件变成了数字"),
        ("材料", "实施编码", None, "没有实施编码"),
        ("表单字段", "材料编号", "m99", "在“材料”表里没有这个材料编号"),
        ("环节", "环节序号", 2, "同一事项里有两行的环节序号相同"),
        ("情形选项", "问题编号", "q9", "在“情形问题”表里没有这个问题编号"),
    ],
)  # fmt: skip
def test_each_fault_names_sheet_row_column_value_and_rule(
    library: None, tmp_path: Path, sheet: str, title: str, new: Any, said: str
) -> None:
    path = w.edited(w.exported(tmp_path / "one.xlsx", [content_of()]), sheet, title, 2, new)
    book = reading.opened(path)
    faults = [str(f) for e in book.items() for f in e.faults]
    assert any(said in f for f in faults + [str(f) for f in book.faults]), faults + [str(f) for f in book.faults]


def test_a_second_row_for_an_item_is_a_fault_of_that_row(library: None, tmp_path: Path) -> None:
    path = w.exported(tmp_path / "two.xlsx", [content_of(), content_of(OTHER)])
    w.edited(path, "事项", KEY, 3, content_of()["impl_code"])
    book = reading.opened(path)
    assert len(list(book.items())) == 1
    assert any("第 3 行 A 列“实施编码”" in str(f) and "只能有一行" in str(f) for f in book.faults)


@pytest.mark.parametrize(
    ("sheets", "part"),
    [
        ({"事项": [["实施编码", "事项名称", "事项 名称"], ["1", "2", "3"]]}, "有两列都是“事项名称”（B 列和 C 列）"),
        ({"事项": [["事项名称"], ["甲"]]}, "没有“实施编码”列"),
        ({"事项": [["实施编码"]], "表单字段": [["实施编码", "字段名称"]]}, "没有“材料编号”列"),
        ({"Sheet1": [["甲"]]}, "没有“事项”表"),
        ({"事项": []}, "没有“事项”表"),
    ],
)
def test_a_workbook_whose_columns_cannot_be_told_is_refused(tmp_path: Path, sheets: Any, part: str) -> None:
    with pytest.raises(WorkbookRefused, match=part):
        reading.opened(w.made(tmp_path / "x.xlsx", sheets))


def test_columns_and_sheets_left_out_are_told(tmp_path: Path) -> None:
    path = w.made(tmp_path / "x.xlsx", {"事项": [["实施编码", "办理时间", "备注"], ["1" * 31, "星期一", "无"]]})
    book = reading.opened(path)
    (entry,) = book.items()
    assert entry.content["office_hours"] == "星期一"
    assert "事项名称" in book.absent["事项"]
    assert "办理时间" not in book.absent["事项"]
    assert "材料名称" in book.absent["材料"]
    assert book.unknown == [("事项", "备注")]


def test_text_that_begins_like_a_formula_stays_text(library: None, tmp_path: Path) -> None:
    nasty = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"]
    content = {**content_of(), "quantity_limit": '=HYPERLINK("http://example.org")', "accept_conditions": nasty[:4]}
    path = w.exported(tmp_path / "one.xlsx", [content])
    (entry,) = reading.opened(path).items()
    assert entry.content["quantity_limit"] == content["quantity_limit"]
    book = openpyxl.load_workbook(path)
    assert [c.coordinate for page in book for line in page for c in line if c.data_type == "f"] == []


def test_a_form_without_items_has_every_heading_and_drop_down(tmp_path: Path) -> None:
    assert writing.write(tmp_path / "form.xlsx", []) == 0
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    assert book.sheetnames == ["说明", *(s.name for s in SHEETS), "代码"]
    for sheet in SHEETS:
        assert tuple(str(c.value).strip("*") for c in book[sheet.name][1]) == sheet.titles
        listed = sum(1 for c in sheet.columns if c.codes and not c.several and not c.locked)
        assert len(book[sheet.name].data_validations.dataValidation) == listed


def test_a_row_whose_item_is_gone_holds_nobody_else_up(library: None, tmp_path: Path) -> None:
    """Somebody mistypes one code in the items' sheet: only that item and its own rows are without a place."""
    contents = list(ItemVersion.objects.order_by("item__slug").values_list("content", flat=True))[:60]
    path = w.exported(tmp_path / "one.xlsx", contents)
    book = openpyxl.load_workbook(path)
    lost = book["事项"].cell(20, 1).value
    book["事项"].cell(20, 1).value = "999"
    book.save(path)
    opened = reading.opened(path)
    read = {e.code: e.content for e in opened.items()}
    whole = {c["impl_code"]: c for c in contents if c["impl_code"] != lost}
    assert {code: len(read[code]["materials"]) for code in whole} == {c: len(v["materials"]) for c, v in whole.items()}
    assert {f.value for f in opened.faults} == {lost}
