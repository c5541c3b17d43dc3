"""回访: whether it is solved, and whether the caller is satisfied. Only that closes an order."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.calendar.store import calendar_for

from .. import rules
from ..flow import LegState, OrderState
from ..models import Callback, Clock, Leg, Order
from .common import end_step, finish, said, step
from .dispatching import difficult


def _channel(by: Actor) -> str:
    return "self" if by.is_citizen else "system" if by.is_system else "phone"


def _ask(order: Order, *, by: Actor, at: datetime, solved: bool, satisfied: bool, words: str) -> None:
    Callback.objects.create(
        order=order, at=at, by_id=by.id, by_name=by.name, channel=_channel(by), is_reached=True, is_solved=solved,
        is_satisfied=satisfied, words=words.strip()[:500], lead_id=order.lead_id,
    )  # fmt: skip
    order.is_solved, order.is_satisfied = solved, satisfied


def attempt(*, order_id: UUID, by: Actor, at: datetime, words: str = "") -> Order:
    """Nobody answered the call."""
    with step("attempt", by=by, at=at, order_id=order_id, note=words.strip()) as made:
        order: Order = made.subject
        Callback.objects.create(
            order=order, at=at, by_id=by.id, by_name=by.name, channel=_channel(by), is_reached=False,
            words=words.strip()[:500], lead_id=order.lead_id,
        )  # fmt: skip
        order.attempts += 1
    return order


def confirm(*, order_id: UUID, by: Actor, at: datetime, words: str = "") -> Order:
    """The caller says it is solved, and is satisfied."""
    with step("confirm", by=by, at=at, order_id=order_id, note=words.strip()) as made:
        _ask(made.subject, by=by, at=at, solved=True, satisfied=True, words=words)
        _close(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def close_unsatisfied(*, order_id: UUID, by: Actor, at: datetime, solved: bool, words: str) -> Order:
    """Done by the law, the caller still not satisfied: closed, and counted as what it is."""
    with step("close_unsatisfied", by=by, at=at, order_id=order_id, note=said(words, "办结的理由")) as made:
        _ask(made.subject, by=by, at=at, solved=solved, satisfied=False, words=words)
        _close(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def close_unreached(*, order_id: UUID, by: Actor, at: datetime) -> Order:
    """Nobody could be reached: closed, and left out of the two rates."""
    with step("close_unreached", by=by, at=at, order_id=order_id) as made:
        _close(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def close_unsampled(*, order_id: UUID, at: datetime) -> Order:
    """A consultation that was not drawn for a call-back is closed."""
    with step("close_unsampled", by=SYSTEM, at=at, order_id=order_id) as made:
        _close(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def _close(order: Order, *, at: datetime) -> None:
    order.legs.filter(role="lead", state__in=(LegState.SENT, LegState.SIGNED)).update(state=LegState.DONE, done_at=at)
    finish(order, at=at)


@transaction.atomic
def redo(*, order_id: UUID, by: Actor, at: datetime, solved: bool, satisfied: bool, words: str) -> Order:
    """Not solved or not satisfied: done again, with a clock of its own; what was late stays late."""
    with step("redo", by=by, at=at, order_id=order_id, note=said(words, "重办的原因")) as made:
        order: Order = made.subject
        _ask(order, by=by, at=at, solved=solved, satisfied=satisfied and solved, words=words)
        order.redos += 1
        again(order, at=at)
    return difficult(order, at=at)


def again(order: Order, *, at: datetime) -> None:
    """The whole clock begins anew, as long as the first time; a merged order goes its own way from here."""
    end_step(order, at=at)
    calendar = calendar_for(order.region_id)
    running = Clock.objects.filter(order=order, kind="whole", ended_at=None).first()
    category = _category(order, at=at)
    limit = rules.whole_limit(
        nature=order.nature or "help", top=order.top, level=order.level or "community", urgent=order.is_urgent,
        emergency=order.is_emergency, leaf=category,
    )  # fmt: skip
    if running is not None:
        running.ended_at, running.stopped_at = at, None
        running.save(update_fields=["ended_at", "stopped_at"])
    order.due_at = rules.due(at, limit, calendar)
    Clock.objects.create(
        order=order, kind="whole", started_at=at, due_at=order.due_at, first_due_at=order.due_at,
        limit_words=limit.words, source=limit.source,
    )  # fmt: skip
    order.stopped_at, order.handled_at, order.warned = None, None, 0
    order.merged_into = None
    if order.lead_id and not order.legs.filter(role="lead", state__in=(LegState.SENT, LegState.SIGNED)).exists():
        Leg.objects.create(
            order=order, org_id=order.lead_id, region_id=order.region_id, role="lead", state=LegState.SIGNED, sent_at=at,
            sign_by=at, signed_at=at, due_at=order.due_at,
        )  # fmt: skip


def _category(order: Order, *, at: datetime) -> tuple[int, str] | None:
    from siban.kernel.clock import local_day

    from ..models import Category

    row = (
        Category.objects.in_force(local_day(at))
        .filter(code=order.leaf, region_id=f"{order.region_id[:6]}000000")
        .first()
    )
    return row.limit if row is not None else None


def close_drawn_by_lot(*, at: datetime) -> int:
    """Consultations replied to and not drawn for a call-back are closed."""
    closed = 0
    waiting = Order.objects.filter(state=OrderState.REPLIED, nature="consult", attempts=0).order_by("pk")
    for pk, number in waiting.values_list("pk", "number")[:500]:
        if not rules.called_back("consult", number):
            close_unsampled(order_id=pk, at=at)
            closed += 1
    return closed
