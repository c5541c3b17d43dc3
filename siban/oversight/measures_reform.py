"""Figures of reform: 两优 and its reports."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from siban.kernel.clock import CHINA
from siban.kernel.measures import Count, Ratio

from .models import DisclosureColumn, DisclosureUpdate, LiangyouReport, OptimisationRecord

SOURCE = "鄂温克旗2023年整改通知（000）两优专项行动"
CUT = Q(cut_material=True) | Q(cut_step=True) | Q(cut_time=True)


def records() -> QuerySet[Any]:
    """Computed rows of the current round, of items that are still there."""
    return OptimisationRecord.objects.filter(round__is_current=True).exclude(standing="gone")


def reports() -> QuerySet[Any]:
    """What is owed in the current round."""
    return LiangyouReport.objects.filter(round__is_current=True)


OPTIMISED = Ratio(
    slug="liangyou_external_optimised_ratio", code="OPT-101", title="“两优”外部权力事项优化比例",
    words="当前一轮里，按起止两天执行的版本比较，材料、环节、时限任一减少的外部权力事项 ÷ 外部权力事项", source=SOURCE,
    numerator="已减材料、减环节或者减时限的外部权力事项数（去重）", denominator="外部权力事项数", category="两优",
    rows=records, out_of=Q(scope="external", is_power=True), counts=CUT,
)  # fmt: skip
OPTIMISED_ALL = Ratio(
    slug="liangyou_external_optimised_ratio_services", code="OPT-102", title="“两优”优化比例（含依申请公共服务）",
    words="同上，分母、分子都加上依申请的公共服务事项", source=SOURCE, category="两优", rows=records, out_of=Q(scope="external"), counts=CUT,
)  # fmt: skip
OPTIMISED_INTERNAL = Ratio(
    slug="liangyou_internal_optimised_ratio", code="OPT-103", title="“两优”内部管理事项优化比例",
    words="材料、环节、时限任一减少的内部管理事项 ÷ 登记的内部管理事项", source=SOURCE, category="两优", rows=records,
    out_of=Q(scope="internal"), counts=CUT,
)  # fmt: skip
REPORTED = Ratio(
    slug="liangyou_report_rate", code="OPT-104", title="“两优”统计表报送率（外部）",
    words="在期限内报送外部权力事项统计表或者情况说明的单位 ÷ 需要报送的单位", source=SOURCE,
    numerator="按期报送的单位数", denominator="需要报送的单位数", unit="报送", category="两优", rows=reports,
    out_of=Q(scope="external"), counts=Q(reported_on__lte=F("due_on")), level=("department", "county"),
)  # fmt: skip
REPORTED_INTERNAL = Ratio(
    slug="liangyou_report_rate_internal", code="OPT-105", title="“两优”统计表报送率（内部）",
    words="在期限内报送内部管理事项统计表或者情况说明的单位 ÷ 需要报送的单位", source=SOURCE,
    numerator="按期报送的单位数", denominator="需要报送的单位数", unit="报送", category="两优", rows=reports,
    out_of=Q(scope="internal"), counts=Q(reported_on__lte=F("due_on")), level=("department", "county"),
)  # fmt: skip

DISCLOSURE = "东胜区2022年第一季度工作总结（003）政务公开"


def published() -> QuerySet[Any]:
    """Everything recorded as published."""
    return DisclosureUpdate.objects.all()


def catalogue() -> QuerySet[Any]:
    """Columns that are kept."""
    return DisclosureColumn.objects.filter(ended_on=None)


PUBLISHED = Count(
    slug="info_disclosure_003", code="DOC-101", title="政府网站信息发布条数",
    words="在期间内发布、登记在公开栏目下的信息条数", source=DISCLOSURE, numerator="发布的信息条数", category="政务公开", rows=published, when="published_on",
    level=("county", "department"), note="公文类和法定主动公开、动态信息分别计数，合计与分项不一致的只提示",
)  # fmt: skip
PUBLISHED_OFFICIAL = Count(
    slug="info_disclosure_003_official", code="DOC-101O", title="其中：公文类", words="其中公文类栏目下的条数",
    source=DISCLOSURE, rows=published, out_of=Q(column__kind="official"), when="published_on",
    level=("county", "department"),
)  # fmt: skip
PUBLISHED_STATUTORY = Count(
    slug="info_disclosure_003_statutory", code="DOC-101S", title="其中：法定主动公开和动态信息",
    words="其中法定主动公开和动态信息栏目下的条数", source=DISCLOSURE, rows=published, out_of=Q(column__kind="statutory"),
    when="published_on", level=("county", "department"),
)  # fmt: skip
COLUMNS_OVERDUE = Count(
    slug="disclosure_column_overdue_count", code="DOC-102", title="超过更新周期的公开栏目",
    words="最近一次更新加上更新周期已经过去的栏目数", source=DISCLOSURE, rows=catalogue,
    out_of=Q(due_on__lt=TruncDate(Now(), tzinfo=CHINA)), level=("county", "department"),
)  # fmt: skip
