"""Third stage: the service authority reviews, publishes for all channels at once, suspends and cancels."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from siban.kernel import clock
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.flow import Refused

from .. import rules, wording
from ..flow import ITEM_FLOW, ChangeKind, ItemState
from ..models import CatalogItem, ChangeRequest, ImplementationItem, ItemVersion, columns
from . import inheriting, powers, requesting
from .compiling import as_published, draft_of, readable, refuse_unsound
from .presenting import present

DRAFT_DAYS = 30  # 默认：旧版停用后，申请草稿还可以按旧版提交的天数
LONGEST_DRAFT_DAYS = 365


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


def publish(
    *, item: UUID, effective_on: date | None = None, draft_days: int = DRAFT_DAYS, by: Actor, at: datetime
) -> ItemVersion:
    """Put the reviewed version in force on every channel; the one before is retired, never changed.

    Args:
        effective_on: a day to come: until then the present version stays in force (see `take_effect`).
        draft_days: how many days applicants may still hand in drafts begun on the version before.

    Raises:
        Refused: the draft went bad since its self-check, a day gone by, or the machine's own sentence.
    """
    day = clock.local_day(at)
    if effective_on and effective_on < day:
        raise Refused("生效日期不能早于今天。请改为今天或者以后的日期，不填就是立即生效。")
    if not 0 <= draft_days <= LONGEST_DRAFT_DAYS:
        raise Refused(f"旧版草稿的保留天数应在 0 到 {LONGEST_DRAFT_DAYS} 天之间。")
    later = effective_on is not None and effective_on > day
    with ITEM_FLOW.step("schedule" if later else "publish", by=by, at=at, pk=item) as step:
        subject: ImplementationItem = step.subject
        version = draft_of(subject)
        refuse_unsound(subject, version, what="不能发布", then="请退回部门修改。")
        version.content = {
            **as_published(version.content, number=version.number, day=day),
            "effective_at": str(effective_on or day),
        }
        version.content_hash = rules.content_hash(version.content)
        version.effective_on, version.draft_days = effective_on or day, draft_days
        version.save()
        if later:
            step.note = f"自{effective_on:%Y年%m月%d日}起执行第 {version.number} 版"
        else:
            _put_in_force(subject, version, by=by, at=at)
        step.facts.update(
            version=version.number, content_hash=version.content_hash, effective_on=str(version.effective_on)
        )
    return version


def _put_in_force(subject: ImplementationItem, version: ItemVersion, *, by: Actor, at: datetime) -> None:
    """One switch for all channels: they all read `subject.version`."""
    version.is_published, version.published_at = True, at
    version.save(update_fields=["is_published", "published_at"])
    subject.versions.filter(is_published=True, retired_at=None).exclude(pk=version.pk).update(
        retired_at=at, drafts_until=clock.local_day(at) + timedelta(days=version.draft_days)
    )
    content = readable(version.content)
    for name, value in columns(content, callable_certs=wording.callable_certificates()).items():
        setattr(subject, name, value)
    subject.search_words, subject.initials = wording.search_words(content, subject), wording.initials(content.name)
    subject.version, subject.published_at, subject.is_suspended = version, at, False
    inheriting.settle(subject, version, at=at)
    powers.follow(subject, content)
    requesting.closed(subject, by=by, at=at)
    if subject.is_in_hall:
        subject.negative_entries.filter(removed_at=None).update(removed_at=at, removed_by=by.name)
    present([subject])


def take_effect(*, item: UUID, at: datetime) -> ItemVersion | None:
    """The day has come: the version announced is put in force, exactly as it was announced.

    Returns:
        None when it was done or withdrawn meanwhile, or its base item is no longer in use.
    """
    with transaction.atomic():
        known = ImplementationItem.objects.select_for_update(of=("self",)).select_related("catalog_item").get(pk=item)
        version = known.versions.filter(is_published=False).order_by("-number").first()
        if known.state != ItemState.SCHEDULED or version is None or version.effective_on is None:
            return None
        if version.effective_on > clock.local_day(at) or known.catalog_item.status != CatalogItem.Status.ACTIVE:
            return None
        with ITEM_FLOW.step("take_effect", by=SYSTEM, at=at, pk=item) as step:
            _put_in_force(step.subject, version, by=SYSTEM, at=at)
            step.facts.update(version=version.number, content_hash=version.content_hash)
    return version


def withdraw_schedule(*, item: UUID, reason: str, by: Actor, at: datetime) -> ImplementationItem:
    """Take back an announced version before its day; the present one simply stays in force."""
    if len(reason.strip()) < 4:
        raise Refused("请写明撤回的原因（至少 4 个字）。")
    with ITEM_FLOW.step("withdraw_schedule", by=by, at=at, note=reason.strip(), pk=item) as step:
        version = draft_of(step.subject)
        step.facts.update(version=version.number, effective_on=str(version.effective_on))
        version.effective_on = None
        version.save(update_fields=["effective_on"])
    return step.subject  # type: ignore[no-any-return]


def suspend(*, item: UUID, reason: str, by: Actor, at: datetime) -> ImplementationItem:
    """Take the item off the public list for a time; cases under way go on under their version."""
    if len(reason.strip()) < 4:
        raise Refused("请写明暂停原因（至少 4 个字），将公开告知。")
    with ITEM_FLOW.step("suspend", by=by, at=at, note=reason.strip(), pk=item) as step:
        step.subject.is_suspended = True  # and stays so while it is being changed
        inheriting.ended(step.subject, kind="suspended", at=at)
    return step.subject  # type: ignore[no-any-return]


def resume(*, item: UUID, by: Actor, at: datetime) -> ImplementationItem:
    """Put a suspended item back in force, with the version it had."""
    with ITEM_FLOW.step("resume", by=by, at=at, pk=item) as step:
        if step.subject.version_id is None:
            raise Refused("这个事项还没有发布过的版本，不能恢复。")
        step.subject.is_suspended = False
    return step.subject  # type: ignore[no-any-return]


def cancel(*, item: UUID, reason: str, document_number: str = "", by: Actor, at: datetime) -> ImplementationItem:
    """End the item; cases under way are finished under their version (在办件按旧版本办结).

    Raises:
        Refused: no reason; an item that was in force is not cancelled without the number of a document.
    """
    if len(reason.strip()) < 4:
        raise Refused("请写明取消依据或者原因（至少 4 个字），例如：国务院决定取消。")
    with ITEM_FLOW.step("cancel", by=by, at=at, note=reason.strip(), pk=item) as step:
        subject: ImplementationItem = step.subject
        document = requesting.document_for_cancelling(subject, document_number)
        if subject.version_id:
            requesting.said_rightly(kind=ChangeKind.CANCEL, basis="", document_number=document, reason=reason)
            if not ChangeRequest.objects.filter(item=subject, outcome="open", kind=ChangeKind.CANCEL).exists():
                requesting.closed(subject, outcome="declined", answer="事项取消", by=by, at=at)
                requesting.opened(
                    subject, kind=ChangeKind.CANCEL, document_number=document, reason=reason, by=by, at=at
                )
            step.facts["document_number"] = document
        requesting.closed(subject, by=by, at=at)
        inheriting.ended(subject, at=at)
    return step.subject  # type: ignore[no-any-return]
