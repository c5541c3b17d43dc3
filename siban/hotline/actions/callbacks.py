"""回访: whether it is solved, and whether the caller is satisfied. Only that closes an order."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.calendar.store import calendar_for

from .. import rules
from ..flow import OrderState
from ..models import Callback, Clock, Order
from .dispatching import difficult
from .merging import lead_again, let_go
from .stepping import begin_step, end_step, finish, limit_of, said, step


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
        finish(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def close_unsatisfied(*, order_id: UUID, by: Actor, at: datetime, solved: bool, words: str) -> Order:
    """Done by the law, the caller still not satisfied: closed, and counted as what it is."""
    with step("close_unsatisfied", by=by, at=at, order_id=order_id, note=said(words, "办结的理由")) as made:
        _ask(made.subject, by=by, at=at, solved=solved, satisfied=False, words=words)
        finish(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def close_unreached(*, order_id: UUID, by: Actor, at: datetime) -> Order:
    """Nobody could be reached: closed, and left out of the two rates."""
    with step("close_unreached", by=by, at=at, order_id=order_id) as made:
        finish(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def close_unsampled(*, order_id: UUID, at: datetime) -> Order:
    """A consultation that was not drawn for a call-back is closed."""
    with step("close_unsampled", by=SYSTEM, at=at, order_id=order_id) as made:
        finish(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


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
    limit = limit_of(order, at=at)
    if running is not None:
        running.ended_at, running.stopped_at = at, None
        running.save(update_fields=["ended_at", "stopped_at"])
    order.due_at = rules.due(at, limit, calendar)
    Clock.objects.create(
        order=order, kind="whole", started_at=at, due_at=order.due_at, first_due_at=order.due_at,
        limit_words=limit.words, source=limit.source,
    )  # fmt: skip
    order.stopped_at, order.handled_at, order.warned = None, None, 0
    let_go(order)
    lead_again(order, at=at)


@transaction.atomic
def reopen(*, order_id: UUID, by: Actor, second: Actor, at: datetime, words: str) -> Order:
    """What was closed wrongly is worked on again; two persons of the bureau, with a reason."""
    with step("reopen", by=by, at=at, order_id=order_id, second=second, note=words.strip()) as made:
        order: Order = made.subject
        order.closed_at, order.is_solved, order.is_satisfied, order.attempts = None, None, None, 0
        order.out_of_scope = order.right_door = ""
        order.lead, order.signed_at = None, None
        if order.due_at is not None:
            again(order, at=at)
        begin_step(order, "dispatch", at=at)
    return order


def close_drawn_by_lot(*, at: datetime) -> int:
    """Consultations replied to and not drawn for a call-back are closed."""
    closed = 0
    waiting = Order.objects.filter(state=OrderState.REPLIED, nature="consult", attempts=0).order_by("pk")
    for pk, number in waiting.values_list("pk", "number")[:500]:
        if not rules.called_back("consult", number):
            close_unsampled(order_id=pk, at=at)
            closed += 1
    return closed
