"""Third stage: the service authority reviews, publishes for all channels at once, suspends and cancels."""

from datetime import date, datetime
from uuid import UUID

from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import rules, wording
from ..flow import ITEM_FLOW
from ..models import ImplementationItem, ItemVersion, columns
from .compiling import as_published, draft_of, faults_of, readable
from .presenting import present


def send_back(*, item: UUID, reason: str, by: Actor, at: datetime) -> ImplementationItem:
    """Give the draft back with what has to be mended."""
    if len(reason.strip()) < 4:
        raise Refused("请写明需要修改的地方（至少 4 个字），部门才知道怎么改。")
    with ITEM_FLOW.step("send_back", by=by, at=at, note=reason.strip(), pk=item) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def review(*, item: UUID, opinion: str = "", by: Actor, at: datetime) -> ImplementationItem:
    """The draft is lawful and up to standard."""
    with ITEM_FLOW.step("review", by=by, at=at, note=opinion.strip(), pk=item) as step:
        step.facts["version"] = draft_of(step.subject).number
    return step.subject  # type: ignore[no-any-return]


def publish(*, item: UUID, effective_on: date | None = None, by: Actor, at: datetime) -> ItemVersion:
    """Put the reviewed version in force on every channel; the one before is retired, never changed.

    Raises:
        Refused: the draft went bad since its self-check, or the machine's own sentence.
    """
    with ITEM_FLOW.step("publish", by=by, at=at, pk=item) as step:
        subject: ImplementationItem = step.subject
        version = draft_of(subject)
        if faults := faults_of(subject, version):
            raise Refused(f"不能发布：{'；'.join(faults)}。请退回部门修改。")
        day = clock.local_day(at)
        effective = effective_on or day
        version.content = {
            **as_published(version.content, number=version.number, day=day),
            "effective_at": str(effective),
        }
        version.content_hash = rules.content_hash(version.content)
        version.is_published, version.published_at, version.effective_on = True, at, effective
        version.save()
        subject.versions.filter(is_published=True, retired_at=None).exclude(pk=version.pk).update(retired_at=at)
        content = readable(version.content)
        for name, value in columns(content, callable_certs=wording.callable_certificates()).items():
            setattr(subject, name, value)
        subject.search_words, subject.initials = wording.search_words(content, subject), wording.initials(content.name)
        subject.version, subject.published_at = version, at
        present([subject])
        step.facts.update(version=version.number, content_hash=version.content_hash)
    return version


def suspend(*, item: UUID, reason: str, by: Actor, at: datetime) -> ImplementationItem:
    """Take the item off the public list for a time; cases under way go on under their version."""
    if len(reason.strip()) < 4:
        raise Refused("请写明暂停原因（至少 4 个字），将公开告知。")
    with ITEM_FLOW.step("suspend", by=by, at=at, note=reason.strip(), pk=item) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def resume(*, item: UUID, by: Actor, at: datetime) -> ImplementationItem:
    """Put a suspended item back in force, with the version it had."""
    with ITEM_FLOW.step("resume", by=by, at=at, pk=item) as step:
        if step.subject.version_id is None:
            raise Refused("这个事项还没有发布过的版本，不能恢复。")
    return step.subject  # type: ignore[no-any-return]


def cancel(*, item: UUID, reason: str, by: Actor, at: datetime) -> ImplementationItem:
    """End the item; cases under way are finished under their version (在办件按旧版本办结)."""
    if len(reason.strip()) < 4:
        raise Refused("请写明取消依据或者原因（至少 4 个字），例如：国务院决定取消。")
    with ITEM_FLOW.step("cancel", by=by, at=at, note=reason.strip(), pk=item) as step:
        pass
    return step.subject  # type: ignore[no-any-return]
