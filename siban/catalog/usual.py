"""How long an item really takes, as the cases say: told to the public beside the promise."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.catalog.models import ImplementationItem


@transaction.atomic
def note_usual(times: Mapping[UUID, dict[str, Any]]) -> int:
    """Keep what was measured; items without enough cases lose what they had. Returns how many items changed."""
    changed = ImplementationItem.objects.filter(usual__isnull=False).exclude(pk__in=times).update(usual=None)
    for item in ImplementationItem.objects.filter(pk__in=times).only("usual").order_by("pk"):
        if item.usual != times[item.pk]:
            changed += ImplementationItem.objects.filter(pk=item.pk).update(usual=times[item.pk])
    return changed
