"""The figure of the knowledge base: what answers, of what should. Articles a unit withdrew are not asked for any more."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from siban.kernel.clock import CHINA
from siban.kernel.measures import Mend, Ratio

from .models_knowledge import Article, ArticleVersion, Question

S000 = "鄂温克旗2023年整改通知（000）"


def articles() -> QuerySet[Any]:
    """Every article, with whether it answers today, and whether a unit owes it."""
    rows = ArticleVersion.objects.filter(article=OuterRef("pk"))
    today = TruncDate(Now(), tzinfo=CHINA)
    in_force = Q(state="published") & (Q(valid_to=None) | Q(valid_to__gte=today))
    return Article.objects.annotate(
        is_valid=Exists(rows.filter(in_force)), is_put_up=Exists(rows.filter(state__in=("published", "expired"))),
        is_asked_for=Exists(Question.objects.filter(draft=OuterRef("pk"))),
    )  # fmt: skip


TIMELINESS = Ratio(
    slug="knowledge_base_timeliness", code="HOT-105", title="12345 知识库更新及时率", category="接诉即办", source=S000, unit="条目",
    words="已发布、没有过期的知识条目 ÷ 应上传的知识条目。应上传的是发布过的和热线请单位补写的；撤回不再使用的不算",
    numerator="有效且未过期的知识条目数", denominator="应上传的知识条目数", rows=articles, org="owner_id", level=("department", "township"),
    out_of=Q(is_put_up=True) | Q(is_asked_for=True), counts=Q(is_valid=True), mends=(Mend("写新的一版并发布", Q(is_valid=False), 1),),
)  # fmt: skip
