"""What every act on an order does alike: one move, its clock, its words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Func, TextField, Value

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.flow.machine import Step

from .. import rules, wording
from ..flow import ORDER_FLOW, LegState
from ..models import Category, Clock, Order


class TermsVector(Func):
    """Terms as a search vector, each at no place."""

    function = "array_to_tsvector"
    template = "%(function)s(%(expressions)s::text[])"


def vector(*texts: str) -> TermsVector:
    """What an order is found by."""
    return TermsVector(Value(wording.terms(" ".join(texts)), output_field=ArrayField(TextField())))


def said(words: str, what: str) -> str:
    """Words that say something. Raises Refused."""
    try:
        return rules.said(words, what)
    except ValueError as e:
        raise Refused(str(e)) from e


def numbers(count: int, *, at: datetime) -> list[str]:
    """So many order numbers: `RX2026000123`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('hotline_order_seq') FROM generate_series(1, %s)", [count])
        return [f"RX{local_day(at).year}{n:06d}" for (n,) in cursor.fetchall()]


@contextmanager
def step(name: str, *, by: Actor, at: datetime, order_id: UUID, note: str = "", **more: Any) -> Iterator[Step]:
    """One move of one order; who handles is remembered, so that nobody calls back about the own work."""
    with ORDER_FLOW.step(name, by=by, at=at, note=note, pk=order_id, **more) as made:
        yield made
        order: Order = made.subject
        if by.is_staff and by.id is not None and by.org_id == order.lead_id and str(by.id) not in order.hands:
            order.hands = [*order.hands, str(by.id)]


def org_of(code: str) -> Org:
    """The organisation with this code. Raises Refused."""
    found = Org.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise Refused(f"机构名录里没有“{code}”。请先在机构名录登记，或者改派其他单位。")
    return found


def row_of(order: Order, leaf: str, *, at: datetime) -> Category | None:
    """The row of the list in force for a category, where the order is."""
    here = Category.objects.in_force(local_day(at)).filter(region_id=f"{order.region_id[:6]}000000")
    return here.filter(code=leaf).first()


def limit_of(order: Order, *, at: datetime) -> rules.Limit:
    """The limit of the whole order as it is classified now."""
    row = row_of(order, order.leaf, at=at)
    return rules.whole_limit(
        nature=order.nature or "help", top=order.top, level=order.level or "community", urgent=order.is_urgent,
        emergency=order.is_emergency, leaf=row.limit if row is not None else None,
    )  # fmt: skip


def begin(order: Order, kind: str, limit: rules.Limit, *, at: datetime, org_id: UUID | None = None) -> datetime:
    """Start one clock of an order from now; a running one of this kind ends first."""
    end(order, kind, at=at)
    due_at = rules.due(at, limit, calendar_for(order.region_id))
    Clock.objects.create(
        order=order, kind=kind, started_at=at, due_at=due_at, first_due_at=due_at, limit_words=limit.words,
        source=limit.source, org_id=org_id,
    )  # fmt: skip
    return due_at


def begin_step(order: Order, kind: str, *, at: datetime, org_id: UUID | None = None) -> None:
    """Start the clock of the step the order is in now; the step before ends."""
    end_step(order, at=at)
    order.step, order.step_warned = kind, 0
    order.step_due_at = begin(order, kind, rules.step_limit(kind), at=at, org_id=org_id)


def end_step(order: Order, *, at: datetime) -> None:
    """The step is done."""
    if order.step:
        end(order, order.step, at=at)
    order.step, order.step_due_at = "", None


def end(order: Order, kind: str, *, at: datetime) -> None:
    """Stop counting one clock for good."""
    Clock.objects.filter(order=order, kind=kind, ended_at=None).update(ended_at=at, stopped_at=None)


def end_all(order: Order, *, at: datetime) -> None:
    """Nothing runs any more."""
    Clock.objects.filter(order=order, ended_at=None).update(ended_at=at, stopped_at=None)
    order.step, order.step_due_at = "", None


def stop_whole(order: Order, *, at: datetime) -> None:
    """The whole clock stands still from now."""
    if order.stopped_at is None:
        Clock.objects.filter(order=order, kind="whole", ended_at=None).update(stopped_at=at)
        order.stopped_at = at


def resume_whole(order: Order, *, at: datetime) -> None:
    """The whole clock goes on; its day moves by as long as it stood."""
    if order.stopped_at is None or order.due_at is None:
        return
    order.due_at = rules.moved(order.due_at, order.stopped_at, at)
    running = Clock.objects.filter(order=order, kind="whole", ended_at=None).first()
    if running is not None:
        running.stopped_seconds += int((at - order.stopped_at).total_seconds())
        running.due_at, running.stopped_at = order.due_at, None
        running.save(update_fields=["stopped_seconds", "due_at", "stopped_at"])
    order.stopped_at = None


def finish(order: Order, *, at: datetime) -> None:
    """The order is at its end: clocks stop; what runs beside it ends."""
    end_all(order, at=at)
    running = order.legs.filter(state__in=(LegState.SENT, LegState.SIGNED))
    running.filter(role="lead").update(state=LegState.DONE, done_at=at)
    running.filter(role="co").update(state=LegState.RECALLED, done_at=at)
    order.closed_at, order.stopped_at, order.extension = at, None, {}
    order.suspensions.filter(ended_at=None).update(ended_at=at)
    order.terminations.filter(ended_at=None).update(ended_at=at)
