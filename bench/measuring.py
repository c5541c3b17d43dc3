"""Section **measures**: every figure over items, for every unit and region, in one pass, against one hand-written statement.

The peer is the `GROUP BY GROUPING SETS` somebody would write for exactly these numbers over the same columns; both run in turn in the
same process on the same library, both read their whole answer, and the two answers are compared number by number.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

A, O = "is_applied_service", "is_applied_service AND "
COUNTS = (
    "item_type = '20'", A, O + "case_type = 'instant'", O + "onsite_visits = 0", O + "(onsite_visits = 0 OR NOT says_onsite_reason)",
    O + "is_online", O + "is_full_online", O + "(is_full_online OR NOT says_onsite_reason)", O + "is_mobile", O + "has_callable_material",
    O + "has_callable_material AND is_cert_free AND has_linked_cert", O + "is_cert_free AND has_linked_cert", O + "is_self_checked",
    O + "is_on_platform", O + "is_one_version", O + "is_online AND has_window", O + "onsite_visits <= 1", O + "has_situations", O + "has_guide",
    O + "online_depth >= 2", O + "online_depth >= 3", O + "online_depth >= 4", O + "says_legal_limit", O + "says_promised_limit", O + "says_address",
    O + "says_hours", O + "says_phone", O + "says_intermediary", O + "says_sources", O + "says_counts", O + "says_kinds", O + "says_process",
    O + "onsite_visits >= 0", "base_id IS NOT NULL", "base_id IS NOT NULL AND is_unequal", "is_sound", "true",
)  # fmt: skip
LIMITS = A + " AND legal_days IS NOT NULL AND promised_days IS NOT NULL"
HANDLED = ("true", "case_type = 'instant'", "onsite_visits = 0", "is_online", "is_full_online", "is_mobile", "has_callable_material", "has_callable_material AND is_cert_free AND has_linked_cert")  # fmt: skip
SUMS = (
    f"sum(legal_days - promised_days) FILTER (WHERE {LIMITS})", f"sum(legal_days) FILTER (WHERE {LIMITS})",
    f"sum(round((legal_days - promised_days)::numeric * 1000000 / nullif(legal_days, 0))) FILTER (WHERE {LIMITS} AND legal_days > 0)",
    f"count(*) FILTER (WHERE {LIMITS} AND legal_days > 0)", f"sum(onsite_visits) FILTER (WHERE {A} AND onsite_visits IS NOT NULL)",
    f"count(*) FILTER (WHERE {A} AND onsite_visits IS NOT NULL)", *(f"sum(handling_count) FILTER (WHERE {O} {h})" for h in HANDLED),
)  # fmt: skip
PEER = f"""
SELECT org_id, region_id, {", ".join(f"count(*) FILTER (WHERE {c})" for c in COUNTS)}, {", ".join(SUMS)}
FROM catalog_implementationitem
WHERE version_id IS NOT NULL AND NOT is_suspended AND state NOT IN ('suspended', 'cancelled')
GROUP BY GROUPING SETS ((org_id), (region_id), ())
"""
GOAL = 1.5


def by_hand() -> dict[Any, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(PEER)
        return {(org, region): tuple(parts) for org, region, *parts in cursor}


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = do()
    return time.perf_counter() - began, found


def section(items: int, fill: Callable[[int], int], *, rounds: int = 5) -> Iterator[str]:
    """Fill the library, run both in turn, compare the answers, say the ratio of the medians."""
    from siban.catalog.measures.table import published_items
    from siban.kernel.measures import REGISTRY, cube

    count = fill(items)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE catalog_implementationitem")
    chosen = [m for m in REGISTRY.values() if m.is_computed and m.rows is published_items]
    ours, peers, differ = [], [], 0
    for _ in range(rounds):
        seconds, made = timed(lambda: cube(chosen))
        ours.append(seconds)
        seconds, plain = timed(by_hand)
        peers.append(seconds)
        differ = _differences(made, plain)
    ratio = statistics.median(ours) / statistics.median(peers)
    verdict = "ok" if ratio <= GOAL else "SHORT"
    yield (
        f"{len(chosen)} measures, {count:,} items, {len(made.by_org):,} units, {len(made.by_region):,} regions: ours {statistics.median(ours):.2f} s, "
        f"hand-written {statistics.median(peers):.2f} s, ratio {ratio:.2f}  goal ≤ {GOAL} {verdict}   numbers that differ: {differ}"
    )


def _differences(made: Any, plain: dict[Any, tuple[Any, ...]]) -> int:
    """How many of the hand-written numbers are not among the figures of the same unit; nought and nothing are the same."""
    wrong = 0
    for (org, region), parts in plain.items():
        own = made.by_org[org] if org else made.by_region[region] if region else made.whole
        numbers = {int(x or 0) for x in own}
        wrong += sum(int(x or 0) not in numbers for x in parts)
    return wrong
