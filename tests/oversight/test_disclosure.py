"""政务公开: duties that fall due, figures beside plain SQL, totals flagged and never corrected, the workbook both ways."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from siban.kernel import measures
from siban.kernel.flow import Refused
from siban.kernel.imports import ImportRefused
from siban.oversight import measures_reform
from siban.oversight.disclosure import actions, queries, rules
from siban.oversight.models import DisclosureColumn, DisclosureReport, DisclosureUpdate

from .conftest import AT, Reform

TODAY = AT.date()


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**7), max_size=4))
def test_a_total_is_compared_with_its_parts(total: int, parts: list[int]) -> None:
    said = rules.reconcile(total, *parts)
    assert said.difference == total - sum(parts)
    assert ("一致" in said.words) == (total == sum(parts))


def test_5796_is_not_952_and_4777_and_stays_as_it_was_reported(reform: Reform) -> None:
    actions.report(year=2021, total=5796, official=952, statutory=4777, by=reform.actor("dept_admin"), at=AT)
    ((made, said),) = queries.reports(reform.actor("service_admin"))
    assert said.difference == 67
    assert (made.total, made.official, made.statutory) == (5796, 952, 4777)
    assert queries.reports(reform.actor("dept_admin", reform.neighbour)) == []
    page = reform.client("service_admin").get("/desk/reform/disclosure/?year=2021").content.decode()
    assert "相差 67" in page
    assert DisclosureReport.objects.get().total == 5796


def column(reform: Reform, name: str, cycle: int | None, since: int, **said: Any) -> DisclosureColumn:
    return actions.keep_column(
        name=name, kind=said.get("kind", "statutory"), cycle_days=cycle, duty="办公室", since=TODAY - timedelta(days=since),
        by=reform.actor("dept_admin"), at=AT,
    )  # fmt: skip


def test_a_column_is_overdue_when_its_cycle_has_passed_and_an_update_counts_anew(reform: Reform) -> None:
    by = reform.actor("dept_admin")
    late, fresh = column(reform, "动态", 14, 30), column(reform, "文件", 90, 30, kind="official")
    column(reform, "职能", None, 4000)
    assert list(queries.columns(by, overdue_on=TODAY)) == [late]
    with pytest.raises(Refused, match="不属于本单位"):
        actions.record_update(
            column_id=late.pk, title="一", published_on=TODAY, by=reform.actor("dept_admin", reform.neighbour), at=AT
        )
    with pytest.raises(Refused, match="不能晚于今天"):
        actions.record_update(column_id=late.pk, title="一", published_on=TODAY + timedelta(1), by=by, at=AT)
    actions.record_update(column_id=late.pk, title="一", published_on=TODAY - timedelta(2), by=by, at=AT)
    actions.record_update(column_id=late.pk, title="旧", published_on=TODAY - timedelta(20), by=by, at=AT)
    actions.record_update(column_id=fresh.pk, title="文", published_on=TODAY, by=by, at=AT)
    with pytest.raises(Refused, match="已经登记过"):
        actions.record_update(column_id=late.pk, title="一", published_on=TODAY - timedelta(2), by=by, at=AT)
    late.refresh_from_db()
    assert (late.last_on, late.due_on) == (TODAY - timedelta(2), TODAY + timedelta(12))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE c.kind = 'official'), count(*) FILTER (WHERE c.kind = 'statutory')"
            " FROM oversight_disclosureupdate u JOIN oversight_disclosurecolumn c ON c.id = u.column_id"
            " WHERE u.published_on >= '2026-01-01' AND u.published_on < '2027-01-01'"
        )
        sql = cursor.fetchone()
    chosen = (measures_reform.PUBLISHED, measures_reform.PUBLISHED_OFFICIAL, measures_reform.PUBLISHED_STATUTORY)
    told = measures.figures(chosen, period=(date(2026, 1, 1), date(2027, 1, 1)))
    assert tuple(told[m.slug][None].hits for m in chosen) == sql == (3, 1, 2)


def book(**sheets: list[list[Any]]) -> io.BytesIO:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            page = made.add_worksheet(name)
            for n, row in enumerate([list(actions.COLUMNS[name]), *rows]):
                page.write_row(n, 0, row)
    return out


def test_the_workbook_comes_in_whole_or_names_each_wrong_cell(reform: Reform) -> None:
    by = reform.actor("dept_admin")
    good = {
        "公开目录": [["office", "动态", "法定主动公开和动态信息", 14, "办公室", ""], ["", "职能", "其他", "", "办公室", ""]],
        "更新记录": [["", "动态", "一", "2026-03-01", ""], ["", "动态", "二", "2026年2月3日", ""]],
    }  # fmt: skip
    bad = {
        "公开目录": [["neighbour", "动态", "其他", 14, "办公室", ""], ["", "甲", "别的", 14, "办公室", ""], ["", "乙", "其他", "两周", "办公室", ""]],
        "更新记录": [["", "没有", "一", "2026-03-01", ""]],
    }  # fmt: skip
    with pytest.raises(ImportRefused) as why:
        actions.take_in(upload=book(**bad), name="a.xlsx", by=by, at=AT)
    assert [s.split("填的是")[0] for s in why.value.sentences] == [
        "工作表“公开目录”第 2 行“单位”", "工作表“公开目录”第 3 行“类别”", "工作表“公开目录”第 4 行“更新周期（天）”", "工作表“更新记录”第 2 行“栏目名称”",
    ]  # fmt: skip
    assert DisclosureColumn.objects.count() == 0
    assert actions.take_in(upload=book(**good), name="a.xlsx", by=by, at=AT) == (2, 2)
    answer = reform.client("dept_admin").get("/desk/reform/disclosure/workbook/")
    body = io.BytesIO(b"".join(answer.streaming_content))
    assert actions.take_in(upload=body, name="a.xlsx", by=by, at=AT) == (2, 0)  # out and in again
    assert DisclosureUpdate.objects.count() == 2
    with pytest.raises(ImportRefused, match="文件"):
        actions.take_in(upload=io.BytesIO(b"not a workbook"), name="a.xlsx", by=by, at=AT)


def test_pages_show_own_rows_only(reform: Reform) -> None:
    column(reform, "动态", 14, 30)
    bureau, other = reform.client("service_admin"), reform.client("dept_admin", reform.neighbour)
    for address in ("", "columns/", "columns/?late=1", "updates/"):
        assert bureau.get(f"/desk/reform/disclosure/{address}").status_code == 200
        answer = other.get(f"/desk/reform/disclosure/{address}")
        assert answer.status_code == 200
        assert "演示旗office" not in answer.content.decode()
        assert ">office<" not in answer.content.decode()
    answer = other.post(
        "/desk/reform/disclosure/columns/", {"do": "keep", "name": "动态", "kind": "other", "duty": ""}
    )
    assert answer.status_code == 422
    assert (
        other.post(
            "/desk/reform/disclosure/columns/", {"do": "keep", "name": "动态", "kind": "other", "duty": "办公室"}
        ).status_code
        == 302
    )
