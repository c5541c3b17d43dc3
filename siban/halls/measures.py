"""Figures of the hall: extended hours, entry, authorisation."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from siban.cases.api import Mandate
from siban.catalog.api import ImplementationItem
from siban.kernel.clock import CHINA
from siban.kernel.measures import Count, Ratio

from .models import DelayedClaim, DepartmentEntry
from .scoping import CLAIMED, IN_SCOPE, SHOULD_ENTER

DELAYED = "鄂温克旗2023年整改通知（000）延时服务"
HALL = "乌审旗2023年实施方案（001）；东胜区2022年第一季度总结（003）"


def items() -> QuerySet[Any]:
    """Items the public sees."""
    return ImplementationItem.objects.published()


def listed() -> QuerySet[Any]:
    """Claims on the published list of extended hours."""
    return DelayedClaim.objects.filter(state="listed")


def entries() -> QuerySet[Any]:
    """Departments in the hall today, with whether a letter of authorisation is in force."""
    today = TruncDate(Now(), tzinfo=CHINA)
    letters = Mandate.objects.filter(org=OuterRef("org"), valid_from__lte=today, valid_to__gt=today, withdrawn_at=None)
    found: QuerySet[Any] = DepartmentEntry.objects.filter(left_on=None).annotate(is_authorised=Exists(letters))
    return found


CLAIMS = Count(
    slug="delayed_service_claim_count", code="DLY-100", title="延时服务事项认领数",
    words="各单位认领、已列入延时服务清单的事项数；没有认领的单位为 0", numerator="已列入清单的延时服务事项数", category="延时服务", source=DELAYED, rows=listed,
    level=("department", "county", "township"),
)  # fmt: skip
COVERAGE = Ratio(
    slug="delayed_service_scope_coverage", code="DLY-101", title="延时服务应纳尽纳率",
    words="已列入延时服务清单的应纳入事项 ÷ 应纳入事项（依申请办理的已发布事项，主动服务和批准豁免的除外）", numerator="已列入清单的应纳入事项数", denominator="应纳入延时服务的事项数", category="延时服务", source=DELAYED,
    rows=items, out_of=IN_SCOPE, counts=CLAIMED, level=("department", "township"),
)  # fmt: skip
ENTRY = Ratio(
    slug="hall_entry_rate", code="HALL-100", title="事项进驻率",
    words="已进驻政务服务大厅的应进驻事项 ÷ 应进驻事项（依申请办理的已发布事项，负面清单所列的除外）", numerator="已进驻的应进驻事项数", denominator="事项数 − 负面清单事项数", category="规范化", source=HALL, rows=items,
    out_of=SHOULD_ENTER, counts=Q(is_in_hall=True), level=("county", "department"),
)  # fmt: skip
ENTRY_003 = Ratio(
    slug="hall_entry_rate_003", code="HALL-103", title="进驻率（东胜口径）", words="已进驻事项 ÷ 应进驻事项", numerator="已进驻的应进驻事项数", denominator="应进驻事项数", category="三集中三到位", source=HALL,
    rows=items, out_of=SHOULD_ENTER, counts=Q(is_in_hall=True), level=("county",),
    note="授权率另列为 HALL-103A：签订授权书的进驻部门 ÷ 进驻部门",
)  # fmt: skip
AUTHORISED_003 = Ratio(
    slug="hall_authorisation_rate_003", code="HALL-103A", title="授权率（东胜口径）",
    words="有授权书在有效期内的进驻部门 ÷ 进驻部门", numerator="有授权书在有效期内的进驻部门数", denominator="进驻部门数", category="三集中三到位", source=HALL, rows=entries, counts=Q(is_authorised=True),
    level=("county",),
)  # fmt: skip
DELAYED_IN_HALL = Ratio(
    slug="delayed_service_hall_share", code="DLY-102", title="延时服务占进驻事项的比例",
    words="已列入延时服务清单的进驻事项 ÷ 进驻大厅的事项", numerator="已列入清单的进驻事项数", denominator="进驻大厅的事项数", category="延时服务", source="自治区2023年通知（三级中心周末延时服务，90% 以上）", rows=items,
    out_of=Q(is_applied_service=True, is_in_hall=True), counts=CLAIMED,
)  # fmt: skip
