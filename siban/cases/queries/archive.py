"""一人一档、一企一档: everything kept about a person or an enterprise, and who looked at it and why (个人信息保护法第四十五条)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from siban.cases.flow import CASE_FLOW, CaseState
from siban.cases.models import Case
from siban.cases.models_fees import PaymentOrder
from siban.catalog.api import element_field
from siban.certificates.api import ECert
from siban.exchange.api import Message, Parcel
from siban.identity.api import ENTRUSTMENT_FLOW, Enterprise, EnterpriseMember, Entrustment, Person, Reading
from siban.kernel import codes
from siban.kernel.actor import Actor
from siban.kernel.clock import CHINA, local_day
from siban.kernel.ui.parts import Cell

from . import wording
from .names import masked_name

SIZE = 20
FORMS = 10  # so many latest cases are read for answers that are kept


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose file it is: exactly one of the two."""

    person: Person | None = None
    enterprise: Enterprise | None = None

    @property
    def pk(self) -> UUID:
        return (self.enterprise or self.person).pk  # type: ignore[union-attr]

    @property
    def name(self) -> str:
        return (self.enterprise or self.person).name  # type: ignore[union-attr]

    @property
    def masked(self) -> str:
        """How an official sees who it is."""
        if self.enterprise:
            return f"{self.enterprise.name}（{self.enterprise.uscc}）"
        assert self.person is not None
        return f"{masked_name(self.person.name)}（{codes.citizen.masked(self.person.id_number)}）"

    def cases(self) -> "QuerySet[Case]":
        """The applications in this one's name."""
        if self.enterprise:
            return Case.objects.filter(enterprise=self.enterprise)
        return Case.objects.filter(person=self.person, enterprise=None)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a file: which rows, ordered by which moment, shown how. `for_staff` is seen by officials as well."""

    name: str
    label: str
    heads: tuple[str, ...]
    dated: str
    rows: Callable[[Owner], "QuerySet[Any]"]
    line: Callable[[Any], tuple[object, ...]]
    for_staff: bool = False
    of_persons: bool = True
    of_enterprises: bool = True

    def is_of(self, owner: Owner) -> bool:
        return self.of_enterprises if owner.enterprise else self.of_persons


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else ""


def _case(row: Case) -> tuple[object, ...]:
    url = reverse("my-case", args=[row.number]) if row.number else reverse("case-apply", args=[row.pk])
    return (
        Cell(row.title, url=url, note=row.number or "草稿"),
        CASE_FLOW.label(row.state),
        row.org.name,
        _moment(row.created_at),
    )


def _certificate(row: ECert) -> tuple[object, ...]:
    until = wording.day(row.last_day) if row.last_day else "长期"
    title = Cell(row.type.name, url=reverse("my-certificate", args=[row.pk]), note=row.serial)
    return title, row.get_state_display(), row.issuer.name, wording.day(row.issued_on), until


def _reading(row: Reading) -> tuple[object, ...]:
    who = " · ".join(filter(None, (row.org_name, row.actor_role))) if row.org_name else "申请人一方"
    return _moment(row.at), who, Cell(row.what, note=row.title), row.purpose


def _fee(row: PaymentOrder) -> tuple[object, ...]:
    url = reverse("my-fee", args=[row.case.number])
    due = f"{row.amount / 100:.2f} 元" if row.amount is not None else "还没有核定"
    return Cell(row.case.title, url=url, note=row.number), due, row.get_state_display(), _moment(row.demanded_at)


def _parcel(row: Parcel) -> tuple[object, ...]:
    return (
        Cell(row.contents, note=row.number),
        row.get_direction_display(),
        row.get_state_display(),
        _moment(row.registered_at),
    )


def _message(row: Message) -> tuple[object, ...]:
    return Cell(row.title, note=row.body), "已读" if row.read_at else "未读", _moment(row.created_at)


def _entrustment(row: Entrustment) -> tuple[object, ...]:
    matters = "、".join(line["name"] for line in row.scope) or "全部事项"
    said = f"“{row.agent.name}”替“{row.principal_name}”办理"
    period = f"{wording.day(row.valid_from)}至{wording.day(row.last_day)}"
    return Cell(said, note=f"{matters}：{row.purpose}"), ENTRUSTMENT_FLOW.label(row.state), period


def _entrustments(owner: Owner) -> "QuerySet[Entrustment]":
    rows = Entrustment.objects.select_related("principal", "enterprise", "agent")
    if owner.enterprise:
        return rows.filter(enterprise=owner.enterprise)
    return rows.filter(principal=owner.person) | rows.filter(agent=owner.person)


def _parcels(owner: Owner) -> "QuerySet[Parcel]":
    ids = owner.cases().order_by().annotate(key=Cast("pk", CharField())).values("key")
    return Parcel.objects.filter(subject_type="cases.Case", subject_id__in=ids)


SECTIONS = (
    Section(
        "cases", "办件", ("事项", "状态", "办理机关", "开始时间"), "created_at",
        lambda o: o.cases().exclude(state=CaseState.WITHDRAWN, number=None).select_related("org").order_by("-created_at", "-id"),
        _case, for_staff=True,
    ),
    Section(
        "certificates", "证照", ("证照", "状态", "发证机关", "发证日期", "有效期至"), "issued_at",
        lambda o: (ECert.objects.filter(enterprise=o.enterprise) if o.enterprise else ECert.objects.filter(person=o.person))
        .filter(replaced_by=None).select_related("type", "issuer").order_by("-issued_at", "-id"),
        _certificate, for_staff=True,
    ),
    Section(
        "readings", "谁查看过", ("时间", "谁", "看了什么", "为什么"), "at",
        lambda o: (Reading.objects.of_enterprise(o.pk) if o.enterprise else Reading.objects.of_person(o.pk)).order_by("-at", "-id"),
        _reading,
    ),
    Section(
        "fees", "缴费", ("事项", "应缴", "状态", "开单时间"), "demanded_at",
        lambda o: PaymentOrder.objects.filter(case__in=o.cases().order_by().values("pk")).select_related("case")
        .order_by("-demanded_at", "-id"),
        _fee,
    ),
    Section(
        "parcels", "邮件", ("内件", "方向", "状态", "登记时间"), "registered_at",
        lambda o: _parcels(o).order_by("-registered_at", "-id"), _parcel,
    ),
    Section(
        "messages", "消息", ("消息", "状态", "时间"), "created_at",
        lambda o: Message.objects.filter(person=o.person).order_by("-created_at", "-id"), _message, of_enterprises=False,
    ),
    Section(
        "entrustments", "委托", ("委托", "状态", "期限"), "asked_at",
        lambda o: _entrustments(o).order_by("-asked_at", "-id"), _entrustment,
    ),
)  # fmt: skip
BY_NAME = {section.name: section for section in SECTIONS}


@dataclass(frozen=True, slots=True)
class Part:
    """One page of one section."""

    section: Section
    lines: tuple[tuple[object, ...], ...]
    has_more: bool


def between(section: Section, rows: "QuerySet[Any]", since: date | None, until: date | None) -> "QuerySet[Any]":
    """From one day to another, both included."""
    if since:
        rows = rows.filter(**{f"{section.dated}__gte": datetime.combine(since, time(), CHINA)})
    if until:
        rows = rows.filter(**{f"{section.dated}__lt": datetime.combine(until + timedelta(days=1), time(), CHINA)})
    return rows


def part(
    owner: Owner, name: str, *, number: int = 1, since: date | None = None, until: date | None = None,
    by: Actor | None = None,
) -> Part:  # fmt: skip
    """One page of a section, newest first; one statement whatever there is.

    Args:
        by: the official who reads: only what the post may see, without links into the person's own pages.
    """
    section = BY_NAME[name]
    rows = between(section, section.rows(owner), since, until)
    if by is not None:
        if not section.for_staff:
            raise KeyError(name)
        rows = rows.visible_to(by)  # type: ignore[attr-defined]
    start = (number - 1) * SIZE
    found = list(rows[start : start + SIZE + 1])
    lines = [section.line(row) for row in found[:SIZE]]
    if by is not None:
        lines = [_for_staff(line, row) for line, row in zip(lines, found, strict=False)]
    return Part(section, tuple(lines), len(found) > SIZE)


def _for_staff(line: tuple[object, ...], row: Any) -> tuple[object, ...]:
    """The same line with the address of the desk, where there is one."""
    url = reverse("desk-case", args=[row.number]) if isinstance(row, Case) else ""
    return tuple(Cell(c.text, url=url, note=c.note) if isinstance(c, Cell) else c for c in line)


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing known, and where from."""

    name: str
    value: str
    source: str


def kept(owner: Owner, *, whole: bool = False) -> tuple[Kept, ...]:
    """What is kept of somebody: the register, then the latest answer to each question; numbers masked on a screen.

    Args:
        whole: numbers in full, for the copy one takes along.
    """
    found = list(_registered(owner, whole=whole))
    seen: set[str] = set()
    earlier = owner.cases().filter(submitted_at__isnull=False).order_by("-submitted_at", "-id")
    for form, title, at in earlier.values_list("form", "title", "submitted_at")[:FORMS]:
        for element, value in form.items():
            try:
                spec = element_field(element)
            except KeyError:  # an element the dictionary no longer has
                continue
            said = spec.label_of(value)
            if said and element not in seen and not spec.is_given_now:
                seen.add(element)
                shown = said if whole else _hidden(said, is_sensitive=spec.sensitive)
                found.append(Kept(spec.name, shown, f"{wording.day(local_day(at))}“{title}”申请"))
    return tuple(found)


def _hidden(said: str, *, is_sensitive: bool) -> str:
    if codes.citizen.check(said) is None:
        return codes.citizen.masked(said)
    if codes.phone.check(said) is None:
        return codes.phone.masked(said)
    return "******" if is_sensitive else said


def _registered(owner: Owner, *, whole: bool) -> Iterator[Kept]:
    if firm := owner.enterprise:
        source = f"单位登记信息（{wording.day(local_day(firm.created_at))}）"
        yield from (
            Kept(n, v, source)
            for n, v in (("名称", firm.name), ("统一社会信用代码", firm.uscc), ("住所", firm.address))
            if v
        )
        members = EnterpriseMember.objects.filter(enterprise=firm).select_related("person").order_by("capacity", "pk")
        yield from (Kept(m.get_capacity_display(), m.person.name, source) for m in members[:200])
        return
    person = owner.person
    assert person is not None
    source = f"实名信息（{wording.day(local_day(person.created_at))}）"
    number = person.id_number if whole else codes.citizen.masked(person.id_number)
    mobile = person.mobile if whole or not person.mobile else codes.phone.masked(person.mobile)
    told = (("姓名", person.name), ("证件号码", number), ("手机号码", mobile), ("地址", person.address))
    yield from (Kept(n, v, source) for n, v in told if v)
    firms = (
        EnterpriseMember.objects.filter(person=person).select_related("enterprise").order_by("enterprise__name", "pk")
    )
    yield from (Kept(f"担任{m.get_capacity_display()}的单位", m.enterprise.name, "单位登记信息") for m in firms[:200])


def everything(owner: Owner) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[str, ...]]]]:
    """Every section with every row as plain words, row by row, for the copy one takes along."""
    yield "资料", ("内容", "记录", "来源"), ((k.name, k.value, k.source) for k in kept(owner, whole=True))
    for section in SECTIONS:
        if section.is_of(owner):
            rows = section.rows(owner).iterator(chunk_size=500)
            yield section.label, section.heads, (_plain(section.line(row)) for row in rows)


def _plain(line: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(
        "；".join(filter(None, (str(c.text), c.note))) if isinstance(c, Cell) else str(c) for c in line
    )  # fmt: skip


def owner_of(by: Actor, wanted: str) -> Owner:
    """The person logged in, or one of the enterprises that person belongs to now. Raises Enterprise.DoesNotExist."""
    if not wanted:
        return Owner(person=Person.objects.get(pk=by.person_id))
    try:
        key = UUID(wanted)
    except ValueError:
        raise Enterprise.DoesNotExist from None
    return Owner(enterprise=Enterprise.objects.get(pk=key, members__person_id=by.person_id))
