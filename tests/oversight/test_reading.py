"""A notice read into proposals, straight and twisted: names, days, targets, problems, and where each of them stands."""

import re
from datetime import date, timedelta
from decimal import Decimal

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siban.oversight.reading import NoticeRead, notice, read
from siban.oversight.reading import days as reading_days
from siban.oversight.reading.text import source
from siban.oversight.reading.units import names
from tests.oversight.notice import DEPARTMENTS, FIGURES, LIANGYOU, NOTICE, TOWNSHIPS, book, called

NOTICED = date(2023, 5, 10)


def reading(text: str = NOTICE) -> NoticeRead:
    return read(text, book=book(), figures=FIGURES)


def units(made: NoticeRead) -> list[set[object]]:
    return [{u for n in p.names for u in n.units} for p in made.problems]


def test_the_notice_gives_five_problems_with_their_units_days_and_targets() -> None:
    made = reading()
    assert made.title.value == "关于集中整改政务服务突出问题的通知"
    assert made.number.value == "鄂政转办发〔2023〕9号"
    assert made.date == NOTICED
    assert {key for key, _ in made.cadence} == {"daily_dispatch", "weekly_bulletin"}
    everyone = {called(n) for n in DEPARTMENTS}
    townships = {called(n) for n in TOWNSHIPS}
    assert (len(everyone), len(townships)) == (34, 10)
    assert units(made) == [
        everyone | townships, everyone - {called(n) for n in ("联通公司", "移动公司", "电信公司")} | townships,
        {called(n) for n in LIANGYOU}, {called(n) for n in ("住建局", "大雁镇", "锡尼河东苏木", "巴彦嵯岗苏木")}, townships,
    ]  # fmt: skip
    assert [len(u) for u in units(made)] == [34 + 10, 31 + 10, 22, 4, 10]
    assert [p.due.on if p.due else None for p in made.problems] == [
        date(2023, 5, 19), date(2023, 5, 12), date(2023, 5, 12), date(2023, 5, 19), date(2023, 5, 31),
    ]  # fmt: skip
    assert [(t.slug, t.comparison, t.value) for t in made.problems[0].targets] == [
        ("instant_item_ratio", ">=", Decimal("0.8")), ("promised_time_reduction_ratio", ">=", Decimal("0.93")),
    ]  # fmt: skip
    assert [t.paper for p in made.problems for t in p.targets if t.paper] == ["延时服务事项清单", "附件4统计表"]
    assert [(a.kind, a.words) for a in made.asks] == [("figure", "优化比例不低于60%"), ("unit", "热力公司")]
    assert made.problems[3].requirement.value.startswith("12345工单")
    assert "代章" not in made.problems[4].requirement.value


def same(a: NoticeRead, b: NoticeRead) -> None:
    assert units(a) == units(b)
    for one, other in zip(a.problems, b.problems, strict=True):
        assert one.title.value == other.title.value
        assert one.requirement.value == other.requirement.value
        assert (one.due and one.due.on) == (other.due and other.due.on)
        assert [(t.slug, t.value, t.paper) for t in one.targets] == [(t.slug, t.value, t.paper) for t in other.targets]
    assert (a.title.value, a.number.value, a.date) == (b.title.value, b.number.value, b.date)
    assert [(x.kind, x.words) for x in a.asks] == [(x.kind, x.words) for x in b.asks]


FULL = str.maketrans("0123456789%", "０１２３４５６７８９％")


def test_full_width_digits_brackets_and_spaces_change_nothing() -> None:
    same(reading(NOTICE.translate(FULL)), reading())
    same(
        reading(NOTICE.replace("（", "(").replace("）", ")").replace("〔", "[").replace("〕", "]").replace("：", ":")),
        reading(),
    )
    same(reading(re.sub(r"(?<=[一-龥])(?=[一-龥])", " ", NOTICE)), reading())
    same(reading(NOTICE.replace("\n", "\r\n")), reading())
    same(reading(NOTICE.replace("\n", "\n\n")), reading())
    same(reading(NOTICE.replace("\n", "\n　　")), reading())


@given(st.data())
def test_line_breaks_inside_lists_change_nothing(data: st.DataObject) -> None:
    """Lists copied out of a page are broken anywhere, in the middle of names too."""
    lines = []
    for line in NOTICE.split("\n"):
        if line.startswith("涉及") and len(line) > 40:
            cuts = data.draw(st.sets(st.integers(12, len(line) - 1), max_size=6))
            parts = [line[a:b] for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), len(line)], strict=True)]
            line = "\n".join(parts)
        lines.append(line)
    same(reading("\n".join(lines)), reading())


@given(st.data())
def test_everything_found_stands_where_it_is_said_to_stand(data: st.DataObject) -> None:
    text = NOTICE
    for _ in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from([" ", "　", "\n", "\u200b"])) + text[at:]
    made, src = reading(text), source(text)

    def plain(said: str) -> str:
        return source(said).flat.replace("\n", "")

    for found in (made.title, made.number, *(p.title for p in made.problems)):
        if found.end:
            assert plain(text[found.start : found.end]) in (
                found.value,
                plain(found.value),
                found.value.replace("〔", "〔"),
            )
    for problem in made.problems:
        for name in problem.names:
            start, end = src.span(name.start, name.end)
            assert plain(text[start:end]) == name.words
        for day in problem.dues:
            start, end = src.span(day.start, day.end)
            assert plain(text[start:end]) == day.words.replace("\n", "")


@given(
    st.text(
        alphabet=st.sampled_from(
            "一二（）、。：；，涉及部门地区住建局大雁镇2023年5月19日前80%达到等各\n 〔〕号关于通知"
        ),
        max_size=300,
    )
)
def test_no_text_breaks_the_reading(text: str) -> None:
    made = reading(text)
    assert all(0 <= f.start <= f.end <= len(text) for p in made.problems for f in (p.title, p.finding, p.requirement))
    assert all(0 <= a.start <= a.end <= len(text) for a in made.asks)


@pytest.mark.parametrize(
    ("said", "known", "unknown", "count"),
    [
        ("发改委、教育局，民政局;司法局", "发改委 教育局 民政局 司法局", "", None),
        ("发改委（牵头）、教育局、（住建局、交通局）、民政局", "发改委 教育局 住建局 交通运输局 民政局", "", None),
        ("（住建局、交通局、民政局", "住建局 交通运输局 民政局", "", None),
        ("旗委办公室（档案局）、宣传部", "旗委办公室（档案局） 宣传部", "", None),
        ("市场监管局、旗市监局、鄂温克旗教育局", "市监局 教育局", "", None),
        ("苏木乡镇（大雁镇、辉苏木）", "大雁镇 辉苏木", "", None),
        ("大雁、锡尼河东、红花尔基镇人民政府", "大雁镇 锡尼河东苏木 红花尔基镇", "", None),
        ("发改委教育局民政局", "发改委 教育局 民政局", "", None),
        ("住建局、热力公司等3个单位", "住建局", "热力公司", 3),
        ("住建局、有关部门", "住建局", "有关部门", None),
        ("锡尼河", "", "锡尼河", None),
        ("农牧局和林业局以及旗委办", "农科局 林草局 旗委办公室（档案局）", "", None),
    ],
)  # fmt: skip
def test_a_list_of_names_is_resolved_and_nothing_is_dropped(
    said: str, known: str, unknown: str, count: int | None
) -> None:
    found, wanted = names(said, 0, book())
    assert {u for n in found for u in n.units} == {called(n) for n in known.split()}
    assert [n.words for n in found if not n.is_known] == unknown.split()
    assert wanted == count
    assert all(said[n.start : n.end] == n.words for n in found)


@given(
    st.lists(st.sampled_from([*DEPARTMENTS, *TOWNSHIPS]), min_size=1, max_size=30, unique=True),
    st.sampled_from("、，；,"),
)
def test_every_name_of_any_list_comes_back(listed: list[str], separator: str) -> None:
    found, _ = names(separator.join(listed), 0, book())
    assert [n.units for n in found] == [(called(n),) for n in listed]


@pytest.mark.parametrize(
    ("said", "on", "note"),
    [
        ("5月19日前完成", (2023, 5, 19), "没有写年份"),
        ("于2023年5月12日下班前报送", (2023, 5, 12), ""),
        ("2023年5月12日17：00前报送", (2023, 5, 12), ""),
        ("限六月三十日前", (2023, 6, 30), "没有写年份"),
        ("二〇二三年六月一日前", (2023, 6, 1), ""),
        ("5月8日至19日集中办公", (2023, 5, 19), ""),
        ("5月8日至6月2日集中办公", (2023, 6, 2), ""),
        ("1月10日前", (2024, 1, 10), "2024"),
        ("4月30日前", (2023, 4, 30), "早于通知日期"),
        ("20日前", (2023, 5, 20), "没有写月份"),
        ("5日前", (2023, 6, 5), "没有写月份"),
        ("5月底前", (2023, 5, 31), ""),
        ("本月底前", (2023, 5, 31), ""),
        ("5个工作日内", (2023, 5, 15), "起算"),
        ("十日内", (2023, 5, 20), "起算"),
        ("2月30日前", None, "不是日历上有的一天"),
        ("13月1日前", None, "不是日历上有的一天"),
    ],
)  # fmt: skip
def test_days_are_read_as_notices_write_them(said: str, on: tuple[int, int, int] | None, note: str) -> None:
    notice_day = date(2023, 10, 10) if said == "1月10日前" else NOTICED
    (day,) = [d for d in reading_days.days(said, noticed=notice_day) if d.is_limit]
    assert day.on == (date(*on) if on else None)
    assert note in day.note
    assert said[day.start : day.end] == day.words


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(0, 150))
def test_a_missing_year_is_the_one_after_the_notice(noticed: date, later: int) -> None:
    due = noticed + timedelta(days=later)
    (day,) = reading_days.days(f"{due.month}月{due.day}日前", noticed=noticed)
    assert day.on == due


def test_without_the_date_of_the_notice_a_day_without_year_is_asked_about() -> None:
    made = reading("关于整改的通知\n一、延时服务迟滞。涉及部门：住建局。5月19日前认领。")
    assert [(a.kind, a.words) for a in made.asks] == [("due", "5月19日前")]
    assert "没有通知日期" in made.asks[0].why


def test_a_number_that_does_not_come_out_is_asked_about() -> None:
    made = reading(
        "关于整改的通知\n一、延时服务迟滞。\n涉及部门（3个）：住建局、教育局\n整改要求：2023年6月1日前认领。\n2023年5月1日"
    )
    assert [(a.kind, a.why) for a in made.asks] == [("count", "通知写的是 3 个单位，读出 2 个，请核对名单。")]


def test_problems_that_carry_their_own_requirement_are_read_too() -> None:
    text = """关于督办“两优”工作的通知
鄂旗督〔2026〕3号
一、“两优”报送不及时
存在问题：有关单位没有按时报送。
涉及部门：教育局、公安局
涉及部门：司法局
整改要求：3月20日前报送情况说明。
二、办事指南不准确。
1.涉及地区：大雁镇、辉苏木
2.整改要求：逐项核对，网办占比达到100%。
3.整改时限：2026年4月10日
2026年3月2日"""
    made = reading(text)
    assert [p.title.value for p in made.problems] == ["“两优”报送不及时", "办事指南不准确"]
    assert units(made) == [
        {called("教育局"), called("公安局"), called("司法局")},
        {called("大雁镇"), called("辉苏木")},
    ]
    assert [p.due and p.due.on for p in made.problems] == [date(2026, 3, 20), date(2026, 4, 10)]
    assert made.problems[0].requirement.value == "3月20日前报送情况说明。"
    assert made.problems[0].finding.value == "有关单位没有按时报送。"
    assert [(t.slug, t.value) for t in made.problems[1].targets] == [("online_available_ratio", Decimal(1))]
    assert made.asks == []


def test_a_requirement_without_its_problem_still_becomes_one() -> None:
    made = reading(
        NOTICE.replace(
            next(x for x in NOTICE.split("\n") if x.startswith("（一）“一网通办”指标不达标")) + "\n", ""
        ).replace("（二）延时服务工作", "（二）延时服务工作", 1)
    )
    titles = [p.title.value for p in made.problems]
    assert "提升“一网通办”指标" in titles
    assert "按整改要求列出" in made.problems[titles.index("提升“一网通办”指标")].note


def test_a_table_in_a_document_is_read_as_problems(tmp_path: object) -> None:
    import io

    from siban.oversight.reading.documents import text_of

    document = docx.Document()
    for line in ("关于整改突出问题的通知", "鄂旗督〔2026〕5号", "现将问题通知如下："):
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=5)
    for cell, head in zip(table.rows[0].cells, ("序号", "存在问题", "涉及部门", "整改要求", "完成时限"), strict=True):
        cell.text = head
    for line in (
        ("1", "没有认领延时事项", "教育局、公安局", "逐项认领", "3月20日前"),
        ("2", "台账不规范", "大雁镇", "补齐台账", "2026年3月31日"),
    ):
        for cell, said in zip(table.add_row().cells, line, strict=True):
            cell.text = said
    document.add_paragraph("2026年3月2日")
    out = io.BytesIO()
    document.save(out)
    out.seek(0)
    made = reading(text_of(out, "通知.docx"))
    assert [p.title.value for p in made.problems] == ["没有认领延时事项", "台账不规范"]
    assert units(made) == [{called("教育局"), called("公安局")}, {called("大雁镇")}]
    assert [p.due and p.due.on for p in made.problems] == [date(2026, 3, 20), date(2026, 3, 31)]
    assert made.number.value == "鄂旗督〔2026〕5号"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("即办件比率、网办占比均达到80%以上", [("instant_item_ratio", "0.8"), ("online_available_ratio", "0.8")]),
        ("即办件比率达到80%以上，优化比例不低于60%", [("instant_item_ratio", "0.8"), ("", "0.6")]),
        ("即办件比率要在年底前达到80%", [("instant_item_ratio", "0.8")]),
        ("网办占比实现全覆盖", [("online_available_ratio", "1")]),
        ("网办占比达到百分之九十以上", [("online_available_ratio", "0.9")]),
        ("即办件比率仅为45%", []),
        ("即办件比率提高5个百分点", []),
        ("确保按时办结率不低于90%、网办占比100%", [("hotline_on_time_close_rate", "0.9"), ("online_available_ratio", "1")]),
    ],
)  # fmt: skip
def test_a_value_belongs_to_the_figure_of_its_clause(said: str, wanted: list[tuple[str, str]]) -> None:
    from siban.oversight.reading.targets import targets

    found = [(t.slug, str(t.value.normalize() if t.value else t.value)) for t in targets(said, 0, FIGURES)]
    assert found == wanted
    for t in targets(said, 0, FIGURES):
        assert said[t.start : t.end] == t.words


def told(made: NoticeRead) -> list[tuple[str, str, date | None, tuple[str, ...]]]:
    return [
        (p.title.value, p.requirement.value, p.due.on if p.due else None, tuple(n.words for n in p.names)) for p in made.problems
    ]  # fmt: skip


def test_units_and_days_inside_a_sentence_are_read() -> None:
    made = reading("""关于限期整改的通知
旗政督字〔2026〕12号
各有关单位：
经查，你单位存在以下问题：
1.办事指南不准确。责任单位：发改委 教育局 公安局。2026-03-20前完成整改。
2.窗口未摆放办事指南，责任单位：大雁镇、伊敏苏木。请于3月25日17时前整改到位。
3.“综窗”系统零办件（责任单位：各苏木乡镇）。月底前实现零突破。
二〇二六年三月二日""")
    assert told(made) == [
        ("办事指南不准确", "2026-03-20前完成整改。", date(2026, 3, 20), ("发改委", "教育局", "公安局")),
        ("窗口未摆放办事指南", "请于3月25日17时前整改到位。", date(2026, 3, 25), ("大雁镇", "伊敏苏木")),
        ("“综窗”系统零办件", "月底前实现零突破。", date(2026, 3, 31), ("各苏木乡镇",)),
    ]  # fmt: skip
    assert made.asks == []


def test_a_letter_without_numbers_is_one_problem_of_whom_it_is_addressed_to() -> None:
    made = reading("""鄂温克旗人民政府督查室
督办通知单
编号：鄂督〔2026〕5号
关于延时服务工作的督办函
教育局、公安局、司法局：
你单位未按要求认领延时服务事项，请于2026年3月10日前完成认领，并将《延时服务事项清单》报送旗政务服务局。
2026年3月2日""")
    assert [(t, due, n) for t, _, due, n in told(made)] == [
        ("你单位未按要求认领延时服务事项", date(2026, 3, 10), ("教育局", "公安局", "司法局")),
    ]  # fmt: skip
    assert [t.paper for t in made.problems[0].targets] == ["延时服务事项清单"]


def test_a_limit_that_names_no_day_is_asked_about() -> None:
    made = reading("""关于通报问题的通知
一、关于一网通办工作
整改要求：即办件比率达到80%以上。
责任单位：教育局
完成时限：2026.3.31
二、关于热线工作
整改要求：按时办结率不低于95%。
责任单位：住建局、大雁镇
完成时限：立即整改，长期坚持
2026年3月2日""")
    assert [due for _, _, due, _ in told(made)] == [date(2026, 3, 31), None]
    assert [(a.kind, a.problem) for a in made.asks] == [("due", 1)]


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ("大雁镇、辉苏木和旗某某中心没有认领延时服务事项，请于12月15日前报送。", ["旗某某中心"]),
        ("住建局、热力公司未报送台账。", ["热力公司"]),
        ("住建局、数据局存在逾期工单。", ["数据局"]),
        ("住建局、教育局没有认领。", []),
        ("住建局窗口存在推诿、服务态度生硬。", []),
    ],
)
def test_an_unknown_unit_in_running_text_is_asked_about(said: str, unknown: list[str]) -> None:
    found = notice._running(said, 0, book())
    assert [n.words for n in found if not n.is_known] == unknown
    assert all(said[n.start : n.end] == n.words for n in found)


def test_a_day_between_the_figure_and_its_value_leaves_the_figure_known() -> None:
    from siban.oversight.reading.targets import targets

    said = "住建局即办件比率不足80%，请于2026年12月10日前达到80%以上。"
    assert [(t.slug, t.value) for t in targets(said, 0, FIGURES)] == [("instant_item_ratio", Decimal("0.8"))]
