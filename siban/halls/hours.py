"""The configuration of extended hours: slots, what counts as in demand, the domains that must be served."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

REFERENCE = Path(__file__).parent / "reference" / "delayed.yaml"


@cache
def said() -> dict[str, Any]:
    """The whole file."""
    return yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def slots() -> dict[str, str]:
    """`{slot: 午间（12:00—14:30）}`."""
    return {
        key: f"{slot['name']}（{slot['days']} {'、'.join('—'.join(t) for t in slot['times'])}）"
        for key, slot in said()["slots"].items()
    }


def slot_names() -> dict[str, str]:
    return {key: slot["name"] for key, slot in said()["slots"].items()}
