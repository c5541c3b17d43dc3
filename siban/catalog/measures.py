"""Figures of the item library: the columns of 《一网通办指标统计表》 (W2, 附件1)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now, TruncDate

from siban.kernel.clock import CHINA
from siban.kernel.measures import Count, Ratio, Total

from .models import ImplementationItem

SOURCE = "鄂温克旗2023年整改通知（000）附件1"
APPLIED = Q(is_applied_service=True)


def published_items() -> QuerySet[Any]:
    """Items the public sees: the population of every column."""
    return ImplementationItem.objects.published()


ITEMS = Count(
    slug="item_total", code="ITEM-100", title="事项总数", words="已发布的依申请政务服务事项数", source=SOURCE,
    rows=published_items, out_of=APPLIED,
)  # fmt: skip
INSTANT = Ratio(
    slug="instant_item_ratio", code="ITEM-101", title="即办件比率",
    words="即办件（当场或当日办结）事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(case_type="instant"),
)  # fmt: skip
TIME_SAVED = Total(
    slug="promised_time_reduction_ratio", code="ITEM-102", title="承诺时限压减比例",
    words="1 − Σ承诺时限 ÷ Σ法定时限；只计有法定时限的事项，异单位按 1 工作日 = 7/5 自然日折算", source=SOURCE,
    rows=published_items, out_of=APPLIED & Q(legal_days__isnull=False, promised_days__isnull=False),
    of="legal_days", minus="promised_days",
)  # fmt: skip
ZERO_VISITS = Ratio(
    slug="onsite_visits_zero_ratio", code="ITEM-103", title="跑动0次比率",
    words="到现场次数为 0 的事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(onsite_visits=0),
    note="软目标：不为 0 的事项须有必须现场办理的原因",
)  # fmt: skip
ONLINE = Ratio(
    slug="online_available_ratio", code="ITEM-104", title="网办占比",
    words="可网上办理（网办深度 II 级以上）事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(is_online=True),
)  # fmt: skip
FULL_ONLINE = Ratio(
    slug="full_online_ratio", code="ITEM-105", title="全程网办占比",
    words="网办深度 IV 级且到现场 0 次的事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(is_full_online=True),
)  # fmt: skip
MOBILE = Ratio(
    slug="mobile_coverage", code="ITEM-106", title="掌上办占比",
    words="可在“蒙速办”移动端办理的事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(is_mobile=True),
)  # fmt: skip
CERT_FREE = Ratio(
    slug="cert_free_coverage", code="ITEM-107", title="免证办占比",
    words="已勾选免证办且材料已关联电子证照的事项 ÷ 材料可由电子证照替代的事项", source=SOURCE,
    rows=published_items, out_of=APPLIED & Q(has_callable_material=True), counts=Q(is_cert_free=True, has_linked_cert=True),
)  # fmt: skip

STATISTICS_TABLE = (ITEMS, INSTANT, TIME_SAVED, ZERO_VISITS, ONLINE, FULL_ONLINE, MOBILE, CERT_FREE)


def all_items() -> QuerySet[Any]:
    """Every item, whatever its state."""
    return ImplementationItem.objects.all()


UNCONFIRMED = Count(
    slug="overdue_base_change_count", code="ITEM-110", title="上级变更逾期未确认",
    words="上级事项或者基本目录变更后，本级在期限内没有确认的事项数", source="国发〔2022〕5号", rows=all_items,
    out_of=Q(base_changes__outcome="open", base_changes__due_on__lt=TruncDate(Now(), tzinfo=CHINA)),
)  # fmt: skip
UNEQUAL = Ratio(
    slug="unequal_item_ratio", code="ITEM-111", title="三级N同不一致占比",
    words="应与上级一致的要素有不一致的事项 ÷ 有上级同一事项的已发布事项", source="锡林郭勒盟2021年“一网办”任务清单（002）第 10 行",
    rows=published_items, out_of=Q(base__isnull=False), counts=Q(is_unequal=True),
)  # fmt: skip

SOUND = Ratio(
    slug="sound_item_ratio", code="ITEM-108", title="事项质量得分",
    words="最近一次每日检查没有错误的事项 ÷ 已发布的全部事项；提醒不计", source="平台规定（事项质量每日检查）",
    rows=published_items, counts=Q(is_sound=True),
)  # fmt: skip
