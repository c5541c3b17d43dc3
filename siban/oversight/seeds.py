"""Targets of the documents, from the reference file."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from siban.identity.api import Region
from siban.kernel import measures
from siban.kernel.actor import SYSTEM

from .actions import snapshots
from .models import Snapshot, Target
from .seeds_reform import build as build_reform
from .seeds_story import DEFECTS, build

__all__ = ["DEFECTS", "build", "build_reform", "load_targets", "record_today"]

REFERENCE = Path(__file__).parent / "reference" / "targets.yaml"


def load_targets() -> int:
    """Enter the targets of the documents, sentence by sentence. Loading twice changes nothing. Returns how many there are.

    Raises:
        ValueError: a target for a figure nobody declared.
    """
    said: dict[str, Any] = yaml.safe_load(REFERENCE.read_text())
    here = set(
        Region.objects.filter(pk__in=[d["region"] for d in said["documents"].values()]).values_list("pk", flat=True)
    )
    kept = []
    for t in said["targets"]:
        if t["measure"] not in measures.REGISTRY:
            raise ValueError(f"target for an unknown measure: {t['measure']}")
        document = said["documents"][t["document"]]
        row, _ = Target.objects.update_or_create(
            measure=t["measure"],
            document_code=t["document"],
            place=t["place"],
            defaults={
                "document": document["title"],
                "region_id": document["region"] if document["region"] in here else None,
                "value": t.get("value"),
                "comparison": t.get("comparison", Target.Comparison.AT_LEAST),
                "each": t.get("each", ""),
                "is_soft": t.get("soft", False),
                "valid_from": document["valid_from"],
                "deadline": t.get("deadline"),
                "deadline_words": t.get("deadline_words", ""),
            },
        )
        kept.append(row.pk)
    Target.objects.filter(document_code__in=said["documents"]).exclude(pk__in=kept).delete()
    return Target.objects.count()


FIRST = "演示数据建立时记录"


def record_today(at: datetime) -> None:
    """The day on which the demonstration was built is recorded too, so that documents can be drafted at once; once."""
    if not Snapshot.objects.filter(reason=FIRST).exists():
        snapshots.take(by=SYSTEM, at=at, reason=FIRST)
