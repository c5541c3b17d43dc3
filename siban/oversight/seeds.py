"""Targets of the documents, from the reference file."""

from pathlib import Path
from typing import Any

import yaml

from siban.kernel import measures

from .models import Target
from .seeds_reform import build as build_reform

__all__ = ["build_reform", "load_targets"]

REFERENCE = Path(__file__).parent / "reference" / "targets.yaml"


def load_targets() -> int:
    """Enter the targets of documents 000 and 002. Loading twice changes nothing. Returns how many there are.

    Raises:
        ValueError: a target for a figure nobody declared.
    """
    said: dict[str, Any] = yaml.safe_load(REFERENCE.read_text())
    for t in said["targets"]:
        if t["measure"] not in measures.REGISTRY:
            raise ValueError(f"target for an unknown measure: {t['measure']}")
        document = said["documents"][t["document"]]
        Target.objects.update_or_create(
            measure=t["measure"],
            document_code=t["document"],
            defaults={
                "document": document["title"],
                "region_id": document["region"],
                "value": t["value"],
                "is_soft": t.get("soft", False),
                "valid_from": document["valid_from"],
                "deadline": t.get("deadline"),
            },
        )
    return Target.objects.count()
