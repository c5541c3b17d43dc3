"""A bureau, two departments side by side, a stranger far away, and items with versions by day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from siban.catalog.api import CatalogItem, ImplementationItem, ItemVersion
from siban.identity.api import Org, Region, open_staff_account
from siban.kernel.actor import SYSTEM, Actor, staff
from siban.kernel.codes import uscc
from siban.oversight import seeds
from tests.cases import cast as standing

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BEGIN, END = date(2026, 1, 10), date(2026, 2, 20)


@dataclass(frozen=True)
class Reform:
    office: Org
    neighbour: Org
    bureau_org: Org
    far: Org

    def actor(self, role: str, org: Org | None = None) -> Actor:
        org = org or (self.bureau_org if role in ("service_admin", "supervisor") else self.office)
        return staff(
            name="演示·员工", role=role, role_label=role, org_id=org.pk, org_name=org.name, region_code=org.region_id
        )

    def client(self, role: str, org: Org | None = None) -> Client:
        actor = self.actor(role, org)
        unit = Org.objects.get(pk=actor.org_id)
        account = open_staff_account(
            login=f"{role.replace('_', '')}-{unit.code}"[:60], name="演示·员工", password="Siban-2026-demo",
            posts=[(role, unit, unit.region_id)], by=SYSTEM, at=AT, since=date(2020, 1, 1),
        )  # fmt: skip
        browser = Client()
        browser.force_login(account)
        return browser


def content(item: ImplementationItem, **said: Any) -> dict[str, Any]:
    """The least a version says."""
    return {
        "id": item.slug, "name": item.name, "basic_code": item.catalog_item_id, "impl_code": item.impl_code,
        "item_type": item.item_type, "dept_id": item.org.code, "dept_name": item.org.name, "exercise_level": 4, **said,
    }  # fmt: skip


def make_item(org: Org, n: int, *, item_type: str = "01", **columns: Any) -> ImplementationItem:
    code = f"0001{n:05d}000"
    base, _ = CatalogItem.objects.get_or_create(
        basic_code=code, defaults={"name": f"演示事项{n}", "item_type": item_type}
    )
    return ImplementationItem.objects.create(
        slug=f"{org.code}/{n}", impl_code=f"{org.uscc}4{code}", catalog_item=base, org=org, region=org.region,
        name=f"演示事项{n}", item_type=item_type, level=4, **columns,
    )  # fmt: skip


def add_version(item: ImplementationItem, on: date, **said: Any) -> ItemVersion:
    """A version published at noon of a day; the one before is retired."""
    at = datetime(on.year, on.month, on.day, 4, 0, tzinfo=UTC)
    item.versions.filter(retired_at=None).update(retired_at=at)
    made = ItemVersion.objects.create(
        item=item, number=item.versions.count() + 1, content=content(item, **said), content_hash="0" * 64,
        is_published=True, published_at=at, created_at=at, created_by="演示",
    )  # fmt: skip
    item.version, item.state, item.published_at = made, "published", at
    item.save()
    return made


def papers(*ids: str, names: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Materials by the standard material they are."""
    return [{"id": f"m{n}", "name": (names or {}).get(g, f"材料{g}"), "grain_id": g} for n, g in enumerate(ids)]


def steps(*names: str) -> list[dict[str, Any]]:
    return [{"seq": n, "name": name} for n, name in enumerate(names, 1)]


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


@pytest.fixture
def reform(db: Any) -> Reform:
    region, _ = Region.objects.get_or_create(code="150724000000", defaults={"name": "演示旗", "level": 4})
    far, _ = Region.objects.get_or_create(code="159999000000", defaults={"name": "演示远旗", "level": 4})

    def org(code: str, n: int, where: Region, hall: str = "") -> Org:
        return Org.objects.create(
            code=code, name=f"演示旗{code}", short_name=code, kind="government", region=where, hall=hall,
            uscc=uscc.make("11150724", f"MB0C000{n}"),
        )  # fmt: skip

    return Reform(
        org("office", 1, region),
        org("neighbour", 2, region),
        org("bureau", 3, region, "政务服务中心"),
        org("far", 4, far),
    )


@pytest.fixture
def cast(db: None) -> standing.Cast:
    """Three published items of two departments, and the targets of the documents."""
    made = standing.cast(standing.SITUATED, standing.INSTANT)
    made.items[standing.FOR_FIRMS] = standing.publish(standing.FOR_FIRMS, org=made.orgs["other"])
    seeds.load_targets()
    return made
