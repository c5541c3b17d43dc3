"""The working-day calendar: national tables, local overlays, counting, and reading a new year's table."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siban.kernel import calendar
from siban.kernel.calendar import TableDay, TableError, YearTable

NATIONAL = calendar.national()
BANNER = "150724000000"
DAY = timedelta(days=1)

VECTORS = [
    ("2023-04-27", 5, "2023-05-08"),
    ("2023-05-06", 20, "2023-06-02"),
    ("2024-02-08", 5, "2024-02-21"),
    ("2024-09-13", 1, "2024-09-14"),
    ("2024-09-27", 20, "2024-10-30"),
    ("2024-09-27", 30, "2024-11-13"),
    ("2025-01-25", 3, "2025-02-05"),
    ("2025-04-30", 10, "2025-05-19"),
    ("2025-09-30", 5, "2025-10-14"),
    ("2026-02-13", 1, "2026-02-14"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-09-24", 10, "2026-10-15"),
]


@pytest.mark.parametrize(("start", "count", "end"), VECTORS)
def test_workdays_are_added_as_in_the_published_examples(start, count, end):
    start, end = date.fromisoformat(start), date.fromisoformat(end)
    assert NATIONAL.add_workdays(start, count) == end
    assert NATIONAL.workdays_between(start, end) == count


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-02-09", True),  # the eve of the Spring Festival was no statutory holiday in 2024
        ("2024-02-10", False),
        ("2024-02-18", True),
        ("2022-12-31", False),
        ("2025-05-31", False),
        ("2025-06-02", False),
        ("2026-01-04", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2026-11-23", True),
    ],
)
def test_a_day_is_a_workday_by_table_and_week(day, works):
    assert NATIONAL.is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("year", "workdays"), [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_a_year_has_as_many_workdays_as_its_notice_leaves(year, workdays):
    first, last = date(year, 1, 1), date(year, 12, 31)
    walked = sum(NATIONAL.is_workday(first + DAY * offset) for offset in range((last - first).days + 1))
    assert walked == NATIONAL.workdays_between(first - DAY, last)
    assert walked == workdays


def test_only_years_with_a_table_are_published():
    assert [year for year in range(2019, 2030) if NATIONAL.is_published(year)] == [2021, 2022, 2023, 2024, 2025, 2026]


def test_the_next_workday_skips_a_holiday_and_never_is_the_day_itself():
    assert NATIONAL.next_workday(date(2025, 9, 30)) == date(2025, 10, 9)
    assert NATIONAL.next_workday(date(2025, 10, 9)) == date(2025, 10, 10)


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(0, 400))
def test_adding_workdays_is_walking_day_by_day(start, count):
    day, walked = start, 0
    while walked < count:
        day += DAY
        walked += NATIONAL.is_workday(day)
    assert NATIONAL.add_workdays(start, count) == day


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(-30, 800))
def test_counting_workdays_is_walking_day_by_day(start, days):
    end = start + DAY * days
    walked = sum(NATIONAL.is_workday(start + DAY * offset) for offset in range(1, days + 1))
    assert NATIONAL.workdays_between(start, end) == walked


def test_a_day_both_rest_and_work_makes_no_calendar():
    day = date(2026, 6, 20)
    with pytest.raises(ValueError, match="2026-06-20"):
        calendar.WorkCalendar(frozenset({day}), frozenset({day}), frozenset())


def test_a_local_holiday_overrules_the_national_table_whatever_the_order():
    local = YearTable(2026, BANNER, "演示文件", (TableDay(date(2026, 6, 18), "rest", "瑟宾节"),))
    for tables in ([*calendar.national_tables(), local], [local, *calendar.national_tables()]):
        built = calendar.build(tables)
        assert not built.is_workday(date(2026, 6, 18))
        assert built.add_workdays(date(2026, 6, 17), 1) == date(2026, 6, 22)
        assert built.names[date(2026, 6, 18)] == "瑟宾节"
    assert NATIONAL.is_workday(date(2026, 6, 18))


def test_a_local_table_publishes_no_year():
    local = YearTable(2027, BANNER, "演示文件", (TableDay(date(2027, 6, 18), "rest", "瑟宾节"),))
    assert not calendar.build([local]).is_published(2027)


GOOD = {
    "year": 2027,
    "source": "演示安排",
    "rest": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}],
    "work": [{"name": "元旦调休", "from": "2027-01-09"}],
}
GOOD_CSV = "日期,类别,名称,来源\n2027-01-01,放假,元旦,演示安排\n2027/01/02,放假,元旦,演示安排\n2027-01-03,放假,元旦,演示安排\n2027-01-09,上班,元旦调休,演示安排\n"


def test_the_same_table_is_read_from_json_yaml_and_csv():
    as_json = calendar.read("2027.json", json.dumps(GOOD).encode())
    as_yaml = calendar.read("2027.YAML", json.dumps(GOOD, ensure_ascii=False).encode())
    as_csv = calendar.read("2027.csv", b"\xef\xbb\xbf" + GOOD_CSV.encode())
    assert as_json == as_yaml == as_csv
    assert as_json.checksum() == as_csv.checksum()
    assert [day.on.day for day in as_json.days] == [1, 2, 3, 9]
    assert as_json.days[3].kind == "work"


def test_the_checksum_changes_with_the_content():
    one = calendar.read("a.json", json.dumps(GOOD).encode())
    other = calendar.read("a.json", json.dumps(GOOD | {"source": "另一份安排"}).encode())
    assert one.checksum() != other.checksum()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"year": "明年"}, "年份“明年”无法识别"),
        ({"year": None}, "年份“”无法识别"),
        ({"source": " "}, "没有写明来源"),
        ({"region_code": "1507"}, "适用地区有误"),
        ({"rest": [{"name": "", "from": "2027-01-01"}]}, "放假第 1 条：没有写节日名称"),
        ({"rest": [{"name": "元旦", "from": "2027-13-01"}]}, "放假第 1 条：日期“2027-13-01”无法识别"),
        ({"rest": [{"name": "元旦", "from": "2027-01-03", "to": "2027-01-01"}]}, "先后或长度不对"),
        ({"rest": [{"name": "元旦", "from": "2027-01-01", "to": "2027-10-01"}]}, "先后或长度不对"),
        ({"rest": [{"name": "元旦", "from": "2025-01-01"}]}, "不在 2027 年"),
        ({"rest": [{"name": "甲", "from": "2027-01-01"}, {"name": "乙", "from": "2027-01-01"}]}, "与前面重复"),
        ({"rest": "2027-01-01"}, "逐条列出"),
        ({"rest": ["2027-01-01"]}, "应写明名称和起止日期"),
        ({"work": [{"name": "元旦调休", "from": "2027-01-08"}]}, "不是周六或周日"),
        ({"work": [{"name": "元旦调休", "from": "2027-01-03"}]}, "与前面重复"),
        ({"rest": [], "work": []}, "没有列出任何"),
        ({"rest": []}, "没有放假日期"),
    ],
)
def test_a_wrong_line_of_a_table_is_named(change, said):
    with pytest.raises(TableError, match=said):
        calendar.read("2027.json", json.dumps(GOOD | change).encode())


def test_every_wrong_line_is_named_at_once():
    wrong = GOOD_CSV + "2027-04-05,休息,清明节,演示安排\n二月,放假,清明节,演示安排\n"
    with pytest.raises(TableError) as caught:
        calendar.read("2027.csv", wrong.encode())
    assert caught.value.sentences == ("第 6 行：类别“休息”无法识别，请填“放假”或“上班”。",)
    with pytest.raises(TableError) as caught:
        calendar.read("2027.csv", (GOOD_CSV + "二月,放假,,演示安排\n").encode())
    assert caught.value.sentences == (
        "第 6 行：没有写节日名称，请补上。",
        "第 6 行：日期“二月”无法识别，请写成 2027-01-01 的样子。",
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "格式不支持"),
        ("a.json", b"{", "无法读取"),
        ("a.yaml", b"a: [", "无法读取"),
        ("a.yaml", b"just words", "年度的安排"),
        ("a.csv", "日期,名称\n".encode(), "缺少“类别、来源”列"),
        ("a.csv", "日期,类别,名称,来源\n".encode("gbk"), "UTF-8"),
        ("a.csv", (GOOD_CSV + "2027-04-05,放假,清明节,别处\n").encode(), "“来源”列前后不一致"),
    ],
)
def test_an_unreadable_file_is_refused_with_what_to_do(name, content, said):
    with pytest.raises(TableError, match=said):
        calendar.read(name, content)


def test_a_local_day_holds_against_a_later_national_table():
    local = YearTable(2025, BANNER, "演示文件", (TableDay(date(2026, 1, 4), "rest", "演示节"),))
    assert NATIONAL.is_workday(date(2026, 1, 4))
    assert not calendar.build([*calendar.national_tables(), local]).is_workday(date(2026, 1, 4))
