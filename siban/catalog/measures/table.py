"""Figures of the item library: the columns of 《一网通办指标统计表》 (W2, 附件1)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now, TruncDate

from siban.kernel.clock import CHINA
from siban.kernel.measures import Average, Count, MeanShare, Mend, Ratio, Total

from ..models import ImplementationItem

SOURCE = "鄂温克旗2023年整改通知（000）附件1"
APPLIED = Q(is_applied_service=True)
WITH_LIMITS = APPLIED & Q(legal_days__isnull=False, promised_days__isnull=False)
CATEGORY = "一网办指标"
ALL = "已发布的依申请事项数"
LEVELS = ("county", "department", "township", "item")
TO_FULL_ONLINE = (
    Mend("网办深度提高到 IV 级", Q(online_depth__lt=4), 2),
    Mend("到现场次数减为 0 次", ~Q(onsite_visits=0), 4),
)
TO_CERT_FREE = (
    Mend("给材料关联电子证照", Q(has_linked_cert=False), 2),
    Mend("勾选免证办", Q(is_cert_free=False), 1),
)


def published_items() -> QuerySet[Any]:
    """Items the public sees: the population of every column."""
    return ImplementationItem.objects.published()


ITEMS = Count(
    slug="item_total", code="ITEM-100", title="事项总数", words="已发布的依申请政务服务事项数", source=SOURCE,
    rows=published_items, out_of=APPLIED, category=CATEGORY, numerator=ALL,
)  # fmt: skip
INSTANT = Ratio(
    slug="instant_item_ratio", code="ITEM-101", title="即办件比率",
    words="即办件（当场或当日办结）事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(case_type="instant"),
    category=CATEGORY, numerator="办件类型为即办件的事项数", denominator=ALL, mends=(Mend("改为即办件，当场或者当日办结", ~Q(case_type="instant"), 4),),
)  # fmt: skip
TIME_SAVED = Total(
    slug="promised_time_reduction_ratio", code="ITEM-102", title="承诺时限压减比例",
    words="1 − Σ承诺时限 ÷ Σ法定时限；只计有法定时限的事项，异单位按 1 工作日 = 7/5 自然日折算", source=SOURCE,
    rows=published_items, out_of=WITH_LIMITS, of="legal_days", minus="promised_days", variant="合计口径",
    category=CATEGORY, numerator="Σ法定时限 − Σ承诺时限（折算为五分之一自然日）", denominator="Σ法定时限（同上折算）",
    mends=(Mend("缩短承诺时限", Q(promised_days__gt=0), 4),),
)  # fmt: skip
MEAN_TIME_SAVED = MeanShare(
    slug="promised_time_reduction_mean", code="ITEM-102P", title="承诺时限压减比例",
    words="各事项（1 − 承诺时限 ÷ 法定时限）的平均；只计有法定时限的事项", source=SOURCE,
    rows=published_items, out_of=WITH_LIMITS, of="legal_days", minus="promised_days",
    variant_of="promised_time_reduction_ratio", variant="逐项平均口径",
    category=CATEGORY, numerator="各事项压减比例之和", denominator="有法定时限的事项数", note="分子、分母都乘以一百万记录，各单位可以相加",
)  # fmt: skip
ZERO_VISITS = Ratio(
    slug="onsite_visits_zero_ratio", code="ITEM-103", title="跑动0次比率",
    words="到现场次数为 0 的事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(onsite_visits=0), level=LEVELS,
    note="软目标：不为 0 的事项须有必须现场办理的原因",
    category=CATEGORY, numerator="到现场次数为 0 的事项数", denominator=ALL,
    mends=(Mend("写明到现场次数", Q(onsite_visits=None), 1), Mend("到现场次数减为 0 次", Q(onsite_visits__gt=0), 4)),
)  # fmt: skip
MEAN_VISITS = Average(
    slug="onsite_visits_mean", code="ITEM-103P", title="平均到现场次数", words="到现场次数之和 ÷ 写明到现场次数的事项", source=SOURCE,
    rows=published_items, out_of=APPLIED & Q(onsite_visits__isnull=False), of="onsite_visits",
    variant_of="onsite_visits_zero_ratio", variant="平均次数",
    category=CATEGORY, numerator="到现场次数之和", denominator="写明到现场次数的事项数",
)  # fmt: skip
ZERO_VISITS_BUT_REASONED = Ratio(
    slug="onsite_visits_zero_or_excepted", code="ITEM-103E", title="跑动0次比率",
    words="到现场次数为 0 的事项 ÷ 依申请政务服务事项，不计已写明必须现场办理原因的事项", source=SOURCE,
    rows=published_items, out_of=APPLIED & (Q(onsite_visits=0) | Q(says_onsite_reason=False)), counts=Q(onsite_visits=0),
    variant_of="onsite_visits_zero_ratio", variant="剔除已写明原因的例外",
    category=CATEGORY, numerator="到现场次数为 0 的事项数", denominator="依申请事项数 − 已写明必须现场办理原因的事项数",
)  # fmt: skip
ONLINE = Ratio(
    slug="online_available_ratio", code="ITEM-104", title="网办占比",
    words="可网上办理（网办深度 II 级以上）事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(is_online=True),
    category=CATEGORY, numerator="可网上办理且网办深度 II 级以上的事项数", denominator=ALL,
    mends=(Mend("开通网上办理，网办深度到 II 级", Q(is_online=False), 2),),
)  # fmt: skip
FULL_ONLINE = Ratio(
    slug="full_online_ratio", code="ITEM-105", title="全程网办占比",
    words="网办深度 IV 级且到现场 0 次的事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(is_full_online=True), variant="含例外",
    category=CATEGORY, numerator="网办深度 IV 级且到现场 0 次的事项数", denominator=ALL, mends=TO_FULL_ONLINE,
)  # fmt: skip
FULL_ONLINE_BUT_EXEMPT = Ratio(
    slug="full_online_not_exempt", code="ITEM-105E", title="全程网办占比",
    words="网办深度 IV 级且到现场 0 次的事项 ÷ 依申请政务服务事项，不计已写明必须现场办理原因的事项", source=SOURCE,
    rows=published_items, out_of=APPLIED & (Q(is_full_online=True) | Q(says_onsite_reason=False)), counts=Q(is_full_online=True),
    variant_of="full_online_ratio", variant="剔除例外（法律法规另有规定、已写明原因的）",
    category=CATEGORY, numerator="网办深度 IV 级且到现场 0 次的事项数", denominator="依申请事项数 − 已写明必须现场办理原因的非全程网办事项数",
    mends=TO_FULL_ONLINE,
)  # fmt: skip
MOBILE = Ratio(
    slug="mobile_coverage", code="ITEM-106", title="掌上办占比",
    words="可在“蒙速办”移动端办理的事项 ÷ 依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(is_mobile=True),
    category=CATEGORY, numerator="支持掌上办的事项数", denominator=ALL, mends=(Mend("开通掌上办并填写手机办理地址", Q(is_mobile=False), 1),),
)  # fmt: skip
CERT_FREE = Ratio(
    slug="cert_free_coverage", code="ITEM-107", title="免证办占比",
    words="已勾选免证办且材料已关联电子证照的事项 ÷ 材料可由电子证照替代的事项", source=SOURCE,
    rows=published_items, out_of=APPLIED & Q(has_callable_material=True), counts=Q(is_cert_free=True, has_linked_cert=True),
    level=LEVELS, variant="分母为可免证办事项",
    category=CATEGORY, numerator="已勾选免证办且有材料关联电子证照的事项数", denominator="有材料可由可调用电子证照替代的依申请事项数", mends=TO_CERT_FREE,
)  # fmt: skip
CERT_FREE_OF_ALL = Ratio(
    slug="cert_free_of_all", code="ITEM-107A", title="免证办占比",
    words="已勾选免证办且材料已关联电子证照的事项 ÷ 全部依申请政务服务事项", source=SOURCE,
    rows=published_items, out_of=APPLIED, counts=Q(is_cert_free=True, has_linked_cert=True),
    variant_of="cert_free_coverage", variant="分母为全部事项",
    category=CATEGORY, numerator="已勾选免证办且有材料关联电子证照的事项数", denominator=ALL, mends=TO_CERT_FREE,
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
