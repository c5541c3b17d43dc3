"""两优 counted by the product and by a plain implementation of the words, over random histories of versions."""

import io
import random
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from siban.kernel import journal, measures
from siban.kernel.flow import Refused
from siban.kernel.imports import ImportRefused
from siban.kernel.models import JournalEntry
from siban.oversight import measures_reform
from siban.oversight.liangyou import actions, annex, queries, rules
from siban.oversight.models import LiangyouReport, LiangyouRound, OptimisationClaim, OptimisationRecord, Statement

from .conftest import AT, BEGIN, END, Reform, add_version, make_item, papers, steps


def pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return out.getvalue()


CUT = ("cut_material", "cut_step", "cut_time")


def opened(reform: Reform, **said: Any) -> LiangyouRound:
    told: dict[str, Any] = {
        "name": "第二轮", "begin_on": BEGIN, "end_on": END, "due_on": date(2026, 3, 5), "document": "演示〔2026〕1号",
        "orgs": [reform.office.pk, reform.neighbour.pk], "by": reform.actor("service_admin"), "at": AT,
    }  # fmt: skip
    return actions.open_round(**{**told, **said})


# ---- pure: the comparison against the words ----

grains = st.lists(st.sampled_from("abcdef"), max_size=6)
sides = st.tuples(
    grains, st.lists(st.sampled_from(["受理", "审查", "决定", "送达"]), max_size=5),
    st.one_of(st.none(), st.tuples(st.integers(0, 40), st.sampled_from(["workday", "natural_day"]))),
)  # fmt: skip


def state(side: Any, prefix: str) -> rules.State:
    kept, names, limit = side
    days = None if limit is None else limit[0] * (7 if limit[1] == "workday" else 5)
    return rules.State(
        tuple(rules.Paper(f"{prefix}{n}", f"{prefix}名{n}", g) for n, g in enumerate(kept)), tuple(names), days
    )


@given(sides, sides)
def test_fewer_is_counted_by_what_a_material_is_and_never_by_its_name(old: Any, new: Any) -> None:
    change = rules.compare(state(old, "x"), state(new, "y"))
    assert change.cut_material == (len(set(new[0])) < len(set(old[0])))
    assert change.grew_material == (len(set(new[0])) > len(set(old[0])))
    assert len(change.gone_papers) == len(set(old[0]) - set(new[0]))
    assert change.cut_step == (len(new[1]) < len(old[1]))
    assert len(change.gone_steps) - len(change.new_steps) == len(old[1]) - len(new[1])

    def real(limit: Any) -> float:
        return limit[0] * 1.4 if limit[1] == "workday" else float(limit[0])

    known = old[2] is not None and new[2] is not None
    assert change.cut_time == bool(known and real(new[2]) < real(old[2]) - 1e-9)


def test_tying_a_material_to_its_standard_material_is_no_saving() -> None:
    before = rules.State((rules.Paper("m1", "户口簿"), rules.Paper("m2", "户口本")))
    after = rules.State((rules.Paper("m1", "户口簿", "hukou"), rules.Paper("m2", "户口本", "hukou")))
    change = rules.compare(before, after)
    assert change.papers == (1, 1)
    assert not change.gone_papers


VERDICTS = [
    ("cut_material", 5, 3, {"standing": "compared", "materials_before": 5, "materials_after": 3}, "borne_out"),
    ("cut_material", 5, 2, {"standing": "compared", "materials_before": 5, "materials_after": 3}, "differs"),
    ("cut_material", 5, 3, {"standing": "compared", "materials_before": 5, "materials_after": 5}, "not_borne_out"),
    ("cut_step", 5, 3, {"standing": "compared", "steps_before": 3, "steps_after": 4}, "not_borne_out"),
    ("cut_time", 70, 35, {"standing": "compared", "days_before": 70, "days_after": 35}, "borne_out"),
    ("cut_time", 70, 35, {"standing": "compared", "days_before": None, "days_after": 35}, "not_borne_out"),
    ("cut_time", 70, 35, {"standing": "new"}, "not_borne_out"),
    ("cut_step", 5, 3, {"standing": "gone"}, "not_borne_out"),
    ("cancel", None, None, {"standing": "gone"}, "borne_out"),
    ("cancel", None, None, {"standing": "compared"}, "not_borne_out"),
    ("take_over", None, None, {"standing": "new"}, "borne_out"),
    ("take_over", None, None, {"standing": "compared"}, "not_borne_out"),
    ("delegate", None, None, {"standing": "compared"}, "untold"),
    ("cut_time", 70, 35, None, "not_borne_out"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after", "record", "wanted"), VERDICTS)
def test_a_claim_is_judged_by_the_versions(kind: str, before: Any, after: Any, record: Any, wanted: str) -> None:
    assert rules.verdict(kind, before, after, record).key == wanted


# ---- rows: random histories ----


def plain(history: list[tuple[date, dict[str, Any]]], day: date) -> dict[str, Any] | None:
    """The version in force on a day, as one would look it up by hand."""
    until = [said for on, said in history if on <= day]
    return until[-1] if until else None


def test_random_histories_come_out_as_a_plain_count_of_the_words(reform: Reform) -> None:
    rng, wanted = random.Random(20260302), {}
    for n in range(40):
        org, kind = rng.choice([reform.office, reform.neighbour]), rng.choice(["01", "07", "20"])
        item, history = make_item(org, n, item_type=kind), []
        for on in sorted(
            rng.sample([BEGIN - timedelta(5), BEGIN, BEGIN + timedelta(3), END, END + timedelta(1)], rng.randint(1, 3))
        ):
            said = {
                "materials": papers(*rng.choices("abcde", k=rng.randint(0, 5)), names={"a": f"名{rng.random()}"}),
                "process_steps": steps(*rng.choices(["受理", "审查", "决定"], k=rng.randint(1, 4))),
                "promised_limit": {"value": rng.randint(0, 12), "unit": rng.choice(["workday", "natural_day"])},
            }  # fmt: skip
            add_version(item, on, **said)
            history.append((on, said))
        old, new = plain(history, BEGIN), plain(history, END)
        if old or new:
            wanted[item.pk] = (org.code, kind != "20", old, new)
    found = opened(reform)
    rows = {r.item_id: r for r in OptimisationRecord.objects.filter(round=found).order_by("pk")}
    assert set(rows) == set(wanted)

    def days(said: dict[str, Any]) -> int:
        return said["promised_limit"]["value"] * (7 if said["promised_limit"]["unit"] == "workday" else 5)

    better: dict[tuple[str, bool], list[bool]] = {}
    for pk, (code, is_power, old, new) in wanted.items():
        cuts = (False, False, False)
        if old and new:
            cuts = (
                len({m["grain_id"] for m in new["materials"]}) < len({m["grain_id"] for m in old["materials"]}),
                len(new["process_steps"]) < len(old["process_steps"]), days(new) < days(old),
            )  # fmt: skip
        assert tuple(getattr(rows[pk], key) for key in CUT) == cuts
        better.setdefault((code, is_power), []).append(any(cuts))
    for line in queries.units(found, reform.actor("service_admin")):
        power = better.get((line.org.code, True), [])
        service = better.get((line.org.code, False), [])
        assert (line.counts["hits"], line.counts["total"]) == (sum(power), len(power))
        assert (line.counts["allhits"], line.counts["all"]) == (sum(power) + sum(service), len(power) + len(service))
        for part in queries.PARTS:  # every number is its rows
            assert (
                queries.rows(found, reform.actor("service_admin"), part=part, org=line.org.code).count()
                == line.counts[part]
            )
    with connection.cursor() as cursor:  # the declared measure, from its words in SQL
        cursor.execute(
            "SELECT r.org_id, count(*) FILTER (WHERE cut_material OR cut_step OR cut_time), count(*)"
            " FROM oversight_optimisationrecord r JOIN oversight_liangyouround l ON l.id = r.round_id"
            " WHERE l.is_current AND r.scope = 'external' AND r.is_power AND r.standing <> 'gone' GROUP BY 1"
        )
        sql = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    told = measures.figures([measures_reform.OPTIMISED], by="org_id")["liangyou_external_optimised_ratio"]
    assert {org: (f.hits, f.total) for org, f in told.items()} == sql


def test_a_version_published_today_is_in_the_open_round_when_the_worker_has_passed(
    reform: Reform, deliver: Any
) -> None:
    item = make_item(reform.office, 1)
    add_version(item, BEGIN - timedelta(9), materials=papers("a", "b"))
    found = opened(reform, end_on=date(2026, 12, 31), due_on=date(2026, 12, 31))
    assert not OptimisationRecord.objects.get(round=found).cut_material
    add_version(item, date(2026, 3, 1), materials=papers("a"))
    journal.write(subject=item, move="publish", by=reform.actor("service_admin"), at=AT)
    deliver()
    assert OptimisationRecord.objects.get(round=found).cut_material


def test_a_cancelled_item_leaves_the_denominator_from_its_day(reform: Reform) -> None:
    item = make_item(reform.office, 1)
    add_version(item, BEGIN - timedelta(9))
    item.state = "cancelled"
    item.save()
    journal.write(subject=item, move="cancel", by=reform.actor("service_admin"), at=AT.replace(month=2, day=1))
    found = opened(reform)
    (line,) = [x for x in queries.units(found, reform.actor("service_admin")) if x.org == reform.office]
    assert (line.counts["total"], line.counts["gone"]) == (0, 1)
    assert line.figure.percent == "无数据"
    assert (
        opened(reform, name="第一轮", begin_on=date(2025, 12, 1), end_on=date(2026, 1, 20)).records.get().standing
        == "new"
    )


# ---- internal items, claims, reports ----


def test_internal_items_are_compared_by_their_own_versions(reform: Reform) -> None:
    by = reform.actor("dept_admin")

    def keep(on: date, materials: list[str], value: int) -> None:
        actions.keep_internal(
            org_id=reform.office.pk, number="N1", name="公文流转", materials=materials, steps=["拟稿", "签发"],
            limit_value=value, limit_unit="workday", effective_on=on, document="内规", by=by, at=AT,
        )  # fmt: skip

    keep(BEGIN - timedelta(30), ["请示", "附件"], 5)
    keep(END - timedelta(1), ["请 示"], 3)
    found = opened(reform)
    record = OptimisationRecord.objects.get(round=found, scope="internal")
    assert (record.cut_material, record.cut_step, record.cut_time) == (True, False, True)
    assert record.gone["gone_papers"] == ["附件"]
    with pytest.raises(Refused, match="已经有一个版本"):
        keep(END - timedelta(1), ["请示"], 2)
    with pytest.raises(Refused, match="只能办理本单位"):
        actions.keep_internal(
            org_id=reform.neighbour.pk, number="N1", name="公文", materials=[], steps=["拟稿"], limit_value=None,
            limit_unit="workday", effective_on=END, document="内规", by=by, at=AT,
        )  # fmt: skip


def test_a_claim_the_versions_do_not_bear_out_is_marked_and_stops_the_report(reform: Reform) -> None:
    item = make_item(reform.office, 1)
    add_version(item, BEGIN - timedelta(9), materials=papers("a", "b"))
    add_version(item, BEGIN + timedelta(9), materials=papers("a", "b", names={"b": "改了名"}))
    found, by = opened(reform), reform.actor("dept_admin")
    with pytest.raises(Refused, match="虚报"):
        actions.claim(round_id=found.pk, kind="cut_material", item_id=item.pk, before=2, after=2, by=by, at=AT)
    actions.claim(round_id=found.pk, kind="cut_material", item_id=item.pk, before=2, after=1, by=by, at=AT)
    assert queries.unsupported(found.pk).count() == 1
    report = LiangyouReport.objects.get(round=found, org=reform.office, scope="external")
    actions.submit_results(report_id=report.pk, by=by, at=AT)
    with pytest.raises(Refused, match="1 条成果版本不支持"):
        actions.qualify(report_id=report.pk, by=reform.actor("service_admin"), at=AT)
    with pytest.raises(Refused):
        actions.claim(
            round_id=found.pk,
            kind="cut_step",
            item_id=item.pk,
            before=2,
            after=1,
            by=reform.actor("dept_admin", reform.neighbour),
            at=AT,
        )
    told = measures.figures([measures_reform.REPORTED, measures_reform.REPORTED_INTERNAL])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.scope, count(*) FILTER (WHERE p.reported_on IS NOT NULL AND p.reported_on <= p.due_on), count(*)"
            " FROM oversight_liangyoureport p JOIN oversight_liangyouround r ON r.id = p.round_id WHERE r.is_current"
            " GROUP BY 1 ORDER BY 1"
        )
        rows = cursor.fetchall()
    assert [(f[None].hits, f[None].total) for f in told.values()] == [row[1:] for row in rows] == [(1, 2), (0, 2)]


def test_a_statement_names_every_part_it_lacks_and_is_filed_under_a_number(reform: Reform) -> None:
    found, by = opened(reform), reform.actor("unit_head")
    report = LiangyouReport.objects.get(round=found, org=reform.office, scope="external")
    whole: dict[str, Any] = {
        "reason": "本轮没有可以减少的", "meeting_on": date(2026, 2, 20), "meeting_number": "会纪〔2026〕3号",
        "document_number": "演示发〔2026〕9号", "signed_by": "演示·主要领导", "signed_on": date(2026, 2, 27),
        "file": io.BytesIO(pdf()),
    }  # fmt: skip
    for part, words in rules.STATEMENT.items():
        with pytest.raises(Refused, match="要件不齐") as why:
            actions.explain(
                report_id=report.pk,
                **{**whole, part: None if part in ("file", "meeting_on", "signed_on") else ""},
                file_name="a.pdf",
                by=by,
                at=AT,
            )
        assert words in str(why.value)
    with pytest.raises(Refused, match="日期不对"):
        actions.explain(
            report_id=report.pk, **{**whole, "signed_on": date(2026, 2, 1)}, file_name="a.pdf", by=by, at=AT
        )
    assert Statement.objects.count() == 0
    made = actions.explain(report_id=report.pk, **whole, file_name="a.pdf", by=by, at=AT)
    assert made.number.endswith("〔2026〕1号")
    report.refresh_from_db()
    assert (report.state, report.reported_on) == ("explained", date(2026, 3, 2))


def workbook(table: annex.Table, *rows: list[Any]) -> io.BytesIO:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(table.sheet)
        sheet.write_string(0, 0, "标题")
        for n, row in enumerate([list(annex.heads(table)), *rows], 2):
            sheet.write_row(n, 0, row)
    out.seek(0)
    return out


def test_annex_4_comes_in_whole_or_names_each_wrong_cell_and_goes_out_with_the_verdict(reform: Reform) -> None:
    item, other = make_item(reform.office, 1), make_item(reform.neighbour, 2)
    for one in (item, other):
        add_version(one, BEGIN - timedelta(9), promised_limit={"value": 10, "unit": "workday"})
        add_version(one, BEGIN + timedelta(9), promised_limit={"value": 5, "unit": "workday"})
    found, by = opened(reform), reform.actor("dept_admin")
    table = annex.TABLES[2]
    good = [1, "office", item.name, item.impl_code, 10, 5, "工作日", "文件", ""]
    bad = workbook(
        table, good, [2, "neighbour", other.name, other.impl_code, 10, 5, "工作日", "", ""],
        [3, "", item.name, item.impl_code, 10, "五", "天", "", ""], [4, "", "没有这个", "", 10, 5, "工作日", "", ""],
        [5, "", item.name, item.impl_code, 5, 5, "工作日", "", ""],
    )  # fmt: skip
    with pytest.raises(ImportRefused) as why:
        annex.take_in(round_id=found.pk, upload=bad, name="a.xlsx", by=by, at=AT)
    assert [s.split("：")[0] for s in why.value.sentences] == [
        f"工作表“{table.sheet}”第 {n} 行“{head}”填的是“{value}”"
        for n, head, value in (
            (5, "单位", "neighbour"),
            (6, "时限单位", "天"),
            (7, "事项名称", "没有这个"),
            (8, "优化后", "5"),
        )
    ]
    assert OptimisationClaim.objects.count() == 0
    assert annex.take_in(round_id=found.pk, upload=workbook(table, good), name="a.xlsx", by=by, at=AT) == 1
    client = reform.client("dept_admin")
    answer = client.get(f"/desk/reform/liangyou/{found.pk}/workbook/")
    body = b"".join(answer.streaming_content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    assert book.sheet_names[:6] == ["附件4总表", *(t.sheet for t in annex.TABLES)]
    rows = book.get_sheet_by_name(table.sheet).to_python()
    assert rows[3][3] == item.impl_code
    assert rows[3][-1] == "版本证实"
    assert "neighbour" not in str(book.get_sheet_by_name("按版本计算").to_python())
    assert (
        annex.take_in(round_id=found.pk, upload=io.BytesIO(body), name="a.xlsx", by=by, at=AT) == 1
    )  # out and in again


# ---- pages ----


def test_pages_show_own_rows_only_and_ask_no_more_for_more_rows(reform: Reform) -> None:
    for n in range(3):
        add_version(make_item(reform.office, n), BEGIN - timedelta(9), materials=papers("a", "b"))
        add_version(make_item(reform.neighbour, 10 + n), BEGIN - timedelta(9))
    found = opened(reform)
    theirs = OptimisationRecord.objects.filter(org=reform.neighbour).order_by("pk")[0]
    bureau, mine, far = (
        reform.client("supervisor"),
        reform.client("dept_admin"),
        reform.client("service_admin", reform.far),
    )
    base = f"/desk/reform/liangyou/{found.pk}/"
    for address in (base, f"{base}rows/?part=total", f"{base}claims/"):
        assert bureau.get(address).status_code == 200
        assert "neighbour" not in mine.get(address).content.decode()
        assert far.get(address).status_code == 404
    assert mine.get(f"/desk/reform/liangyou/records/{theirs.pk}/").status_code == 404
    assert bureau.get(f"/desk/reform/liangyou/records/{theirs.pk}/").status_code == 200
    assert mine.get("/desk/reform/internal/").status_code == 200
    report = LiangyouReport.objects.get(org=reform.office, scope="external")
    assert mine.get(f"/desk/reform/liangyou/reports/{report.pk}/").status_code == 200
    counts = []
    for n in (100, 110):
        with CaptureQueriesContext(connection) as seen:
            bureau.get(base)
            bureau.get(f"{base}rows/?part=total")
        counts.append(len(seen))
        for more in range(4):
            add_version(make_item(reform.office, n + more), BEGIN - timedelta(9))
        actions.compute(round_id=found.pk, by=reform.actor("service_admin"), at=AT)
    assert counts[0] == counts[1]
    answer = mine.post(base, {"do": "compute"})
    assert answer.status_code == 403
    assert JournalEntry.objects.filter(subject_id=str(found.pk), move="compute").exists()
    for slug in ("liangyou_external_optimised_ratio", "liangyou_report_rate"):
        for part in ("hits", "total", "gap"):
            assert bureau.get(f"/desk/figures/{slug}/all/{part}/").status_code == 200
