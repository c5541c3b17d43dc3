"""Figures of the hotline. A duplicate counts once, with its main order; what is hung counts for no clock; open and overdue counts as late."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from siban.kernel.measures import Count, Ratio

from . import measures_knowledge  # noqa: F401  declares its figure
from .models import Order, Suspension, Termination

S000 = "鄂温克旗2023年整改通知（000）"
S003 = "东胜区2022年第一季度工作总结（003）"
W7 = "接诉即办流程（国办发〔2020〕53号）"
EVERYONE = ("department", "township", "undertaker", "county")
HOT = "接诉即办"
SOLVABLE = ("help", "complaint", "report", "suggestion")


def orders() -> QuerySet[Any]:
    """Every demand once."""
    return Order.objects.counted().annotate(now=Now())


def orders_in_ledgers() -> QuerySet[Any]:
    """Every demand once, with whether it was ever hung, and whether its end was ever asked for."""
    hung = Suspension.objects.filter(order=OuterRef("pk"), is_granted=True)
    ended = Termination.objects.filter(order=OuterRef("pk"))
    return Order.objects.counted().annotate(is_hung=Exists(hung), is_ending=Exists(ended))


SENT = Q(lead__isnull=False, dispatched_at__isnull=False)
HANGS = Q(state__in=("suspended", "withdrawn"))
IN_TIME = Q(handled_at__lte=F("due_at"), was_late=False)
ON_TIME = Ratio(
    slug="hotline_on_time_close_rate", code="HOT-100", title="12345 工单按时办结率", category=HOT, source=S000, unit="工单",
    words="在办理时限（含批准的延期）内办结的工单 ÷ 时限已到的派发工单。办结以答复为准；时限已到还没有办结的算没有按时；挂单、撤回的剔除；重办以前逾期过的算没有按时",
    numerator="时限内办结的工单数", denominator="时限已到且没有挂单的派发工单数", rows=orders, when="due_at", org="lead_id", level=EVERYONE,
    out_of=SENT & Q(due_at__lte=F("now")) & ~HANGS, counts=IN_TIME, variant="没有办结的逾期工单计入分母",
)  # fmt: skip
ON_TIME_CLOSED = Ratio(
    slug="hotline_on_time_close_rate_closed_only", code="HOT-100.1", title="12345 工单按时办结率（只算已办结）", category=HOT, source=S000,
    unit="工单", words="在办理时限内办结的工单 ÷ 已办结的派发工单。没有办结的逾期工单不在分母里，会掩盖积压，只供与外部口径对照",
    numerator="时限内办结的工单数", denominator="已办结的派发工单数", rows=orders, when="due_at", org="lead_id", level=EVERYONE,
    out_of=SENT & Q(due_at__isnull=False, handled_at__isnull=False) & ~HANGS, counts=IN_TIME,
    variant_of="hotline_on_time_close_rate", variant="只算已办结",
)  # fmt: skip
SATISFACTION = Ratio(
    slug="hotline_satisfaction_rate", code="HOT-101", title="12345 工单满意率", category=HOT, source=S000, unit="工单",
    words="回访中满意的工单 ÷ 有效回访的工单；没有接通的不算有效回访", numerator="回访满意的工单数", denominator="有效回访工单数", rows=orders,
    when="received_at", org="lead_id", level=EVERYONE, out_of=SENT & Q(is_satisfied__isnull=False), counts=Q(is_satisfied=True),
)  # fmt: skip
RESOLUTION = Ratio(
    slug="hotline_resolution_rate", code="HOT-102", title="12345 工单解决率", category=HOT, source=S000, unit="工单",
    words="回访中认可已解决的工单 ÷ 有效回访的求助、投诉、举报、建议工单", numerator="回访认可已解决的工单数",
    denominator="有效回访的求助、投诉、举报、建议工单数", rows=orders, when="received_at", org="lead_id", level=EVERYONE,
    out_of=SENT & Q(is_solved__isnull=False, nature__in=SOLVABLE), counts=Q(is_solved=True),
)  # fmt: skip
RESPONSE = Ratio(
    slug="hotline_response_rate", code="HOT-110", title="12345 工单响应率", category=HOT, source=S000, unit="工单",
    words="规定时间内与诉求人联系的工单 ÷ 派发的工单（另一种三率口径用）；时间没到、还没有联系的不算在内", numerator="规定时间内响应的工单数",
    denominator="派发的工单数", rows=orders, when="received_at", org="lead_id", level=EVERYONE,
    out_of=SENT & Q(contact_by__isnull=False) & (Q(contact_by__lte=F("now")) | Q(contacted_at__isnull=False)),
    counts=Q(contacted_at__lte=F("contact_by")),
)  # fmt: skip
OVERDUE_OPEN = Count(
    slug="overdue_open_orders", code="HOT-104", title="逾期未办结工单数", category=HOT, source=S000, unit="工单",
    words="已过办理时限仍未办结的工单数；挂单剔除", numerator="逾期未办结的工单数", rows=orders, org="lead_id",
    level=("undertaker", "department", "township"),
    out_of=Q(lead__isnull=False, closed_at=None, handled_at=None, due_at__lt=F("now")) & ~HANGS,
)  # fmt: skip
INSTANT = Ratio(
    slug="daily_complaint_instant_rate", code="HOT-106", title="日常性投诉接诉即办率", category=HOT, source=S003, unit="工单",
    words="派单后在规定时间内联系诉求人并着手办理的日常性投诉 ÷ 派发的日常性投诉。日常性投诉是长期改进类、不合理诉求以外的投诉", numerator="接诉即办的日常性投诉数",
    denominator="日常性投诉数", rows=orders, when="received_at", org="lead_id", level=("county", "undertaker"),
    out_of=SENT & Q(nature="complaint", is_long_term=False, is_unreasonable=False, contact_by__isnull=False)
    & (Q(contact_by__lte=F("now")) | Q(contacted_at__isnull=False)),
    counts=Q(contacted_at__lte=F("contact_by")),
)  # fmt: skip
HUNG = Ratio(
    slug="long_term_suspend_rate", code="HOT-107", title="需长期改进解决类投诉挂单率", category=HOT, source=S003, unit="工单",
    words="登记进挂单台账的长期改进类诉求 ÷ 长期改进类诉求", numerator="已挂单的长期改进类投诉数", denominator="长期改进类投诉数",
    rows=orders_in_ledgers, when="received_at", org="lead_id", level=("county", "undertaker"),
    out_of=SENT & Q(is_long_term=True), counts=Q(is_hung=True),
)  # fmt: skip
ENDED = Ratio(
    slug="unreasonable_terminate_rate", code="HOT-108", title="不合理诉求终结率", category=HOT, source=S003, unit="工单",
    words="走申请终结程序的不合理诉求 ÷ 认定为不合理的诉求", numerator="已申请终结的不合理诉求数", denominator="不合理诉求数",
    rows=orders_in_ledgers, when="received_at", org="lead_id", level=("county", "undertaker"),
    out_of=SENT & Q(is_unreasonable=True), counts=Q(is_ending=True),
)  # fmt: skip
VOLUME = Count(
    slug="hotline_volume_003", code="HOT-109", title="热线工单量（实绩）", category=HOT, source=S003, unit="工单",
    words="受理的工单数；并单的算一件。“增长百分之几”和“是原来的几倍”分开写", numerator="受理的工单数", rows=orders, when="received_at",
    org="lead_id", level=("county",), out_of=~Q(state="received"),
)  # fmt: skip
