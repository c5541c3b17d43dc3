"""Orders about the same event: few candidates by index, then compared word by word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from siban.kernel.actor import Actor

from .. import wording
from ..flow import ENDS
from ..models import Order

BACK = timedelta(days=21)
MOST = 120
LIKE = 0.16


@dataclass(frozen=True, slots=True)
class Twin:
    """An order that may be about the same event: how alike, and why."""

    order: Order
    score: float
    why: tuple[str, ...]


def candidates(actor: Actor, *, leaves: Sequence[str], town: str, at: datetime) -> list[Order]:
    """Recent orders of the place under the categories in question, or under none yet; never more than a hundred or so."""
    rows = Order.objects.visible_to(actor).filter(received_at__gte=at - BACK, received_at__lte=at, merged_into=None)
    rows = rows.filter(Q(leaf__in=list(leaves)) | Q(leaf=""))
    if town:
        rows = rows.filter(region_id=town)
    return list(rows.select_related("lead", "region").order_by("-received_at", "-id")[:MOST])


def twins(
    actor: Actor, *, text: str, place: str, town: str, caller: str, leaves: Sequence[str], at: datetime, but: object = None, limit: int = 4
) -> list[Twin]:  # fmt: skip
    """What may be the same event, the likeliest first."""
    if len(text.strip()) < 6:
        return []
    mine, spot = set(wording.terms(text)), set(wording.terms(place))
    found = []
    for order in candidates(actor, leaves=leaves, town=town, at=at):
        if order.pk == but:
            continue
        score, why = _alike(order, mine, spot, caller, leaves, at)
        if score >= LIKE:
            found.append(Twin(order, round(score, 3), tuple(why)))
    return sorted(found, key=lambda t: (-t.score, t.order.received_at))[:limit]


def _alike(
    order: Order, mine: set[str], spot: set[str], caller: str, leaves: Sequence[str], at: datetime
) -> tuple[float, list[str]]:
    theirs, there, why = set(wording.terms(order.text)), set(wording.terms(order.place)), []
    score = len(mine & theirs) / max(len(mine | theirs), 1)
    if spot and there:
        near = len(spot & there) / max(min(len(spot), len(there)), 1)
        score += 0.25 * near
        why += ["地点相近"] if near > 0.5 else []
    if order.leaf and leaves and order.leaf == leaves[0]:
        score += 0.1
        why.append("类别相同")
    if caller and order.caller_key == caller:
        score += 0.15
        why.append("同一诉求人")
    hours = (at - order.received_at).total_seconds() / 3600
    score *= 1.0 if hours <= 72 else 0.8
    why += ["三天以内"] if hours <= 72 else []
    return score, [*why, "已经结束"] if order.state in ENDS else why
