"""Which items belong in extended hours and which in the hall, said once for figures and lists."""

from django.db.models import Q

from siban.catalog.api import NegativeEntry

from .models import DelayedClaim, DelayedExemption

CLAIMED = Q(pk__in=DelayedClaim.objects.filter(state="listed", item__isnull=False).order_by().values("item_id"))
EXEMPT = Q(pk__in=DelayedExemption.objects.filter(state="granted").order_by().values("item_id"))
IN_SCOPE = Q(is_applied_service=True) & ~EXEMPT
NEGATIVE = Q(pk__in=NegativeEntry.objects.filter(removed_at=None).order_by().values("item_id"))
SHOULD_ENTER = Q(is_applied_service=True) & ~NEGATIVE
