"""Which dispatch tables and bulletins are owed, and by when. Pure.

Source: 000 (专项督查期内每日调度、每周通报), 002 (每月 20 日前报送), 003 (每周调度、每月通报).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

MONTHLY_DAY = 20
ASKS = {
    "daily_dispatch": "daily", "weekly_dispatch": "weekly", "weekly_bulletin": "weekly", "monthly_bulletin": "monthly",
    "monthly_report": "monthly", "quarterly_report": "quarterly",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """One document owed: its period and its last day."""

    kind: str
    starts: date
    due_on: date


def owed_on(day: date, cadence: Collection[str], is_workday: Callable[[date], bool]) -> list[Due]:
    """The documents whose last day is `day`: a table each working day, a bulletin on the last working day of each week,
    one on the 20th of each month, a summary at the end of each quarter."""
    kinds, found = {ASKS[c] for c in cadence if c in ASKS}, []
    if "daily" in kinds and is_workday(day):
        found.append(Due("daily", day, day))
    monday = day - timedelta(days=day.weekday())
    working = [monday + timedelta(days=n) for n in range(7) if is_workday(monday + timedelta(days=n))]
    if "weekly" in kinds and working and day == working[-1]:
        found.append(Due("weekly", monday, day))
    if "monthly" in kinds and day.day == MONTHLY_DAY:
        found.append(Due("monthly", day.replace(day=1), day))
    after = day + timedelta(days=1)
    if "quarterly" in kinds and after.day == 1 and after.month in (1, 4, 7, 10):
        found.append(Due("quarterly", date(day.year, day.month - 2, 1), day))
    return found
