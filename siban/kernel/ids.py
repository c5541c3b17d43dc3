"""Identifiers: time-ordered UUIDs (version 7), so that new rows lie together in an index."""

from uuid import UUID

import uuid_utils


def uuid7() -> UUID:
    """A new identifier."""
    return UUID(int=uuid_utils.uuid7().int)
