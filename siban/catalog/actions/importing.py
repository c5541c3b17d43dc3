"""Items from workbooks: received, checked against what is stored, and applied item by item through the procedure."""

from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction

from siban.identity.api import Org, Role
from siban.kernel import files, journal
from siban.kernel.actor import Actor
from siban.kernel.actor import staff as staff_actor
from siban.kernel.flow import Refused
from siban.kernel.models import StoredFile

from .. import access
from ..flow import STANDARD, ItemState
from ..models import CatalogItem, ColumnMapping, ImplementationItem, ItemVersion, WorkbookImport, WorkbookLine
from ..workbook import mapping, reading, screening
from ..workbook.headings import WorkbookRefused
from ..workbook.places import Fault
from . import compiling, listing
from .judging import NOT_YOURS, Judged, Verdict, judge, slug_of

TOGETHER = 200  # items compared with the database in one go
SHOWN = 60  # differences kept of one item
FAULTS = 200  # faults kept of one item
REASON = "导入表格"
IMPORTED = "import"  # the journal's word for elements that came together with those of other items


@transaction.atomic
def receive_workbook(*, content: BinaryIO, name: str, by: Actor, at: datetime) -> WorkbookImport:
    """Take a workbook in; nothing is read yet.

    Raises:
        Refused: wrong post.
        FileRefused: too large, or no file the house takes.
    """
    if not access.imports_items(by) or by.org_id is None:
        raise Refused(f"您当前的岗位不能导入事项表格。{access.imports_items.__doc__}")
    kept = files.keep(content, name=name, at=at, owner_id=by.account_id)
    received = WorkbookImport.objects.create(
        file=kept,
        org_id=by.org_id,
        region_id=by.region_code,
        role=by.role,
        received_at=at,
        received_by=by.name,
        account_id=by.account_id,
    )
    journal.write(
        subject=received,
        fresh=True,
        move="receive",
        by=by,
        at=at,
        law=STANDARD,
        facts={"sha256": kept.sha256, "size": kept.size},
    )
    return received


def path_of(file: StoredFile) -> Path:
    with files.open_file(file) as stream:
        return Path(stream.name)


@transaction.atomic
def check_workbook(*, workbook: UUID, at: datetime) -> WorkbookImport:
    """Read a received workbook and keep for each item what it would change, or why it is refused; again = anew."""
    subject = (
        WorkbookImport.objects.select_for_update(of=("self",))
        .select_related("file", "mapping", "org")
        .get(pk=workbook)
    )
    if subject.applied_at:
        return subject
    subject.lines.all().delete()
    subject.refusal, subject.unread, subject.loose, subject.counts, subject.foreign = [], [], [], {}, False
    by = sender(subject)
    path = path_of(subject.file)
    try:
        screening.screen(path, subject.file.name)
        signature = mapping.signature_of(path)
        if subject.mapping is None:
            subject.mapping = ColumnMapping.objects.filter(org=subject.org, signature=signature).first()
        try:
            book = reading.opened(path, mapping.sheets_of(subject.mapping.sheets) if subject.mapping else None)
        except WorkbookRefused:
            subject.foreign = True
            raise
        counts: dict[str, int] = {}
        place = 0
        found = book.items()
        while entries := list(islice(found, TOGETHER)):
            lines = []
            for judged in judge(entries, absent=book.absent, by=by):
                place += 1
                counts[judged.verdict] = counts.get(judged.verdict, 0) + 1
                lines.append(_line(subject, place, judged))
            WorkbookLine.objects.bulk_create(lines)
        subject.counts, subject.loose = counts, [_told(fault) for fault in book.faults[:FAULTS]]
        subject.unread = [f"“{sheet}”表的“{heading}”" for sheet, heading in book.unknown]
    except WorkbookRefused as why:
        subject.refusal = list(why.sentences)
    subject.checked_at = at
    subject.save()
    return subject


def sender(workbook: WorkbookImport) -> Actor:
    """Who sent the workbook in, in the post of that moment, as the rights are asked of it."""
    return staff_actor(
        name=workbook.received_by, role=workbook.role, role_label=Role(workbook.role).label, org_id=workbook.org_id,
        org_name=workbook.org.name, region_code=workbook.region_id, account_id=workbook.account_id,
    )  # fmt: skip


def _told(fault: Fault) -> dict[str, Any]:
    place = fault.place
    return {
        "sheet": place.sheet,
        "row": place.row,
        "letter": place.letter,
        "title": place.title,
        "rule": fault.rule,
        "words": str(fault),
    }


def _line(workbook: WorkbookImport, place: int, judged: Judged) -> WorkbookLine:
    entry = judged.entry
    return WorkbookLine(
        workbook=workbook, place=place, row=entry.places.item[0], code=entry.code[:40],
        name=str(entry.content.get("name") or (judged.item.name if judged.item else entry.code))[:200], item=judged.item,
        verdict=judged.verdict, seen=judged.seen, content=judged.content if judged.verdict in (Verdict.NEW, Verdict.CHANGED) else None,
        differences=[[d.where, d.before, d.after] for d in judged.unlike[:SHOWN]],
        faults=[_told(fault) for fault in judged.faults[:FAULTS]],
    )  # fmt: skip


@transaction.atomic
def confirm_workbook(*, workbook: UUID, by: Actor, at: datetime) -> WorkbookImport:
    """The preview was read; the sound items may go into drafts. Twice is once.

    Raises:
        Refused: not checked, or nothing to do.
    """
    subject = WorkbookImport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=workbook)
    if subject.confirmed_at:
        return subject
    if subject.checked_at is None or subject.refusal:
        raise Refused("这份表格还没有核对好，不能导入。请先等核对完成。")
    if not (subject.counts.get(Verdict.NEW) or subject.counts.get(Verdict.CHANGED)):
        raise Refused("这份表格没有可以导入的改动。请修改后重新上传。")
    subject.confirmed_at = at
    subject.save(update_fields=["confirmed_at"])
    journal.write(subject=subject, move="confirm", by=by, at=at, law=STANDARD, facts=subject.counts)
    return subject


def apply_workbook(*, workbook: UUID, at: datetime) -> WorkbookImport:
    """Put the sound items of a confirmed workbook into drafts, each in a transaction of its own.

    What was changed since the check is left out with the reason. Interrupted, it goes on where it stopped.
    """
    subject = WorkbookImport.objects.select_related("org").get(pk=workbook, confirmed_at__isnull=False)
    by = sender(subject)
    wanted = subject.lines.filter(verdict__in=[Verdict.NEW, Verdict.CHANGED], applied_at=None)
    for pk in list(wanted.order_by("place").values_list("pk", flat=True)):
        _apply_line(pk, subject, by=by, at=at)
    with transaction.atomic():
        subject = WorkbookImport.objects.select_for_update(of=("self",)).get(pk=workbook)
        if subject.applied_at:
            return subject
        done = subject.lines.filter(applied_at__isnull=False)
        left = done.exclude(outcome="").count()
        subject.counts = {**subject.counts, "applied": done.count() - left, "left": left}
        subject.applied_at = at
        subject.save(update_fields=["counts", "applied_at"])
        journal.write(subject=subject, move="apply", by=by, at=at, law=STANDARD, facts=subject.counts)
    return subject


@transaction.atomic
def map_columns(*, workbook: UUID, sheets: dict[str, Any], by: Actor, at: datetime) -> ColumnMapping:
    """Keep how the organisation reads workbooks with these headings; the workbook is checked anew by it.

    Raises:
        Refused: a column that must be there is not mapped, or the workbook was confirmed already.
    """
    subject = (
        WorkbookImport.objects.visible_to(by).select_for_update(of=("self",)).select_related("file").get(pk=workbook)
    )
    if subject.confirmed_at:
        raise Refused("这份表格已经确认导入，不能再改列的对应。需要时请重新上传。")
    if faults := mapping.faults_of(sheets):
        raise Refused("".join(faults))
    kept, _ = ColumnMapping.objects.update_or_create(
        org_id=subject.org_id, signature=mapping.signature_of(path_of(subject.file)),
        defaults={"sheets": sheets, "updated_at": at, "updated_by": by.name},
    )  # fmt: skip
    subject.mapping, subject.checked_at = kept, None
    subject.save(update_fields=["mapping", "checked_at"])
    journal.write(subject=subject, move="map_columns", by=by, at=at, law=STANDARD, facts={"mapping": str(kept.pk)})
    return kept


@transaction.atomic
def _apply_line(pk: UUID, workbook: WorkbookImport, *, by: Actor, at: datetime) -> None:
    line = WorkbookLine.objects.select_for_update(of=("self",)).select_related("item__org", "item__version").get(pk=pk)
    if line.applied_at or line.content is None:
        return
    try:
        with transaction.atomic():
            item = line.item or _assigned(line, by=by, at=at)
            if not access.manager_or_admin(by, item):
                raise Refused(NOT_YOURS)
            save_imported(
                item=item, content=line.content, seen=line.seen, reason=REASON, batch=str(workbook.pk), by=by, at=at
            )
            line.item = item
    except Refused as why:
        line.outcome = str(why)[:500]
    line.applied_at, line.content = at, None
    line.save(update_fields=["applied_at", "content", "outcome", "item"])


def _assigned(line: WorkbookLine, *, by: Actor, at: datetime) -> ImplementationItem:
    """A new item, put before its organisation for claiming."""
    assert line.content is not None
    known = CatalogItem.objects.get(pk=line.content["basic_code"])
    org = Org.objects.select_related("region").get(code=line.content["dept_id"])
    return listing.assign(catalog_item=known, org=org, slug=slug_of(org, known), by=by, at=at)


@transaction.atomic
def save_imported(
    *, item: ImplementationItem, content: dict[str, Any], seen: str, reason: str, batch: str, by: Actor, at: datetime
) -> ItemVersion:
    """Bring one item to a draft with this content, by the moves of the procedure.

    Args:
        seen: `content_hash` of the version or draft the content was compared with; empty for none.
        batch: what the items changed together have in common, for the journal.

    Raises:
        Refused: changed meanwhile, or the sentence of the move that does not go.
    """
    manager = by if access.item_manager(by, item) else _manager_for(item, by)
    state = item.state
    note = f"{reason}（{by.post_label or by.name}）"[:300]
    if state == ItemState.TO_CLAIM:
        state = listing.claim(item=item.pk, by=manager, at=at).state
    if state == ItemState.CLAIMED:
        draft = compiling.draft(item=item.pk, by=manager, at=at)
    elif state in (ItemState.PUBLISHED, ItemState.SUSPENDED):
        current = item.version.content_hash if item.version else ""
        if seen and current != seen:
            raise Refused(MEANWHILE)
        draft = compiling.request_change(item=item.pk, reason=note, by=manager, at=at)
    else:
        draft = compiling.draft_of(item)
        if seen and draft.content_hash != seen:
            raise Refused(MEANWHILE)
    kept = compiling.save_draft(item=item.pk, content=content, seen=draft.content_hash, by=manager, at=at)
    journal.write(
        subject=item, move=IMPORTED, by=by, at=at, law=STANDARD, note=reason,
        facts={"batch": batch, "version": kept.number, "content_hash": kept.content_hash},
    )  # fmt: skip
    return kept


MEANWHILE = "核对以后这个事项又被改过，没有导入。请重新上传核对。"


def _manager_for(item: ImplementationItem, by: Actor) -> Actor:
    """The department's item manager, by the channel of the import; who confirmed stands beside in the journal."""
    return staff_actor(
        name="数据导入", role=Role.DEPT_ADMIN, role_label=Role.DEPT_ADMIN.label, org_id=item.org_id,
        org_name=item.org.name, region_code=item.region_id, channel="import",
    )  # fmt: skip
