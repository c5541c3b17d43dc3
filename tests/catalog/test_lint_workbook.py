"""`siban lint` on workbooks: the cell, the marked copy, the mended copy, slices that say the same as the whole."""

import io
import itertools
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siban.catalog.linting import asked
from siban.catalog.linting.inspection import Inspection
from siban.catalog.linting.workbooks import Workbook, numbered
from siban.catalog.loading import plain, read_yaml
from siban.catalog.workbook import reading, slicing
from siban.catalog.workbook.headings import WorkbookRefused

from .mutations import FOLDER
from .workbooks import contents, edited, exported, made

Findings = list[dict[str, Any]]


def run(*words: str) -> tuple[int, str, str]:
    """Exit code, output, error output."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("lint", *words, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def items(count: int) -> Findings:
    said = [plain(item) for item in read_yaml(FOLDER / "departments" / "civil_affairs.yaml")["items"]]
    found = []
    for number, one in enumerate(itertools.islice(itertools.cycle(said), count)):
        code = f"{one['impl_code'][:19]}00{one['item_type']}{number:08d}"
        found.append({**one, "id": f"{one['id']}.{number}", "impl_code": code, "basic_code": code[19:]})
    return found


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return exported(tmp_path / "事项.xlsx", items(6))


def test_a_clean_workbook_ends_with_zero(book: Path) -> None:
    code, out, _ = run(str(book))
    assert code == 0, out
    assert "检查了 6 个事项，没有发现问题" in out


def test_a_finding_names_sheet_row_and_column(book: Path) -> None:
    edited(book, "事项", "办理时间", 3, "工作日")
    code, out, _ = run(str(book))
    at = openpyxl.load_workbook(book)["事项"][1]
    column = next(cell.column for cell in at if str(cell.value).strip("*") == "办理时间")
    assert code == 1
    assert out.splitlines()[0].startswith(f"{book}:事项:3:{column}: R14 错误 ")


def test_a_finding_in_a_row_names_the_sheet_of_the_rows(book: Path) -> None:
    edited(book, "材料", "原件或者复印件", 2, None)
    _, out, _ = run(str(book), "--select", "R20")
    assert f"{book}:材料:2:" in out


def test_a_cell_without_a_meaning_is_told_once(book: Path) -> None:
    edited(book, "事项", "承诺时限", 2, "五天")
    _, out, _ = run(str(book), "--format", "json")
    told = [f for f in json.loads(out) if f["path"].startswith("promised_limit")]
    assert [(f["rule"], f["path"], f["value"]) for f in told] == [("R12", "promised_limit.value", "五天")]
    assert set(told[0]) == {"rule", "severity", "file", "item", "path", "value", "message", "fix"}


@pytest.mark.parametrize(
    ("sheet", "title", "word", "rule"),
    [
        ("事项", "承诺时限单位", "天", "R12"), ("材料", "来源渠道", "别处", "R18"),
        ("材料", "原件或者复印件", "随便", "R20"), ("事项", "是否有中介服务", "看情况", "R17"), ("事项", "行使层级", "马上", "TYPE"),
    ],
)  # fmt: skip
def test_a_word_off_the_list_is_a_fault_of_the_rule_that_wants_one(
    book: Path, sheet: str, title: str, word: str, rule: str
) -> None:
    edited(book, sheet, title, 2, word)
    _, out, _ = run(str(book), "--format", "json")
    told = [(f["rule"], f["value"]) for f in json.loads(out)]
    assert told == [(rule, word)], told


def test_rows_that_belong_to_no_item_are_told(book: Path) -> None:
    edited(book, "材料", "实施编码", 2, "99150724MB1234567X4000000000000")
    code, out, _ = run(str(book))
    assert code == 1
    assert "没有这个实施编码的事项" in out


def test_the_workbook_comes_back_marked_commented_and_listed(book: Path) -> None:
    edited(book, "事项", "办理时间", 3, "工作日")
    edited(book, "材料", "原件或者复印件", 2, None)
    before = openpyxl.load_workbook(book)
    code, _, err = run(str(book), "--format", "xlsx")
    assert code == 1
    back = openpyxl.load_workbook(asked.beside(book, asked.MARKED))
    assert "检查结果" in err
    assert back.sheetnames == [*before.sheetnames, "检查结果"]
    marked = {
        (page.title, cell.row, cell.column): cell
        for page in back.worksheets[:-1] for row in page.iter_rows(min_row=2) for cell in row if cell.comment
    }  # fmt: skip
    assert {(sheet, row) for sheet, row, _ in marked} >= {("事项", 3), ("材料", 2)}
    for cell in marked.values():
        assert cell.fill.fgColor.rgb in ("FFF9D6D2", "FFFCEBC4")
        assert "改法：" in cell.comment.text
    for page in before.worksheets:  # nothing else is different
        for old, new in zip(page.iter_rows(), back[page.title].iter_rows(), strict=True):
            assert [cell.value for cell in old] == [cell.value for cell in new]
    said = list(back["检查结果"].iter_rows(values_only=True))
    assert "R14" in [row[3] for row in said]


def test_a_marked_workbook_can_be_checked_again(book: Path) -> None:
    edited(book, "事项", "办理时间", 3, "工作日")
    run(str(book), "--format", "xlsx")
    again = asked.beside(book, asked.MARKED)
    code, out, _ = run(str(again))
    assert code == 1
    assert "发现 1 处" in out


def test_fixing_shows_first_and_writes_a_copy(book: Path) -> None:
    edited(book, "事项", "咨询电话", 2, "０４７０－８８１２３４５")
    before = book.read_bytes()
    _, out, _ = run(str(book), "--fix")
    assert "“０４７０－８８１２３４５” → “0470-8812345”" in out
    assert not asked.beside(book, asked.MENDED).exists()
    run(str(book), "--fix", "--yes")
    assert book.read_bytes() == before
    assert run(str(asked.beside(book, asked.MENDED)))[0] == 0


def test_fixing_in_place_changes_the_file_itself(book: Path) -> None:
    edited(book, "事项", "咨询电话", 2, "０４７０－８８１２３４５")
    run(str(book), "--fix", "--yes", "--in-place")
    assert run(str(book))[0] == 0
    assert not asked.beside(book, asked.MENDED).exists()


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("空.xlsx", b"", "是空的"),
        ("坏.xlsx", b"PK\x03\x04" + b"x" * 50, "已损坏"),
        ("旧.xls", b"\xd0\xcf\x11\xe0" + b"x" * 50, "旧版表格"),
        ("表.csv", "实施编码,事项名称\n".encode(), "不是表格"),
        ("文.docx", b"PK", "不能检查"),
    ],
)
def test_what_cannot_be_read_ends_with_two_and_a_sentence(tmp_path: Path, name: str, said: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(said)
    code, _, err = run(str(tmp_path / name))
    assert code == 2
    assert words in err
    assert "导入" not in err


def test_a_workbook_without_items_ends_with_two(tmp_path: Path) -> None:
    code, _, err = run(str(made(tmp_path / "x.xlsx", {"别的": [["甲"], ["乙"]]})))
    assert code == 2
    assert "没有“事项”表" in err


def test_a_folder_of_workbooks_and_lists_is_taken_whole(book: Path, tmp_path: Path) -> None:
    (tmp_path / "finance.yaml").write_bytes((FOLDER / "departments" / "finance.yaml").read_bytes())
    alone = len(read_yaml(FOLDER / "departments" / "finance.yaml")["items"])
    _, out, _ = run(str(tmp_path))
    assert f"检查了 {alone + 6} 个事项" in out


def everything(book: reading.Book, earlier: Any = ()) -> list[Any]:
    found = [
        (e.code, e.content, [str(f) for f in e.faults], str(e.locate("materials[0].name")), str(e.locate("windows[0].street")))
        for e in book.items(earlier)
    ]  # fmt: skip
    return [*found, *sorted(str(f) for f in book.faults)]


def in_slices(path: Path, share: int = 0, of: int = 1) -> list[Any]:
    sliced = slicing.Sliced(path)
    said = [one for _, book, earlier in sliced.slices(share, of) for one in everything(book, earlier)]
    return [*(one for one in said if not isinstance(one, str)), *sorted(one for one in said if isinstance(one, str))]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_slices_say_the_same_as_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    monkeypatch.setattr(slicing, "ITEMS_A_SLICE", data.draw(st.integers(1, 4)))
    said = data.draw(st.lists(contents(), max_size=6, unique_by=lambda one: one["impl_code"]))
    path = exported(tmp_path / "any.xlsx", said)
    if data.draw(st.booleans()):
        openpyxl.load_workbook(path).save(path)  # as another program writes it
    assert in_slices(path) == everything(reading.opened(path))


def test_shared_texts_repeated_codes_and_gaps_are_read_as_in_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slicing, "ITEMS_A_SLICE", 2)
    import xlsxwriter

    source = openpyxl.load_workbook(exported(tmp_path / "a.xlsx", items(7)))
    lines = {page.title: [[c.value for c in row] for row in page.iter_rows()] for page in source.worksheets}
    lines["事项"].append(lines["事项"][2])  # the second item once more, in the last slice
    lines["事项"].insert(4, [None] * len(lines["事项"][0]))
    lines["材料"].insert(3, [None] * len(lines["材料"][0]))
    lines["材料"].append([*lines["材料"][-1]])
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_urls": False}) as out:  # shared texts, unlike constant memory
        for name, rows in lines.items():
            page = out.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    assert in_slices(path) == everything(reading.opened(path))
    both = {one[0] for one in [*in_slices(path, 0, 2), *in_slices(path, 1, 2)] if not isinstance(one, str)}
    assert both == {one[0] for one in in_slices(path) if not isinstance(one, str)}


def test_sheets_in_another_order_are_read_whole(tmp_path: Path) -> None:
    path = exported(tmp_path / "a.xlsx", items(5))
    book = openpyxl.load_workbook(path)
    page = book["材料"]
    rows = [[c.value for c in row] for row in page.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), 2):
        for column, value in enumerate(row, 1):
            page.cell(number, column).value = value
    book.save(path)
    with pytest.raises(slicing.NotInSlices):
        slicing.Sliced(path)
    assert run(str(path))[0] == 0


def test_formulas_are_refused_before_anything_is_said(book: Path) -> None:
    edited(book, "材料", "复印件份数", 2, "=1+1")
    with pytest.raises(WorkbookRefused, match="公式"):
        Workbook(book).open()
    code, out, _ = run(str(book))
    assert (code, out) == (2, "")


def test_two_processes_find_the_same_in_the_same_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slicing, "ITEMS_A_SLICE", 3)
    path = exported(tmp_path / "a.xlsx", items(20))
    for row in (3, 9, 20):
        edited(path, "事项", "办理时间", row, "工作日")
    alone = Inspection([Workbook(path)])
    said = list(alone.rows())
    monkeypatch.setattr(slicing, "WORTH_TWO", 0)
    monkeypatch.setattr(slicing.os, "sched_getaffinity", lambda pid: {0, 1})
    together = Inspection([Workbook(path)])
    assert list(together.rows()) == said
    assert together.summary == alone.summary
    assert together.summary.items == 20


def test_a_path_by_id_is_found_by_place() -> None:
    content = {"materials": [{"id": "m01"}, {"id": "m02", "form_fields": [{"name": "x"}]}]}
    assert numbered("materials[id=m02].kind", content) == "materials[1].kind"
    assert numbered("process_steps[seq=4].name", {"process_steps": [{"seq": 4}]}) == "process_steps[0].name"


def test_the_help_is_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("lint", "--help")
    said = capsys.readouterr().out
    words = {w for w in ("usage", "options", "positional", "show this", "exit", "default:", "Django") if w in said}
    assert not words
    assert "用法" in said
