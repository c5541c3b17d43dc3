"""The brake on mass enquiry, told the time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from siban.kernel.web import throttle

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def test_tokens_run_out_and_come_back_with_time() -> None:
    limit = throttle.Throttle("test", capacity=2, per_minute=6)
    assert [limit.take("a", at=AT) for _ in range(3)] == [0, 0, 10 + 1]
    assert limit.take("b", at=AT) == 0
    assert limit.take("a", at=AT + timedelta(seconds=10)) == 0
    assert limit.take("a", at=AT + timedelta(seconds=10)) > 0


@given(st.lists(st.floats(min_value=-100, max_value=100), max_size=80))
def test_nobody_ever_gets_more_than_the_bucket_and_what_flowed_in(steps: list[float]) -> None:
    limit, now, last = throttle.Throttle("test", capacity=5, per_minute=60), AT, AT
    granted = 0
    for step in steps:
        now += timedelta(seconds=step)
        last = max(last, now)
        granted += limit.take("a", at=now) == 0
    assert granted <= 5 + sum(max(s, 0) for s in steps) + 1


def test_memory_is_bounded(monkeypatch: object) -> None:
    limit = throttle.Throttle("test", capacity=1, per_minute=1)
    for n in range(throttle.KEPT + 50):
        limit.take(str(n), at=AT)
    assert len(limit._buckets) == throttle.KEPT
