"""Rates out of the journal alone: how orders stood at any instant of the past, and what the figures were then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from siban.kernel.models import JournalEntry

SLUGS = (
    "hotline_on_time_close_rate", "hotline_satisfaction_rate", "hotline_resolution_rate", "hotline_response_rate", "overdue_open_orders",
    "hotline_volume_003",
)  # fmt: skip
INSTANTS = ("due_at", "handled_at", "contact_by", "contacted_at")
SOLVABLE = ("help", "complaint", "report", "suggestion")


def orders_at(at: datetime) -> dict[str, dict[str, Any]]:
    """Each order as its journal left it at an instant, by id: every field that any act has changed, and the state."""
    found: dict[str, dict[str, Any]] = {}
    rows = JournalEntry.objects.filter(subject_type="hotline.Order", at__lte=at).order_by("subject_id", "seq")
    for pk, target, changes in rows.values_list("subject_id", "target", "changes").iterator(chunk_size=2000):
        order = found.setdefault(pk, {"state": "received"})
        order.update({name: new for name, (_, new) in changes.items()})
        order["state"] = target or order["state"]
    for order in found.values():
        for name in INSTANTS:
            if isinstance(order.get(name), str):
                order[name] = datetime.fromisoformat(order[name])
    return found


def rates(at: datetime, *, asof: datetime | None = None) -> dict[str, tuple[int, int | None]]:
    """(what counts, what it is out of) for each figure, as it was at an instant.

    Args:
        asof: the instant limits are compared with; the same one where it is not said.
    """
    now = asof or at
    rows = [o for o in orders_at(at).values() if o.get("merged_into") is None]
    sent = [o for o in rows if o.get("lead") and o.get("dispatched_at")]
    runs = [o for o in sent if o["state"] not in ("suspended", "withdrawn")]
    due = [o for o in runs if o.get("due_at") and o["due_at"] <= now]
    asked = [o for o in sent if o.get("contact_by") and (o["contact_by"] <= now or o.get("contacted_at"))]
    called = [o for o in sent if o.get("is_satisfied") is not None]
    solvable = [o for o in sent if o.get("is_solved") is not None and o.get("nature") in SOLVABLE]
    late = [
        o for o in rows if o.get("lead") and o["state"] not in ("suspended", "withdrawn") and _is_late_and_open(o, now)
    ]
    return {
        "hotline_on_time_close_rate": (sum(map(_in_time, due)), len(due)),
        "hotline_satisfaction_rate": (sum(o["is_satisfied"] for o in called), len(called)),
        "hotline_resolution_rate": (sum(o["is_solved"] for o in solvable), len(solvable)),
        "hotline_response_rate": (sum(bool(o.get("contacted_at") and o["contacted_at"] <= o["contact_by"]) for o in asked), len(asked)),
        "overdue_open_orders": (len(late), None), "hotline_volume_003": (sum(o["state"] != "received" for o in rows), None),
    }  # fmt: skip


def _in_time(order: Mapping[str, Any]) -> bool:
    return bool(order.get("handled_at") and order["handled_at"] <= order["due_at"] and not order.get("was_late"))


def _is_late_and_open(order: Mapping[str, Any], now: datetime) -> bool:
    is_open = order.get("closed_at") is None and order.get("handled_at") is None
    return bool(is_open and order.get("due_at") and order["due_at"] < now)
