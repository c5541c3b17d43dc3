"""一人一档、一企一档: the cases, certificates and data kept about a person or an enterprise, and who looked at them and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date

from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.cases.models_fees import PaymentOrder
from siban.certificates.api import ECert
from siban.exchange.api import kept_about
from siban.identity.api import Enterprise, EnterpriseMember, Entrustment, Person, Reading
from siban.kernel import codes
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day

SIZE = 20
PARTS = {"cases": "办件", "certificates": "证照", "data": "数据", "readings": "谁看过"}


@dataclass(frozen=True, slots=True)
class Whose:
    """The person, or an enterprise the person belongs to."""

    person: Person | None
    enterprise: Enterprise | None

    @property
    def name(self) -> str:
        return self.enterprise.name if self.enterprise else self.person.name if self.person else ""

    @property
    def number(self) -> str:
        """Masked for a person; an enterprise's code is public."""
        return (
            self.enterprise.uscc
            if self.enterprise
            else codes.citizen.masked(self.person.id_number)
            if self.person
            else ""
        )

    @property
    def own(self) -> Q:
        """What belongs to this one alone."""
        if self.enterprise:
            return Q(enterprise_id=self.enterprise.pk)
        return Q(person_id=self.person.pk if self.person else None, enterprise=None)


def whose(by: Actor, enterprise_id: UUID | None) -> Whose:
    """One's own file, or that of an enterprise one belongs to now. Raises Enterprise.DoesNotExist, Person.DoesNotExist."""
    if enterprise_id is None:
        return Whose(Person.objects.get(pk=by.person_id), None)
    firm = Enterprise.objects.filter(members__person_id=by.person_id).distinct().get(pk=enterprise_id)
    return Whose(None, firm)


def firms(by: Actor) -> list[Enterprise]:
    """Enterprises whose file the person may open."""
    return list(Enterprise.objects.filter(members__person_id=by.person_id).distinct().order_by("name", "id"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part, from which day to which, which page."""

    part: str = "cases"
    since: date | None = None
    until: date | None = None
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Wanted":
        page = given.get("page", "1")
        return cls(
            given["part"] if given.get("part") in PARTS else "cases", _day(given.get("since")), _day(given.get("until")),
            int(page[:5]) if page.isascii() and page.isdecimal() and int(page[:5]) else 1,
        )  # fmt: skip

    def kept(self) -> dict[str, str]:
        return {"part": self.part, "since": str(self.since or ""), "until": str(self.until or "")}


def _day(said: str | None) -> date | None:
    try:
        return parse_date(said or "")
    except ValueError:
        return None


def cases_of(one: Whose) -> QuerySet[Case]:
    rows = Case.objects.filter(one.own).exclude(submitted_at=None).select_related("org")
    return rows.order_by("-created_at", "-id")


def certificates_of(one: Whose) -> QuerySet[ECert]:
    return ECert.objects.filter(one.own).select_related("type", "issuer").order_by("-issued_at", "-id")


def readings_of(one: Whose) -> QuerySet[Reading]:
    rows = (
        Reading.objects.of_enterprise(one.enterprise.pk)
        if one.enterprise
        else Reading.objects.of_person(one.person.pk)
    )  # type: ignore[union-attr]
    return rows.order_by("-at", "-id")


def rows_of(one: Whose, wanted: Wanted) -> QuerySet[Any]:
    """The rows of a part that are lists, narrowed by day."""
    rows: QuerySet[Any] = {"cases": cases_of, "certificates": certificates_of}.get(wanted.part, readings_of)(one)
    at = {"cases": "submitted_at", "certificates": "issued_at"}.get(wanted.part, "at")
    if wanted.since:
        rows = rows.filter(**{f"{at}__date__gte": wanted.since})
    if wanted.until:
        rows = rows.filter(**{f"{at}__date__lte": wanted.until})
    return rows


def line_of(row: Any) -> dict[str, Any]:
    """A row as page and export name its columns."""
    if isinstance(row, Case):
        return {
            "办件编号": row.number, "事项": row.title, "办理单位": row.org.name, "状态": CASE_FLOW.label(row.state),
            "提交日期": local_day(row.submitted_at) if row.submitted_at else None,
        }  # fmt: skip
    if isinstance(row, ECert):
        return {
            "证照": row.type.name, "编号": row.serial, "颁发单位": row.issuer.name, "颁发日期": local_day(row.issued_at),
            "有效期到": row.valid_to,
        }  # fmt: skip
    return {
        "时间": row.at, "谁": "、".join(filter(None, (row.org_name, row.actor_role, row.actor_name))), "看了什么": row.what,
        "在哪里": row.title, "为什么": row.purpose,
    }  # fmt: skip


def data_of(one: Whose) -> list[tuple[str, str]]:
    """What is kept besides cases and certificates: the profile as it stands, and how much of what."""
    if one.enterprise:
        firm = one.enterprise
        members = EnterpriseMember.objects.filter(enterprise=firm).select_related("person").order_by("id")
        about = [
            ("名称", firm.name),
            ("统一社会信用代码", firm.uscc),
            ("经办人", "、".join(m.person.name for m in members) or "没有"),
        ]
        entrusted = Entrustment.objects.filter(enterprise_id=firm.pk)
    else:
        person = one.person
        assert person is not None
        mobile = codes.phone.masked(person.mobile) if person.mobile else "没有填"
        about = [
            ("姓名", person.name),
            ("证件号码", one.number),
            ("手机", mobile),
            ("地址", person.address or "没有填"),
        ]
        entrusted = Entrustment.objects.filter(Q(principal_id=person.pk) | Q(agent_id=person.pk))
    kept = [
        ("委托", entrusted.count(), "份"),
        ("缴费单", PaymentOrder.objects.filter(case__in=cases_of(one).order_by()).count(), "张"),
    ]
    if one.person:
        messages, parcels = kept_about(one.person.pk)
        kept += [("消息", messages, "条"), ("邮件", parcels, "件")]
    return about + [(name, f"{count} {unit}") for name, count, unit in kept]


EXPORTED = 5_000


def everything(one: Whose) -> dict[str, Any]:
    """The whole file as one document, newest first; of very long lists the newest 5,000."""
    lists = {"办件": cases_of(one), "证照": certificates_of(one), "谁看过": readings_of(one)}
    return {
        "档案": one.name, "数据": dict(data_of(one)),
        **{name: [line_of(row) for row in rows[:EXPORTED]] for name, rows in lists.items()},
    }  # fmt: skip
