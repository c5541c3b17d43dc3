"""What is done in a round: opened, claimed, reported or explained, reviewed; and the register of internal items."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction

from siban.catalog.api import ImplementationItem
from siban.identity.api import Org
from siban.kernel import files, journal, papers
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.codes import region
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from ..models import (
    InternalItem,
    InternalVersion,
    LiangyouReport,
    LiangyouRound,
    OptimisationClaim,
    Statement,
)
from . import rules
from .computing import compute
from .flow import REPORT_FLOW

RECEIPT = papers.PaperKind(
    "liangyou_statement", "“两优”情况说明收讫单", "两优说", "oversight/statement.typ", rules.LAW,
    {"unit": "报送单位", "round": "轮次", **rules.STATEMENT},
)  # fmt: skip


def _bureau(by: Actor) -> None:
    if not rules.bureau(by):
        raise Refused(f"您当前的岗位不能办理。{rules.bureau.__doc__}")


def _own(by: Actor, org_id: UUID) -> None:
    if not (rules.department(by) and by.org_id == org_id):
        raise Refused(f"只能办理本单位的。{rules.department.__doc__}")


@transaction.atomic
def open_round(
    *, name: str, begin_on: date, end_on: date, due_on: date, document: str, orgs: Collection[UUID], by: Actor,
    at: datetime,
) -> LiangyouRound:  # fmt: skip
    """Open a round: its two days, when it is due, which units report; it is the current one from now on."""
    _bureau(by)
    if end_on <= begin_on:
        raise Refused("截止日应当晚于起始日，请检查两个日期。")
    units = list(Org.objects.within(by.region_prefix).filter(pk__in=orgs))
    if not units:
        raise Refused("请至少选择一个需要报送的单位。")
    if LiangyouRound.objects.filter(region_id=by.region_code, name=name.strip()).exists():
        raise Refused(f"已经有“{name.strip()}”，请换一个名称。")
    LiangyouRound.objects.filter(region_id=by.region_code, is_current=True).update(is_current=False)
    made = LiangyouRound(
        region_id=by.region_code, name=name.strip(), begin_on=begin_on, end_on=end_on, due_on=due_on,
        document=document.strip(), is_current=True, created_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    journal.write(
        subject=made, move="open_round", by=by, at=at, law=rules.LAW, fresh=True,
        facts={"begin_on": begin_on, "end_on": end_on, "due_on": due_on, "units": len(units)},
    )  # fmt: skip
    for org in units:
        for scope in ("external", "internal"):
            report = LiangyouReport(
                round=made, org=org, region_id=org.region_id, scope=scope, due_on=due_on, created_at=at
            )
            REPORT_FLOW.begin(report, by=by, at=at, law=rules.LAW)
    compute(round_id=made.pk, by=by, at=at)
    made.refresh_from_db()
    return made


@transaction.atomic
def keep_internal(
    *, org_id: UUID, number: str, name: str, materials: Sequence[str], steps: Sequence[str], limit_value: int | None,
    limit_unit: str, effective_on: date, document: str, by: Actor, at: datetime,
) -> InternalVersion:  # fmt: skip
    """Enter an internal item, or the next version of one; a version that is there is never changed."""
    _own(by, org_id)
    if effective_on > local_day(at):
        raise Refused("执行日期不能晚于今天。版本开始执行以后再登记。")
    org = Org.objects.get(pk=org_id)
    item, fresh = InternalItem.objects.select_for_update().get_or_create(
        org=org, number=number.strip(),
        defaults={"region_id": org.region_id, "name": name.strip(), "created_at": at},
    )  # fmt: skip
    if item.ended_on:
        raise Refused(f"“{item.name}”已于 {item.ended_on} 取消，不能再登记新版本。")
    last = item.versions.order_by("-number").first()
    if item.versions.filter(effective_on=effective_on).exists():
        raise Refused(f"“{item.name}”在 {effective_on} 已经有一个版本。已登记的版本不能修改，请核对执行日期。")
    kept = [line.strip() for line in materials if line.strip()]
    if len({rules.folded(line) for line in kept}) != len(kept):
        raise Refused("材料里有重复的名称，请删去重复的一行。")
    version = InternalVersion(
        item=item, number=(last.number if last else 0) + 1, effective_on=effective_on, materials=kept,
        steps=[line.strip() for line in steps if line.strip()], limit_value=limit_value, limit_unit=limit_unit,
        document=document.strip(), created_at=at, created_by=by.name,
    )  # fmt: skip
    version.save(force_insert=True)
    if not fresh and item.name != name.strip():
        item.name = name.strip()
        item.save(update_fields=["name"])
    journal.write(
        subject=item, move="keep_internal", by=by, at=at, law=rules.LAW,
        facts={"version": version.number, "effective_on": effective_on},
    )  # fmt: skip
    follow(org.region_id, at=at, internals=[item.pk])
    return version


@transaction.atomic
def end_internal(*, item_id: UUID, ended_on: date, document: str, by: Actor, at: datetime) -> InternalItem:
    """An internal item is done away with, by a document."""
    item = InternalItem.objects.select_for_update().get(pk=item_id)
    _own(by, item.org_id)
    if item.ended_on:
        raise Refused("这个事项已经取消。")
    if ended_on > local_day(at):
        raise Refused("取消日期不能晚于今天。")
    item.ended_on, item.ended_by_document = ended_on, document.strip()
    item.save(update_fields=["ended_on", "ended_by_document"])
    journal.write(subject=item, move="end_internal", by=by, at=at, law=rules.LAW, facts={"ended_on": ended_on})
    follow(item.region_id, at=at, internals=[item.pk])
    return item


def follow(
    region_code: str, *, at: datetime, items: Collection[UUID] | None = None, internals: Collection[UUID] | None = None
) -> int:
    """What changed today is looked at again in every round above this region that is not over."""
    rounds = LiangyouRound.objects.filter(region_id__in=region.lineage(region_code), end_on__gte=local_day(at))
    for pk in list(rounds.order_by("pk").values_list("pk", flat=True)):
        compute(round_id=pk, by=SYSTEM, at=at, items=items, internals=internals)
    return len(rounds)


@transaction.atomic
def claim(
    *, round_id: UUID, kind: str, item_id: UUID | None = None, internal_id: UUID | None = None, before: int | None,
    after: int | None, document: str = "", note: str = "", by: Actor, at: datetime, org_id: UUID | None = None,
) -> OptimisationClaim:  # fmt: skip
    """A unit claims a result; claiming the same again puts the newer numbers in its place.

    Args:
        before, after: counts, or fifths of a natural day for `cut_time`; None for what was taken over or done away with.
        org_id: the unit, where the bureau enters the table a unit handed in.
    """
    org_id = org_id or by.org_id
    assert org_id is not None
    if not rules.bureau(by):
        _own(by, org_id)
    found = LiangyouRound.objects.get(pk=round_id)
    item: Any = None
    if item_id:
        item = ImplementationItem.objects.filter(pk=item_id, org_id=org_id).first()
    elif internal_id:
        item = InternalItem.objects.filter(pk=internal_id, org_id=org_id).first()
    if item is None:
        raise Refused("没有找到这个事项，或者它不属于本单位。请从列表里选择。")
    if kind in rules.CUTS and (before is None or after is None):
        raise Refused(f"“{rules.KINDS[kind]}”要填写优化前和优化后的数字。")
    if kind in rules.CUTS and before == after:
        raise Refused("优化前和优化后一样，不是优化成果。请核对数字（前后一致按虚报处理）。")
    key = {"round": found, "item_id": item_id, "internal_id": internal_id, "kind": kind, "withdrawn_at": None}
    said = {
        "org_id": org_id, "region_id": item.region_id, "scope": "external" if item_id else "internal",
        "before": before, "after": after, "document": document.strip(), "note": note.strip(), "claimed_at": at,
        "claimed_by": by.name,
    }  # fmt: skip
    made, _ = OptimisationClaim.objects.update_or_create(**key, defaults=said)
    journal.write(
        subject=made, move="claim_result", by=by, at=at, law=rules.LAW,
        facts={"kind": kind, "before": before, "after": after},
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_claim(*, claim_id: UUID, by: Actor, at: datetime) -> OptimisationClaim:
    """A unit takes a claim back."""
    made = OptimisationClaim.objects.select_for_update().get(pk=claim_id)
    _own(by, made.org_id)
    if made.withdrawn_at:
        raise Refused("这条填报已经撤回。")
    made.withdrawn_at = at
    made.save(update_fields=["withdrawn_at"])
    journal.write(subject=made, move="withdraw_claim", by=by, at=at, law=rules.LAW)
    return made


def submit_results(*, report_id: UUID, by: Actor, at: datetime) -> LiangyouReport:
    """Hand in what was claimed; a unit without a claim hands in a statement instead."""
    with REPORT_FLOW.step("submit_results", by=by, at=at, pk=report_id) as step:
        report: LiangyouReport = step.subject
        claims = OptimisationClaim.objects.filter(
            round_id=report.round_id, org_id=report.org_id, scope=report.scope, withdrawn_at=None
        ).count()
        if not claims:
            raise Refused("还没有填报成果。请先填报；确实没有优化成果的，请报送情况说明。")
        report.reported_on = report.reported_on or local_day(at)
        step.facts["claims"] = claims
    return report


def explain(
    *, report_id: UUID, reason: str, meeting_on: date | None, meeting_number: str, document_number: str,
    signed_by: str, signed_on: date | None, file: BinaryIO | None, file_name: str, by: Actor, at: datetime,
) -> Statement:  # fmt: skip
    """File the statement of a unit without results; every mandatory part must be there.

    Raises:
        Refused: naming each missing part; days that can't be; a file that is no PDF.
    """
    said = {
        "reason": reason.strip(), "meeting_on": meeting_on, "meeting_number": meeting_number.strip(),
        "document_number": document_number.strip(), "signed_by": signed_by.strip(), "signed_on": signed_on,
        "file": file,
    }  # fmt: skip
    if lacking := rules.missing(said):
        raise Refused(f"情况说明要件不齐，还缺：{'、'.join(lacking)}。补齐后再报送。")
    assert meeting_on is not None
    assert signed_on is not None
    assert file is not None
    if not meeting_on <= signed_on <= local_day(at):
        raise Refused("日期不对：先经党组会确认，再由主要领导签字，签字日期不能晚于今天。请检查。")
    with REPORT_FLOW.step("explain", by=by, at=at, pk=report_id) as step:
        report: LiangyouReport = step.subject
        kept = files.keep(
            file, name=file_name, at=at, owner_id=by.account_id, subject=("oversight.LiangyouReport", str(report.pk))
        )
        if kept.media_type != "application/pdf":
            raise Refused("情况说明应当是主要领导签字后扫描的 PDF 文件，请转换后再上传。")
        office = Org.objects.get(pk=report.org_id)
        paper = papers.issue(
            RECEIPT, subject=("oversight.LiangyouReport", str(report.pk)), issuer_code=report.round.region_id,
            issuer_word=report.round.region.name, issued_by=f"{report.round.region.name}政务服务管理机构", at=at,
            content={
                **said, "unit": office.name, "round": report.round.name, "file": kept.name,
                "scope": report.get_scope_display(), "meeting_on": meeting_on.isoformat(),
                "signed_on": signed_on.isoformat(),
            },
        )  # fmt: skip
        report.reported_on = report.reported_on or local_day(at)
        made = Statement.objects.create(
            id=uuid7(), report=report, number=paper.number, filed_at=at, filed_by=by.name, **{**said, "file": kept}
        )
        step.facts["number"] = paper.number
    return made


def return_report(*, report_id: UUID, reason: str, by: Actor, at: datetime) -> LiangyouReport:
    """Give a report back, saying what is to be mended."""
    if len(reason.strip()) < 4:
        raise Refused("请写明退回的原因（至少 4 个字）。")
    with REPORT_FLOW.step("return_report", by=by, at=at, note=reason.strip(), pk=report_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def qualify(*, report_id: UUID, by: Actor, at: datetime) -> LiangyouReport:
    """A report counts: its claims are borne out, or its statement is complete."""
    from .queries import unsupported

    with REPORT_FLOW.step("qualify", by=by, at=at, pk=report_id) as step:
        report: LiangyouReport = step.subject
        if report.state == "submitted":
            bad = unsupported(report.round_id).filter(org_id=report.org_id, scope=report.scope).count()
            if bad:
                raise Refused(f"有 {bad} 条成果版本不支持，不能审定。请退回单位核对，或者由单位撤回这些填报。")
    return report


__all__ = [
    "claim", "compute", "end_internal", "explain", "follow", "keep_internal", "open_round",
    "qualify", "return_report", "submit_results", "withdraw_claim",
]  # fmt: skip
