"""Figures of cases."""

from typing import Any

from django.db.models import BooleanField, CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from siban.certificates.api import ECert
from siban.kernel.clock import CHINA
from siban.kernel.measures import Count, Mend, Ratio

from .flow import DONE
from .models import Among, Case, CaseMaterial
from .models_custody import CustodyPiece

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

S000, S001 = "鄂温克旗2023年整改通知（000）", "乌审旗2023年标准化规范化便利化实施方案（001）"


class ListedMaterials(Func):
    """The ids of the materials of a content, as rows."""

    template = "SELECT listed ->> 'id' FROM jsonb_array_elements(%(expressions)s -> 'materials') listed"
    output_field = CharField()


class AsksBeyond(Func):
    """Whether a notice of corrections asks for a material that is not in the content (correction, content)."""

    template = "EXISTS (SELECT FROM jsonb_array_elements(%(expressions)s -> 'materials') listed))"
    arg_joiner = (
        ") asked WHERE coalesce(asked ->> 'material_id', '') <> '' AND NOT asked ->> 'material_id' IN "
        "(SELECT listed ->> 'id' FROM jsonb_array_elements("
    )
    output_field = BooleanField()


class LinkedType(Func):
    """The certificate type by which a material of a content may be replaced (content, material id)."""

    template = "(SELECT max(listed ->> 'ecert_type_id') FROM jsonb_array_elements(%(expressions)s)"
    arg_joiner = " -> 'materials') listed WHERE listed ->> 'id' = "
    output_field = CharField()


def township_cases() -> QuerySet[Any]:
    """Cases handed in at the counters of sumus and towns."""
    return Case.objects.filter(submitted_at__isnull=False, received_org__region__level=5)


def judged_cases() -> QuerySet[Any]:
    """Cases handed in, with whether anything was asked for or taken that is not on the list of their version."""
    taken = CaseMaterial.objects.filter(case=OuterRef("pk")).exclude(
        Among(F("material_id"), ListedMaterials(F("case__version__content")))
    )
    rows: QuerySet[Any] = all_cases().annotate(
        took_beyond=Exists(taken), asks_beyond=AsksBeyond(F("correction"), F("version__content"))
    )
    return rows


def papers_taken() -> QuerySet[Any]:
    """Materials taken on paper, with whether the same was handed in on line or stands in a valid certificate of the applicant."""
    online = CaseMaterial.objects.filter(
        case=OuterRef("case"),
        material_id=OuterRef("material_id"),
        source__in=["upload", "certificate"],
        is_rejected=False,
    )
    day = OuterRef("added_on")
    held = ECert.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), state="valid", type_id=OuterRef("linked_type"), type__callable=True,
        person_id=OuterRef("case__person_id"), valid_from__lte=day,
    )  # fmt: skip
    rows = CaseMaterial.objects.filter(source="paper", case__submitted_at__isnull=False)
    rows = rows.annotate(
        added_on=TruncDate("added_at", tzinfo=CHINA),
        linked_type=LinkedType(F("case__version__content"), F("material_id")),
    )
    return rows.annotate(
        org_id=F("case__org_id"), region_id=F("case__region_id"), is_online=Exists(online), is_held=Exists(held)
    )


def paper_certificates() -> QuerySet[Any]:
    """Paper certificates made for cases, with the instant at which the electronic one was signed."""
    signed = Subquery(
        ECert.objects.filter(pk=OuterRef("case__certificate_id"), file__isnull=False).values("issued_at")[:1]
    )
    rows = CustodyPiece.objects.filter(kind="certificate").annotate(
        org_id=F("case__org_id"), region_id=F("case__region_id"), signed_at=signed
    )
    return rows.annotate(signed_on=TruncDate("signed_at", tzinfo=CHINA), made_on=TruncDate("made_at", tzinfo=CHINA))


AT_TOWNSHIPS = Count(
    slug="comprehensive_window_township_nonzero", code="CASE-104", title="苏木乡镇综窗办件量", words="苏木乡镇窗口在综合一窗系统内收的办件数",
    source=S000, rows=township_cases, out_of=Q(used_comprehensive_window=True), when="submitted_at", level=("township",),
    org="received_org_id", region="received_org__region_id", category="向基层延伸", numerator="苏木乡镇窗口的综窗办件数", unit="办件",
    note="要求每个苏木乡镇都不为零",
)  # fmt: skip
OFF_LIST = Count(
    slug="off_list_approval_count", code="CASE-105", title="清单外审批（变相加材料）次数", words="收取或者要求补正的材料不在实施清单内的办件数",
    source=S001, rows=judged_cases, out_of=Q(took_beyond=True) | Q(asks_beyond=True), when="submitted_at", level=("case", "department"),
    category="规范化", numerator="实际索要的材料不在实施清单内的办件数", unit="办件",
    note="环节由系统按实施清单推进，不能另加；这里核对材料",
)  # fmt: skip
ASKED_TWICE = Count(
    slug="duplicate_paper_request_count", code="CASE-106", title="重复索要纸质材料次数",
    words="已在线提交，或者申请人有可调用的有效电子证照，仍收取纸质的材料份数", source=S001, rows=papers_taken,
    out_of=Q(is_online=True) | Q(is_held=True), when="added_at", level=("case", "department"), category="规范化",
    numerator="已在线收取或者可共享获取、仍收取纸质的材料数", unit="材料",
)  # fmt: skip
IN_STEP = Ratio(
    slug="paper_ecert_sync", code="CASE-107", title="纸质与电子证照三同步率",
    words="电子证照在同一天签发、不晚于纸质证照的结果 ÷ 有纸质证照的结果", source="锡林郭勒盟2021年“一网办”实施方案（002）",
    rows=paper_certificates, counts=Q(signed_at__lte=F("made_at"), signed_on=F("made_on")), level=("department",),
    category="电子证照", numerator="同日签发且不晚于纸质证照的件数", denominator="登记的纸质证照件数", unit="纸质证照",
    mends=(Mend("补发电子证照", Q(signed_at=None), 2), Mend("今后与纸质同日签发", Q(signed_at__isnull=False), 4)),
)  # fmt: skip

CASE_TABLE = (RECEIVED, CLOSED, IN_TIME, AT_WINDOW)
