"""The demonstration of reform: a round of 两优 that runs, internal items with two versions, catalogues of disclosure."""

from datetime import date, datetime, timedelta

from siban.identity.api import Org
from siban.kernel.actor import Actor, staff
from siban.kernel.clock import local_day

from .disclosure import actions as disclosing
from .liangyou import actions
from .models import DisclosureColumn, LiangyouRound

ROUND_DAYS = 365
UNITS = (
    "development_reform", "education", "industry_it", "ethnic_affairs", "public_security", "civil_affairs", "justice", "finance",
    "human_resources_social_security", "natural_resources", "housing_construction", "transport", "water_resources",
    "agriculture_science", "culture_sports_tourism_broadcast", "health", "veterans_affairs", "emergency_management",
    "market_regulation", "statistics", "forestry_grassland", "medical_insurance",
)  # fmt: skip
"""The 22 departments of the notice of 2023."""
COLUMNS = (
    ("机构职能", "statutory", None, "办公室"),
    ("政策文件", "official", 90, "办公室"),
    ("工作动态", "statutory", 14, "办公室"),
    ("办事指南", "statutory", 180, "政务服务股"),
)


def build(*, bureau: Actor, at: datetime) -> None:
    """Open the demonstration's round and catalogues once; numbers come from the versions alone."""
    day = local_day(at)
    if not LiangyouRound.objects.exists():
        _internal(
            at,
            on=day - timedelta(days=200),
            materials=("请示", "情况说明", "会议纪要"),
            steps=("拟稿", "股室审核", "分管领导审核", "签发"),
            days=5,
        )
        actions.open_round(
            name="第二轮（演示）", begin_on=day, end_on=day + timedelta(days=ROUND_DAYS), due_on=day + timedelta(days=ROUND_DAYS),
            document="鄂温克旗2023年整改通知（示例）", orgs=Org.objects.filter(code__in=UNITS).order_by("order").values_list("pk", flat=True),
            by=bureau, at=at,
        )  # fmt: skip
        week = at + timedelta(days=7)
        _internal(week, on=local_day(week), materials=("请示",), steps=("拟稿", "审核", "签发"), days=3)
    if not DisclosureColumn.objects.exists():
        for code in ("civil_affairs", "health", "township-150724100000"):
            for name, kind, cycle, duty in COLUMNS:
                disclosing.keep_column(name=name, kind=kind, cycle_days=cycle, duty=duty, by=_of(code), at=at)


def _internal(at: datetime, *, on: date, materials: tuple[str, ...], steps: tuple[str, ...], days: int) -> None:
    """A version of one internal item (示例)."""
    by = _of("civil_affairs")
    assert by.org_id is not None
    actions.keep_internal(
        org_id=by.org_id, number="示例-01", name="内部公文签发（示例）", materials=materials, steps=steps, limit_value=days,
        limit_unit="workday", effective_on=on, document="内部管理制度（示例）", by=by, at=at,
    )  # fmt: skip


def _of(code: str) -> Actor:
    org = Org.objects.get(code=code)
    return staff(
        name="演示·事项管理员", role="dept_admin", role_label="部门事项管理员", org_id=org.pk, org_name=org.name,
        region_code=org.region_id,
    )  # fmt: skip
