"""报送: what is asked of units, what they hand in, what is sent back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.identity.api import Org
from siban.kernel import files, journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.codes import region
from siban.kernel.flow import Refused
from siban.kernel.together import insert_together

from .. import access_supervision as access
from ..flow_collections import COLLECTION_FLOW, RULE, SUBMISSION_FLOW, CollectionState
from ..models import Collection, Submission
from ..rules_collections import Field, faulty_fields, fields_of, value
from ..workbooks_collections import WrongRows, rows
from . import notifying
from .numbering import numbers
from .tasking import said


@dataclass(frozen=True, slots=True)
class CollectionDraft:
    """The page on which a collection is written."""

    title: str = ""
    words: str = ""
    kind: str = "form"
    purpose: str = "general"
    due_on: date | None = None
    takes_nil: bool = True
    is_monthly: bool = False
    fields: tuple[Field, ...] = ()
    units: tuple[UUID, ...] = ()


def begin(*, by: Actor, at: datetime, directive_id: UUID | None = None) -> Collection:
    """Start a draft."""
    if not access.may_direct(by) or by.org_id is None:
        raise Refused(f"您当前的岗位不能提出报送要求。{access.may_direct.__doc__}")
    made = Collection(
        region_id=by.region_code, org_id=by.org_id, directive_id=directive_id, created_at=at, created_by_name=by.name
    )
    COLLECTION_FLOW.begin(made, by=by, at=at, law=RULE)
    return made


@transaction.atomic
def save(*, collection_id: UUID, draft: CollectionDraft, by: Actor, at: datetime) -> Collection:
    """Keep the draft as it stands."""
    row = Collection.objects.select_for_update(of=("self",)).get(pk=collection_id)
    if not access.directs(by, row):
        raise Refused(f"您当前的岗位不能修改这份报送要求。{access.directs.__doc__}")
    if row.state != CollectionState.DRAFT:
        raise Refused(f"这份报送要求{row.get_state_display()}，不能再修改。要改的话，请撤回后重新下达。")
    before = journal.picture(row)
    row.title, row.words, row.kind, row.purpose = draft.title, draft.words, draft.kind, draft.purpose
    row.due_on, row.takes_nil, row.is_monthly = draft.due_on, draft.takes_nil, draft.is_monthly
    row.fields = [f.as_json() for f in draft.fields]
    row.save()
    known = Org.objects.within(region.prefix(row.region_id)).filter(pk__in=draft.units, is_active=True)
    row.units.set(known)
    journal.write(
        subject=row, move="save", source="draft", target="draft", law=RULE, by=by, at=at,
        changes=journal.changes(before, journal.picture(row)), facts={"units": len(draft.units)},
    )  # fmt: skip
    return row


def faults_of(row: Collection, *, today: date) -> list[str]:
    """What stands in the way of sending it out."""
    faults = [] if row.title else ["还没有填写名称，请补上。"]
    if row.due_on is None:
        faults.append("还没有填写报送期限，请补上。")
    elif row.due_on < today:
        faults.append(f"报送期限 {row.due_on} 已经过去，请改成今天或者以后的日子。")
    faults += faulty_fields(fields_of(row.fields), is_workbook=row.kind == Collection.Kind.WORKBOOK)
    if not row.units.exists():
        faults.append("还没有选择报送单位，请至少选一个。")
    return faults


@transaction.atomic
def send_out(*, collection_id: UUID, by: Actor, at: datetime) -> Collection:
    """Every unit gets its return to fill in and is told once. Raises Refused naming everything that is missing."""
    with COLLECTION_FLOW.step("open", by=by, at=at, pk=collection_id) as step:
        row: Collection = step.subject
        if faults := faults_of(row, today=local_day(at)):
            raise Refused("还不能下达：" + "".join(faults))
        assert row.due_on is not None
        row.opened_at = at
        if row.is_monthly:
            row.series, row.month = row.series or row.pk, f"{row.due_on:%Y-%m}"
        units = list(row.units.order_by("order", "code"))
        made = [Submission(collection=row, org=unit, region_id=unit.region_id, due_on=row.due_on) for unit in units]
        entries = [e for s in made for e in SUBMISSION_FLOW.walk(s, by=by, at=at, law=RULE).rows]
        insert_together([(Submission, made)], journal=entries)
        step.facts["units"] = len(units)
    notifying.asked(row, [u.pk for u in units], by=by, at=at)
    return row


def postpone(*, collection_id: UUID, until: date, reason: str, by: Actor, at: datetime) -> Collection:
    """Another day for everybody who has not reported yet."""
    with COLLECTION_FLOW.step(
        "postpone", by=by, at=at, note=f"{until}：{said(reason, '调整的理由')}", pk=collection_id
    ) as step:
        row: Collection = step.subject
        if until < local_day(at):
            raise Refused(f"新的期限 {until} 已经过去，请改成今天或者以后的日子。")
        row.due_on = until
        row.submissions.filter(first_submitted_at=None).update(due_on=until, reminded=None)
    return row


@transaction.atomic
def urge(*, collection_id: UUID, by: Actor, at: datetime) -> int:
    """Remind everybody who has not reported. Returns how many units."""
    with COLLECTION_FLOW.step("urge", by=by, at=at, pk=collection_id) as step:
        row: Collection = step.subject
        owing = list(row.submissions.owed().order_by("id"))
        step.note = f"{len(owing)} 个单位"
    for s in owing:
        notifying.returned(s, f"urged:{step.entry.pk}", "请尽快报送", f"“{row.title}”的期限是 {s.due_on}，还没有收到本单位的报送。", notifying.heads(s.org_id), by=by, at=at)  # fmt: skip
    return len(owing)


def close(*, collection_id: UUID, by: Actor, at: datetime) -> Collection:
    """No more returns are taken."""
    with COLLECTION_FLOW.step("close", by=by, at=at, pk=collection_id) as step:
        step.subject.closed_at = at
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def withdraw(*, collection_id: UUID, reason: str, by: Actor, at: datetime) -> Collection:
    """Take it back; what was not handed in is no longer asked for."""
    reason = said(reason, "撤回的理由")
    with COLLECTION_FLOW.step("withdraw", by=by, at=at, note=reason, pk=collection_id) as step:
        row: Collection = step.subject
        row.closed_at = at
        for pk in row.submissions.owed().order_by("id").values_list("pk", flat=True):
            with SUBMISSION_FLOW.step("cancel", by=by, at=at, note=reason, pk=pk):
                pass
    return row


def stop_repeating(*, collection_id: UUID, by: Actor, at: datetime) -> Collection:
    """It is not asked for again next month."""
    with COLLECTION_FLOW.step("stop_repeating", by=by, at=at, pk=collection_id) as step:
        step.subject.is_monthly = False
    return step.subject  # type: ignore[no-any-return]


class Faulty(Refused):
    """What was entered can't be taken; `faults` are {key: sentence}, or sentences of a workbook under ''."""

    def __init__(self, faults: Mapping[str, str], sentences: Sequence[str] = ()) -> None:
        self.faults, self.sentences = dict(faults), tuple(sentences) or tuple(faults.values())
        super().__init__("".join(self.sentences))


@transaction.atomic
def report(
    *, submission_id: UUID, entered: Mapping[str, Any], uploads: Mapping[str, Any], words: str = "", partial: bool = False,
    by: Actor, at: datetime,
) -> Submission:  # fmt: skip
    """Hand in a form, whole or a part of it; a file handed in before stays unless a new one comes.

    Raises:
        Faulty: naming each box; nothing is written then.
    """
    with SUBMISSION_FLOW.step(
        "save_part" if partial else "submit", by=by, at=at, note=words.strip()[:500], pk=submission_id
    ) as step:
        row: Submission = step.subject
        before = row.rows[0] if row.rows else {}
        made: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for f in fields_of(row.collection.fields):
            if f.kind == "file":
                made[f.key], why = _file(f, before.get(f.key), uploads.get(f.key), row, by=by, at=at, partial=partial)
            else:
                made[f.key], why = value(f, entered.get(f.key))
                if partial and made[f.key] == "" and not str(entered.get(f.key) or "").strip():
                    why = ""
            if why:
                faults[f.key] = why
        if faults:
            raise Faulty(faults)
        row.rows = [made]
        _handed_in(row, step, words=words, nil=False, partial=partial, by=by, at=at)
    if not partial:
        _tell_bureau(row, step, by=by, at=at)
    return row


def _file(
    f: Field, before: Any, upload: Any, row: Submission, *, by: Actor, at: datetime, partial: bool
) -> tuple[Any, str]:
    if upload is None:
        return (before, "") if before else ("", "" if partial or not f.required else f"“{f.name}”还没有上传文件。")
    try:
        kept = files.keep(
            upload.file, name=upload.name, at=at, owner_id=by.id, subject=("oversight.Submission", str(row.pk))
        )
    except files.FileRefused as why:
        return "", f"“{f.name}”：{why}"
    return {"file": str(kept.pk), "name": kept.name}, ""


@transaction.atomic
def report_workbook(*, submission_id: UUID, upload: Any, words: str = "", partial: bool = False, by: Actor, at: datetime) -> Submission:  # fmt: skip
    """Hand in a workbook; rows handed in before are replaced. Raises Faulty with every wrong row, FileRefused."""
    with SUBMISSION_FLOW.step(
        "save_part" if partial else "submit", by=by, at=at, note=words.strip()[:500], pk=submission_id
    ) as step:
        row: Submission = step.subject
        if upload is None and row.rows and not partial:
            pass  # what was handed in as a part is now declared complete
        elif upload is None:
            raise Faulty({"": "还没有选择电子表格。请用下载的模板填写后上传。"})
        else:
            kept = files.keep(
                upload.file, name=upload.name, at=at, owner_id=by.id, subject=("oversight.Submission", str(row.pk))
            )
            try:
                with files.open_file(kept) as stream:
                    row.rows = rows(stream, fields_of(row.collection.fields))
            except WrongRows as why:
                raise Faulty({}, why.faults) from why
            step.facts["sha256"] = kept.sha256
        step.facts["rows"] = len(row.rows)
        _handed_in(row, step, words=words, nil=False, partial=partial, by=by, at=at)
    if not partial:
        _tell_bureau(row, step, by=by, at=at)
    return row


def report_nil(*, submission_id: UUID, words: str, by: Actor, at: datetime) -> Submission:
    """零报送: there is nothing to report, and somebody says so."""
    with SUBMISSION_FLOW.step("submit_nil", by=by, at=at, note=words.strip()[:500], pk=submission_id) as step:
        row: Submission = step.subject
        row.rows = []
        _handed_in(row, step, words=words, nil=True, partial=False, by=by, at=at)
    _tell_bureau(row, step, by=by, at=at)
    return row


def _handed_in(row: Submission, step: Any, *, words: str, nil: bool, partial: bool, by: Actor, at: datetime) -> None:
    """Who, when, in time or late, and the receipt."""
    row.words, row.is_nil = words.strip()[:500], nil
    if partial:
        return
    corrected = row.first_submitted_at is not None
    row.submitted_at, row.submitted_by_id, row.submitted_by_name = at, by.id, by.name
    row.receipt = row.receipt or numbers("HZ", "oversight_receipt_seq", 1, at=at)[0]
    if corrected:
        row.corrections += 1
    else:
        row.first_submitted_at, row.on_time = at, local_day(at) <= row.due_on
    row.back_reason = ""
    step.facts |= {"receipt": row.receipt, "on_time": row.on_time, "nil": nil}


def _tell_bureau(row: Submission, step: Any, *, by: Actor, at: datetime) -> None:
    notifying.returned(
        row, f"handed-in:{step.entry.pk}", "收到报送", f"{row.org.short_name}已经报送“{row.collection.title}”，回执 {row.receipt}。",
        notifying.bureau(row.collection.org_id), by=by, at=at,
    )  # fmt: skip


def accept(*, submission_id: UUID, by: Actor, at: datetime) -> Submission:
    """Looked through and kept."""
    with SUBMISSION_FLOW.step("accept", by=by, at=at, pk=submission_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def send_back(*, submission_id: UUID, reason: str, by: Actor, at: datetime) -> Submission:
    """To be corrected, with what is wrong."""
    reason = said(reason, "退回的理由")
    with SUBMISSION_FLOW.step("send_back", by=by, at=at, note=reason, pk=submission_id) as step:
        row: Submission = step.subject
        row.back_reason = reason[:500]
    notifying.returned(row, f"back:{step.entry.pk}", "报送被退回更正", f"“{row.collection.title}”被退回：{reason}。请更正后重新报送。", notifying.heads(row.org_id), by=by, at=at)  # fmt: skip
    return row
