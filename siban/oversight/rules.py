"""Pure rules of figures on screen: ranks with ties and small numbers, lamps, differences."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

from siban.kernel.measures import Figure

K = TypeVar("K", bound=Hashable)
TONES = {"green": "达标", "red": "未达标", "grey": "无目标或者无数据"}


def ranks(figures: Mapping[K, Figure], *, at_least: int, lowest_first: bool = False) -> dict[K, int | None]:
    """名次: equal values share the better place (1、2、2、4); who has fewer rows than `at_least` is not ranked.

    Returns:
        None for who 不参与排名: no data, or too few rows for a share to mean anything.
    """
    taking_part = {
        k: f.value for k, f in figures.items() if f.value is not None and (f.total is None or f.total >= at_least)
    }
    places: dict[K, int | None] = dict.fromkeys(figures)
    for k, value in taking_part.items():
        better = sum(1 for other in taking_part.values() if (other < value if lowest_first else other > value))
        places[k] = better + 1
    return places


def moved(now: Figure | None, before: Figure | None) -> Decimal | None:
    """How far a value has moved since it was recorded; None when one of the two is missing."""
    if now is None or before is None or now.value is None or before.value is None:
        return None
    return now.value - before.value


def arrow(change: Decimal | None, *, share: bool) -> str:
    """`↑1.25 个百分点`, `↓3`, `持平`, or nothing."""
    if change is None:
        return ""
    amount = abs(change) * (100 if share else 1)
    shown = f"{amount:.2f}".rstrip("0").rstrip(".")
    if shown in ("0", ""):
        return "持平"
    return f"{'↑' if change > 0 else '↓'}{shown}{' 个百分点' if share else ''}"
