"""Figures of ratings. What nobody rated is in no numerator of praise (国办发〔2019〕51号: no default 好评)."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from siban.cases.api import Case
from siban.kernel.measures import Count, Ratio

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

RATING_TABLE = (GOOD_RATE, BAD_COUNT, COVERAGE, REAL_NAME_BAD)
