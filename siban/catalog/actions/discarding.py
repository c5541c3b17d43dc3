"""Giving up a draft: what was typed goes, the item falls back to what it was before."""

from datetime import datetime
from uuid import UUID

from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import differences
from ..flow import DISCARDS, ITEM_FLOW
from ..models import BaseChange, ImplementationItem
from . import requesting
from .compiling import draft_of, readable

TOLD = 40  # sentences about what is given up that the journal keeps


def discard(*, item: UUID, reason: str, by: Actor, at: datetime) -> ImplementationItem:
    """Give up the draft; the version in force stays in force, a suspended item stays suspended.

    Raises:
        Refused: no reason, not the item's manager, or no draft that is still the department's.
    """
    if len(reason.strip()) < requesting.SHORTEST:
        raise Refused("请写明放弃草稿的原因（至少 4 个字），例如：暂不调整、重新编制。")
    with ITEM_FLOW.step(way_back(item), by=by, at=at, note=reason.strip(), pk=item) as step:
        subject: ImplementationItem = step.subject
        version = draft_of(subject)
        step.facts.update(version=version.number, content_hash=version.content_hash, given_up=given_up(subject)[:TOLD])
        requesting.closed(subject, outcome="withdrawn", answer=reason, by=by, at=at)
        BaseChange.objects.filter(item=subject, outcome="confirmed", kind="version").update(
            outcome="open", confirmed_at=None, confirmed_by=""
        )
        version.delete()
    return step.subject  # type: ignore[no-any-return]


def way_back(item: UUID) -> str:
    """The move that gives up this item's draft, by what the item is now."""
    subject = ImplementationItem.objects.get(pk=item)
    if subject.version_id is None:
        return DISCARDS[2]
    return DISCARDS[1] if subject.is_suspended else DISCARDS[0]


def given_up(item: ImplementationItem) -> list[str]:
    """What of a draft would be lost, in words: how it differs from the version in force."""
    draft = draft_of(item)
    if item.version is None:
        return [f"第 {draft.number} 版草稿（还没有发布过）的全部内容"]
    return differences.in_words(readable(item.version.content), readable(draft.content))
