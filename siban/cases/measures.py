"""Figures of cases."""

from typing import Any

from django.db.models import F, Q, QuerySet

from siban.kernel.measures import Count, Ratio

from .flow import DONE
from .models import Case

SOURCE = "办件登记"


def all_cases() -> QuerySet[Any]:
    """Cases handed in; drafts are nobody's figure."""
    return Case.objects.filter(submitted_at__isnull=False)


RECEIVED = Count(
    slug="case_received_count", code="CASE-100", title="收件数", words="已提交的办件数", source=SOURCE,
    rows=all_cases, when="submitted_at",
)  # fmt: skip
CLOSED = Count(
    slug="case_closed_count", code="CASE-101", title="办结数", words="已送达并办结的办件数", source=SOURCE,
    rows=all_cases, out_of=Q(state__in=[str(s) for s in DONE]), when="submitted_at",
)  # fmt: skip
IN_TIME = Ratio(
    slug="case_in_time_ratio", code="CASE-102", title="承诺期限内办结率",
    words="在承诺期限内作出决定的办件 ÷ 已作出决定的办件", source="行政许可法第四十二条；一次告知、限时办结制度",
    rows=all_cases, out_of=Q(decided_at__isnull=False, promised_due_on__isnull=False),
    counts=Q(decided_at__date__lte=F("promised_due_on")), when="submitted_at",
)  # fmt: skip
AT_WINDOW = Count(
    slug="case_window_count", code="CASE-103", title="综窗办件数", words="综合窗口系统产生的办件数", source="鄂温克旗2023年整改通知（000）",
    rows=all_cases, out_of=Q(used_comprehensive_window=True), when="submitted_at",
)  # fmt: skip

CASE_TABLE = (RECEIVED, CLOSED, IN_TIME, AT_WINDOW)
