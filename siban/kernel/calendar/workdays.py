"""Which day is a workday, and counting them without walking day by day."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from types import MappingProxyType

SATURDAY = 5
DAY = timedelta(days=1)


def weekdays_up_to(ordinal: int) -> int:
    """How many days from Monday to Friday lie in the ordinals 1 to `ordinal` (ordinal 1 is a Monday)."""
    weeks, days = divmod(ordinal, 7)
    return weeks * 5 + min(days, 5)


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Rest days, working weekend days and the years whose table has been published.

    Days outside both sets follow the week. `names` tells what a rest or working day is called.
    """

    rest_days: frozenset[date]
    work_days: frozenset[date]
    published_years: frozenset[int]
    names: Mapping[date, str] = field(default_factory=dict)
    _turns: tuple[int, ...] = field(init=False, repr=False)
    _sums: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        both = self.rest_days & self.work_days
        if both:
            raise ValueError(f"{min(both)} 既列为放假又列为上班，请核对节假日安排后重新导入。")
        turns = {day.toordinal(): -1 for day in self.rest_days if day.weekday() < SATURDAY}
        turns.update({day.toordinal(): 1 for day in self.work_days if day.weekday() >= SATURDAY})
        order = sorted(turns)
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))
        object.__setattr__(self, "_turns", tuple(order))
        object.__setattr__(self, "_sums", (0, *accumulate(turns[ordinal] for ordinal in order)))

    def is_workday(self, day: date) -> bool:
        """Whether offices work on the day."""
        if day in self.work_days:
            return True
        return day.weekday() < SATURDAY and day not in self.rest_days

    def is_published(self, year: int) -> bool:
        """Whether the year's holiday table is known; if not, days follow the week only provisionally."""
        return year in self.published_years

    def next_workday(self, day: date) -> date:
        """The first workday after the day."""
        return self.add_workdays(day, 1)

    def workdays_up_to(self, ordinal: int) -> int:
        """How many workdays lie in the ordinals 1 to `ordinal`; differences count a span."""
        return weekdays_up_to(ordinal) + self._sums[bisect_right(self._turns, ordinal)]

    def workdays_between(self, start: date, end: date) -> int:
        """How many workdays lie after `start` up to and including `end`; 0 if `end` is not later."""
        if end <= start:
            return 0
        return self.workdays_up_to(end.toordinal()) - self.workdays_up_to(start.toordinal())

    def add_workdays(self, start: date, count: int) -> date:
        """The day on which `count` workdays after `start` are full; `start` itself does not count."""
        if count < 0:
            raise ValueError("count is not negative")
        place = start.toordinal()
        wanted = self.workdays_up_to(place) + count
        while (lacking := wanted - self.workdays_up_to(place)) > 0:
            place += lacking  # so many days hold at most so many workdays, so this never steps past the answer
        return date.fromordinal(place)

    def rest_days_between(self, start: date, end: date) -> Iterable[date]:
        """Named rest days after `start` up to and including `end`, in order."""
        return sorted(day for day in self.rest_days if start < day <= end)

    def work_days_between(self, start: date, end: date) -> Iterable[date]:
        """Working weekend days after `start` up to and including `end`, in order."""
        return sorted(day for day in self.work_days if start < day <= end)
