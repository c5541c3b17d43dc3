"""The standing cast around certificates: a citizen, a stranger, two offices side by side, the bureau and the inspector."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from siban.certificates import api
from siban.identity.api import Enterprise, EnterpriseMember, Org, Person, Region
from siban.kernel.actor import Actor
from siban.kernel.actor import staff as staff_actor
from siban.kernel.codes import citizen, uscc
from siban.kernel.ids import uuid7

BORN = date(1900, 1, 1)  # invented and plainly so
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
FONTS = Path(__file__).resolve().parents[2] / "frontend" / "static" / "fonts"
SUBJECT = ("cases.Case", "00000000-0000-7000-8000-000000000001")


@dataclass(frozen=True)
class Cast:
    region: Region
    far: Region
    office: Org
    neighbour: Org
    citizen_person: Person
    stranger_person: Person
    enterprise: Enterprise
    citizen: Actor
    stranger: Actor
    reviewer: Actor
    neighbour_reviewer: Actor
    bureau: Actor
    far_bureau: Actor
    clerk: Actor


def make_cast() -> Cast:
    region, _ = Region.objects.get_or_create(code="150724000000", defaults={"name": "演示旗", "level": 4})
    far, _ = Region.objects.get_or_create(code="159999000000", defaults={"name": "演示远旗", "level": 4})
    office = Org.objects.create(
        code="demo-market", name="演示旗市场监督管理局", short_name="演示旗市监", kind="government", region=region,
        uscc=uscc.make("11150724", "MB0A0001"),
    )  # fmt: skip
    neighbour = Org.objects.create(
        code="demo-civil", name="演示旗民政局", short_name="演示旗民政", kind="government", region=region,
        uscc=uscc.make("11150724", "MB0A0002"),
    )  # fmt: skip
    person = Person.objects.create(name="演示甲", id_number=citizen.make("150724", BORN, 1), created_at=AT)
    stranger = Person.objects.create(name="演示乙", id_number=citizen.make("150724", BORN, 3), created_at=AT)
    enterprise = Enterprise.objects.create(name="演示餐饮店", uscc=uscc.make("92150724", "MA0DEM01"), created_at=AT)
    EnterpriseMember.objects.create(enterprise=enterprise, person=person, capacity="legal_representative")

    def post(org: Org, role: str, label: str, where: Region = region) -> Actor:
        return staff_actor(
            region_code=where.code, name=f"演示{label}", account_id=uuid7(), role=role, role_label=label, org_id=org.pk,
            org_name=org.name,
        )  # fmt: skip

    def one(who: Person) -> Actor:
        return Actor(
            kind="citizen", name=who.name, person_id=who.pk, account_id=uuid7(), role="applicant", assurance=3
        )

    return Cast(
        region, far, office, neighbour, person, stranger, enterprise, one(person), one(stranger),
        post(office, "approver", "审批人"), post(neighbour, "approver", "邻局审批人"),
        post(office, "service_admin", "政务服务局"), post(office, "service_admin", "远旗政务服务局", far),
        post(office, "window_clerk", "窗口"),
    )  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def issued(cast: Cast, *, type_id: str = "ec_food_business", at: datetime = AT, **changed: Any) -> api.ECert:
    """A certificate issued as a decision would."""
    said: dict[str, Any] = {
        "type_id": type_id, "person": cast.citizen_person, "enterprise": None, "issuer": cast.office,
        "values": {"经营场所": "演示镇演示街 1 号", "主体业态": "餐饮服务经营者", "不在证上": "丢掉"}, "subject": SUBJECT,
        "by": cast.reviewer, "at": at,
    }  # fmt: skip
    with transaction.atomic():
        return api.issue(**{**said, **changed})


@pytest.fixture
def cert(cast: Cast) -> api.ECert:
    return issued(cast)


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> Path:
    """A home of the test's own: its files and its authority."""
    settings.HOME = tmp_path
    settings.HOME_FILES = tmp_path / "files"
    return tmp_path
