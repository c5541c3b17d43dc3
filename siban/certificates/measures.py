"""Figures of certificates: what was signed of the stock, and whether every use left a trace."""

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from siban.identity.api import Org
from siban.kernel.measures import Mend, Ratio

from .models import ECert, ECertUse

S002 = "锡林郭勒盟2021年“一网办”实施方案（002）"


def certificates() -> QuerySet[Any]:
    """Certificates that stand: the last version of each, whether or not it has run out."""
    return ECert.objects.exclude(state__in=["cancelled", "revoked"]).annotate(region_id=F("issuer__region_id"))


def uses() -> QuerySet[Any]:
    """Every use of a certificate by an office or a person."""
    region = Org.objects.filter(pk=OuterRef("org_id")).values("region_id")[:1]
    return ECertUse.objects.annotate(region_id=Subquery(region))


SIGNED = Ratio(
    slug="ecert_stock_signed", code="CERT-100", title="存量电子证照出证及批量签章完成率", words="已出证并签章的电子证照 ÷ 全部电子证照（不含作废、撤销）",
    source=S002, rows=certificates, counts=Q(file__isnull=False), org="issuer_id", category="电子证照", unit="电子证照",
    level=("department", "league_or_city"), numerator="已签章的电子证照数", denominator="电子证照数", mends=(Mend("补签章", Q(file=None), 1),),
)  # fmt: skip
TRACED = Ratio(
    slug="shared_data_trace_rate", code="CERT-101", title="共享数据使用全程留痕率", words="写明谁、为何、为哪件事、何时用，并有持证人同意的用证 ÷ 全部用证",
    source=S002, rows=uses,
    counts=~Q(purpose="") & ~Q(subject_id="") & ~Q(actor_name="") & Q(consent_at__isnull=False, consent_at__lte=F("at")),
    category="数据共享", unit="用证记录", level=("department", "league_or_city"), numerator="留痕完整的用证次数", denominator="用证次数", when="at",
    note="共享数据的其他接口接入后一并计入",
)  # fmt: skip
