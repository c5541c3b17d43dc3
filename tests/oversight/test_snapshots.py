"""Figures of a day: recorded once, corrected by a further row, shown again exactly as they were known."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from siban.catalog.models import ImplementationItem
from siban.kernel import journal, rounds
from siban.kernel.actor import SYSTEM
from siban.kernel.flow import Refused
from siban.kernel.measures import Figure
from siban.oversight import tasks
from siban.oversight.actions import snapshots as record
from siban.oversight.models_snapshots import Snapshot, SnapshotFigure
from siban.oversight.queries import aims, snapshots
from tests.cases import cast as standing

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 17, 0, tzinfo=CHINA)
DAY = MONDAY.date()
SLUG = "instant_item_ratio"


def hits(day: date, at: datetime | None = None, **where: Any) -> int | None:
    found = snapshots.figure_on(SLUG, day=day, known_at=at, **where)
    return found.hits if found else None


def test_a_day_is_shown_again_exactly_as_it_was_known_at_any_instant(cast: standing.Cast) -> None:
    org = cast.orgs["department"]
    record.take(by=cast.administrator, at=MONDAY, reason="")
    before = snapshots.figures_on(DAY)
    known = MONDAY + timedelta(hours=1)
    ImplementationItem.objects.filter(org=org).update(case_type="instant")
    record.take(by=cast.administrator, at=MONDAY + timedelta(hours=2), reason="")
    correction = record.correct(
        day=DAY, slug=SLUG, org=org.pk, hits=1, total=2, reason="某事项当日已改回承诺件", by=cast.administrator, at=MONDAY + timedelta(days=3),
    )  # fmt: skip
    assert snapshots.figures_on(DAY, known_at=known) == before
    assert [hits(DAY, MONDAY + timedelta(hours=h), org=org.pk) for h in (0, 2, 72)] == [1, 2, 1]
    assert hits(DAY, MONDAY - timedelta(seconds=1)) is None
    assert not snapshots.is_recorded(DAY, MONDAY - timedelta(1))
    [shown] = snapshots.changes_of(correction)
    assert (shown.before, shown.after) == (Figure(SLUG, org.pk, 2, 2), Figure(SLUG, org.pk, 1, 2))
    assert correction.reason == journal.timeline(correction).get().note


def test_only_what_changed_is_written_and_what_vanished_is_nought(cast: standing.Cast) -> None:
    first = record.take(by=SYSTEM, at=MONDAY, reason="")
    again = record.take(by=SYSTEM, at=MONDAY + timedelta(minutes=1), reason="")
    assert first.changed == first.figures.count() > 0
    assert again.changed == 0
    ImplementationItem.objects.filter(org=cast.orgs["other"]).update(state="cancelled")
    third = record.take(by=SYSTEM, at=MONDAY + timedelta(minutes=2), reason="")
    gone = snapshots.figure_on(SLUG, day=DAY, org=cast.orgs["other"].pk)
    assert gone == Figure(SLUG, cast.orgs["other"].pk, 0, 0)
    assert third.changed > 0


def test_the_sum_over_a_territory_is_the_sum_of_its_units(cast: standing.Cast) -> None:
    record.take(by=SYSTEM, at=MONDAY, reason="")
    parts = snapshots.figures_on(DAY, slugs=[SLUG])[SLUG]
    whole = snapshots.figure_on(SLUG, day=DAY, region_prefix="150724")
    assert whole
    assert (whole.hits, whole.total) == (
        sum(f.hits for f in parts.values()),
        sum(f.total or 0 for f in parts.values()),
    )
    assert snapshots.trend([SLUG], since=DAY, until=DAY, region_prefix="150724")[SLUG][DAY].hits == whole.hits
    nowhere = snapshots.figure_on(SLUG, day=DAY, region_prefix="9")
    assert nowhere
    assert nowhere.value is None


def test_the_worker_closes_each_day_once_and_says_when_it_was_late(cast: standing.Cast) -> None:
    assert any(r.name.endswith("close_yesterday") for r in rounds.rounds())
    night = datetime(2026, 3, 3, 0, 10, tzinfo=CHINA)
    assert [tasks.close_yesterday(night), tasks.close_yesterday(night + timedelta(minutes=10))] == [True, False]
    assert tasks.close_yesterday(night + timedelta(days=1, hours=9))
    assert list(Snapshot.objects.order_by("day").values_list("day", "kind")) == [
        (DAY, "close"), (DAY + timedelta(days=1), "late")
    ]  # fmt: skip


def test_what_was_recorded_can_not_be_changed_or_deleted(cast: standing.Cast) -> None:
    record.take(by=SYSTEM, at=MONDAY, reason="")
    for tried in (
        lambda: SnapshotFigure.objects.update(hits=9),
        lambda: SnapshotFigure.objects.all().delete(),
        lambda: Snapshot.objects.update(reason="改"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            tried()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"reason": "改"}, "请写明更正的原因"),
    ({"slug": "nothing"}, "没有这个指标"),
    ({"hits": 3, "total": 2}, "不能大于分母"),
    ({"total": None}, "计数指标没有分母"),
    ({"hits": -1}, "不小于 0"),
    ({"day": DAY + timedelta(days=9)}, "没有记录过指标"),
]


@pytest.mark.parametrize(("changed", "sentence"), REFUSED, ids=[s for _, s in REFUSED])
def test_a_correction_that_can_not_be_is_refused_and_writes_nothing(
    cast: standing.Cast, changed: dict[str, Any], sentence: str
) -> None:
    record.take(by=SYSTEM, at=MONDAY, reason="")
    said: dict[str, Any] = {
        "day": DAY,
        "slug": SLUG,
        "org": cast.orgs["department"].pk,
        "hits": 1,
        "total": 2,
        "reason": "迟报的事项已补录",
    }
    with pytest.raises(Refused, match=sentence):
        record.correct(**(said | changed), by=cast.administrator, at=MONDAY + timedelta(days=1))
    assert Snapshot.objects.count() == 1


def test_who_does_not_keep_the_figures_neither_records_nor_corrects(cast: standing.Cast) -> None:
    for actor in (cast.reviewer, cast.inspector, cast.head, cast.citizen):
        with pytest.raises(Refused):
            record.take(by=actor, at=MONDAY, reason="")
        with pytest.raises(Refused):
            record.correct(
                day=DAY,
                slug=SLUG,
                org=cast.orgs["other"].pk,
                hits=0,
                total=1,
                reason="试一试行不行",
                by=actor,
                at=MONDAY,
            )
    with pytest.raises(Refused, match="还没有到"):
        record.take(day=DAY + timedelta(days=1), by=cast.administrator, at=MONDAY, reason="")


@given(hits=st.integers(0, 300), more=st.integers(0, 300), percent=st.integers(0, 100))
def test_with_the_missing_rows_added_the_target_holds_and_with_one_fewer_it_does_not(
    hits: int, more: int, percent: int
) -> None:
    from decimal import Decimal

    from siban.kernel.measures import REGISTRY
    from siban.oversight.models import Target

    figure = Figure(SLUG, None, hits, hits + more)
    target = Target(measure=SLUG, document_code="x", value=Decimal(percent) / 100, comparison=">=")
    short = aims.short_by(REGISTRY[SLUG], figure, target)
    if not figure.total:
        assert aims.holds(figure, target) is None
        assert short is None
        return
    assert short is not None
    assert aims.holds(Figure(SLUG, None, hits + short, figure.total), target)
    assert aims.holds(figure, target) is (short == 0)
    assert not short or not aims.holds(Figure(SLUG, None, hits + short - 1, figure.total), target)
