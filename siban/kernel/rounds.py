"""What has to be done again and again without anybody asking: limits that pass, days that are sealed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Round:
    """A periodic duty; `do(at)` must bear being done twice."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]


_ROUNDS: dict[str, Round] = {}


def every(interval: timedelta) -> Callable[[Callable[[datetime], object]], Callable[[datetime], object]]:
    """Declare a duty: `@rounds.every(timedelta(minutes=1))`."""

    def register(do: Callable[[datetime], object]) -> Callable[[datetime], object]:
        name = f"{do.__module__}.{do.__qualname__}"
        _ROUNDS[name] = Round(name, interval, do)
        return do

    return register


def rounds() -> list[Round]:
    return list(_ROUNDS.values())


@every(timedelta(minutes=10))
def seal_yesterday(at: datetime) -> object:
    """Anchor the journal of the day before, once."""
    from siban.kernel import journal
    from siban.kernel.clock import local_day

    return journal.anchor(day=local_day(at) - timedelta(days=1), at=at)


@every(timedelta(days=1))
def clear_unnamed_files(at: datetime) -> object:
    """Delete the bytes that refused uploads left behind."""
    from siban.kernel import files

    return files.remove_unreferenced(at=at)
