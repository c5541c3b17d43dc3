"""报送: asked for on one page, reported by form or workbook, in part, late, nil, corrected; every month anew."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from siban.kernel import journal
from siban.kernel.flow import Refused
from siban.oversight import rules_collections as rules
from siban.oversight.actions import collecting, collecting_rounds
from siban.oversight.models import Collection, Submission
from siban.oversight.rules_collections import Field
from siban.oversight.workbooks_collections import WrongRows, rows, template
from tests.oversight import supervised
from tests.oversight.supervised import DUE, MONDAY, Cast

FIELDS = (
    Field("f1", "认领事项数", "number"), Field("f2", "是否值班", "choice", True, ("是", "否")), Field("f3", "说明", "text", False),
    Field("f4", "开始日期", "date", False),
)  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return supervised.cast()


def asked(cast: Cast, *units: str, at: datetime = MONDAY, **said: Any) -> Collection:
    about: dict[str, Any] = {
        "title": "3月工作进展", "words": "按实际情况填。", "due_on": DUE, "fields": FIELDS,
        "units": tuple(cast.orgs[u].pk for u in units or ("housing", "transport")),
    }  # fmt: skip
    row = collecting.begin(by=cast.director, at=at)
    collecting.save(
        collection_id=row.pk, draft=collecting.CollectionDraft(**{**about, **said}), by=cast.director, at=at
    )
    return collecting.send_out(collection_id=row.pk, by=cast.director, at=at)


def of(row: Collection, cast: Cast, unit: str) -> Submission:
    return row.submissions.get(org=cast.orgs[unit])


GOOD = {"f1": "１２", "f2": "是", "f3": "", "f4": "2026年3月2日"}


def report(
    cast: Cast, s: Submission, entered: dict[str, Any] | None = None, *, at: datetime = MONDAY, **said: Any
) -> Submission:
    return collecting.report(submission_id=s.pk, entered=entered or GOOD, uploads={}, by=cast.worker, at=at, **said)


def test_a_return_is_handed_in_looked_through_corrected_and_kept(cast: Cast) -> None:
    s = of(asked(cast), cast, "housing")
    with pytest.raises(collecting.Faulty) as why:
        report(cast, s, {"f1": "很多", "f2": "", "f4": "2月30日"})
    assert set(why.value.faults) == {"f1", "f2", "f4"}
    assert Submission.objects.get(pk=s.pk).rows == []
    report(cast, s, {"f1": "5"}, partial=True)
    s.refresh_from_db()
    assert (s.state, s.receipt, s.rows[0]["f1"]) == ("partial", "", "5")
    report(cast, s)
    s.refresh_from_db()
    assert (s.state, s.on_time, s.rows) == (
        "submitted",
        True,
        [{"f1": "12", "f2": "是", "f3": "", "f4": "2026-03-02"}],
    )
    receipt = s.receipt
    assert receipt.startswith("HZ2026")
    with pytest.raises(Refused):
        collecting.send_back(submission_id=s.pk, reason="数字不对", by=cast.head, at=MONDAY)
    collecting.send_back(submission_id=s.pk, reason="数字和台账不一致", by=cast.inspector, at=MONDAY)
    report(cast, s, {**GOOD, "f1": "11"}, at=MONDAY + timedelta(days=30))
    collecting.accept(submission_id=s.pk, by=cast.inspector, at=MONDAY)
    s.refresh_from_db()
    assert (s.state, s.on_time, s.corrections, s.receipt, s.rows[0]["f1"]) == ("accepted", True, 1, receipt, "11")
    assert [e.move for e in journal.timeline(s)] == ["create", "save_part", "submit", "send_back", "submit", "accept"]


def test_late_nil_and_missing_returns_are_told_apart(cast: Cast) -> None:
    row = asked(cast, "housing", "transport", "sumu")
    collecting.report_nil(submission_id=of(row, cast, "sumu").pk, words="本月没有", by=cast.sumu_head, at=MONDAY)
    report(cast, of(row, cast, "housing"), at=MONDAY + timedelta(days=19))
    found = {s.org.short_name: (s.is_nil, s.on_time, s.state) for s in row.submissions.select_related("org")}
    assert found == {
        "演示苏木": (True, True, "submitted"),
        "住建局": (False, False, "submitted"),
        "交通运输局": (False, None, "awaited"),
    }
    strict = asked(cast, "sumu", takes_nil=False)
    with pytest.raises(Refused, match="不接受零报送"):
        collecting.report_nil(submission_id=of(strict, cast, "sumu").pk, words="", by=cast.sumu_head, at=MONDAY)


def test_units_report_for_themselves_alone(cast: Cast) -> None:
    s = of(asked(cast), cast, "housing")
    for who in (cast.neighbour, cast.director, cast.clerk, cast.auditor):
        with pytest.raises(Refused, match="岗位不能"):
            collecting.report(submission_id=s.pk, entered=GOOD, uploads={}, by=who, at=MONDAY)


def test_a_monthly_collection_comes_again_once_a_month(cast: Cast) -> None:
    first = asked(cast, is_monthly=True, purpose="monthly_progress")
    assert collecting_rounds.repeat(at=MONDAY + timedelta(days=20)) == 0
    assert collecting_rounds.repeat(at=MONDAY + timedelta(days=35)) == 1  # 6 April
    assert collecting_rounds.repeat(at=MONDAY + timedelta(days=36)) == 0
    again = Collection.objects.get(month="2026-04")
    assert (again.due_on, again.state, again.series, again.submissions.count()) == (
        date(2026, 4, 20),
        "open",
        first.pk,
        2,
    )
    assert collecting_rounds.repeat(at=MONDAY + timedelta(days=100)) == 2  # a worker that stood still catches up
    latest = Collection.objects.order_by("-month")[0]
    collecting.stop_repeating(collection_id=latest.pk, by=cast.director, at=MONDAY)
    for row in Collection.objects.exclude(pk=latest.pk):
        assert row.is_monthly
    assert collecting_rounds.repeat(at=MONDAY + timedelta(days=200)) == 0


def test_reminders_come_in_rounds_before_on_and_after_the_day(cast: Cast) -> None:
    row = asked(cast)
    told = {}
    for n in range(40):
        if count := collecting_rounds.remind(at=MONDAY + timedelta(days=n)):
            told[n] = count
    assert told == {15: 2, 17: 2, 18: 2, 19: 2, 21: 2, 23: 2}
    assert collecting.urge(collection_id=row.pk, by=cast.director, at=MONDAY) == 2


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.lists(st.integers(-20, 20), max_size=30))
def test_no_round_of_reminders_comes_twice(due: date, offsets: list[int]) -> None:
    already, told = None, []
    for n in sorted(offsets):
        if (found := rules.step(due, due + timedelta(days=n), already)) is not None:
            assert already is None or found < already
            already = found
            told.append(found)
    assert len(told) == len(set(told))


def sheet(*lines: list[Any], name: str = "填报") -> io.BytesIO:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(name)
    for n, line in enumerate(lines):
        page.write_row(n, 0, line)
    book.close()
    out.seek(0)
    return out


HEADS = ["认领事项数*", "是否值班*", "说明", "开始日期"]


def test_the_template_says_what_goes_where_and_reads_back_empty() -> None:
    body = template(FIELDS, title="3月工作进展", words="按实际情况填。")
    book = load_workbook(io.BytesIO(body))
    assert [c.value for c in book["填报"][1]] == HEADS
    assert "是、否" in "".join(str(c.value) for line in book["填报说明"] for c in line)
    with pytest.raises(WrongRows, match="零报送"):
        rows(io.BytesIO(body), FIELDS)


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.sampled_from(["是", "否"]), st.text(st.characters(categories=["L", "N"]), max_size=20)), min_size=1, max_size=15))  # fmt: skip
def test_rows_come_back_as_they_were_filled_in(lines: list[tuple[int, str, str]]) -> None:
    found = rows(sheet(["某某单位填报表"], HEADS, *([n, c, t, ""] for n, c, t in lines)), FIELDS)
    assert [(r["f1"], r["f2"], r["f3"]) for r in found] == [(str(n), c, t.strip()) for n, c, t in lines]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([HEADS, ["三", "是", "", ""]], "第 2 行：“认领事项数”的“三”应填数字。"),
        ([HEADS, [1, "也许", "", ""]], "第 2 行：“是否值班”的“也许”不在选项里，可以填：是、否。"),
        ([HEADS, [1, "是", "", ""], [2, "", "", ""]], "第 3 行：“是否值班”没有填写，请补上。"),
        ([HEADS, [1, "是", "", "2月30日"]], "第 2 行：“开始日期”的“2月30日”应是日历上有的一天，例如 2026-03-20。"),
        (
            [[*HEADS, "多出来的"], [1, "是", "", "", "x"]],
            "第 5 列“多出来的”不在模板里，里面的内容不会收下，请删去这一列或者写进已有的列。",
        ),
        ([HEADS[:3], [1, "是", ""]], "缺少“开始日期”这一列，请用下载的模板填写。"),
        ([["甲", "乙"], [1, 2]], "没有找到表头。请用下载的模板填写，表头应有：认领事项数、是否值班、说明、开始日期。"),
    ],
)
def test_a_wrong_workbook_names_row_column_value_and_mend(lines: list[list[Any]], sentence: str) -> None:
    with pytest.raises(WrongRows) as why:
        rows(sheet(*lines), FIELDS)
    assert why.value.faults == (sentence,)


def test_what_is_no_workbook_is_refused() -> None:
    for body in (b"", b"PK\x03\x04", b"hello"):
        with pytest.raises(WrongRows):
            rows(io.BytesIO(body), FIELDS)


def test_a_definition_that_cannot_be_filled_in_is_refused() -> None:
    said = rules.faulty_fields((Field("f1", "甲", "choice"), Field("f2", "甲", "file")), is_workbook=True)
    assert len(said) == 3
    assert rules.faulty_fields((), is_workbook=False)
    assert rules.faulty_fields(FIELDS, is_workbook=True) == []


def test_the_pages_of_a_collection_from_writing_to_export(cast: Cast) -> None:
    desk = cast.client("director")
    desk.post(reverse("collection-begin"))
    row = Collection.objects.get()
    edit = reverse("collection-edit", args=[row.pk])
    assert desk.get(edit).status_code == 200
    said = {
        "title": "延时服务清单", "words": "", "due_on": "2099-03-20", "kind": "workbook", "purpose": "general", "takes_nil": "1",
        "f1-name": "事项", "f1-kind": "text", "f1-required": "1", "f2-name": "级别", "f2-kind": "choice", "f2-choices": "旗级、苏木级",
        "units": [str(cast.orgs["housing"].pk)], "all-townships": "1", "do": "check",
    }  # fmt: skip
    wrong = desk.post(edit, {**said, "due_on": "随便"})
    assert wrong.status_code == 422
    assert "旗级、苏木级" in wrong.content.decode()
    desk.post(edit, said)
    address = reverse("collection", args=[row.pk])
    assert "会通知 2 个单位" in desk.get(address).content.decode()
    desk.post(reverse("collection-act", args=[row.pk, "open"]))
    s = of(row, cast, "housing")
    page, worker = reverse("submission", args=[s.pk]), cast.client("worker")
    assert worker.get(reverse("collections")).content.decode().count("data-row") == 1
    assert worker.get(page).status_code == 200
    assert worker.get(reverse("collection-blank", args=[row.pk])).status_code == 200
    upload = sheet(["事项*", "级别"], ["食品经营许可", "县级"])
    upload.name = "清单.xlsx"
    refused = worker.post(page, {"do": "submit", "file": upload, "words": "先报"})
    assert refused.status_code == 422
    assert "第 2 行：“级别”的“县级”不在选项里" in refused.content.decode()
    upload = sheet(["事项*", "级别"], ["食品经营许可", "旗级"], ["=1+1", "苏木级"])
    upload.name = "清单.xlsx"
    assert worker.post(page, {"do": "submit", "file": upload}).status_code == 302
    assert worker.get(reverse("submission-receipt", args=[s.pk])).status_code == 200
    for who in ("neighbour", "sumu_head"):
        assert cast.client(who).get(page).status_code == 404
        assert cast.client(who).get(address).status_code == 403
    assert "食品经营许可" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "back", "reason": ""}).status_code == 409
    assert desk.post(page, {"do": "accept"}).status_code == 302
    out = load_workbook(
        io.BytesIO(b"".join(desk.get(reverse("collection-export", args=[row.pk])).streaming_content))
    ).active
    assert out is not None
    lines = [[c.value for c in line] for line in out.iter_rows()]
    assert lines[0][-2:] == ["事项", "级别"]
    assert [line[0] for line in lines[1:]] == ["住建局", "住建局", "演示苏木"]
    assert lines[2][-2] == "=1+1" or lines[2][-2] in ("2", "0", 0)
    for move, given_ in (
        ("postpone", {"until": "2099-04-01", "reason": "各单位反映时间紧"}),
        ("urge", {}),
        ("close", {}),
    ):
        assert desk.post(reverse("collection-act", args=[row.pk, move]), given_).status_code == 302, move
    assert (
        "已经截止"
        in cast.client("sumu_head")
        .post(reverse("submission", args=[of(row, cast, "sumu").pk]), {"do": "nil"})
        .content.decode()
    )


def test_a_file_of_a_form_is_kept_and_shown_to_whom_it_concerns(cast: Cast) -> None:
    row = asked(cast, fields=(Field("f1", "情况说明", "file"), Field("f2", "数量", "number")))
    s, worker = of(row, cast, "housing"), cast.client("worker")
    page = reverse("submission", args=[s.pk])
    upload = io.BytesIO(supervised.picture())
    upload.name = "说明.png"
    assert worker.post(page, {"do": "submit", "f1": upload, "f2": "x"}).status_code == 422
    upload.seek(0)
    assert worker.post(page, {"do": "part", "f1": upload}).status_code == 302
    assert worker.post(page, {"do": "submit", "f2": "3"}).status_code == 302  # the file handed in before stays
    s.refresh_from_db()
    kept = s.rows[0]["f1"]["file"]
    shown = cast.client("director").get(reverse("submission-file", args=[s.pk, kept]))
    assert b"".join(shown.streaming_content) == supervised.picture()
    assert cast.client("neighbour").get(reverse("submission-file", args=[s.pk, kept])).status_code == 404
    other = of(row, cast, "transport")
    assert cast.client("neighbour").get(reverse("submission-file", args=[other.pk, kept])).status_code == 404
