"""What the item library does again and again: uploaded workbooks go a month after they came."""

from datetime import datetime, timedelta

from django.db import transaction

from siban.kernel import rounds
from siban.kernel.models import StoredFile

from .models import WorkbookImport

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
