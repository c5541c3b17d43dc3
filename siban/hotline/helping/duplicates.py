"""Orders of one event by different callers: few candidates by index, then ranked by place, category, words and time. Pure.

What to store with an order: `fingerprint(...)`, its township, leaf and the rarest of its words. What to ask the database for:
`QUERY`: the same township (or none told), received in the `WINDOW` before, the leaf among the first five or a rare word in common,
newest first, at most `MOST`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .places import numbers, sameness, township
from .suggest import believed
from .training import Helper, helper

WINDOW = timedelta(days=15)
MOST = 60
RARE = 12
LIKELY = 0.3
QUERY = (
    "region in (town, its communities) and received_at between at - 15 days and at and merged_into is null "
    "and (leaf = any(first five leaves) or terms && rare terms) order by received_at desc limit 60"
)
# What speaks for one event, fitted on the orders that ship.
LEAF, SAME_LEAF, WORDS, PLACE, TELLING, DAYS, OTHER_HOUSE, CONSTANT = 4.3, 2.0, 4.5, 3.8, -0.5, -0.33, -0.6, -4.4


@dataclass(frozen=True, slots=True)
class Terms:
    """What is kept of an order to find others of the same event."""

    id: str
    vector: Mapping[str, float]
    chances: Mapping[str, float]
    place: str
    town: str
    received_at: datetime | None
    caller: str
    houses: frozenset[str]
    terms: tuple[str, ...]


def fingerprint(
    text: str, *, number: str = "", place: str = "", township_code: str = "", received_at: datetime | None = None,
    caller: str = "", helper: Helper | None = None,
) -> Terms:  # fmt: skip
    """What to compare an order by; `terms` are its rarest words, for an index."""
    known = helper or _helper()
    model = known.model
    vector = model.vector(text)
    rare = sorted((f for f in vector if f[0] == "w" and len(f) > 2), key=lambda f: (-model.rarity[f], f))
    chances = believed(text, known)
    return Terms(
        id=number, vector=vector, chances=dict(list(chances.items())[:5]), place=place,
        town=township(township_code, place, text), received_at=received_at, caller=caller,
        houses=numbers(f"{place} {text}"), terms=tuple(f[1:] for f in rare[:RARE]),
    )  # fmt: skip


def _helper() -> Helper:
    return helper()


def rank(order: Terms, candidates: Iterable[Terms]) -> list[tuple[str, float, tuple[str, ...]]]:
    """Candidates as (id, how likely it is the same event, why), the likeliest first. Pass only earlier orders."""
    found = [(other.id, *_score(order, other)) for other in candidates if may_be(order, other)]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def likely(ranked: list[tuple[str, float, tuple[str, ...]]]) -> list[tuple[str, float, tuple[str, ...]]]:
    """Those that are likely the same event."""
    return [row for row in ranked if row[1] >= LIKELY]


def may_be(order: Terms, other: Terms) -> bool:
    """Whether two orders can be of one event at all: not of different townships, not too far apart, the other not later."""
    if order.town and other.town and order.town != other.town:
        return False
    if order.received_at is None or other.received_at is None:
        return True
    return timedelta(0) <= order.received_at - other.received_at <= WINDOW


def signs(order: Terms, other: Terms) -> dict[str, float]:
    """What two orders have in common."""
    words = sum(x * other.vector.get(f, 0.0) for f, x in order.vector.items())
    agree = sum(math.sqrt(x * other.chances.get(code, 0.0)) for code, x in order.chances.items())
    same = next(iter(order.chances), None) == next(iter(other.chances), "")
    days = (
        abs((order.received_at - other.received_at).total_seconds()) / 86400
        if order.received_at and other.received_at
        else 3.0
    )
    return {
        "leaf": agree, "same": float(same), "words": words, "place": sameness(order.place, other.place),
        "told": float(bool(order.place and other.place and order.town)), "days": days,
        "house": float(bool(order.houses and other.houses and not order.houses & other.houses)),
        "caller": float(bool(order.caller) and order.caller == other.caller),
    }  # fmt: skip


def _score(order: Terms, other: Terms) -> tuple[float, tuple[str, ...]]:
    seen = signs(order, other)
    strength = (
        LEAF * seen["leaf"] + SAME_LEAF * seen["same"] + WORDS * seen["words"] + PLACE * seen["place"]
        + TELLING * seen["told"] + DAYS * seen["days"] + OTHER_HOUSE * seen["house"] + CONSTANT
    )  # fmt: skip
    why: list[str] = []
    if seen["caller"]:
        why.append("同一来电人")
    if seen["place"] > 0.6:
        why.append("地点相同或相近")
    elif seen["told"]:
        why.append("同一苏木乡镇")
    if seen["same"]:
        why.append("说的是同一类事")
    shared = _shared(order, other)
    if shared:
        why.append(f"都说到“{'、'.join(shared)}”")
    if order.received_at and other.received_at:
        why.append(f"相隔 {seen['days']:.1f} 天")
    return round(1 / (1 + math.exp(-strength)), 4), tuple(why)


def _shared(order: Terms, other: Terms) -> list[str]:
    common = [(x * other.vector[f], f[1:]) for f, x in order.vector.items() if f[0] == "w" and f in other.vector]
    return [word for x, word in sorted(common, key=lambda p: (-p[0], p[1]))[:3] if len(word) > 1]
