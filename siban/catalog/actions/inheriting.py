"""What a changed base item asks of the implementations below it: a to-do for each, confirmed in one step (三级N同)."""

import copy
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Q, Value, When

from siban.kernel import clock

from .. import differences, rules, rules_guide
from ..flow import ItemState
from ..models import BaseChange, ImplementationItem, ItemVersion
from . import compiling

AT_ONCE = 500
PENDING = (BaseChange.Outcome.OPEN, BaseChange.Outcome.CONFIRMED)


def settle(item: ImplementationItem, version: ItemVersion, *, at: datetime) -> None:
    """A version came into force: is it equal to the item above, and do those below have to follow?"""
    item.locked_hash = rules.locked_hash(version.content)
    item.basics_hash = rules_guide.basics_hash(version.content)
    above = item.base
    item.is_unequal = bool(above and above.locked_hash and above.locked_hash != item.locked_hash)
    if above is None or not (item.is_unequal or _lax(version.content, above)):
        _close(Q(item=item, kind=BaseChange.Kind.VERSION), at=at)
    item.lower.exclude(locked_hash="").update(
        is_unequal=Case(When(locked_hash=item.locked_hash, then=Value(False)), default=Value(True))
    )
    _ask_those_below(item, version, at=at)


def _lax(content: Mapping[str, Any], above: ImplementationItem) -> bool:
    return bool(above.version and rules.loosened(content, above.version.content))


def taken_over(own: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """A lower level's content with the locked elements of the item above, its local ones tightened where they must be."""
    made = {**copy.deepcopy(dict(own)), **{name: copy.deepcopy(base.get(name)) for name in rules.LOCKED}}
    if rules.loosened(made, base):
        made["promised_limit"], made["case_type"] = copy.deepcopy(base["promised_limit"]), base["case_type"]
    return {name: value for name, value in made.items() if value is not None or name in own}


def _ask_those_below(item: ImplementationItem, version: ItemVersion, *, at: datetime) -> None:
    """One to-do for each implementation that differs now; equal ones share one comparison, however many they are."""
    below = (
        item.lower.exclude(state=ItemState.CANCELLED)
        .filter(version__isnull=False)
        .order_by("pk")
        .values_list("pk", "version_id", "locked_hash", "promised_days", "case_type")
    )
    told: dict[tuple[Any, ...], list[str]] = {}
    rows = []
    for pk, version_id, *like in below.iterator(chunk_size=2000):
        alike = tuple(like)
        if alike not in told:
            own = ItemVersion.objects.values_list("content", flat=True).get(pk=version_id)
            told[alike] = differences.in_words(
                compiling.readable(own), compiling.readable(taken_over(own, version.content))
            )
        rows.append((pk, told[alike]))
    _close(Q(item__base=item, kind=BaseChange.Kind.VERSION), outcome=BaseChange.Outcome.SUPERSEDED, at=at)
    due = clock.local_day(at) + timedelta(days=settings.BASE_CHANGE_CONFIRM_DAYS)
    BaseChange.objects.bulk_create(
        (
            BaseChange(item_id=pk, base_version=version, sentences=said, opened_at=at, due_on=due)
            for pk, said in rows
            if said
        ),
        batch_size=AT_ONCE,
        ignore_conflicts=True,  # one that waits for a suspension or cancellation of the list goes first
    )


def _close(which: Q, *, outcome: str = BaseChange.Outcome.DONE, at: datetime) -> None:
    BaseChange.objects.filter(which, outcome__in=PENDING).update(outcome=outcome, closed_at=at)


def ended(item: ImplementationItem, *, kind: str = "", at: datetime) -> None:
    """An item was suspended or cancelled: what the list asked for is done, and a cancelled one has nothing to follow."""
    asked = Q(item=item)
    _close(asked & Q(kind=kind) if kind else asked, at=at)
