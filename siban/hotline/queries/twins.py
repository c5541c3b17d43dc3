"""Orders about the same event: few candidates by index, then compared by place, category, words and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Q

from siban.kernel.actor import Actor

from .. import helping, wording
from ..helping.duplicates import MOST, WINDOW
from ..models import Order

SHOWN, COMPARED = 4, 16


@dataclass(frozen=True, slots=True)
class Twin:
    """An order that may be about the same event: how likely, and why."""

    order: Order
    score: float
    why: tuple[str, ...]


def candidates(actor: Actor, *, leaves: Sequence[str], town: str, at: datetime) -> list[Order]:
    """Recent orders of the place under the categories in question, or under none yet; never more than sixty."""
    rows = Order.objects.visible_to(actor).filter(received_at__gte=at - WINDOW, received_at__lte=at, merged_into=None)
    rows = rows.filter(Q(leaf__in=list(leaves)) | Q(leaf=""))
    if town:
        rows = rows.filter(region_id=town)
    return list(rows.select_related("lead", "region").order_by("-received_at", "-id")[:MOST])


@lru_cache(maxsize=4000)
def _terms(key: str, text: str, place: str, town: str, received_at: datetime, caller: str) -> helping.Terms:
    """What is compared of an order; the recent ones are looked at again with every call."""
    return helping.fingerprint(
        text, number=key, place=place, township_code=town, received_at=received_at, caller=caller
    )


def twins(
    actor: Actor, *, text: str, place: str, town: str, caller: str, leaves: Sequence[str], at: datetime, but: object = None
) -> list[Twin]:  # fmt: skip
    """What is likely the same event, the likeliest first."""
    if len(text.strip()) < 6:
        return []
    mine = helping.fingerprint(text, place=place, township_code=town, received_at=at, caller=caller)
    words = set(wording.terms(f"{text} {place}"))
    near = sorted(
        (o for o in candidates(actor, leaves=leaves, town=town, at=at) if o.pk != but),
        key=lambda o: (-len(words & set(wording.terms(f"{o.text} {o.place}"))), o.received_at),
    )
    found = {str(o.pk): o for o in near[:COMPARED]}
    terms = [_terms(key, o.text, o.place, o.region_id, o.received_at, o.caller_key) for key, o in found.items()]
    return [Twin(found[key], score, why) for key, score, why in helping.likely(helping.rank(mine, terms))[:SHOWN]]
