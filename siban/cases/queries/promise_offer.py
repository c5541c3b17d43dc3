"""What an applicant may promise instead of handing it in now (容缺、告知承诺), and what was promised."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from siban.cases.models import BrokenPromise, Case, Promise
from siban.cases.rules import POST_CHECK_DAYS
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day


@dataclass(frozen=True, slots=True)
class Offer:
    """Materials that may follow, until when; the text of the commitment; what was chosen; why neither is open."""

    materials: tuple[tuple[str, str], ...]
    promised: tuple[str, ...]
    until: str
    earliest: date
    latest: date | None
    overdue: str
    content: str
    liability: str
    supervision: str
    check_days: int
    is_signed: bool
    signer: str
    refusal: str


def latest(case: Case, *, on: date) -> date:
    """The last day a paper may be promised for: the item's days, within the promised limit."""
    listed, calendar = case.elements.deficiency, calendar_for(case.region_id)
    days = listed.days if listed else 0
    end = on + timedelta(days=days) if listed and listed.unit == "natural_day" else calendar.add_workdays(on, days)
    promised = case.elements.limit_for(case.answers)
    if promised.value:
        natural = promised.unit == "natural_day"
        limit = on + timedelta(days=promised.value) if natural else calendar.add_workdays(on, promised.value)
        end = min(end, limit)
    return end


def distrusted(case: Case) -> str | None:
    """Why promises are not open to this applicant now; None when they are (国办发〔2020〕42号)."""
    rows = BrokenPromise.objects.filter(mended_at=None)
    if case.enterprise_id:
        rows = rows.filter(enterprise_id=case.enterprise_id)
    else:
        rows = rows.filter(Q(person_id=case.person_id), enterprise=None)
    row = rows.order_by("at").first()
    if row is None:
        return _given_back(case)
    on = local_day(row.at)
    return f"{on.year}年{on.month}月{on.day}日有“{row.get_kind_display()}”的记录，修复以前不能用承诺方式办理。请补齐材料按一般方式申请。"


def _given_back(case: Case) -> str | None:
    """Where the place has such a rule (包头市2021年方案): who gave a licence back before its promise was checked promises no second time."""
    if not str(case.region_id).startswith(settings.NO_SECOND_PROMISE):
        return None
    mine = Case.objects.filter(enterprise_id=case.enterprise_id) if case.enterprise_id else Case.objects.filter(
        Q(person_id=case.person_id), enterprise=None
    )  # fmt: skip
    given = mine.filter(
        item__catalog_item_id=case.item.catalog_item_id, cancelled_at__isnull=False, promise__isnull=False, promise__checked_at=None
    ).order_by("cancelled_at").first()  # fmt: skip
    if given is None or given.cancelled_at is None:
        return None
    on = local_day(given.cancelled_at)
    return (
        f"您以告知承诺办的{given.number}在核查以前已于{on.year}年{on.month}月{on.day}日注销，同一事项不能再次用承诺方式办理。"
        "请补齐材料按一般方式申请。"
    )


def offer(case: Case, *, at: datetime) -> Offer | None:
    """What the materials step offers beside handing in; None where the item offers nothing of the kind."""
    item, on = case.elements, local_day(at)
    listed = item.deficiency if item.is_deficiency else None
    told = item.commitment if item.is_commitment else None
    ids = listed.materials if listed else ()
    materials = tuple((m.id, m.name) for m in case.wanted() if m.id in ids)
    if not materials and told is None:
        return None
    signed = Promise.objects.filter(case=case).exists() if told else False
    return Offer(
        materials=materials,
        promised=tuple(case.deficiency.get("materials", ())),
        until=case.deficiency.get("until", ""),
        earliest=on + timedelta(days=1),
        latest=latest(case, on=on) if materials else None,
        overdue=(listed.overdue or "") if listed else "",
        content=told.content if told else "",
        liability=told.legal_liability if told else "",
        supervision=told.supervision if told else "",
        check_days=(told.post_check_days or POST_CHECK_DAYS) if told else 0,
        is_signed=signed,
        signer=case.person.name if case.person else case.applicant_name,
        refusal=distrusted(case) or "",
    )
