"""Orders as people decided them here, for the help to learn from."""

from typing import Any

from ..flow import ENDS
from ..models import Order

MOST = 20_000


def ended() -> list[dict[str, Any]]:
    """The latest orders that have ended with a category and a nature, in the form of those that ship; oldest first."""
    rows = (
        Order.objects.filter(state__in=ENDS).exclude(leaf="").exclude(nature="").select_related("lead", "merged_into")
    )
    return [_row(order) for order in reversed(rows.order_by("-received_at", "-id")[:MOST])]


def _row(order: Order) -> dict[str, Any]:
    return {
        "id": order.number, "text": order.text, "place": order.place, "township_code": order.region_id,
        "received_at": order.received_at.isoformat(), "caller_key": order.caller_key,
        "gold": {
            "leaf": order.leaf, "nature": order.nature, "level": order.level, "urgent": order.is_urgent,
            "lead_unit": order.lead.code if order.lead else "gov_service", "out_of_scope": order.out_of_scope or None,
            "is_long_term": order.is_long_term, "is_unreasonable": order.is_unreasonable,
            "multi_demand": order.demands if len(order.demands) > 1 else [],
            "duplicate_of": order.merged_into.number if order.merged_into else None,
        },
    }  # fmt: skip
