"""交接单: what one place hands over to another, numbered by the place that received it."""

from datetime import datetime

from siban.kernel import papers
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.models import Paper
from siban.kernel.papers import PaperKind

from . import notices, rules_cross
from .models_cross import CrossRegion

HANDOVER = PaperKind(
    "cross", "跨域通办交接单", "交", notices.SHEET, rules_cross.LAW,
    {**notices.COMMON, "kind": "通办范围", "from": "收件单位", "pieces": "交接的材料", "handed_on": "交接日期"},
)  # fmt: skip


def cross(given: CrossRegion, *, by: Actor, at: datetime) -> Paper:
    """The list that goes with the case, drawn up at each push."""
    case = given.case
    pieces = [f"{m.name}（{m.get_source_display()}）" for m in case.papers_in if m.is_provided]
    pieces += [f"{m.name}（在线填写）" for m in case.form_materials()]
    return papers.issue(
        HANDOVER, subject=("cases.Case", str(case.pk)), issuer_code=given.from_org.code, issuer_word=given.from_org.short_name,
        issued_by=given.from_org.name, at=at,
        content={
            **notices.common(case), "law": rules_cross.LAW, "kind": given.kind, "from": given.from_org.name,
            "pieces": pieces or ["申请登记"], "handed_on": notices.words(local_day(at)),
        },
    )  # fmt: skip
