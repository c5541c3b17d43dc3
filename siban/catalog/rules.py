"""Pure rules of the item library."""

from .content import ItemContent, Limit

APPLIED_POWERS = frozenset({"01", "05", "07", "08", "09", "10"})  # 依申请六类行政权力 (GB/T 39046—2020 A.1)
PUBLIC_SERVICE = "20"


def applied_service(content: ItemContent) -> bool:
    """依申请: the six powers exercised on application, and public services that are applied for."""
    if content.item_type in APPLIED_POWERS:
        return True
    return content.item_type == PUBLIC_SERVICE and content.public_service_mode != "proactive"


def comparable_days(limit: Limit) -> int | None:
    """A limit in fifths of a natural day, so that both units add up: a working day is 7/5 natural days.

    Returns:
        workdays × 7 or natural days × 5; None without a statutory limit.
    """
    if limit.value is None:
        return None
    return limit.value * (7 if limit.unit == "workday" else 5)
