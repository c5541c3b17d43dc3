"""The append-only journal: audit record, timeline and outbox at once."""

from .chain import Broken, anchor, verify
from .outbox import Event, deliver, heard_by, on
from .writing import GENESIS, changes, key, picture, row, timeline, write, write_many

__all__ = [
    "GENESIS",
    "Broken",
    "Event",
    "anchor",
    "changes",
    "deliver",
    "heard_by",
    "key",
    "on",
    "picture",
    "row",
    "timeline",
    "verify",
    "write",
    "write_many",
]
