"""What the item library does again and again: announced versions come into force, uploaded workbooks go after a month."""

import logging
import threading
from datetime import datetime, timedelta

from django.db import connection, transaction

from siban.kernel import rounds
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.models import StoredFile

from . import actions
from .flow import ItemState
from .models import CheckRun, ImplementationItem, WorkbookImport

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=30)  # what an import changed stays in the journal of each item
AT_MOST = 500  # in one round


@rounds.every(timedelta(hours=6))
def clear_old_workbooks(at: datetime) -> int:
    """Delete old imports with their lines; the bytes go with the next clearing of the store. Returns how many went."""
    with transaction.atomic():
        old = list(
            WorkbookImport.objects.filter(received_at__lt=at - KEPT_FOR)
            .order_by("received_at")
            .values_list("pk", "file_id")[:AT_MOST]
        )
        WorkbookImport.objects.filter(pk__in=[pk for pk, _ in old]).delete()
        StoredFile.objects.filter(pk__in=[file for _, file in old]).delete()
    return len(old)


@rounds.every(timedelta(minutes=10))
def put_announced_versions_in_force(at: datetime) -> int:
    """Versions announced for a day are put in force on it, on every channel at once. Returns how many."""
    due = ImplementationItem.objects.filter(
        state=ItemState.SCHEDULED, versions__is_published=False, versions__effective_on__lte=local_day(at)
    )
    done = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:AT_MOST]):
        try:
            done += actions.take_effect(item=pk, at=at) is not None
        except Refused as why:
            log.warning("announced version of item %s not put in force: %s", pk, why)
    return done


@rounds.every(timedelta(minutes=10))
def check_items(at: datetime) -> bool:
    """Check all items once a day, soon after midnight; the other duties go on meanwhile. Returns whether it was begun."""
    if CheckRun.objects.filter(day=local_day(at), ended_at__isnull=False).exists():
        return False
    if not ImplementationItem.objects.filter(version__isnull=False).exists():
        return False
    threading.Thread(target=_check_items, args=(at,), name="check-items", daemon=True).start()
    return True


def _check_items(at: datetime) -> None:
    try:
        actions.check_everything(at=at)
    except Exception:
        log.exception("the daily check of items failed; it is tried again")
    finally:
        connection.close()
