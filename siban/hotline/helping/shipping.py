"""The orders that ship, prepared for comparing with new ones."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from .duplicates import Terms, fingerprint
from .training import Helper, shipped_orders


def orders(known: Helper) -> Iterator[Terms]:
    """Each order that ships with the product as it is compared by."""
    for row in shipped_orders():
        yield terms_of(row, known)


def terms_of(row: Mapping[str, Any], known: Helper) -> Terms:
    """A decided order as it is compared by."""
    at = row.get("received_at")
    return fingerprint(
        str(row["text"]), number=str(row.get("id", "")), place=str(row.get("place") or ""),
        township_code=str(row.get("township_code") or ""), received_at=datetime.fromisoformat(str(at)) if at else None,
        caller=str(row.get("caller_key") or ""), helper=known,
    )  # fmt: skip
