"""Sending what is due, hearing what became of it, sending again."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction

from siban.exchange import connectors, rules
from siban.exchange.flow import DELIVERY_FLOW, WAITING, DeliveryState
from siban.exchange.models import Delivery
from siban.exchange.queries import reach
from siban.kernel.actor import SYSTEM, Actor

log = logging.getLogger(__name__)
AT_ONCE = 40  # messages a channel sends in one round, so that other duties of the worker are not kept waiting


def send_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Send what is due on each channel that is set up. Returns how many were handed over.

    Each message is sent inside its own transaction, its row locked: several workers share the work, and who is stopped
    half-way sends again under the same identifier, by which the other side knows it.
    """
    done = 0
    for channel in Delivery.Channel.values:
        gateway = connectors.gateway(channel)
        if gateway is None:
            continue
        try:
            for _ in range(limit):
                outcome = _send_next(channel, gateway, at=at)
                if outcome is None:
                    break
                done += outcome
        except connectors.Unreachable as why:  # the others need not find out one by one
            log.warning("channel %s is not reachable: %s", channel, why)
            waiting = Delivery.objects.filter(channel=channel, state__in=WAITING, next_at__lte=at)
            waiting.update(next_at=at + timedelta(minutes=rules.OUTAGE_MINUTES))
        finally:
            gateway.close()
    return done


def _send_next(channel: str, gateway: connectors.Gateway, *, at: datetime) -> int | None:
    """Send the one that waits longest: 1 sent, 0 not sent, None nothing due. Raises Unreachable after keeping it."""
    outage: connectors.Unreachable | None = None
    with transaction.atomic():
        due = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("message")
            .filter(channel=channel, state__in=WAITING, next_at__lte=at)
            .order_by("next_at", "id")
            .first()
        )
        if due is None:
            return None
        try:
            with transaction.atomic():
                receipt = gateway.send(reach.letter(due))
        except connectors.Rejected as why:
            _fail(due, str(why), again_at=None, at=at)
        except connectors.Deferred as why:
            _fail(due, str(why), again_at=rules.next_try(due.attempts + 1, at), at=at)
        except connectors.Unreachable as why:
            outage = why
            _keep(due, str(why), at=at)
        except DatabaseError:
            raise
        except Exception:  # one message that trips over a fault of ours must not stop the others for ever
            log.exception("delivery %s", due.pk)
            again_at = rules.next_try(due.attempts + 1, at)
            _fail(due, "平台发送时出错，已记录，请系统管理员查看日志。", again_at=again_at, at=at)
        else:
            with DELIVERY_FLOW.step("send", by=SYSTEM, at=at, pk=due.pk) as step:
                step.subject.sent_at, step.subject.receipt, step.subject.last_error = at, receipt, ""
                step.subject.attempts += 1
            return 1
    if outage:
        raise outage
    return 0


def _fail(delivery: Delivery, why: str, *, again_at: datetime | None, at: datetime) -> None:
    """Note why it did not go; without a time to try again it is given up."""
    with DELIVERY_FLOW.step("fail", by=SYSTEM, at=at, pk=delivery.pk, note=why[:300]) as step:
        step.subject.attempts += 1
        step.subject.last_error = why[:300]
        step.subject.next_at = again_at or at
    if again_at is None:
        with DELIVERY_FLOW.step("give_up", by=SYSTEM, at=at, pk=delivery.pk, note=why[:300]):
            pass


def _keep(delivery: Delivery, why: str, *, at: datetime) -> None:
    """The channel itself is down: no fault of the message, which is tried again soon, and given up after days."""
    if at - delivery.created_at > timedelta(days=rules.OLDEST_DAYS):
        _fail(delivery, f"{why}已经连续 {rules.OLDEST_DAYS} 天没有发出。", again_at=None, at=at)
        return
    again_at = at + timedelta(minutes=rules.OUTAGE_MINUTES)
    if delivery.state == DeliveryState.FAILED and delivery.last_error == why[:300]:
        Delivery.objects.filter(pk=delivery.pk).update(next_at=again_at)  # said already; one row an outage is enough
        return
    with DELIVERY_FLOW.step("fail", by=SYSTEM, at=at, pk=delivery.pk, note=why[:300]) as step:
        step.subject.last_error, step.subject.next_at = why[:300], again_at


@transaction.atomic
def record_report(*, channel: str, receipt: str, is_received: bool, reason: str = "", at: datetime) -> bool:
    """What the channel says became of a message. The same report twice changes nothing; False for an unknown receipt."""
    found = Delivery.objects.select_for_update().filter(channel=channel, receipt=receipt).first() if receipt else None
    if found is None:
        return False
    if found.state == DeliveryState.RECEIVED:
        return True
    if is_received:
        with DELIVERY_FLOW.step("confirm", by=SYSTEM, at=at, pk=found.pk) as step:
            step.subject.received_at, step.subject.last_error = at, ""
            step.subject.sent_at = step.subject.sent_at or at
    elif found.state == DeliveryState.SENT:
        _fail(found, f"通道回报没有送到：{reason or '没有说明原因'}。", again_at=None, at=at)
    return True


def resend(*, delivery_id: UUID, by: Actor, at: datetime) -> Delivery:
    """Send again, to the address the person has now."""
    known = Delivery.objects.overseen_by(by).select_related("message").get(pk=delivery_id)
    with DELIVERY_FLOW.step("resend", by=by, at=at, pk=known.pk) as step:
        step.subject.address = reach.address_now(known) or known.address
        step.subject.attempts, step.subject.receipt = 0, ""
        step.subject.next_at = rules.allowed_from(known.channel, at, urgent=known.message.is_urgent)
    return step.subject  # type: ignore[no-any-return]
