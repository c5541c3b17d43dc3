"""A closed case of the standing cast, with its rating invited."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from siban.cases.actions import close
from siban.cases.api import Case
from siban.catalog.api import CatalogItem, ImplementationItem, ItemVersion
from siban.kernel import journal
from siban.kernel.ids import uuid7
from siban.ratings import api, public
from tests.certificates.conftest import Cast, make_cast

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=2)


@dataclass(frozen=True)
class Scene:
    cast: Cast
    item: ImplementationItem
    case: Case

    def another(self, **changed: Any) -> Case:
        """A further case that is handed over and about to be closed."""
        return delivered(self.cast, self.item, **changed)


def delivered(cast: Cast, item: ImplementationItem, **changed: Any) -> Case:
    said: dict[str, Any] = {
        "id": uuid7(), "number": f"1507242026030200{Case.objects.count():04d}", "item": item, "version": item.versions.get(),
        "org": cast.office, "region": cast.region, "state": "delivered", "title": "演示事项", "case_type": "1",
        "person": cast.citizen_person, "applicant_name": "演示甲", "applicant_id_number": "演示", "channel": "web",
        "created_at": AT, "submitted_at": AT, "accepted_at": AT, "decided_at": AT, "issued_at": AT, "delivered_at": AT,
    }  # fmt: skip
    return Case.objects.create(**{**said, **changed})


@pytest.fixture(autouse=True)
def _fresh_buckets() -> None:
    public.OPENINGS.clear()


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene(make_cast())


def make_scene(cast: Cast) -> Scene:
    base = CatalogItem.objects.create(basic_code="000199999000", name="演示事项", item_type="01")
    item = ImplementationItem.objects.create(
        slug="demo/item", impl_code=f"{cast.office.uscc}" + "4" + "000199999000", catalog_item=base, org=cast.office,
        region=cast.region, name="演示事项", item_type="01", level=4,
    )  # fmt: skip
    ItemVersion.objects.create(
        item=item, number=1, content={}, content_hash="0" * 64, created_at=AT, created_by="演示"
    )
    return Scene(cast, item, delivered(cast, item))


@pytest.fixture
def review(scene: Scene) -> api.Review:
    """The invitation, as the journal brings it about."""
    close(case_id=scene.case.pk, at=AT)
    journal.deliver(at=LATER)
    return api.Review.objects.get(subject_id=str(scene.case.pk))
