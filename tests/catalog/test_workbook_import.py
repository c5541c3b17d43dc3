"""A workbook is checked, shown in words, confirmed and put into drafts; what is wrong comes back marked, and nothing is lost."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from siban.catalog import actions, desk_workbook, exporting, tasks
from siban.catalog.models import CatalogItem, ImplementationItem, ItemVersion, WorkbookImport, WorkbookLine
from siban.catalog.workbook import writing
from siban.identity.api import Org
from siban.kernel import clock, journal
from siban.kernel.models import JournalEntry, StoredFile

from . import workbooks as w
from .conftest import AT, acting, logged_in

DEPT = "civil_affairs"
SITUATED, MARRIAGE, DIVORCE = "civil_affairs.minimum_living", "civil_affairs.marriage", "civil_affairs.divorce"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.HOME_FILES = str(tmp_path / "files")


def item(slug: str) -> ImplementationItem:
    return ImplementationItem.objects.get(slug=slug)


def out(path: Path, **narrowed: Any) -> Path:
    """The department's items as the product exports them."""
    found = ImplementationItem.objects.filter(**(narrowed or {"org__code": DEPT})).order_by("slug")
    writing.write(path, exporting.written(found))
    return path


def line_of(path: Path, sheet: str, code: str) -> int:
    """The first row of an item on a sheet."""
    page = openpyxl.load_workbook(path)[sheet]
    return next(n for n, row in enumerate(page.iter_rows(values_only=True), 1) if row[0] == code)


def change(path: Path, slug: str, sheet: str, title: str, new: Any, below: int = 0) -> Path:
    return w.edited(path, sheet, title, line_of(path, sheet, item(slug).impl_code) + below, new)


def checked(path: Path, role: str = "dept_admin", org: str = DEPT) -> WorkbookImport:
    with path.open("rb") as stream:
        received = actions.receive_workbook(content=stream, name=path.name, by=acting(role, org), at=AT)
    return actions.check_workbook(workbook=received.pk, at=AT)


def confirmed(workbook: WorkbookImport, role: str = "dept_admin", org: str = DEPT) -> WorkbookImport:
    actions.confirm_workbook(workbook=workbook.pk, by=acting(role, org), at=AT)
    return actions.apply_workbook(workbook=workbook.pk, at=AT)


def uploaded(browser: Client, path: Path) -> str:
    """Send the workbook by the page; the address of its preview."""
    answer = browser.post("/desk/items/workbook/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_what_was_exported_changes_nothing_when_it_comes_in(library: None, tmp_path: Path) -> None:
    entries = JournalEntry.objects.count()
    done = checked(out(tmp_path / "all.xlsx", region_id__startswith="15"), "service_admin", "gov_service")
    assert done.refusal == []
    assert [line.faults for line in done.lines.filter(verdict="refused")][:3] == []
    assert done.counts == {"unchanged": 487}
    assert JournalEntry.objects.count() == entries + 1


def test_changes_are_told_in_words_and_go_into_a_draft_through_the_procedure(library: None, tmp_path: Path) -> None:
    path = out(tmp_path / "a.xlsx")
    change(path, MARRIAGE, "事项", "办理时间", "星期一至星期日：09:00-18:00")
    change(path, SITUATED, "材料", "复印件份数", 9, below=1)
    done = checked(path)
    assert done.counts == {"changed": 2, "unchanged": 8}
    lines = {line.item.slug: line for line in done.lines.filter(verdict="changed") if line.item}
    assert lines[MARRIAGE].differences[0][2] == "星期一至星期日：09:00-18:00"
    assert any("9" in after for _, _, after in lines[SITUATED].differences)
    confirmed(done)
    version = ItemVersion.objects.get(item__slug=MARRIAGE, is_published=False)
    assert version.content["office_hours"] == "星期一至星期日：09:00-18:00"
    assert item(MARRIAGE).version.content["office_hours"] != "星期一至星期日：09:00-18:00"  # type: ignore[union-attr]
    moves = [e.move for e in journal.timeline(item(MARRIAGE))]
    assert moves[-3:] == ["request_change", "save_draft", "import"]
    assert journal.timeline(item(MARRIAGE)).last().facts["batch"] == str(done.pk)  # type: ignore[union-attr]
    saved = next(e for e in journal.timeline(item(MARRIAGE)) if e.move == "save_draft")
    assert set(saved.changes) == {"office_hours"}
    assert item("civil_affairs.divorce").state == "published"
    assert set(WorkbookLine.objects.get(workbook=done, item__slug=MARRIAGE).differences[0])


def test_the_same_workbook_twice_changes_nothing(library: None, tmp_path: Path) -> None:
    path = change(out(tmp_path / "a.xlsx"), MARRIAGE, "事项", "办理时间", "星期一至星期日：09:00-18:00")
    confirmed(checked(path))
    again = checked(path)
    assert again.counts == {"unchanged": 10}
    assert ItemVersion.objects.filter(item__slug=MARRIAGE).count() == 2


def test_good_rows_go_in_and_bad_ones_come_back_marked(library: None, tmp_path: Path) -> None:
    path = out(tmp_path / "a.xlsx")
    change(path, MARRIAGE, "事项", "办理时间", "星期一")
    change(path, DIVORCE, "事项", "承诺时限", "五天")
    change(path, SITUATED, "材料", "材料形式", "纸", below=1)
    browser = logged_in("dept_admin", DEPT)
    here = uploaded(browser, path)
    page = browser.get(here).content.decode()
    assert "“承诺时限”填的是“五天”：应填整数" in page
    assert "“材料形式”填的是“纸”：应从下列中选一个" in page
    assert browser.post(f"{here}confirm/").status_code == 302
    assert "已存为草稿" in browser.get(here).content.decode()
    assert item(DIVORCE).state == "published"
    back = browser.get(f"{here}returned/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(back.streaming_content)))  # type: ignore[attr-defined]
    rows = list(book["事项"].iter_rows(min_row=2))
    assert {row[0].value for row in rows} == {item(DIVORCE).impl_code, item(SITUATED).impl_code}
    marked = [cell for page in book for row in page.iter_rows(min_row=2) for cell in row if cell.comment]
    assert {(cell.value, "应填整数" in cell.comment.text) for cell in marked if cell.comment} == {
        ("五天", True),
        ("纸", False),
    }
    (tmp_path / "back.xlsx").write_bytes(b"")
    book.save(tmp_path / "back.xlsx")
    w.edited(
        tmp_path / "back.xlsx",
        "事项",
        "承诺时限",
        next(n for n, r in enumerate(rows, 2) if r[0].value == item(DIVORCE).impl_code),
        1,
    )
    again = checked(tmp_path / "back.xlsx")
    assert again.counts["refused"] == 1


@pytest.mark.parametrize(
    ("slug", "sheet", "title", "new", "said"),
    [
        (MARRIAGE, "事项", "事项名称", "别的名称", "应与基本目录一致"),
        (MARRIAGE, "事项", "实施主体", "别的单位", "由系统填写，不能修改"),
        (DIVORCE, "事项", "承诺时限", 3000, "不能超过法定时限"),
        (MARRIAGE, "事项", "咨询电话", "打给老王", "不是电话号码"),
        (MARRIAGE, "事项", "承诺时限单位", None, "工作日还是自然日"),
        (MARRIAGE, "事项", "实施编码", "1" * 31, "不属于您的单位"),
    ],
)  # fmt: skip
def test_what_the_law_or_the_list_does_not_allow_is_refused(
    library: None, tmp_path: Path, slug: str, sheet: str, title: str, new: Any, said: str
) -> None:
    path = out(tmp_path / "a.xlsx")
    change(path, slug, "事项", "法定时限", 10)
    change(path, slug, "事项", "法定时限单位", "工作日")
    change(path, slug, "事项", "承诺时限", 5)
    change(path, slug, sheet, title, new)
    done = checked(path)
    told = [fault["words"] for line in done.lines.filter(verdict="refused") for fault in line.faults]
    assert any(said in words and f"“{title}”" in words for words in told), told


def test_no_stored_file_is_brought_to_the_public_through_a_cell(library: None, tmp_path: Path) -> None:
    path = out(tmp_path / "a.xlsx")
    content = item(SITUATED).version.content  # type: ignore[union-attr]
    form = next(n for n, m in enumerate(content["materials"]) if m["is_form"])
    change(path, SITUATED, "材料", "样表", "file:01a21365-65e1-74fa-a35b-7c0fbbd1ff58", below=form)
    done = checked(path)
    (line,) = done.lines.filter(verdict="refused")
    assert "“样表”" in line.faults[0]["words"]
    assert "不能在表里填写文件号" in line.faults[0]["words"]


def test_a_lower_level_cannot_change_what_the_level_above_fixes(library: None, tmp_path: Path) -> None:
    lower = ImplementationItem.objects.filter(base__isnull=False).order_by("slug").first()
    assert lower is not None
    path = out(tmp_path / "a.xlsx", org=lower.org)
    change(path, lower.slug, "事项", "受理条件", "随便")
    done = checked(path, "dept_admin", lower.org.code)
    (line,) = done.lines.filter(verdict="refused")
    assert "受理条件与上级事项一致，不能在本级修改" in line.faults[0]["words"]
    assert "“受理条件”" in line.faults[0]["words"]


def test_columns_and_sheets_left_out_stay_as_they_are(library: None, tmp_path: Path) -> None:
    path = w.made(
        tmp_path / "x.xlsx", {"事项": [["实施编码", "办理时间"], [item(SITUATED).impl_code, "星期一"]], "材料": [["实施编码", "材料编号", "出具单位"], *(
            [item(SITUATED).impl_code, m["id"], "某局" if n == 0 else m.get("issuing_body")] for n, m in enumerate(item(SITUATED).version.content["materials"])  # type: ignore[union-attr]
        )]},
    )  # fmt: skip
    before = item(SITUATED).version.content  # type: ignore[union-attr]
    confirmed(checked(path))
    now = ItemVersion.objects.get(item__slug=SITUATED, is_published=False).content
    assert now["materials"][0]["issuing_body"] == "某局"
    assert [m["name"] for m in now["materials"]] == [m["name"] for m in before["materials"]]
    assert [m.get("form_fields", []) for m in now["materials"]] == [
        m.get("form_fields", []) for m in before["materials"]
    ]
    assert {k for k in before if before[k] != now[k]} == {"office_hours", "materials", "version", "status"}


def test_a_change_made_after_the_check_is_not_overwritten(library: None, tmp_path: Path) -> None:
    done = checked(change(out(tmp_path / "a.xlsx"), MARRIAGE, "事项", "办理时间", "表格里的"))
    by = acting("dept_admin", DEPT)
    draft = actions.request_change(item=item(MARRIAGE).pk, reason="另一个人正在改", by=by, at=AT)
    actions.save_draft(
        item=item(MARRIAGE).pk,
        content={**draft.content, "office_hours": "别人填的"},
        seen=draft.content_hash,
        by=by,
        at=AT,
    )
    confirmed(done)
    assert ItemVersion.objects.get(item__slug=MARRIAGE, is_published=False).content["office_hours"] == "别人填的"
    assert "又被改过" in done.lines.get(item__slug=MARRIAGE).outcome


def test_an_interrupted_import_goes_on_where_it_stopped(library: None, tmp_path: Path, monkeypatch: Any) -> None:
    path = out(tmp_path / "a.xlsx")
    for slug in (MARRIAGE, DIVORCE, SITUATED):
        change(path, slug, "事项", "办理时间", "星期一")
    done = checked(path)
    actions.confirm_workbook(workbook=done.pk, by=acting("dept_admin", DEPT), at=AT)
    from siban.catalog.actions import importing

    calls, real = [], importing._apply_line

    def cut(*args: Any, **said: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*args, **said)

    monkeypatch.setattr(importing, "_apply_line", cut)
    with pytest.raises(KeyboardInterrupt):
        actions.apply_workbook(workbook=done.pk, at=AT)
    assert ItemVersion.objects.filter(is_published=False).count() == 1
    monkeypatch.setattr(importing, "_apply_line", real)
    finished = actions.apply_workbook(workbook=done.pk, at=AT)
    assert finished.counts["applied"] == 3
    assert ItemVersion.objects.filter(is_published=False).count() == 3


def test_the_authority_adds_an_item_of_the_base_list(library: None, tmp_path: Path) -> None:
    org = Org.objects.get(code="civil_affairs")
    known = CatalogItem.objects.create(basic_code="000120999000", name="演示事项", item_type="20")
    code = f"{org.uscc}4{known.pk}"
    content = {**item(MARRIAGE).version.content, "impl_code": code, "basic_code": known.pk, "name": "演示事项"}  # type: ignore[union-attr]
    path = w.exported(tmp_path / "new.xlsx", [content])
    assert checked(path).counts == {"refused": 1}
    done = checked(path, "service_admin", "gov_service")
    assert done.counts == {"new": 1}, done.lines.get().faults
    confirmed(done, "service_admin", "gov_service")
    made = ImplementationItem.objects.get(impl_code=code)
    assert (made.state, made.org_id) == ("drafting", org.pk)
    assert [e.move for e in journal.timeline(made)] == ["assign", "claim", "draft", "save_draft", "import"]


def test_strangers_and_the_neighbour_department_see_and_change_nothing(library: None, tmp_path: Path) -> None:
    path = change(out(tmp_path / "a.xlsx"), MARRIAGE, "事项", "办理时间", "星期一")
    here = uploaded(logged_in("dept_admin", DEPT), path)
    neighbour, approver = logged_in("dept_admin", "transport"), logged_in("approver", DEPT)
    for address, way in (
        (here, "get"),
        (f"{here}confirm/", "post"),
        (f"{here}returned/", "get"),
        (f"{here}columns/", "get"),
    ):
        assert getattr(neighbour, way)(address).status_code == 404, address
        assert getattr(Client(), way)(address).status_code == 302, address
        assert getattr(approver, way)(address).status_code == 403, address
    other = uploaded(neighbour, path)
    page = neighbour.get(other).content.decode()
    assert "不属于您的单位" in page
    assert "确认导入" not in page
    assert ItemVersion.objects.filter(is_published=False).count() == 0
    listed = neighbour.get("/desk/items/workbook/export/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(listed.streaming_content)), read_only=True)  # type: ignore[attr-defined]
    orgs = {row[0] for row in book["事项"].iter_rows(min_row=2, values_only=True)}
    assert orgs == set(ImplementationItem.objects.filter(org__code="transport").values_list("impl_code", flat=True))


def test_what_is_filtered_is_exported(library: None) -> None:
    browser = logged_in("dept_admin", DEPT)
    answer = browser.get("/desk/items/workbook/export/", {"q": "离婚"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True)  # type: ignore[attr-defined]
    assert [row[1] for row in book["事项"].iter_rows(min_row=2, values_only=True)] == [item(DIVORCE).name]


def test_export_and_check_ask_as_many_statements_for_many_items_as_for_few(
    library: None, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (5, 150):
        few = ImplementationItem.objects.filter(
            pk__in=ImplementationItem.objects.order_by("slug").values("pk")[:number]
        )
        with CaptureQueriesContext(connection) as said:
            writing.write(tmp_path / f"{number}.xlsx", exporting.written(few.order_by("slug")))
        with CaptureQueriesContext(connection) as asked:
            checked(tmp_path / f"{number}.xlsx", "service_admin", "gov_service")
        counts.append((len(said), len(asked)))
    assert counts[0] == counts[1]


def test_the_command_line_exports_and_imports_by_the_authority(library: None, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "a.xlsx"
    call_command("export", "items", str(path), org=DEPT)
    assert "10 项" in capsys.readouterr().out
    change(path, MARRIAGE, "事项", "办理时间", "星期一至星期五：09:00-17:00")
    change(path, DIVORCE, "事项", "承诺时限", "五天")
    call_command("import", "items", str(path))
    said = capsys.readouterr().out
    assert "新增 0，更新 1，未变 8" in said
    assert "填的是“五天”" in said
    assert item(MARRIAGE).version.content["office_hours"] == "星期一至星期五：09:00-17:00"  # type: ignore[union-attr]
    back = openpyxl.load_workbook(tmp_path / "a-退回.xlsx")
    assert [row[0].value for row in back["事项"].iter_rows(min_row=2)] == [item(DIVORCE).impl_code]
    call_command("export", "items", str(tmp_path / "form.xlsx"), template=True)
    for wrong in ({"org": "nobody"}, {"region": "999999999999"}):
        with pytest.raises(CommandError):
            call_command("export", "items", str(tmp_path / "x.xlsx"), **wrong)


def test_the_command_line_publishes_a_whole_library_from_a_workbook(library: None, tmp_path: Path) -> None:
    org = Org.objects.get(code=DEPT)
    contents = []
    for number in range(3):
        code = f"00012099{number}000"
        contents.append(
            {
                **item(MARRIAGE).version.content,
                "id": f"new.{number}",
                "basic_code": code,
                "impl_code": f"{org.uscc}4{code}",
            }
        )  # type: ignore[union-attr]
    path = w.exported(tmp_path / "new.xlsx", contents)
    call_command("import", "items", str(path))
    made = ImplementationItem.objects.filter(slug__startswith="new.")
    assert {i.state for i in made} == {"published"}
    assert made.count() == 3
    before = JournalEntry.objects.count()
    call_command("import", "items", str(path))
    assert JournalEntry.objects.count() == before


def test_uploads_go_after_a_month_and_their_bytes_with_them(library: None, tmp_path: Path) -> None:
    done = checked(out(tmp_path / "a.xlsx"))
    assert tasks.clear_old_workbooks(AT + timedelta(days=29)) == 0
    assert tasks.clear_old_workbooks(AT + timedelta(days=31)) == 1
    assert not WorkbookImport.objects.exists()
    assert not StoredFile.objects.filter(pk=done.file_id).exists()


def test_a_large_workbook_is_checked_and_applied_in_the_background(
    library: None, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(desk_workbook, "AT_ONCE", 1)
    monkeypatch.setattr(desk_workbook, "FEW", 0)
    browser = logged_in("dept_admin", DEPT)
    here = uploaded(browser, change(out(tmp_path / "a.xlsx"), MARRIAGE, "事项", "办理时间", "星期一"))
    assert "正在核对" in browser.get(here).content.decode()
    while journal.deliver(at=clock.now()):
        pass
    waiting = browser.get(here, headers={"HX-Request": "true"})
    assert waiting["HX-Refresh"] == "true"
    browser.post(f"{here}confirm/")
    assert "正在导入" in browser.get(here).content.decode()
    assert ItemVersion.objects.filter(is_published=False).count() == 0
    while journal.deliver(at=clock.now()):
        pass
    assert "已经存成草稿" in browser.get(here).content.decode()
    assert ItemVersion.objects.filter(is_published=False).count() == 1
