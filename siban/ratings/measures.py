"""Figures of ratings. What nobody rated is in no numerator of praise (国办发〔2019〕51号: no default 好评)."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from siban.cases.api import Case
from siban.catalog.api import ImplementationItem
from siban.kernel.measures import Count, Mend, Ratio, Several

from .models import Review
from .rules import BAD, GOOD

SOURCE = "国办发〔2019〕51号；GB/T 39735—2020"


def all_reviews() -> QuerySet[Any]:
    """Every invitation, rated or not."""
    return Review.objects.all()


def closed_cases() -> QuerySet[Any]:
    """Closed cases, with whether somebody rated them."""
    rated = Review.objects.rated().filter(subject_type="cases.Case", subject_id=Cast(OuterRef("pk"), CharField()))
    return Case.objects.filter(closed_at__isnull=False, delivered_at__isnull=False).annotate(is_rated=Exists(rated))


GOOD_RATE = Ratio(
    slug="review_good_rate", code="RAT-100", title="好评率", words="非常满意、满意、基本满意的评价 ÷ 有效评价；未评价的不计入",
    source=SOURCE, rows=all_reviews, out_of=Q(rated_at__isnull=False), counts=Q(level__in=sorted(GOOD)), when="rated_at",
)  # fmt: skip
BAD_COUNT = Count(
    slug="review_bad_count", code="RAT-101", title="差评数", words="不满意、非常不满意的评价数", source=SOURCE, rows=all_reviews,
    out_of=Q(rated_at__isnull=False, level__in=sorted(BAD)), when="rated_at",
)  # fmt: skip
COVERAGE = Ratio(
    slug="review_coverage_ratio", code="RAT-102", title="评价率", words="已有评价的办结办件 ÷ 全部办结办件", source=SOURCE,
    rows=closed_cases, counts=Q(is_rated=True), when="closed_at",
)  # fmt: skip
REAL_NAME_BAD = Count(
    slug="review_real_name_bad_count", code="RAT-103", title="实名差评数", words="需要逐件回访的实名差评数", source=SOURCE,
    rows=all_reviews, out_of=Q(rated_at__isnull=False, level__in=sorted(BAD), is_real_name=True), when="rated_at",
)  # fmt: skip


def asked_cases() -> QuerySet[Any]:
    """Closed cases, with whether their applicant was asked to rate."""
    asked = Review.objects.filter(subject_type="cases.Case", subject_id=Cast(OuterRef("pk"), CharField()))
    return Case.objects.filter(closed_at__isnull=False, delivered_at__isnull=False).annotate(is_asked=Exists(asked))


def items_handled() -> QuerySet[Any]:
    """Published items with closed cases, with whether some of these cases can't be rated."""
    closed = asked_cases().filter(item=OuterRef("pk"))
    rows = ImplementationItem.objects.published().annotate(
        is_handled=Exists(closed), has_unasked=Exists(closed.filter(is_asked=False))
    )
    return rows.filter(is_handled=True)


def given_reviews() -> QuerySet[Any]:
    """Ratings that were given, with whether their case is known."""
    known = Case.objects.annotate(key=Cast("pk", CharField())).filter(key=OuterRef("subject_id"))
    return Review.objects.rated().annotate(is_linked=Exists(known))


S001, S002 = "乌审旗2023年标准化规范化便利化实施方案（001）", "锡林郭勒盟2021年“一网办”实施方案（002）"
RATABLE_ITEMS = Ratio(
    slug="review_items_reviewable", code="RAT-110", title="好差评事项覆盖率", words="办结办件都可以评价的事项 ÷ 有办结办件的已发布事项",
    source=S001, rows=items_handled, counts=Q(has_unasked=False), category="好差评", numerator="办结办件都可以评价的事项数",
    denominator="有办结办件的已发布事项数", mends=(Mend("补发评价邀请", Q(has_unasked=True), 1),),
)  # fmt: skip
RATABLE_CASES = Ratio(
    slug="review_targets_reviewable", code="RAT-111", title="好差评评价对象覆盖率", words="已邀请评价的办结办件 ÷ 全部办结办件",
    source=S001, rows=asked_cases, counts=Q(is_asked=True), category="好差评", numerator="已邀请评价的办结办件数", denominator="办结办件数",
    unit="办件", when="closed_at", mends=(Mend("补发评价邀请", Q(is_asked=False), 1),),
)  # fmt: skip
LINKED = Ratio(
    slug="review_linked_to_case", code="RAT-112", title="评价信息关联率", words="能对应到办件的评价 ÷ 有效评价", source=S002, rows=given_reviews,
    counts=Q(is_linked=True), category="好差评", numerator="能对应到办件的评价数", denominator="有效评价数", unit="评价", when="rated_at",
)  # fmt: skip
THREE_FULL = Several(
    slug="review_three_full_coverage", code="RAT-120", title="好差评三个全覆盖", words="政务服务事项、评价对象、服务渠道都可以评价",
    source=S001, category="好差评", level=("county", "township", "village"),
    parts=("review_items_reviewable", "review_targets_reviewable", "review_channels_connected"),
)  # fmt: skip
FIVE_FULL = Several(
    slug="review_five_full", code="RAT-121", title="好差评“五全”",
    words="服务评价全覆盖、差评问题全整改、评价信息全关联、评价数据全汇聚、评价结果全公开", source=S002, category="好差评",
    level=("league_or_city", "county", "venue"),
    parts=(
        "review_targets_reviewable", "bad_review_rectify_rate", "review_linked_to_case", "review_aggregated", "review_results_public",
    ),
)  # fmt: skip

RATING_TABLE = (GOOD_RATE, BAD_COUNT, COVERAGE, REAL_NAME_BAD)
