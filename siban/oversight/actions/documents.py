"""调度、通报和总结, step by step: drafted, drafted again, changed by people, locked, issued, withdrawn."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from siban.identity.api import Org
from siban.kernel import papers
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.oversight import access, rules_documents
from siban.oversight.documents import setting
from siban.oversight.documents.blocks import blocks_of, marked, numbers_of, spans_from
from siban.oversight.documents.kinds import KINDS
from siban.oversight.flow_documents import DOCUMENT_FLOW, LAW
from siban.oversight.models_documents import Document, DocumentEdit, DueDocument, quarter_of
from siban.oversight.models_supervision import Directive
from siban.oversight.queries import facts as gathered
from siban.oversight.queries import snapshots

from . import snapshots as recording

BULLETIN = papers.PaperKind(
    name="bulletin", title="通报", word="督", template="oversight/bulletin.typ", law=LAW,
    required={"blocks": "正文", "office": "发文单位"},
)  # fmt: skip
LOCK_DAY, LOCK_HOUR = rules_documents.MONTHLY_DAY, 17  # 每月 20 日前报送（002）
REGULAR = ("monthly_bulletin", "quarterly_report")  # owed whether or not a directive asks


def days_of(kind: str, day: date) -> tuple[date, date]:
    """First day of the period a document of a day speaks of, and the day it compares with."""
    if kind == "daily":
        return day, day - timedelta(days=1)
    if kind == "weekly":
        return day - timedelta(days=day.weekday()), day - timedelta(days=7)
    if kind == "monthly":
        before = (day.replace(day=1) - timedelta(days=1)).replace(day=min(day.day, 28))
        return day.replace(day=1), before
    first, _ = quarter_of(day)
    return first, first - timedelta(days=1)


def prepared(*, kind: str, day: date, org: Org, at: datetime, by_name: str = "系统") -> Document:
    """A document of a day as it would be drafted with the knowledge of `at`; not kept.

    Raises:
        Refused: the kind is unknown, the day lies ahead or holds no recorded figures.
    """
    if kind not in KINDS:
        raise Refused("没有这一种文件。请选择日调度、周通报、月通报或者季度工作总结。")
    if day > local_day(at):
        raise Refused(f"统计日 {day:%Y-%m-%d} 还没有到。请选择今天或者以前的日期。")
    if not snapshots.is_recorded(day, at):
        raise Refused(
            f"{day:%Y-%m-%d} 没有记录过指标数字，不能起草。请在“指标”里先记录当日数字，或者选择有记录的日期。"
        )
    starts, before = days_of(kind, day)
    facts = gathered.gather(kind, org=org, starts=starts, day=day, before=before, known_at=at)
    text = KINDS[kind][2](facts)
    return Document(
        kind=kind, title=text.title, region=org.region, org=org, starts=starts, day=day, before_day=facts.before_day,
        known_at=at, content=text.as_json(), drafted_by=by_name, drafted_at=at,
    )  # fmt: skip


@transaction.atomic
def draft(*, kind: str, day: date, org_id: UUID, by: Actor, at: datetime) -> Document:
    """Draw up a document of a day from what was recorded for it.

    Raises:
        Refused: as `prepared`, or such a document stands already, or it is not this actor's to write.
    """
    if not by.is_system and not access.writes_documents(by):
        raise Refused("调度、通报和总结由政务服务管理机构起草。")
    org = Org.objects.select_related("region").get(pk=org_id)
    made = prepared(kind=kind, day=day, org=org, at=at, by_name=by.name or "系统")
    try:
        with transaction.atomic():
            DOCUMENT_FLOW.begin(made, by=by, at=at, law=LAW)
    except IntegrityError:
        raise Refused(f"{day:%Y-%m-%d} 的{KINDS[kind][0]}已经有了。请打开那一份，或者作废以后再起草。") from None
    return made


@transaction.atomic
def redraft(*, pk: UUID, by: Actor, at: datetime) -> Document:
    """Draft again with the figures as known now. People's changes stay; those whose paragraph changed are pointed out."""
    with DOCUMENT_FLOW.step("redraft", by=by, at=at, pk=pk) as step:
        document: Document = step.subject
        old = {b.id: marked(b.spans, numbers_of(document.content)) for b in blocks_of(document.content)}
        facts = gathered.gather(
            document.kind, org=document.org, starts=document.starts, day=document.day,
            before=days_of(document.kind, document.day)[1], known_at=at,
        )  # fmt: skip
        text = KINDS[document.kind][2](facts).as_json()
        numbers = numbers_of(text)
        new = {b.id: marked(b.spans, numbers) for b in blocks_of(text)}
        for edit in document.edits.filter(undone_at=None):
            unchanged = old.get(edit.block) == new.get(edit.block) and _fits(edit, document, text)
            if not unchanged:
                edit.left_behind, edit.undone_at = True, at
                edit.save(update_fields=["left_behind", "undone_at"])
        document.content, document.known_at, document.before_day = text, at, facts.before_day
    return document


def _fits(edit: DocumentEdit, document: Document, text: dict[str, object]) -> bool:
    """Whether the numbers a change leans on are the same ones in the new draft."""
    old, new = numbers_of(document.content), numbers_of(text)
    return all(n < len(new) and new[n] == old[n] for n in edit.spans if isinstance(n, int))


@transaction.atomic
def edit(*, pk: UUID, block: str, text: str, by: Actor, at: datetime) -> DocumentEdit:
    """Change the words of one paragraph; numbers keep their marks and can't be changed by hand.

    Raises:
        Refused: no such paragraph, an empty text, a mark that doesn't fit its number.
    """
    with DOCUMENT_FLOW.step("edit", by=by, at=at, note=block, pk=pk) as step:
        document: Document = step.subject
        found = next((b for b in document.blocks() if b.id == block), None)
        if found is None or found.kind == "table":
            raise Refused("没有这一段，或者它是表格。表格里的数字取自快照，不能手改。")
        if not text.strip():
            raise Refused("文字不能为空。不需要这一段时，请写“（此段略）”。")
        if len(text) > 5000:
            raise Refused(f"这一段有 {len(text)} 字，超过 5000 字。请分开写。")
        numbers = document.numbers()
        try:
            spans = spans_from(text, numbers)
        except ValueError as error:
            raise Refused(str(error)) from None
        before = marked(found.spans, numbers)
        if marked(spans, numbers) == before:
            raise Refused("文字没有变化。")
        document.edits.filter(block=block, undone_at=None).update(undone_at=at)
        made = DocumentEdit.objects.create(
            document=document, block=block, before=before, spans=spans, by_name=by.name, at=at
        )
        step.facts["after"] = {"block": block, "before": before, "text": marked(spans, numbers)}
    return made


@transaction.atomic
def undo_edit(*, pk: UUID, block: str, by: Actor, at: datetime) -> None:
    """Put a paragraph back as it was drafted."""
    with DOCUMENT_FLOW.step("edit", by=by, at=at, note=f"{block} 恢复原文", pk=pk) as step:
        if not step.subject.edits.filter(block=block, undone_at=None).update(undone_at=at):
            raise Refused("这一段没有修改过。")


@transaction.atomic
def lock(*, pk: UUID, by: Actor, at: datetime) -> Document:
    """Fix the figures: from now on only words change."""
    with DOCUMENT_FLOW.step("lock", by=by, at=at, pk=pk) as step:
        step.subject.locked_at = at
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def explain(*, pk: UUID, text: str, by: Actor, at: datetime) -> None:
    """勾稽说明: why figures that do not add up are right all the same; printed with the document."""
    with DOCUMENT_FLOW.step("edit", by=by, at=at, note="勾稽说明", pk=pk) as step:
        if len(text) > 500:
            raise Refused("勾稽说明不超过 500 字。")
        step.subject.explanation = text.strip()


@transaction.atomic
def issue(*, pk: UUID, by: Actor, at: datetime) -> Document:
    """Issue: the next number of the year, the words as they read now, kept for good."""
    with DOCUMENT_FLOW.step("issue", by=by, at=at, pk=pk) as step:
        document: Document = step.subject
        document.issued_at = at
        document.paper = papers.issue(
            BULLETIN, subject=("oversight.Document", str(document.pk)), issuer_code=document.org.code,
            issuer_word=document.org.short_name, issued_by=document.org.name, title=document.title,
            content=setting.content_of(document), at=at,
        )  # fmt: skip
    DueDocument.objects.filter(
        kind=document.kind, org=document.org, starts__lte=document.day, due_on__gte=document.day, document=None
    ).update(document=document, done_on=local_day(at))
    return document


@transaction.atomic
def withdraw(*, pk: UUID, why: str, by: Actor, at: datetime) -> None:
    """作废 with a reason; the day is free for another."""
    if not why.strip():
        raise Refused("请写明为什么作废。")
    with DOCUMENT_FLOW.step("withdraw", by=by, at=at, note=why.strip()[:200], pk=pk):
        pass


@transaction.atomic
def lock_monthly(at: datetime) -> list[Document]:
    """The monthly bulletin of each bureau with the figures of this day, locked. Done twice it stands once."""
    day, made = local_day(at), []
    standing = (
        Document.objects.exclude(state="withdrawn").filter(kind="monthly", day=day).values_list("region_id", flat=True)
    )
    for org in gathered.bureaus(day):
        if org.region_id in standing:
            continue
        if not made:
            recording.take(day=day, by=SYSTEM, at=at, reason="每月锁数")
        document = draft(kind="monthly", day=day, org_id=org.pk, by=SYSTEM, at=at)
        made.append(lock(pk=document.pk, by=SYSTEM, at=at))
    return made


@transaction.atomic
def expect(*, day: date) -> int:
    """Enter what is owed on a day: by the directives in force, and every month and quarter. Done twice it stands once."""
    made = 0
    for org in gathered.bureaus(day):
        asked: dict[str, str] = dict.fromkeys(REGULAR, "每月通报、每季总结")
        for directive in Directive.objects.filter(org=org, state="issued", dated__lte=day).order_by("dated", "id"):
            asked |= dict.fromkeys(directive.cadence, f"{directive.title}（{directive.number}）")
        for due in rules_documents.owed_on(day, asked, calendar_for(org.region_id).is_workday):
            words = next(w for c, w in asked.items() if rules_documents.ASKS.get(c) == due.kind)
            _, new = DueDocument.objects.get_or_create(
                kind=due.kind, org=org, due_on=due.due_on,
                defaults={"region_id": org.region_id, "starts": due.starts, "asked_by": words[:200]},
            )  # fmt: skip
            made += new
    return made
