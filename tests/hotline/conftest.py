"""A small hotline: a banner with two townships, units of the list, two operators, a dispatcher, the bureau; a stranger."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import NAMESPACE_OID, uuid5

import pytest
from django.test import Client

from siban.hotline.actions import intake
from siban.hotline.models import Category, Order
from siban.identity.actions import citizen_account
from siban.identity.api import Org, Person, Region, open_staff_account
from siban.identity.models import Account
from siban.kernel.actor import SYSTEM, Actor, staff
from siban.kernel.codes import citizen, uscc

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, ten in the morning
BANNER, TOWN, VALLEY, FAR = "150724000000", "150724100000", "150724110000", "150702000000"
UNITS = ("gov_service", "heat_company", "housing_construction", "human_resources_social_security", "transport")
LEAVES = (
    ("010101", "室温不达标", "heat_company", ["housing_construction"], "community", ["help", "complaint"], 1, False),
    ("010201", "暖气爆管", "heat_company", [], "community", ["help", "complaint"], 1, True),
    ("090101", "拖欠工资", "human_resources_social_security", ["housing_construction", "transport"], "street", ["help", "complaint", "report"], 3, False),
    ("030101", "路灯不亮", "territorial", [], "grid", ["help", "complaint", "suggestion"], 2, False),
    ("050101", "政策咨询", "human_resources_social_security", [], "grid", ["consult"], None, False),
)  # fmt: skip


@dataclass(frozen=True)
class Hotline:
    orgs: dict[str, Org]

    def actor(self, role: str, org: str = "gov_service", n: int = 1) -> Actor:
        unit = self.orgs[org]
        return staff(
            name=f"演示·{role}{n}", role=role, role_label=role, org_id=unit.pk, org_name=unit.name,
            region_code=unit.region_id, account_id=uuid5(NAMESPACE_OID, f"{role} {org} {n}"),
        )  # fmt: skip

    @property
    def operator(self) -> Actor:
        return self.actor("hotline_operator")

    @property
    def dispatcher(self) -> Actor:
        return self.actor("hotline_dispatcher")

    @property
    def bureau(self) -> Actor:
        return self.actor("service_admin")

    def handler(self, org: str) -> Actor:
        return self.actor("township_clerk" if org.startswith("township") else "undertaker", org)

    def client(self, role: str, org: str = "gov_service", n: int = 1) -> Client:
        """A browser of a member of staff; the same person each time."""
        unit = self.orgs[org]
        login = f"{role.replace('_', '')}{n}-{unit.code}"[:60]
        account = Account.objects.filter(login=login).first() or open_staff_account(
            login=login, name=f"演示·员工{n}", password="Siban-2026-demo", posts=[(role, unit, unit.region_id)], by=SYSTEM, at=AT,
            since=date(2020, 1, 1),
        )  # fmt: skip
        browser = Client()
        browser.force_login(account)
        return browser

    def person(self) -> tuple[Person, Client]:
        """A citizen with a browser."""
        person = Person.objects.create(name="演示·来电人", id_number=citizen.make("999999", date(1980, 1, 1), 21), mobile="13800000009", created_at=AT)  # fmt: skip
        browser = Client()
        browser.force_login(citizen_account(person=person, by=SYSTEM, at=AT))
        return person, browser

    def order(self, leaf: str = "010101", nature: str = "help", *, at: datetime = AT, region: str = TOWN, **said: object) -> Order:  # fmt: skip
        """An order registered and waiting to be dispatched."""
        made = intake.receive(
            by=self.operator, at=at, channel="phone", region_code=region, place="示例小区 3 号楼",
            caller_phone="13800000009", **{"text": "家里暖气一直不热，室温只有十三度", **said},  # type: ignore[arg-type]
        )  # fmt: skip
        return intake.register(order_id=made.pk, by=self.operator, at=at, leaf=leaf, nature=nature)


@pytest.fixture
def hotline(db: object) -> Hotline:
    return build()


def build() -> Hotline:
    """Regions, organisations and a short list of categories."""
    for code, name, parent, level in (
        ("150000000000", "内蒙古自治区", None, 2), ("150700000000", "呼伦贝尔市", "150000000000", 3),
        (BANNER, "鄂温克族自治旗", "150700000000", 4), (FAR, "海拉尔区", "150700000000", 4),
        (TOWN, "巴彦托海镇", BANNER, 5), (VALLEY, "大雁镇", BANNER, 5),
    ):  # fmt: skip
        Region.objects.get_or_create(code=code, defaults={"name": name, "parent_id": parent, "level": level})
    orgs = {}
    for n, code in enumerate((*UNITS, f"township-{TOWN}", f"township-{VALLEY}", "far")):
        region = FAR if code == "far" else code.removeprefix("township-") if code.startswith("township") else BANNER
        orgs[code] = Org.objects.create(
            code=code, name=f"演示·{code}", short_name=f"演示·{code}"[:40], kind="government", region_id=region,
            uscc=uscc.make("11150724", f"MB1H{n:04d}"), order=n,
        )  # fmt: skip
    for code, name, lead, co, level, natures, limit, urgent in LEAVES:
        Category.objects.create(
            code=code, name=name, top_name="演示大类", second_name="演示中类", lead_unit=lead, co_units=co,
            default_level=level, natures=natures, limit_value=limit, limit_unit="working_day" if limit else "",
            is_urgent=urgent, region_id=BANNER, valid_from=date(2026, 1, 1),
        )  # fmt: skip
    return Hotline(orgs)
