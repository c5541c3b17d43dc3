"""公文: drafted from snapshots, locked, issued. Diagram: docs/flows/documents.md (generated)."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor
from siban.kernel.flow import STAYS, Machine, Move

from . import access

LAW = "鄂温克旗2023年整改通知（000）日调度、周通报；锡林郭勒盟2021年方案（002）每月20日前报送"


class DocumentState(TextChoices):
    DRAFTED = "drafted", "草稿"
    LOCKED = "locked", "数字已锁定"
    ISSUED = "issued", "已印发"
    WITHDRAWN = "withdrawn", "已作废"


D = DocumentState


def writer(actor: Actor, document: Any) -> bool:
    """由本地区政务服务管理机构的人员起草、修改和印发。"""
    return access.writes_documents(actor) and str(document.region_id).startswith(actor.region_prefix)


def writer_or_system(actor: Actor, document: Any) -> bool:
    """由本地区政务服务管理机构的人员办理，到锁数日由系统办理。"""
    return actor.is_system or writer(actor, document)


def not_issuable(document: Any, at: datetime) -> str | None:
    """What does not fit together is explained before the document leaves the house."""
    if document.mismatches() and not document.explanation.strip():
        return "数字之间有勾稽不符的地方。请逐条核对，并在“勾稽说明”里写明原因，再印发。"
    return None


DOCUMENT_FLOW = Machine(
    name="documents",
    title="调度、通报和总结",
    model="oversight.Document",
    states=DocumentState,
    start=D.DRAFTED,
    ends={D.ISSUED, D.WITHDRAWN},
    owners={D.DRAFTED: "政务服务管理机构", D.LOCKED: "政务服务管理机构"},
    moves=(
        Move("redraft", "按最新数据重新起草", (D.DRAFTED,), STAYS, writer, LAW),
        Move("edit", "修改文字", (D.DRAFTED, D.LOCKED), STAYS, writer, LAW),
        Move("lock", "锁定数字", (D.DRAFTED,), D.LOCKED, writer_or_system, LAW),
        Move("issue", "印发", (D.LOCKED,), D.ISSUED, writer, LAW, needs=(not_issuable,), paper="bulletin"),
        Move("withdraw", "作废", (D.DRAFTED, D.LOCKED), D.WITHDRAWN, writer, LAW),
    ),
)
