"""The carrier: giving item numbers and telling of events. The demonstration's post office gives its own and is told by hand."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.conf import settings

from siban.exchange import rules_parcels

from .pay import NotGenuine, is_signed


class Carrier(Protocol):
    """Who carries parcels."""

    def book(self, parcel_id: UUID) -> str:
        """The item number for a parcel; the same parcel asked twice has the same number."""
        ...


class DemoPost:
    """演示邮局: numbers made from the parcel's own identifier."""

    def book(self, parcel_id: UUID) -> str:
        return rules_parcels.waybill(parcel_id.int)


def carrier() -> Carrier:
    """The carrier of this installation."""
    return DemoPost()


@dataclass(frozen=True, slots=True)
class Told:
    """An event as the carrier tells it."""

    event_id: str
    number: str
    kind: str
    at: datetime
    place: str
    note: str


def read(body: bytes, *, stamp: str, given: str, at: datetime) -> Told:
    """The event a notice tells of. Raises NotGenuine when it is not signed, ValueError when it is not understood."""
    if not is_signed(settings.POST_SECRET, body, stamp=stamp, given=given, at=at):
        raise NotGenuine("签名不对或者时间相差太多。")
    try:
        said = json.loads(body)
        told = Told(
            said["event_id"], said["number"], said["kind"], datetime.fromisoformat(said["at"]), said.get("place", ""),
            said.get("note", ""),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ValueError("应是 JSON，含 event_id、number、kind、at，可以有 place、note。") from None
    texts = all(isinstance(x, str) for x in (told.event_id, told.number, told.kind, told.place, told.note))
    if not texts or not 0 < len(told.event_id) <= 64 or told.kind not in rules_parcels.KINDS or told.at.tzinfo is None:
        raise ValueError(f"kind 应是 {'、'.join(rules_parcels.KINDS)} 之一，at 要带时区，event_id 不超过 64 字。")
    return told
