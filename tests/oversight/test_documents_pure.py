"""What documents are made of: numbers with their source, growth said rightly, parts that make the whole."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from siban.catalog.api import STATISTICS_TABLE
from siban.kernel.calendar.workdays import WorkCalendar
from siban.kernel.measures import Count, Figure, Measure, Ratio
from siban.oversight.documents import reconcile
from siban.oversight.documents.blocks import (
    Draft,
    Number,
    blocks_of,
    free_numbers,
    marked,
    numbers_of,
    plain,
    spans_from,
)
from siban.oversight.documents.facts import Aim, Chapter, Facts, Said, TaskLine, Unit, standings
from siban.oversight.documents.growth import Growth
from siban.oversight.documents.kinds import KINDS
from siban.oversight.rules_documents import ASKS, owed_on

DAY, BEFORE = date(2026, 3, 20), date(2026, 3, 13)


def test_a_growth_and_a_multiple_are_two_things() -> None:
    march = Growth(4215, 2038)  # 003: said to have grown by twice
    assert (march.rate_text, march.multiple_text, march.word) == ("106.82%", "2.07", "增长")
    assert Growth(3, 0).rate is None
    assert (Growth(1, 4).rate_text, Growth(1, 4).word) == ("75.00%", "下降")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2021 年发布信息 5796 条，其中公文 952 条、动态 4777 条。", "952 + 4777 = 5729"),
        ("2021 年发布信息 5729 条，其中公文 952 条、动态 4777 条。", ""),
        ("共 10 件，其中办结 4 件、在办 7 件。", "分项多 1"),
        ("共 1,200 项，其中许可 800 项、确认 400 项。", ""),
        ("共 10 件，其中办结 4 件。", ""),  # one part of the whole is no sum
        ("共 10 件，其中办结 4 个。", ""),
        ("3 月工单 4215 件，2 月 2038 件，增加 2 倍。", "增长 106.82%，为原来的 2.07 倍"),
        ("3 月工单 4215 件，2 月 2038 件，增长到 2.07 倍。", ""),
        ("3 月工单 4215 件，2 月 2038 件，增长 106.82%。", ""),
        ("3 月工单 4215 件，2 月 2038 件，增长 51.65%。", "增长 106.82%"),
        ("投诉 80 件，上月 100 件，下降 20%。", ""),
        ("投诉 80 件，上月 100 件，下降 25%。", "下降 20.00%"),
    ],
)
def test_what_does_not_fit_is_said(text: str, says: str) -> None:
    found = [m.words for m in reconcile.check_text(text)]
    assert bool(found) == bool(says)
    assert all(says in words for words in found)


@given(st.lists(st.integers(0, 9999), min_size=2, max_size=5), st.integers(-3, 3))
def test_parts_that_do_not_make_the_whole_are_always_found(parts: list[int], off: int) -> None:
    text = f"共 {sum(parts) + off} 件，其中" + "、".join(f"某类 {p} 件" for p in parts)
    assume(sum(parts) + off >= 0)
    assert bool(list(reconcile.sums_in(text))) == bool(off)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_a_growth_said_as_it_is_passes_and_a_growth_said_as_multiple_does_not(now: int, before: int) -> None:
    growth = Growth(now, before)
    assume(now != before)
    right = f"本月 {now} 件，上月 {before} 件，{growth.word} {growth.rate_text}。"
    assert not list(reconcile.growths_in(right))
    if now > 2 * before:
        assert list(reconcile.growths_in(f"本月 {now} 件，上月 {before} 件，增加 {growth.multiple_text} 倍。"))


NUMBER = Number("98.65%", "percent", "网办占比", "全旗", hits=73, total=74)


@given(st.lists(st.one_of(st.text("甲乙丙，。", min_size=1, max_size=6), st.sampled_from(["N"])), max_size=8))
def test_an_edited_text_comes_back_as_it_was_written(parts: list[str]) -> None:
    draft = Draft("题")
    draft.para(*(NUMBER if p == "N" else p for p in parts))
    spans = draft.blocks[0].spans
    assert spans_from(marked(spans, draft.numbers), draft.numbers) == spans


def test_a_number_cannot_be_changed_by_hand_and_a_number_without_source_is_named() -> None:
    with pytest.raises(ValueError, match=r"98\.65%.*不能手改"):
        spans_from("网办占比99.00%〔1〕。", [NUMBER])
    with pytest.raises(ValueError, match="没有编号〔7〕"):
        spans_from("网办占比98.65%〔7〕。", [NUMBER])
    spans = spans_from("2026年3月20日，按政发〔2026〕3号，网办占比98.65%〔1〕，另有12件、3.5%未计。", [NUMBER])
    assert free_numbers(spans) == ["12", "3.5%"]


UNITS = [Unit(UUID(int=n), f"演示{chr(64 + n)}局", "county" if n < 6 else "township", n) for n in range(1, 9)]
figure = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda t: (min(t), max(t)))


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Random recorded figures of two days, with targets, tasks and a chapter."""

    def recorded() -> dict[str, dict[UUID, Figure]]:
        out: dict[str, dict[UUID, Figure]] = {}
        for m in STATISTICS_TABLE:
            rows = {}
            for u in UNITS:
                if draw(st.booleans()):
                    hits, total = draw(figure)
                    rows[u.id] = Figure(m.slug, u.id, hits, None if isinstance(m, Count) else total)
            out[m.slug] = rows
        return out

    aims = [
        Aim(
            m.slug,
            "整改通知",
            "000",
            Decimal(draw(st.integers(0, 100))) / 100,
            deadline=draw(st.sampled_from([None, DAY, BEFORE])),
        )
        for m in STATISTICS_TABLE[1:]
    ]
    tasks = [
        TaskLine("督查通知", "即办件比率不达标", u.name, DAY, "整改中", draw(st.booleans()), draw(st.booleans()), draw(st.booleans()), draw(st.booleans()))
        for u in UNITS[: draw(st.integers(0, 5))]
    ]  # fmt: skip
    said = Said("收件数", draw(st.integers(0, 99)), "件", "已提交的办件", before=draw(st.integers(0, 99)))
    return Facts(
        "演示旗", "演示旗政务服务局", DAY, BEFORE, BEFORE, STATISTICS_TABLE, UNITS, recorded(), recorded(), aims, tasks,
        [Chapter("办件与评价", [said])],
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20)
@given(data=st.data())
def test_every_figure_of_a_draft_knows_where_it_comes_from(kind: str, data: st.DataObject) -> None:
    given_ = data.draw(facts())
    draft = KINDS[kind][2](given_)
    for block in draft.blocks:
        spans = [block.spans, *(cell for row in block.rows for cell in row)]
        assert not [w for one in spans for w in free_numbers(one)], plain(block.spans, draft.numbers)
    for number in draft.numbers:
        assert number.title
        assert number.words
        if number.kind in ("percent", "count", "gap", "difference", "total"):
            assert number.slug
            assert number.day == DAY.isoformat()
    stored = draft.as_json()
    assert not reconcile.check(blocks_of(stored), numbers_of(stored))
    assert KINDS[kind][2](given_).as_json() == stored


@settings(max_examples=25)
@given(facts())
def test_places_are_shared_and_the_small_are_not_ranked(given_: Facts) -> None:
    rows = standings(given_, "county")
    ranked = [s for s in rows if s.place]
    for s in ranked:
        better = sum(o.met * s.asked > s.met * o.asked for o in ranked)
        assert s.place == better + 1
    for s in rows:
        most = max((given_.at(m.slug, s.unit) or Figure("", None, 0, 0)).total or 0 for m in ratios())
        assert (s.place is None) == (most < given_.small)


def ratios() -> list[Measure]:
    return [m for m in STATISTICS_TABLE if isinstance(m, Ratio)]


@settings(max_examples=25)
@given(facts())
def test_what_is_missing_is_what_is_missing(given_: Facts) -> None:
    for m in ratios():
        found, aim, number = given_.at(m.slug, None), given_.strictest(m.slug), given_.short(m)
        if found is None or aim is None or not found.total:
            assert number is None
            continue
        need = int(number.text) if number else 0
        assert Decimal(found.hits + need) / found.total >= aim.value
        assert need == 0 or Decimal(found.hits + need - 1) / found.total < aim.value


@given(st.dates(date(2021, 1, 1), date(2026, 12, 31)), st.sets(st.sampled_from(list(ASKS))))
def test_what_is_owed_is_what_a_clerk_would_cross_off_the_calendar(day: date, cadence: set[str]) -> None:
    calendar = WorkCalendar(
        frozenset({date(2026, 10, 1), date(2026, 10, 2)}), frozenset({date(2026, 10, 10)}), frozenset({2026})
    )

    def works(d: date) -> bool:
        return calendar.is_workday(d)

    owed = {d.kind: d for d in owed_on(day, cadence, works)}
    assert ("daily" in owed) == ("daily_dispatch" in cadence and works(day))
    rest = [d for n in range(1, 7 - day.weekday()) if works(d := day + timedelta(days=n))]
    weekly = bool({"weekly_dispatch", "weekly_bulletin"} & cadence)
    assert ("weekly" in owed) == (weekly and works(day) and not rest)
    assert ("monthly" in owed) == (bool({"monthly_bulletin", "monthly_report"} & cadence) and day.day == 20)
    assert ("quarterly" in owed) == (
        "quarterly_report" in cadence and (day + timedelta(days=1)).day == 1 and day.month % 3 == 0
    )
    if "quarterly" in owed:
        assert owed["quarterly"].starts == date(day.year, day.month - 2, 1)
