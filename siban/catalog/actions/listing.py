"""First stage: an item of the base list is put before the organisation that must exercise it, and claimed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access, rules
from ..flow import ITEM_FLOW, STANDARD
from ..models import CatalogItem, ImplementationItem


@transaction.atomic
def assign(
    *, catalog_item: CatalogItem, org: Org, slug: str, base: ImplementationItem | None = None, by: Actor, at: datetime
) -> ImplementationItem:
    """Put an item of the base list before an organisation for claiming (应由本级本部门实施的事项逐一认领).

    Raises:
        Refused: not the post for it, the organisation has no code, or it has the item already.
    """
    if not by.is_system and not (by.has_role("service_admin") and by.covers(org.region_id)):
        raise Refused(f"您当前的岗位不能下达认领任务。{access.service_admin.__doc__}")
    if catalog_item.status != CatalogItem.Status.ACTIVE or not catalog_item.is_handleable:
        raise Refused(f"“{catalog_item.name}”在基本目录中不是在用的事项，不能认领。")
    if not org.uscc:
        raise Refused(f"“{org.name}”还没有统一社会信用代码，编不出实施编码，请先补上。")
    code = rules.impl_code(org.uscc, org.region.level, catalog_item.basic_code)
    if ImplementationItem.objects.filter(impl_code=code).exists():
        raise Refused(f"“{org.name}”已有“{catalog_item.name}”，不用再次下达。")
    item = ImplementationItem(
        slug=slug,
        impl_code=code,
        catalog_item=catalog_item,
        org=org,
        region_id=org.region_id,
        base=base,
        name=catalog_item.name,
        item_type=catalog_item.item_type,
        level=org.region.level,
    )
    return ITEM_FLOW.begin(item, by=by, at=at, move="assign", law=STANDARD)  # type: ignore[no-any-return]


def claim(*, item: UUID, by: Actor, at: datetime) -> ImplementationItem:
    """The department takes the item on."""
    with ITEM_FLOW.step("claim", by=by, at=at, pk=item) as step:
        pass
    return step.subject  # type: ignore[no-any-return]
