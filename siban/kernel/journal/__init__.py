"""The append-only journal: audit record, timeline and outbox at once."""

from .chain import Broken, anchor, verify
from .outbox import Event, deliver, heard_by, on
from .writing import changes, picture, timeline, write, write_many

__all__ = [
    "Broken",
    "Event",
    "anchor",
    "changes",
    "deliver",
    "heard_by",
    "on",
    "picture",
    "timeline",
    "verify",
    "write",
    "write_many",
]
