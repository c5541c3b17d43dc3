"""What oversight does again and again: the figures of each day are recorded when it is over."""

from datetime import datetime, timedelta

from siban.identity.api import Org
from siban.kernel import clock, rounds
from siban.kernel.actor import SYSTEM

from . import tasks_supervision
from .actions import documents, snapshots
from .models_snapshots import Snapshot

__all__ = ["close_yesterday", "tasks_supervision"]


@rounds.every(timedelta(minutes=10))
def close_yesterday(at: datetime) -> bool:
    """Record the figures of the day before, once; a worker that was off records them late, marked 补录."""
    day = clock.local_day(at) - timedelta(days=1)
    done = Snapshot.objects.filter(day=day, kind__in=[Snapshot.Kind.CLOSE, Snapshot.Kind.LATE]).exists()
    if done or not Org.objects.exists():
        return False
    snapshots.take(day=day, by=SYSTEM, at=at, reason="每日自动记录")
    return True


@rounds.every(timedelta(minutes=10))
def lock_the_month(at: datetime) -> int:
    """On the 20th, from five in the afternoon, the monthly bulletin is drafted with the figures of the day and locked."""
    if clock.local(at).day != documents.LOCK_DAY or clock.local(at).hour < documents.LOCK_HOUR:
        return 0
    return len(documents.lock_monthly(at))


@rounds.every(timedelta(minutes=30))
def expect_documents(at: datetime) -> int:
    """Enter the dispatch tables and bulletins owed today."""
    return documents.expect(day=clock.local_day(at))
