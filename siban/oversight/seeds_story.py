"""The demonstration of supervision, after the rectification notice 000: short figures, a directive, tasks for 34 departments and
10 sumus and towns, items mended, figures up, tasks closed, a bulletin each week and the summary of the quarter.

Everything is done through actions, on the last working days before today, so that it is lawful by construction.
"""

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import docx
from django.db import transaction

from siban.catalog import api as catalog
from siban.identity.api import Org
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for

from . import seeds_collections
from .actions import directing, documents, snapshots, verifying, watching, working
from .drafts import DirectiveDraft, ProblemDraft
from .models_supervision import Directive, Task
from .rules_supervision import Target

Staff = Callable[[str, str], Actor]

DEFECTS = (
    "D003", "D005", "D009", "D011", "D013", "D014", "D016", "D020", "D021", "D022", "D024", "D026", "D031", "D032",
    "D033", "D035", "D037", "D043", "D044", "D045", "D055", "D058", "D060",
)  # fmt: skip
DEPARTMENTS = ("government", "party_organ", "people_organisation", "public_utility", "vertical")
LEFT = ("D013", "D055")  # two departments have not mended theirs: what stays overdue
DAYS = 14  # working days the story takes
FIGURES = (
    ("instant_item_ratio", "0.80"), ("promised_time_reduction_ratio", "0.93"), ("onsite_visits_zero_ratio", "1"),
    ("online_available_ratio", "1"), ("full_online_ratio", "1"), ("mobile_coverage", "1"), ("cert_free_coverage", "1"),
)  # fmt: skip
ELEMENTS = (
    "t002_15_office_hours", "t002_13_promised_limit_labelled", "t002_14_address_complete", "t002_16_consult_phone",
    "t002_17_intermediary_basis", "t002_18_material_source", "t002_19_material_count", "t002_20_material_kind_medium",
    "t002_21_process", "t002_22_onsite_visits", "t002_23_blank_form", "t002_24_sample_form",
)  # fmt: skip
NO_DELAYED = ("china_unicom", "china_mobile", "china_telecom")
HOTLINE = ("住建局", "大雁镇", "锡尼河东苏木")
SILENT = ("烟草局", "辉苏木")  # heads who have not acknowledged


Mending = Callable[..., None]


@transaction.atomic
def build(*, staff: Staff, today: date, mendings: Sequence[tuple[str, str, Mending]]) -> bool:
    """Make the story unless it is there. False when it was.

    Args:
        staff: (role, organisation code) → who does that part.
        mendings: (number of the defect, code of the department, what mends it: `(manager, authority, reason, at)`).
    """
    if Directive.objects.exists():
        return False
    bureau = Org.objects.select_related("region").get(code="gov_service")
    office, inspector = staff("service_admin", bureau.code), staff("supervisor", bureau.code)
    calendar = calendar_for(bureau.region_id)
    days = _last_workdays(today, DAYS, calendar.is_workday)
    departments = list(
        Org.objects.filter(is_active=True, region_id=bureau.region_id, kind__in=DEPARTMENTS).order_by("order", "code")
    )
    departments = [o for o in departments if o.pk != bureau.pk]
    townships = list(Org.objects.filter(region__level=5, region_id__startswith="150724").order_by("order", "code"))
    with_items = set(catalog.ImplementationItem.objects.values_list("org_id", flat=True))
    departments = [o for o in departments if o.pk in with_items]
    townships = [o for o in townships if o.pk in with_items]
    to_mend = [m for m in mendings if m[0] not in LEFT]

    _record(days[0], office)
    directive = _direct(departments, townships, days, by=inspector)
    for n, day in enumerate(days[1:], start=1):
        at = _at(day, 9, 30)
        if n == 1:
            directing.issue(directive_id=directive.pk, by=inspector, at=at)
        if n in (1, 2):
            _acknowledge(directive, staff, half=n, at=_at(day, 14, 0))
        for number, org_code, mend in to_mend[(n - 3) * 3 : (n - 2) * 3] if n >= 3 else ():
            reason = f"督查整改：办事指南要素不准确（{number}）"
            mend(manager=staff("dept_admin", org_code), authority=office, reason=reason, at=_at(day, 15, 0))
        if n == 4:
            _progress(directive, staff, at=_at(day, 10, 0))
        if n == 5:
            _evidence(directive, staff, inspector, at=_at(day, 16, 0))
        seeds_collections.pass_day(
            n, days, directive=directive, units=(*departments, *townships), staff=staff, inspector=inspector
        )
        documents.expect(day=day)
        _record(day, office)
        watching.watch(at=_at(day, 18, 10))
        watching.pass_days(at=_at(day, 18, 20))
        watching.propose_treatments(at=_at(day, 18, 30))
        _documents(day, n, calendar.is_workday, by=office, org=bureau)
    return True


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=clock.CHINA)


def _last_workdays(today: date, count: int, is_workday: Callable[[date], bool]) -> list[date]:
    found, day = [], today
    while len(found) < count:
        day -= timedelta(days=1)
        if is_workday(day):
            found.append(day)
    return found[::-1]


def _record(day: date, by: Actor) -> None:
    snapshots.take(day=day, by=by, at=_at(day, 18, 0), reason="每日记录")


def _targets(said: Sequence[tuple[str, str]]) -> tuple[Target, ...]:
    return tuple(Target(slug, ">=", Decimal(value)) for slug, value in said)


def _direct(departments: list[Org], townships: list[Org], days: list[date], *, by: Actor) -> Directive:
    """The problems of 000, in words of their own."""
    every = tuple(o.pk for o in (*departments, *townships))
    due, later = days[-3], days[-1] + timedelta(days=20)
    problems = (
        ProblemDraft(
            "一网通办指标不达标", "即办件比率、承诺时限压减比例、全程网办、免证办等指标低于要求。",
            "逐项对照指标统计表，压时限、减跑动、关联电子证照，达到规定比例。", later, _targets(FIGURES), every,
        ),
        ProblemDraft(
            "办事指南要素不准确", "部分办事指南缺窗口号、份数、审批标准、空表样表等要素。",
            "逐事项核对实施清单要素，改正后重新发布。", due, _targets([(slug, "1") for slug in ELEMENTS]), every,
        ),
        ProblemDraft(
            "延时服务工作迟滞", "认领的延时服务事项少，苏木乡镇没有认领。", "按应纳尽纳的要求认领延时服务事项，报送延时服务事项清单（附件3）。", later,
            (Target(document="延时服务事项清单（附件3）"),),
            tuple(o.pk for o in (*departments, *townships) if o.code not in NO_DELAYED),
        ),
        ProblemDraft(
            "两优专项行动力度不够", "部分单位没有报送第二轮优化成果。", "报送“两优”第二轮统计表（附件4）；没有优化事项的，经党组会确认后报送情况说明。",
            later, (Target(document="“两优”第二轮统计表（附件4）或者情况说明"),),
            tuple(o.pk for o in departments if o.code in LIANGYOU),
        ),
        ProblemDraft(
            "接诉即办推进力度不够", "有热线工单逾期没有办结。", "逐件核对逾期工单，办结并报送办理情况。", later,
            (Target(document="逾期工单办理情况"),), tuple(o.pk for o in (*departments, *townships) if o.short_name in HOTLINE),
        ),
        ProblemDraft(
            "政务服务向基层延伸有短板", "有的嘎查便民服务站没有挂牌，帮办代办台账没有办件。", "完善便民服务站，报送挂牌和帮办代办台账的佐证材料。", due,
            (Target(document="便民服务站挂牌和帮办代办台账佐证"),), tuple(o.pk for o in townships),
        ),
    )  # fmt: skip
    at = _at(days[1], 9, 0)
    made = directing.begin(by=by, at=at)
    draft = DirectiveDraft(
        number=f"演示督〔{days[1].year}〕1号", title="关于整改政务服务指标有关问题的通知（演示）", dated=days[1],
        cadence=("daily_dispatch", "weekly_bulletin", "monthly_bulletin", "quarterly_report"), problems=problems,
    )  # fmt: skip
    return directing.save(directive_id=made.pk, draft=draft, by=by, at=at)


LIANGYOU = (
    "development_reform", "education", "industry_it", "ethnic_affairs", "public_security", "civil_affairs", "justice", "finance",
    "human_resources_social_security", "natural_resources", "housing_construction", "transport", "water_resources",
    "agriculture_science", "culture_sports_tourism_broadcast", "health", "veterans_affairs", "emergency_management",
    "market_regulation", "statistics", "forestry_grassland", "medical_insurance",
)  # fmt: skip


def _acknowledge(directive: Directive, staff: Staff, *, half: int, at: datetime) -> None:
    """Heads acknowledge, half of them a day; two keep silent."""
    tasks = Task.objects.filter(directive=directive).select_related("org").order_by("number")
    for place, task in enumerate(tasks):
        if place % 2 == half - 1 and task.org.short_name not in SILENT:
            working.acknowledge(task_id=task.pk, by=staff("unit_head", task.org.code), at=at)


def _progress(directive: Directive, staff: Staff, *, at: datetime) -> None:
    """Departments set to work on their figures and say how far they are."""
    rows = Task.objects.filter(directive=directive, problem__order=1, state="acknowledged").select_related("org")
    for place, task in enumerate(rows.order_by("number")[:12]):
        by = staff("dept_admin" if not task.org.code.startswith("township") else "township_clerk", task.org.code)
        words = NOTES[place % len(NOTES)]
        working.note_progress(task_id=task.pk, words=words, by=by, at=at + timedelta(minutes=5))


NOTES = (
    "已经召开专题会，正在逐项核对承诺时限。", "材料关联电子证照的清单已经列出，本周内完成勾选。",
    "与窗口核对到现场次数，能邮寄的改为零跑动。", "正在和上级业务系统对接，力争全程网办。",
)  # fmt: skip


def _evidence(directive: Directive, staff: Staff, inspector: Actor, *, at: datetime) -> None:
    """Three sumus hand in evidence: one is found sufficient and closed, one is sent back, one waits."""
    rows = Task.objects.filter(directive=directive, problem__title__contains="向基层延伸").select_related("org")
    ready = [(t, staff("township_clerk", t.org.code)) for t in rows.order_by("number") if t.acknowledged_at]
    for place, (task, by) in enumerate([(t, by) for t, by in ready if by.id is not None][:3]):
        said = f"演示：{task.org.short_name}便民服务站已挂牌，帮办代办台账已登记。"
        working.attach(
            task_id=task.pk, content=_note(said), name="挂牌情况说明.docx", words="挂牌情况说明", by=by, at=at
        )
        working.submit_evidence(task_id=task.pk, words="已经整改，请核验。", by=by, at=at)
        if place == 0:
            verifying.verify(task_id=task.pk, words="材料齐全。", by=inspector, at=at + timedelta(hours=1))
            verifying.close(task_id=task.pk, by=inspector, at=at + timedelta(hours=1, minutes=5))
        elif place == 1:
            verifying.send_back(
                task_id=task.pk, reason="台账没有办件日期，请补充后再报。", by=inspector, at=at + timedelta(hours=1)
            )


def _note(text: str) -> io.BytesIO:
    book, out = docx.Document(), io.BytesIO()
    book.add_paragraph(text)
    book.save(out)
    out.seek(0)
    return out


def _documents(day: date, n: int, is_workday: Callable[[date], bool], *, by: Actor, org: Org) -> None:
    """A dispatch table each day but one, a bulletin at the end of each week, the summary on the last day."""
    at = _at(day, 18, 40)
    kinds = [] if n == 4 else ["daily"]
    if not any(is_workday(day + timedelta(days=k)) for k in range(1, 7 - day.weekday())) and n > 2:
        kinds.append("weekly")
    if n == DAYS - 1:
        kinds.append("quarterly")
    if day.day == documents.LOCK_DAY:
        documents.lock_monthly(at)
    for kind in kinds:
        made = documents.draft(kind=kind, day=day, org_id=org.pk, by=by, at=at)
        if n < DAYS - 1 or kind != "daily":  # today's table is still a draft
            documents.lock(pk=made.pk, by=by, at=at)
            documents.issue(pk=made.pk, by=by, at=at)
